"""What Slack sends when people do something, field by field: this module is the spelling of payloads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.installs import Place
from bot.sandbox.message_json import message_json, view_json
from bot.sandbox.records import Channel, Json, Message, ResponseUrl, View
from bot.sandbox.state import State


@dataclass(frozen=True, slots=True)
class Action:
    """A person used one element; `given` is what the page says was chosen."""

    element: Json
    block_id: str
    given: Json


def event_envelope(state: State, event: Json, place: Place) -> Json:
    """Return the event in its outer envelope, with an id of its own; `place` is where the app is installed."""
    app = state.app
    authorization = {
        "enterprise_id": place.enterprise_id,
        "team_id": None if place.is_organisation else place.id,
        "user_id": place.bot_user,
        "is_bot": True,
        "is_enterprise_install": place.is_organisation,
    }
    enterprise = {"enterprise_id": place.enterprise_id} if place.enterprise_id else {}
    return {
        "token": app.verification_token,
        "team_id": app.team_id,
        **enterprise,
        "context_team_id": app.team_id,
        "context_enterprise_id": place.enterprise_id,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": state.new_id("Ev"),
        "event_time": int(state.clock.now()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": state.new_id("4-"),
    }


def about_the_app(state: State, event: Json, place: Place) -> Json:
    """Return the envelope of an event about an installation: an organisation's belongs to no workspace."""
    envelope = event_envelope(state, event, place)
    if not place.is_organisation:
        return envelope
    return {key: value for key, value in envelope.items() if key not in ("team_id", "context_team_id")}


def app_home_opened(state: State, user_id: str, tab: str) -> Json:
    event: Json = {
        "type": "app_home_opened",
        "user": user_id,
        "channel": state.dm_with(user_id).id,
        "tab": tab,
        "event_ts": f"{state.clock.now():.6f}",
    }
    home = state.views.get(state.homes.get(user_id, ""))
    if home is not None and tab == "home":
        event["view"] = view_json(home, state)
    return event


def message_im(state: State, message: Message) -> Json:
    return {
        "type": "message",
        "channel_type": "im",
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "event_ts": message.ts,
        "team": state.app.team_id,
        "client_msg_id": state.new_id("client-"),
        "blocks": message.blocks or [],
    }


def slash_command(state: State, user_id: str, channel: Channel, *, command: str, text: str) -> Json:
    app = state.app
    return {
        "token": app.verification_token,
        "team_id": app.team_id,
        "team_domain": app.domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user_id,
        "user_name": str(state.user(user_id).get("name", user_id)),
        "command": command,
        "text": text,
        "api_app_id": app.app_id,
        "is_enterprise_install": "true" if _is_org_wide(state) else "false",
        **_enterprise_fields(state),
        "response_url": new_response_url(state, user_id, channel, ts=None),
        "trigger_id": state.new_trigger(user_id),
    }


def new_response_url(state: State, user_id: str, channel: Channel, *, ts: str | None) -> str:
    key = state.new_id("response-")
    record = ResponseUrl(user=user_id, channel=channel.id, made_at=state.clock.now(), ts=ts)
    state.response_urls[key] = record
    return f"{state.base_url}/response/{key}"


def shortcut(state: State, user_id: str, callback_id: str) -> Json:
    return {
        **_common(state, user_id, "shortcut"),
        "callback_id": callback_id,
        "action_ts": f"{state.clock.now():.6f}",
        "trigger_id": state.new_trigger(user_id),
    }


def message_shortcut(state: State, user_id: str, callback_id: str, message: Message) -> Json:
    """Return message_action: a shortcut chosen in a message's menu, with the whole message in it."""
    channel = state.channels[message.channel]
    return {
        **_common(state, user_id, "message_action"),
        "callback_id": callback_id,
        "action_ts": f"{state.clock.now():.6f}",
        "trigger_id": state.new_trigger(user_id),
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": message.ts,
        "message": message_json(message, state.app, with_metadata=True),
        "response_url": new_response_url(state, user_id, channel, ts=None),
    }


def message_action(state: State, user_id: str, message: Message, *, values: Json, action: Action) -> Json:
    """Return block_actions for an element of a message."""
    channel = state.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    return {
        **_common(state, user_id, "block_actions"),
        "container": container,
        "trigger_id": state.new_trigger(user_id),
        "channel": {"id": channel.id, "name": channel.name},
        "message": message_json(message, state.app, with_metadata=True),
        "state": {"values": values},
        "response_url": new_response_url(state, user_id, channel, ts=message.ts),
        "actions": [_action_json(state, action)],
    }


def view_action(state: State, view: View, *, action: Action) -> Json:
    """Return block_actions for an element of a modal or a Home tab: no channel, no response_url."""
    body = view_json(view, state)
    return {
        **_common(state, view.user, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": state.new_trigger(view.user, view.id if view.kind == "modal" else None),
        "view": body,
        "actions": [_action_json(state, action)],
    }


def view_submission(state: State, view: View) -> Json:
    return {
        **_common(state, view.user, "view_submission"),
        "trigger_id": state.new_trigger(view.user, view.id),
        "view": view_json(view, state),
        "response_urls": [],
    }


def view_closed(state: State, view: View, *, is_cleared: bool) -> Json:
    return {
        **_common(state, view.user, "view_closed"),
        "view": view_json(view, state),
        "is_cleared": is_cleared,
    }


def _common(state: State, user_id: str, kind: str) -> Json:
    app, user = state.app, state.user(user_id)
    name = str(user.get("name", user_id))
    is_org_wide = _is_org_wide(state)
    return {
        "type": kind,
        "user": {"id": user_id, "username": name, "name": name, "team_id": app.team_id},
        "api_app_id": app.app_id,
        "token": app.verification_token,
        "team": None if is_org_wide else {"id": app.team_id, "domain": app.domain, **_enterprise_fields(state)},
        "enterprise": {"id": app.enterprise_id, "name": app.enterprise_name} if app.enterprise_id else None,
        "is_enterprise_install": is_org_wide,
    }


def _is_org_wide(state: State) -> bool:
    installation = state.installation()
    return installation is not None and installation.is_org_wide


def _enterprise_fields(state: State) -> Json:
    app = state.app
    return {"enterprise_id": app.enterprise_id, "enterprise_name": app.enterprise_name} if app.enterprise_id else {}


def _action_json(state: State, action: Action) -> Json:
    element = action.element
    body: dict[str, Any] = {
        "type": element["type"],
        "block_id": action.block_id,
        "action_id": element["action_id"],
        "action_ts": f"{state.clock.now():.6f}",
    }
    for key in ("text", "value", "style"):
        if element["type"] == "button" and element.get(key) is not None:
            body[key] = element[key]
    return {**body, **{key: value for key, value in action.given.items() if key != "type"}}
