"""Clicking, typing, submitting, opening: this module is what people do in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.sandbox import check_view, payloads
from bot.sandbox.delivery import Delivery, Outcome
from bot.sandbox.errors import Impossible, Refusal
from bot.sandbox.form_values import all_values, find_element, input_errors, merged
from bot.sandbox.methods_views import close_all, close_top, push_for, replace_view
from bot.sandbox.payloads import Action
from bot.sandbox.records import Json, Message, View
from bot.sandbox.response_urls import reply
from bot.sandbox.state import State

DONE = Outcome(ok=True)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a form: `errors` by block id when it stays open for correction."""

    outcome: Outcome
    errors: dict[str, str] = field(default_factory=dict)


class PeopleActs:
    """Each act changes what Slack itself changes, tells the app, waits for its ack and applies it."""

    def __init__(self, state: State, delivery: Delivery) -> None:
        self._state = state
        self._delivery = delivery

    def open(self, person: str, *, tab: Literal["home", "messages"] = "home") -> Outcome:
        """Open the app's Home or Messages tab."""
        with self._state.lock:
            self._state.user(person)
            event = payloads.app_home_opened(self._state, person, tab)
        return self._delivery.send_event(event, person=person)

    def message(self, person: str, text: str) -> Outcome:
        """Type a message in the DM with the app."""
        with self._state.lock:
            self._state.user(person)
            channel = self._state.dm_with(person)
            message = self._state.add_message(
                channel, at=self._state.clock.now(), user=person, text=escaped(text), from_app=False
            )
            event = payloads.message_im(self._state, message)
        return self._delivery.send_event(event, person=person)

    def command(self, person: str, command: str, text: str = "") -> Outcome:
        """Type a slash command in the DM with the app; what the ack carries is shown as a reply."""
        with self._state.lock:
            self._state.user(person)
            channel = self._state.dm_with(person)
            payload = payloads.slash_command(self._state, person, channel, command=command, text=escaped(text))
        outcome = self._delivery.send("slash_commands", payload, person=person)
        if not (outcome.ack and outcome.ack.payload):
            return outcome
        return self._apply(outcome, lambda answer: self._reply(payload["response_url"], answer))

    def rest(self, person: str, hours: float) -> Outcome:
        """Do not want to be disturbed for so many hours from now; with none, want to again."""
        with self._state.lock:
            self._state.user(person)
            now = self._state.clock.now()
            self._state.rests[person] = (now, now + hours * 3_600)
        return DONE

    def shortcut(self, person: str, callback_id: str, *, ts: str | None = None) -> Outcome:
        """Choose a shortcut: one of the app's own, or with `ts` one in the menu of that message."""
        with self._state.lock:
            if ts is None:
                payload = payloads.shortcut(self._state, person, callback_id)
            else:
                payload = payloads.message_shortcut(self._state, person, callback_id, self._message(person, ts))
        return self._delivery.send("interactive", payload, person=person)

    def click(
        self,
        person: str,
        *,
        block_id: str,
        action_id: str,
        ts: str | None = None,
        view_id: str | None = None,
        value: Json | None = None,
        values: Json | None = None,
    ) -> Outcome:
        """Use an element of a message (`ts`) or a view; `value` is the choice, `values` what else is filled in."""
        with self._state.lock:
            if view_id is not None:
                view = self._typed(self._view(person, view_id), values)
                action = _action(view.body["blocks"], block_id, action_id, value)
                view = self._typed(view, _chosen(action))
                payload = payloads.view_action(self._state, view, action=action)
            else:
                message = self._message(person, ts or "")
                action = _action(message.blocks or [], block_id, action_id, value)
                filled = all_values(message.blocks or [], merged(values or {}, _chosen(action)))
                payload = payloads.message_action(self._state, person, message, values=filled, action=action)
        return self._delivery.send("interactive", payload, person=person)

    def submit(self, person: str, view_id: str, values: Json | None = None) -> Submitted:
        """Submit the open form; Slack's own checks come first, then the app's."""
        with self._state.lock:
            view = self._typed(self._view(person, view_id), values)
            errors = input_errors(view.body["blocks"], view.values)
            if errors:
                return Submitted(Outcome(ok=False, error="incomplete"), errors)
            payload = payloads.view_submission(self._state, view)
        outcome = self._delivery.send("interactive", payload, person=person)
        if not outcome.ok:
            return Submitted(outcome)
        answer = (outcome.ack.payload if outcome.ack else None) or {}
        if answer.get("response_action") == "errors":
            return _refused_by_app(outcome, view, answer)
        return Submitted(self._apply(outcome, lambda _: self._after_submit(view, answer)))

    def close(self, person: str, view_id: str, *, is_cleared: bool = False) -> Outcome:
        """Close the open form, or with `is_cleared` the whole stack of forms."""
        with self._state.lock:
            view = self._view(person, view_id)
            payload = payloads.view_closed(self._state, view, is_cleared=is_cleared)
            if is_cleared or view.body.get("clear_on_close"):
                close_all(self._state, person)
            else:
                close_top(self._state, person)
        if not view.body.get("notify_on_close"):
            return DONE
        return self._delivery.send("interactive", payload, person=person)

    def _after_submit(self, view: View, answer: Json) -> None:
        action = answer.get("response_action")
        if action == "clear":
            close_all(self._state, view.user)
        elif action == "update":
            replace_view(self._state, view, check_view.check(answer.get("view"), kinds=("modal",)))
        elif action == "push":
            push_for(self._state, view.user, check_view.check(answer.get("view"), kinds=("modal",)))
        elif self._state.stacks.get(view.user, [None])[-1] == view.id:
            close_top(self._state, view.user)

    def _apply(self, outcome: Outcome, action: Any) -> Outcome:
        """Apply what the ack carries; what Slack would not take is the person's error, as in Slack."""
        answer = (outcome.ack.payload if outcome.ack else None) or {}
        try:
            with self._state.lock:
                action(answer)
        except Refusal as refusal:
            return replace(outcome, ok=False, error=refusal.error)
        return outcome

    def _reply(self, response_url: str, answer: Json) -> None:
        reply(self._state, self._state.response_urls[response_url.rsplit("/", 1)[1]], answer)

    def _message(self, person: str, ts: str) -> Message:
        channel = self._state.channels.get(self._state.dms.get(person, ""))
        message = channel.messages.get(ts) if channel else None
        if message is None or message.only_for not in (None, person):
            raise Impossible("unknown_message", "That message is no longer there.")
        return message

    def _view(self, person: str, view_id: str) -> View:
        self._state.user(person)
        view = self._state.views.get(view_id)
        if view is None or view.user != person:
            raise Impossible("unknown_view", "That view is no longer open.")
        return view

    def _typed(self, view: View, values: Json | None) -> View:
        """Keep what the person has typed so far."""
        filled = all_values(view.body["blocks"], merged(view.values, values or {}))
        self._state.views[view.id] = replace(view, values=filled)
        return self._state.views[view.id]


def _action(blocks: list[Json], block_id: str, action_id: str, value: Json | None) -> Action:
    found = find_element(blocks, block_id, action_id)
    if found is None:
        raise Impossible("unknown_element", "That button is no longer there.")
    return Action(element=found[1], block_id=block_id, given=value or {})


def _chosen(action: Action) -> Json:
    """The choice just made is part of the state the app gets."""
    return {action.block_id: {action.element["action_id"]: action.given}} if action.given else {}


def _refused_by_app(outcome: Outcome, view: View, answer: Json) -> Submitted:
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    errors = {str(key): str(text) for key, text in (answer.get("errors") or {}).items()}
    if not errors or set(errors) - inputs:
        return Submitted(replace(outcome, ok=False, error="errors_name_no_input_block"))
    return Submitted(replace(outcome, ok=False, error="invalid"), errors)


def escaped(text: str) -> str:
    """Slack escapes these three characters in what people type."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
