"""Posting and looking up direct messages: this module is the Messenger port on Slack."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.blocks.answers_preview import posted_blocks, posted_text
from bot.blocks.messages import fallback_text, message_blocks
from bot.slack_api.client import PooledWebClient
from bot.slack_api.errors import translated
from nudges.domain.delivery.messages import Message
from nudges.errors import ContentRefused, OutcomeUnknown, RecipientUnreachable, TemporaryFailure
from nudges.ports import Receipt

EVENT_TYPE = "nudge_delivery"
PAGE = 15  # what Slack allows every app; see docs/decisions.md
PAGES = 40
ANY_ID = "9c2e51d07f3b48a6a1d4e8b05f6c7a32"  # stands for the delivery id in what all of a wave have in common


class SlackMessenger:
    """Direct messages through one installation's token."""

    def __init__(self, client: PooledWebClient) -> None:
        if client.retry_handlers:
            raise ValueError("the posting client must have no retry handlers: they post twice")
        self._client = client

    def send(self, person_id: str, message: Message) -> Receipt:
        """Post once, and in time or not at all; see the port."""
        text, blocks = _prepared(message)
        with translated():
            answer = self._client.chat_postMessage(
                channel=person_id,
                text=text,
                blocks=blocks,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"delivery_id": message.delivery_id}},
                unfurl_links=False,
                unfurl_media=False,
            )
        channel_id, message_ts = answer.get("channel"), answer.get("ts")
        if not channel_id or not message_ts:
            raise OutcomeUnknown(slack_code="no_receipt")
        return Receipt(str(channel_id), str(message_ts))

    def post_preview(self, conversation_id: str, message: Message, *, asked_by: str) -> Receipt:
        """Show a message that is nobody's delivery: without metadata no look-up finds it; see the port."""
        with translated():
            answer = self._client.chat_postMessage(
                channel=conversation_id,
                text=posted_text(message, asked_by),
                blocks=[block.to_dict() for block in posted_blocks(message, asked_by)],
                unfurl_links=False,
                unfurl_media=False,
            )
        return Receipt(str(answer.get("channel") or ""), str(answer.get("ts") or ""))

    def find(self, person_id: str, channel_id: str, delivery_id: str, since: datetime) -> Receipt | None:
        """Read the conversation back to then; see the port."""
        conversation_id = channel_id or self._open(person_id)
        for message in self._history(conversation_id, since):
            if _carries(message, delivery_id):
                return Receipt(conversation_id, str(message["ts"]))
        return None

    def update(self, receipt: Receipt, message: Message) -> None:
        """Show the message in its new state; see the port."""
        with translated():
            self._client.chat_update(
                channel=receipt.channel_id,
                ts=receipt.message_ts,
                text=fallback_text(message),
                blocks=[block.to_dict() for block in message_blocks(message)],
            )

    def delete(self, receipt: Receipt) -> None:
        """Take the message away; see the port."""
        with translated():
            self._client.chat_delete(channel=receipt.channel_id, ts=receipt.message_ts)

    def close(self) -> None:
        """Close the connections to Slack."""
        self._client.http.close()

    def _open(self, person_id: str) -> str:
        with translated():
            answer = self._client.conversations_open(users=person_id)
        channel: dict[str, Any] = answer.get("channel") or {}
        return str(channel.get("id", ""))

    def _history(self, channel_id: str, since: datetime) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(PAGES):
            page = self._history_page(channel_id, since, cursor)
            yield from page.get("messages") or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise TemporaryFailure("The conversation is too long to be read now.", slack_code="history_too_long")

    def _history_page(self, channel_id: str, since: datetime, cursor: str) -> dict[str, Any]:
        more = {"cursor": cursor} if cursor else {}
        try:
            with translated():
                answer = self._client.conversations_history(
                    channel=channel_id,
                    oldest=f"{since.timestamp():.6f}",
                    inclusive=True,
                    include_all_metadata=True,
                    limit=PAGE,
                    **more,
                )
        except (OutcomeUnknown, ContentRefused, RecipientUnreachable) as error:
            # Reading can be asked again whatever went wrong; only posting cannot.
            raise TemporaryFailure("The conversation could not be read.", slack_code=error.slack_code) from error
        data = answer.data
        return data if isinstance(data, dict) else {}


def _carries(message: dict[str, Any], delivery_id: str) -> bool:
    blocks = message.get("blocks") or []
    if any(delivery_id in str(block.get("block_id", "")) for block in blocks):
        return True
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return bool(payload.get("delivery_id") == delivery_id)


def _prepared(message: Message) -> tuple[str, list[dict[str, Any]]]:
    """Return text and blocks; a wave differs in its delivery ids alone, so the rest is built and checked once."""
    text, blocks = _template(replace(message, delivery_id=ANY_ID))
    return text.replace(ANY_ID, message.delivery_id), json.loads(blocks.replace(ANY_ID, message.delivery_id))


@lru_cache(maxsize=512)
def _template(message: Message) -> tuple[str, str]:
    return fallback_text(message), json.dumps([block.to_dict() for block in message_blocks(message)])
