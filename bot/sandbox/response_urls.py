"""What an app may do with a `response_url` and with the payload of its ack: this module posts such replies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.sandbox import check_message
from bot.sandbox.errors import Refusal
from bot.sandbox.message_json import with_ids
from bot.sandbox.records import Channel, Json, Message, ResponseUrl
from bot.sandbox.state import State

MOST_USES = 5
LIFE_SECONDS = 30 * 60


def use_response_url(state: State, key: str, body: Json) -> tuple[int, dict[str, str], Json | str]:
    """Return the HTTP answer to a POST to a response_url, having done what it asks."""
    record = state.response_urls.get(key)
    if record is None:
        return 404, {}, {"ok": False, "error": "invalid_url"}
    if record.uses >= MOST_USES:
        return 404, {}, {"ok": False, "error": "used_url"}
    if state.clock.now() - record.made_at > LIFE_SECONDS:
        return 404, {}, {"ok": False, "error": "expired_url"}
    state.response_urls[key] = replace(record, uses=record.uses + 1)
    try:
        reply(state, record, body)
    except Refusal as refusal:
        return 400, {}, refusal.body()
    return 200, {}, "ok"


def reply(state: State, record: ResponseUrl, body: Json) -> Message | None:
    """Delete, replace or post as the body asks; ephemeral unless it says `in_channel`."""
    channel = state.channels[record.channel]
    original = channel.messages.get(record.ts or "")
    if body.get("delete_original"):
        _delete(state, channel, original)
        return None
    content = _content(state, body)
    if body.get("replace_original"):
        if original is None:
            raise Refusal("message_not_found")
        edited = None if content["blocks"] else f"{state.clock.now():.6f}"
        return state.change_message(channel, original.ts, **content, edited_ts=edited)
    only_for = None if body.get("response_type") == "in_channel" else record.user
    return state.add_message(channel, at=state.clock.now(), user=state.app.bot_user, only_for=only_for, **content)


def _delete(state: State, channel: Channel, original: Message | None) -> None:
    if original is None:
        raise Refusal("message_not_found")
    channel.drop(original.ts)
    state.tell("message", state.person_of(channel))


def _content(state: State, body: Json) -> dict[str, Any]:
    blocks, attachments = body.get("blocks"), body.get("attachments")
    check_message.check(blocks, attachments)
    text = str(body.get("text") or "")
    if not (text.strip() or blocks or attachments):
        raise Refusal("no_text")
    return {
        "text": text,
        "blocks": with_ids(blocks, state.new_id("b")) if blocks else None,
        "attachments": attachments or None,
    }
