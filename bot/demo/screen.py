"""What somebody sees and can use: this module finds the buttons, boxes and menus of a message, a form or a Home tab."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.blocks.actions import ActionId, PickId
from bot.sandbox.records import Blocks, Json
from bot.sandbox.workspace import Slack

Values = dict[str, dict[str, Json]]


@dataclass(frozen=True)
class Control:
    """One thing to press, tick or choose."""

    block_id: str
    action_id: str
    element: Json

    @property
    def name(self) -> str:
        """Return which of our buttons it is; others give a name that nobody asks for."""
        return self.action_id.partition(".")[0]

    @property
    def value(self) -> str:
        """Return what it carries."""
        return str(self.element.get("value") or "")

    @property
    def options(self) -> list[Json]:
        """Return what can be chosen in it."""
        return list(self.element.get("options") or [])

    def option(self, value: str) -> Json | None:
        """Return the option that carries this value."""
        return next((option for option in self.options if option.get("value") == value), None)


@dataclass(frozen=True)
class Form:
    """The form on top of somebody's screen."""

    view_id: str
    callback_id: str
    controls: tuple[Control, ...]


def message_controls(slack: Slack, person: str, ts: str) -> tuple[Control, ...]:
    """Return all that can be used in one message as it stands now."""
    with slack.state.lock:
        message = slack.state.dm_with(person).messages.get(ts)
        return tuple(_controls(message.blocks or [])) if message is not None else ()


def last_message(slack: Slack, person: str) -> str:
    """Return the timestamp of the newest nudge in somebody's conversation; empty without any."""
    with slack.state.lock:
        for message in slack.state.dm_with(person).newest_first():
            names = {control.name for control in _controls(message.blocks or [])}
            if message.from_app and message.only_for is None and ActionId.MORE in names:
                return message.ts
    return ""


def home_controls(slack: Slack, person: str) -> tuple[str, tuple[Control, ...]]:
    """Return the id of somebody's Home tab and what can be used there; empty before it was drawn."""
    with slack.state.lock:
        view = slack.state.views.get(slack.state.homes.get(person, ""))
        return (view.id, tuple(_controls(view.body["blocks"]))) if view is not None else ("", ())


def open_form(slack: Slack, person: str) -> Form | None:
    """Return the form on top, if one is open."""
    with slack.state.lock:
        stack = slack.state.stacks.get(person) or []
        view = slack.state.views.get(stack[-1]) if stack else None
        if view is None:
            return None
        return Form(view.id, str(view.body.get("callback_id") or ""), tuple(_controls(view.body["blocks"])))


def find(controls: Iterable[Control], action: ActionId | PickId | str) -> Control | None:
    """Return the first control of this name or this exact id."""
    wanted = action.action if isinstance(action, PickId) else str(action)
    return next((one for one in controls if wanted in (one.name, one.action_id)), None)


def of_choice(controls: Iterable[Control], action: ActionId, key: str) -> Control | None:
    """Return the button of this name that stands for this choice."""
    return next((one for one in controls if one.name == action and one.value.rpartition(":")[2] == key), None)


def chosen(control: Control, *values: str) -> Values:
    """Return the state of a control in which these options are picked."""
    options = [option for value in values if (option := control.option(value)) is not None]
    kind = control.element.get("type")
    if kind == "checkboxes":
        return {control.block_id: {control.action_id: {"type": kind, "selected_options": options}}}
    return {control.block_id: {control.action_id: {"type": kind, "selected_option": options[0] if options else None}}}


def typed(control: Control, words: str) -> Values:
    """Return the state of a field in which these words stand."""
    return {control.block_id: {control.action_id: {"type": "plain_text_input", "value": words}}}


def _controls(blocks: Blocks) -> Iterator[Control]:
    for block in blocks:
        for element in _elements(block):
            if element.get("action_id"):
                yield Control(str(block.get("block_id") or ""), str(element["action_id"]), element)


def _elements(block: Json) -> Sequence[Json]:
    if block.get("type") == "input":
        return [block["element"]]
    accessory = block.get("accessory")
    return [*(block.get("elements") or []), *([accessory] if accessory else [])]
