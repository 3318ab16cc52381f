"""Answers after the acknowledgement: this module posts to response addresses and redraws messages."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.models.blocks import Block
from slack_sdk.webhook import WebhookClient

from bot.blocks.answers import Answer
from bot.blocks.messages import fallback_text, message_blocks
from bot.texts import DEFAULT_LANGUAGE, shown
from nudges.errors import DeliveryError
from nudges.ports import Receipt
from nudges.services.answers import record_response
from nudges.services.core import Core
from nudges.services.people import readers

logger = logging.getLogger(__name__)

SLACK_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
TIMEOUT_S = 10
_LOCKS = 16

Post = Callable[[str, Mapping[str, Any]], bool]


def post_once(url: str, body: Mapping[str, Any]) -> bool:
    """Post to a response address without retries, so that nothing shows twice; False when it was not taken."""
    try:
        answer = WebhookClient(url, timeout=TIMEOUT_S, retry_handlers=[]).send_dict(dict(body))
    except OSError as error:
        logger.warning("response address not reached", extra={"error": type(error).__name__})
        return False
    if answer.status_code != 200:
        logger.warning("response address refused", extra={"status": answer.status_code})
    return answer.status_code == 200


@dataclass(frozen=True)
class Desk:
    """What every listener is given: the services' context and the ways to answer."""

    core: Core
    hosts: Collection[str] = ()
    post: Post = post_once
    # Two clicks in a row must not redraw in the wrong order: the later state would be lost from sight.
    locks: tuple[Lock, ...] = field(default_factory=lambda: tuple(Lock() for _ in range(_LOCKS)))

    def tell(self, response_url: str, answer: Answer) -> bool:
        """Show an answer to the person who acted, and to nobody else; False when it could not be shown."""
        body = {"response_type": "ephemeral", "replace_original": False, "text": answer.text}
        return self._send(response_url, body | {"blocks": _dicts(answer.blocks)})

    def replace(self, response_url: str, text: str, blocks: Collection[Block]) -> bool:
        """Show this instead of the message that was clicked; False when it could not be shown."""
        body = {"replace_original": True, "text": text, "unfurl_links": False, "unfurl_media": False}
        return self._send(response_url, body | {"blocks": _dicts(blocks)})

    def language(self, person_id: str) -> str:
        """Return in which of our languages this person is answered; English when it cannot be looked up."""
        try:
            return shown(readers.language_of(self.core, person_id))
        except Exception as error:  # whatever failed will show by itself; an answer in English is better than none
            logger.warning("language not read", extra={"error": type(error).__name__})
            return DEFAULT_LANGUAGE

    def redraw(self, person_id: str, delivery_id: str, response_url: str = "", *, written_in: str = "") -> None:
        """Show a person's message in its latest state, through the click's own address or by updating it.

        `written_in` keeps the language in which it was sent; without it the person's own is used.
        """
        with self.lock(delivery_id):
            message = record_response.message_state(self.core, person_id, delivery_id, written_in).message
            if message is None:
                return
            blocks = message_blocks(message)
            text = fallback_text(message)
            if self.replace(response_url, text, blocks):
                return
            channel_id, message_ts = record_response.receipt_of(self.core, person_id, delivery_id)
            if not channel_id:
                return
            try:
                self.core.messenger.update(Receipt(channel_id, message_ts), message)
            except DeliveryError as error:
                logger.warning("message not updated", extra={"delivery_id": delivery_id, "code": error.code})

    def lock(self, key: str) -> Lock:
        """Return the lock that work on this key shares."""
        return self.locks[sum(key.encode()) % len(self.locks)]

    def _send(self, response_url: str, body: Mapping[str, Any]) -> bool:
        if not response_url:
            return False
        if not self._is_slacks(response_url):
            logger.warning("response address of an unknown host refused")
            return False
        return self.post(response_url, body)

    def _is_slacks(self, response_url: str) -> bool:
        """Slack's own hosts over https; the host of SLACK_API_URL as well when that is set."""
        try:
            address = urlsplit(response_url)
            host = address.hostname or ""
        except ValueError:
            return False
        if address.username or address.password:
            return False
        return (address.scheme == "https" and host in SLACK_HOSTS) or (
            address.scheme in ("http", "https") and host in self.hosts
        )


def _dicts(blocks: Collection[Block]) -> list[dict[str, Any]]:
    return [block.to_dict() for block in blocks]
