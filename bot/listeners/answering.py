"""Answers after the acknowledgement: this module posts to response addresses and redraws messages."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.models.blocks import Block

from bot.blocks.answers import Answer
from bot.blocks.prepared import prepared
from bot.texts import DEFAULT_LANGUAGE, shown
from nudges.domain.delivery.messages import Message
from nudges.errors import DeliveryError
from nudges.ports import Receipt
from nudges.services.answers import record_response
from nudges.services.core import Core
from nudges.services.people import readers

logger = logging.getLogger(__name__)

SLACK_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
_LOCKS = 16

Post = Callable[[str, Mapping[str, Any]], bool]  # once, without retries; False when it was not taken


@dataclass(frozen=True)
class Desk:
    """What every listener is given: the services' context and the ways to answer."""

    core: Core
    hosts: Collection[str]
    post: Post
    # Two clicks in a row must not redraw in the wrong order: the later state would be lost from sight.
    locks: tuple[Lock, ...] = field(default_factory=lambda: tuple(Lock() for _ in range(_LOCKS)))
    owed: set[str] = field(default_factory=set)  # messages to be redrawn
    # One at a time is drawn, however many are posted: those who wait for an acknowledgement need the processor.
    drawing: Lock = field(default_factory=Lock)

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

    def redraw(self, person_id: str, delivery_id: str, response_url: str = "", *, written_in: str = "") -> bool:
        """Show a person's message in its latest state, through the click's own address or by updating it.

        `written_in` keeps the language in which it was sent; without it the person's own is used. False when there is
        no such message of theirs.
        """
        self.owed.add(delivery_id)
        with self.lock(delivery_id):
            if delivery_id not in self.owed:
                return True  # whoever drew it while we waited has read what we have stored
            with self.drawing:
                self.owed.discard(delivery_id)
                message = record_response.message_state(self.core, person_id, delivery_id, written_in).message
                text, blocks = prepared(message) if message else ("", [])
            if message is None:
                return False
            body = {"replace_original": True, "unfurl_links": False, "unfurl_media": False}
            if not self._send(response_url, body | {"text": text, "blocks": blocks}):
                self._update(person_id, message)
            return True

    def _update(self, person_id: str, message: Message) -> None:
        channel_id, message_ts = record_response.receipt_of(self.core, person_id, message.delivery_id)
        if not channel_id:
            return
        try:
            self.core.messenger.update(Receipt(channel_id, message_ts), message)
        except DeliveryError as error:
            logger.warning("message not updated", extra={"delivery_id": message.delivery_id, "code": error.code})

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
