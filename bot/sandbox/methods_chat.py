"""chat.*: posting, updating, ephemeral messages and links: this module is how messages come into being."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox import check_message
from bot.sandbox.call import Call, visible_channel
from bot.sandbox.errors import Refusal
from bot.sandbox.message_json import message_json, with_ids
from bot.sandbox.records import Blocks, Channel, Json, Message, Posted
from bot.sandbox.state import State

SPLIT_LENGTH = 4_000  # longer text without blocks arrives as several messages
TRUNCATED_LENGTH = 40_000
METADATA_BYTES = 8_000  # Slack publishes no number


def post_message(state: State, call: Call) -> Json:
    """Post to a channel, a DM or a person; the answer bears the first timestamp when a long text is split."""
    call.need_scope("chat:write")
    channel = _target(state, call.text("channel"))
    content = _content(call)
    metadata = _metadata(call.args.get("metadata"))
    _check_thread(channel, call)
    first, *rest = _pieces(content["text"], has_blocks=bool(content["blocks"]))
    message = _add(state, channel, call=call, content={**content, "text": first}, metadata=metadata)
    for piece in rest:
        _add(state, channel, call=call, content={"text": piece, "blocks": None, "attachments": None}, metadata=None)
    state.posted.append(_ground_truth(state, channel, message))
    return {"channel": channel.id, "ts": message.ts, "message": message_json(message, state.app, with_metadata=True)}


def _target(state: State, target: str) -> Channel:
    if target[:1] in ("U", "W"):
        if not state.can_get_messages(target):
            raise Refusal("channel_not_found")
        channel = state.dm_with(target)
    else:
        channel = visible_channel(state, target)
    person = state.person_of(channel)
    if person is not None and not state.can_get_messages(person):
        raise Refusal("channel_not_found")
    if person is not None and not state.messages_tab_enabled:
        raise Refusal("messages_tab_disabled")
    if person is None and state.app.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _content(call: Call) -> Json:
    """Return text, blocks and attachments after Slack's checks."""
    if call.args.get("markdown_text"):
        if call.args.get("text") or call.args.get("blocks"):
            raise Refusal("markdown_text_conflict")
        return {"text": call.text("markdown_text"), "blocks": None, "attachments": None}
    blocks, attachments = call.args.get("blocks"), call.args.get("attachments")
    check_message.check(blocks, attachments)
    if not (call.text("text").strip() or blocks or attachments):
        raise Refusal("no_text")
    return {"text": call.text("text")[:TRUNCATED_LENGTH], "blocks": blocks, "attachments": attachments}


def _pieces(text: str, *, has_blocks: bool) -> list[str]:
    if has_blocks or len(text) <= SPLIT_LENGTH:
        return [text]
    return [text[start : start + SPLIT_LENGTH] for start in range(0, len(text), SPLIT_LENGTH)]


def _metadata(metadata: Any) -> Json | None:
    if metadata in (None, {}):
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise Refusal("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict):
        raise Refusal("invalid_metadata_format")
    if set(metadata) - {"event_type", "event_payload", "entities"}:
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise Refusal("metadata_too_large")
    return metadata


def _check_thread(channel: Channel, call: Call) -> None:
    thread_ts = call.args.get("thread_ts")
    if thread_ts and thread_ts not in channel.messages:
        raise Refusal("cannot_reply_to_message")


def _add(state: State, channel: Channel, *, call: Call, content: Json, metadata: Json | None) -> Message:
    return state.add_message(
        channel,
        at=state.now(),
        user=state.app.bot_user,
        text=content["text"],
        blocks=_with_ids(state, content["blocks"]),
        attachments=content["attachments"] or None,
        metadata=metadata,
        thread_ts=call.args.get("thread_ts") or None,
    )


def _with_ids(state: State, blocks: Blocks | None) -> Blocks | None:
    return with_ids(blocks, state.new_id("b")) if blocks else None


def _ground_truth(state: State, channel: Channel, message: Message) -> Posted:
    payload = (message.metadata or {}).get("event_payload", {})
    return Posted(
        delivery_id=payload.get("delivery_id"),
        channel=channel.id,
        user=state.person_of(channel),
        ts=message.ts,
        at=message.at,
        text=message.text,
    )


def update(state: State, call: Call) -> Json:
    """Change one of the app's own messages in place; omitted metadata is kept, text alone takes the blocks away."""
    channel, message = _own_message(state, call, refusal="cant_update_message")
    if len(call.text("text")) > SPLIT_LENGTH:
        raise Refusal("msg_too_long")
    content = _content(call)
    metadata = _metadata(call.args["metadata"]) if "metadata" in call.args else message.metadata
    changed = state.change_message(
        channel,
        message.ts,
        text=content["text"],
        blocks=_with_ids(state, content["blocks"]),
        attachments=content["attachments"] or None,
        metadata=metadata,
        edited_ts=None if content["blocks"] else f"{state.clock.now():.6f}",
    )
    body = message_json(changed, state.app)
    return {"channel": channel.id, "ts": changed.ts, "text": changed.text, "message": body}


def delete(state: State, call: Call) -> Json:
    """Take one of the app's own messages away for good."""
    channel, message = _own_message(state, call, refusal="cant_delete_message")
    channel.drop(message.ts)
    state.tell("message", state.person_of(channel))
    return {"channel": channel.id, "ts": message.ts}


def _own_message(state: State, call: Call, *, refusal: str) -> tuple[Channel, Message]:
    call.need_scope("chat:write")
    channel = visible_channel(state, call.text("channel"))
    message = channel.messages.get(call.text("ts"))
    if message is None or message.only_for:
        raise Refusal("message_not_found")
    if not message.from_app:
        raise Refusal(refusal)
    return channel, message


def post_ephemeral(state: State, call: Call) -> Json:
    """Show a message to one member of the conversation only."""
    call.need_scope("chat:write")
    channel = _target(state, call.text("channel"))
    user = call.text("user")
    if user not in channel.members or not state.can_get_messages(user):
        raise Refusal("user_not_in_channel")
    content = _content(call)
    message = state.add_message(
        channel,
        at=state.now(),
        user=state.app.bot_user,
        text=content["text"],
        blocks=_with_ids(state, content["blocks"]),
        attachments=content["attachments"] or None,
        only_for=user,
    )
    return {"message_ts": message.ts}


def get_permalink(state: State, call: Call) -> Json:
    channel = visible_channel(state, call.text("channel"))
    ts = call.text("message_ts")
    if ts not in channel.messages:
        raise Refusal("message_not_found")
    link = f"https://{state.app.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}
