"""Posting and looking up direct messages: this module is the Messenger port on Slack."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.blocks.answers_preview import posted_blocks, posted_text
from bot.blocks.prepared import prepared, prepared_json
from bot.slack_api.client import PooledWebClient
from bot.slack_api.errors import translated
from bot.slack_api.posting import post_json
from nudges.domain.delivery.messages import Message
from nudges.errors import ContentRefused, OutcomeUnknown, RecipientUnreachable, TemporaryFailure
from nudges.ports import Receipt

EVENT_TYPE = "nudge_delivery"
PAGE = 15  # what Slack allows every app; see docs/decisions.md
PAGES = 40


class SlackMessenger:
    """Direct messages through one installation's token."""

    def __init__(self, client: PooledWebClient) -> None:
        if client.retry_handlers:
            raise ValueError("the posting client must have no retry handlers: they post twice")
        self._client = client

    def send(self, person_id: str, message: Message) -> Receipt:
        """Post once, and in time or not at all; see the port."""
        content = _posting(person_id, message)
        with translated():
            answer = post_json(self._client, content)
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
        text, blocks = prepared(message)
        with translated():
            self._client.chat_update(channel=receipt.channel_id, ts=receipt.message_ts, text=text, blocks=blocks)

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


def _posting(person_id: str, message: Message) -> str:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": message.delivery_id}}
    own = json.dumps({"channel": person_id, "metadata": metadata, "unfurl_links": False, "unfurl_media": False})
    return f"{own[:-1]}, {prepared_json(message)}}}"


def _carries(message: dict[str, Any], delivery_id: str) -> bool:
    blocks = message.get("blocks") or []
    if any(delivery_id in str(block.get("block_id", "")) for block in blocks):
        return True
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return bool(payload.get("delivery_id") == delivery_id)
