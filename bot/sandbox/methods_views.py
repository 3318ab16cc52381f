"""views.*: modals and Home tabs: this module is how views come into being and change."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox import check_view
from bot.sandbox.call import Call
from bot.sandbox.errors import Refusal
from bot.sandbox.message_json import view_json, with_ids
from bot.sandbox.records import Json, Trigger, View
from bot.sandbox.state import State

TRIGGER_SECONDS = 3.0
MOST_VIEWS = 3


def open_view(state: State, call: Call) -> Json:
    """Open a modal on top of nothing, spending the trigger id."""
    body = check_view.check(call.args["view"], kinds=("modal",))
    trigger = _spend_trigger(state, call)
    view = _new_view(state, body, user=trigger.user)
    _forget(state, trigger.user)
    return _show(state, view)


def push_view(state: State, call: Call) -> Json:
    """Put a modal on the stack of the one that is open; three at most."""
    body = check_view.check(call.args["view"], kinds=("modal",))
    trigger = _spend_trigger(state, call)
    return push_for(state, trigger.user, body)


def push_for(state: State, user: str, body: Json) -> Json:
    stack = state.stacks.get(user, [])
    if not stack:
        raise Refusal("not_found")
    if len(stack) >= MOST_VIEWS:
        raise Refusal("push_limit_reached")
    view = _new_view(state, body, user=user)
    return _show(state, replace(view, root_id=stack[0], previous_id=stack[-1]))


def update_view(state: State, call: Call) -> Json:
    """Replace an open view found by id or external id; a stale hash is a conflict."""
    body = check_view.check(call.args["view"], kinds=("modal", "home"))
    view = _find(state, call)
    if call.args.get("hash") and call.text("hash") != view.hash:
        raise Refusal("hash_conflict")
    return replace_view(state, view, body)


def replace_view(state: State, view: View, body: Json) -> Json:
    """Put a new body into an open view; what was typed stays where the ids stay."""
    if body["type"] != view.kind:
        raise Refusal("invalid_arguments", messages=("[ERROR] the type of a view cannot change",))
    _check_external_id(state, body, but=view.id)
    filled = {**body, "blocks": with_ids(body["blocks"], state.new_id("b"))}
    kept = {block["block_id"] for block in filled["blocks"]} & set(view.values)
    changed = replace(
        view,
        body=filled,
        hash=_new_hash(state),
        external_id=str(body.get("external_id") or ""),
        values={block_id: view.values[block_id] for block_id in kept},
    )
    state.views[view.id] = changed
    state.tell(view.kind, view.user)
    return {"view": view_json(changed, state)}


def publish_view(state: State, call: Call) -> Json:
    """Set the Home tab of one person."""
    body = check_view.check(call.args["view"], kinds=("home",))
    user = call.text("user_id")
    if not state.home_tab_enabled:
        raise Refusal("not_enabled")
    if not state.can_get_messages(user):
        raise Refusal("invalid_arguments", messages=("[ERROR] invalid user id [json-pointer:/user_id]",))
    known = state.views.get(state.homes.get(user, ""))
    if known is not None:
        if call.args.get("hash") and call.text("hash") != known.hash:
            raise Refusal("hash_conflict")
        return replace_view(state, replace(known, values={}), body)
    view = _new_view(state, body, user=user)
    state.views[view.id] = view
    state.homes[user] = view.id
    state.tell("home", user)
    return {"view": view_json(view, state)}


def close_top(state: State, user: str) -> None:
    stack = state.stacks.get(user, [])
    if stack:
        state.views.pop(stack.pop(), None)
    state.tell("modal", user)


def close_all(state: State, user: str) -> None:
    _forget(state, user)
    state.tell("modal", user)


def _spend_trigger(state: State, call: Call) -> Trigger:
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    trigger = state.triggers.get(trigger_id)
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if state.clock.real() - trigger.made_real > TRIGGER_SECONDS:
        raise Refusal("expired_trigger_id")
    trigger.used = True
    return trigger


def _find(state: State, call: Call) -> View:
    wanted, external_id = call.args.get("view_id"), call.args.get("external_id")
    for view in state.views.values():
        if view.id == wanted or (external_id and view.external_id == external_id):
            return view
    raise Refusal("not_found")


def _new_view(state: State, body: Json, *, user: str) -> View:
    _check_external_id(state, body, but=None)
    view_id = state.new_id("V")
    filled = {**body, "blocks": with_ids(body["blocks"], state.new_id("b"))}
    return View(
        id=view_id,
        kind=body["type"],
        user=user,
        body=filled,
        hash=_new_hash(state),
        root_id=view_id,
        external_id=str(body.get("external_id") or ""),
    )


def _check_external_id(state: State, body: Json, *, but: str | None) -> None:
    external_id = body.get("external_id")
    if external_id and any(v.external_id == external_id and v.id != but for v in state.views.values()):
        raise Refusal("duplicate_external_id")


def _new_hash(state: State) -> str:
    return f"{int(state.clock.now())}.{state.new_id('h')}"


def _show(state: State, view: View) -> Json:
    state.views[view.id] = view
    state.stacks.setdefault(view.user, []).append(view.id)
    state.tell("modal", view.user)
    return {"view": view_json(view, state)}


def _forget(state: State, user: str) -> None:
    for view_id in state.stacks.pop(user, []):
        state.views.pop(view_id, None)
