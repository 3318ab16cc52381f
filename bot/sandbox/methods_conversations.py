"""conversations.*: opening, reading and listing: this module is the sandbox's view on conversations."""

from __future__ import annotations

import base64

from bot.sandbox.call import Call, visible_channel
from bot.sandbox.contract import whole_number
from bot.sandbox.errors import Refusal
from bot.sandbox.message_json import message_json
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.state import State, is_automatic

HISTORY_DEFAULT, HISTORY_MOST = 100, 999
LIST_DEFAULT, LIST_MOST = 100, 1_000
GROUP_MOST = 8
KINDS = {"public_channel": "channel", "private_channel": None, "im": "im", "mpim": None}


def open_conversation(state: State, call: Call) -> Json:
    """Return the DM with one person, opened if need be; refuse precisely whom the app may not write to."""
    if call.args.get("channel"):
        channel = visible_channel(state, call.text("channel"))
        return {"channel": _opened(state, channel, call), "no_op": True, "already_open": True}
    users = [user.strip() for user in call.text("users").split(",") if user.strip()]
    if not users:
        raise Refusal("users_list_not_supplied")
    if len(users) > GROUP_MOST:
        raise Refusal("too_many_users")
    call.need_scope("im:write" if len(users) == 1 else "mpim:write")
    for user in users:
        _check_recipient(state, user)
    if len(users) > 1:
        raise Refusal("method_not_supported_for_channel_type")
    was_open = users[0] in state.dms
    if call.flag("prevent_creation") and not was_open:
        raise Refusal("channel_not_found")
    extra = {"no_op": True, "already_open": True} if was_open else {}
    return {"channel": _opened(state, state.dm_with(users[0]), call), **extra}


def _check_recipient(state: State, user_id: str) -> None:
    user = state.users.get(user_id)
    if user is None:
        raise Refusal("user_not_found")
    if user.get("deleted"):
        raise Refusal("user_disabled")
    if user.get("is_stranger"):
        raise Refusal("user_not_visible")
    if is_automatic(user):
        raise Refusal("invalid_user_combination")


def _opened(state: State, channel: Channel, call: Call) -> Json:
    return channel_json(state, channel) if call.flag("return_im") else {"id": channel.id}


def channel_json(state: State, channel: Channel) -> Json:
    common: Json = {"id": channel.id, "created": channel.created, "is_archived": False, "updated": channel.created}
    if channel.kind == "im":
        return {**common, "is_im": True, "user": state.person_of(channel), "is_open": True, "is_org_shared": False}
    is_member = state.app.bot_user in channel.members
    return {**common, "is_im": False, "is_channel": True, "name": channel.name, "is_member": is_member}


def history(state: State, call: Call, *, lag: float = 0.0, most: int = 0) -> Json:
    """Return a page of messages, newest first; metadata only when asked for."""
    channel = visible_channel(state, call.text("channel"))
    call.need_channel_scope(channel, "history")
    if channel.kind == "channel" and state.app.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    limit = whole_number(call.args.get("limit"), default=HISTORY_DEFAULT)
    limit = max(1, min(limit, most or HISTORY_MOST))
    found = [message for message in channel.newest_first() if _in_span(message, call)]
    if lag:
        found = [message for message in found if message.at <= state.clock.now() - lag]
    page, more = found[:limit], len(found) > limit
    with_metadata = call.flag("include_all_metadata")
    body: Json = {
        "messages": [message_json(message, state.app, with_metadata=with_metadata) for message in page],
        "has_more": more,
        "pin_count": 0,
    }
    if more:
        body["response_metadata"] = {"next_cursor": encode_cursor("next_ts", page[-1].ts)}
    return body


def _in_span(message: Message, call: Call) -> bool:
    if message.only_for or (message.thread_ts and message.thread_ts != message.ts):
        return False
    ts = float(message.ts)
    inclusive = call.flag("inclusive")
    oldest, latest = _instant(call, "oldest"), _instant(call, "latest")
    if call.args.get("cursor") and message.ts >= decode_cursor("next_ts", call.text("cursor")):
        return False
    if oldest is not None and (ts < oldest or (ts == oldest and not inclusive)):
        return False
    return latest is None or ts < latest or (ts == latest and inclusive)


def _instant(call: Call, name: str) -> float | None:
    value = call.args.get(name)
    if value in (None, ""):
        return None
    try:
        return float(str(value))
    except ValueError:
        raise Refusal(f"invalid_ts_{name}") from None


def encode_cursor(name: str, place: str) -> str:
    return base64.b64encode(f"{name}:{place}".encode()).decode()


def decode_cursor(name: str, cursor: str) -> str:
    """Return the place a cursor of ours names; raise invalid_cursor for any other text."""
    try:
        kind, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:  # no base64, or no text inside
        raise Refusal("invalid_cursor") from None
    if kind != name or not place:
        raise Refusal("invalid_cursor")
    return place


def info(state: State, call: Call) -> Json:
    channel = visible_channel(state, call.text("channel"))
    call.need_channel_scope(channel, "read")
    body = channel_json(state, channel)
    if call.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def members(state: State, call: Call) -> Json:
    channel = visible_channel(state, call.text("channel"))
    call.need_channel_scope(channel, "read")
    ids, cursor = page_of(sorted(channel.members), call, name="member")
    return {"members": ids, "response_metadata": {"next_cursor": cursor}}


def list_conversations(state: State, call: Call) -> Json:
    return _listed(state, call, list(state.channels.values()))


def list_own_conversations(state: State, call: Call) -> Json:
    """Return the conversations that a person, or the app itself, is in."""
    user = call.text("user", state.app.bot_user)
    return _listed(state, call, [channel for channel in state.channels.values() if user in channel.members])


def _listed(state: State, call: Call, among: list[Channel]) -> Json:
    kinds = [kind.strip() for kind in call.text("types", "public_channel").split(",")]
    if set(kinds) - set(KINDS):
        raise Refusal("invalid_types")
    wanted = {KINDS[kind] for kind in kinds}
    for kind in sorted(wanted - {None}, key=str):
        call.need_scope("im:read" if kind == "im" else "channels:read")
    ids, cursor = page_of(sorted(c.id for c in among if c.kind in wanted), call, name="channel")
    channels = [channel_json(state, state.channels[channel_id]) for channel_id in ids]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def page_of(ids: list[str], call: Call, *, name: str) -> tuple[list[str], str]:
    """Return one page of sorted ids and the cursor of the next page ("" at the end)."""
    limit = whole_number(call.args.get("limit"), default=LIST_DEFAULT)
    if not 1 <= limit <= LIST_MOST:
        raise Refusal("invalid_limit")
    after = decode_cursor(name, call.text("cursor")) if call.args.get("cursor") else ""
    rest = [one for one in ids if one > after]
    page = rest[:limit]
    return page, encode_cursor(name, page[-1]) if len(rest) > limit else ""
