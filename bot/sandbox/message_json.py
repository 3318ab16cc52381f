"""Messages and views as Slack writes them in JSON: this module is their one spelling."""

from __future__ import annotations

from bot.sandbox.records import AppIdentity, Blocks, Json, Message, View
from bot.sandbox.state import State


def message_json(message: Message, app: AppIdentity, *, with_metadata: bool = False) -> Json:
    """Return the message as history, answers and interaction payloads carry it."""
    body: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": app.team_id}
    if message.from_app:
        body |= {"bot_id": app.bot_id, "app_id": app.app_id, "bot_profile": _bot_profile(app)}
    optional = {"blocks": message.blocks, "attachments": message.attachments, "thread_ts": message.thread_ts}
    body |= {name: value for name, value in optional.items() if value}
    if message.edited_ts:
        body["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.metadata and with_metadata:
        body["metadata"] = message.metadata
    if message.only_for:
        body["is_ephemeral"] = True
    return body


def _bot_profile(app: AppIdentity) -> Json:
    return {
        "id": app.bot_id,
        "app_id": app.app_id,
        "name": app.name,
        "team_id": app.team_id,
        "deleted": False,
        "updated": 0,
    }


def view_json(view: View, state: State) -> Json:
    """Return the view as views.* answers and interaction payloads carry it."""
    app, installation = state.app, state.installation()
    body = {
        "callback_id": "",
        "private_metadata": "",
        "title": None,
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
        **view.body,
    }
    return {
        **body,
        "id": view.id,
        "team_id": app.team_id,
        "app_id": app.app_id,
        "app_installed_team_id": installation.place.id if installation else app.team_id,
        "bot_id": app.bot_id,
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "external_id": view.external_id,
        "state": {"values": view.values},
    }


def with_ids(blocks: Blocks, prefix: str) -> Blocks:
    """Return copies of the blocks with the block and action ids Slack makes up where the app gave none."""
    return [_block_with_ids(block, f"{prefix}{place}") for place, block in enumerate(blocks)]


def _block_with_ids(block: Json, made_up: str) -> Json:
    filled = {**block, "block_id": block.get("block_id") or made_up}
    for key in ("element", "accessory"):
        if isinstance(block.get(key), dict):
            filled[key] = _element_with_id(block[key], made_up)
    if block.get("type") in ("actions", "context_actions"):
        filled["elements"] = [_element_with_id(part, f"{made_up}-{n}") for n, part in enumerate(block["elements"])]
    return filled


def _element_with_id(element: Json, made_up: str) -> Json:
    if element.get("type") == "image":
        return element
    return {**element, "action_id": element.get("action_id") or f"{made_up}-a"}
