"""What Slack tells us, parsed once: this module turns payloads into frozen values and refuses whatever is odd."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.blocks.actions import ActionId, FormOrigin, InputId, action_of, language_in
from bot.blocks.forms import LONGEST_WORDS
from bot.blocks.own_values import MenuValue
from bot.texts import DEFAULT_LANGUAGE
from nudges.domain.playbooks.playbook import BarrierKind

Payload = Mapping[str, Any]
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_LONGEST_URL = 1000
_MOST_OPTIONS, _LONGEST_OPTION = 10, 150
_MOST_TICKS = 100


@dataclass(frozen=True)
class Click:
    """A button that was pressed; `action` is None for one that we do not know (any more).

    `written_in` is the language of the message it stands in, `language` the one the person is answered in.
    """

    person_id: str
    action: ActionId | None
    value: str
    trigger_id: str
    response_url: str
    written_in: str = ""
    language: str = DEFAULT_LANGUAGE
    modal_id: str = ""  # of the modal it stood in, which can be shown anew
    picked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what else is picked there, by action id

    @property
    def is_in_message(self) -> bool:
        """Return whether it stood in a message; only those can be answered in place."""
        return bool(self.response_url)


@dataclass(frozen=True)
class Typed:
    """Something a person typed in the conversation with us."""

    person_id: str
    event_id: str
    channel_id: str
    thread_ts: str
    text: str


@dataclass(frozen=True)
class Asked:
    """A slash command, not yet understood."""

    person_id: str
    text: str
    trigger_id: str
    response_url: str


@dataclass(frozen=True)
class AskedAbout:
    """A message for which somebody wants a better way; read, and never kept."""

    person_id: str
    text: str
    response_url: str


@dataclass(frozen=True)
class BarrierReport:
    """The form as it was sent; `kind` is None when nothing known was picked, `is_odd` when its origin is not ours."""

    person_id: str
    delivery_id: str
    kind: BarrierKind | None
    words: str
    is_odd: bool
    written_in: str = ""


def click_of(body: Payload) -> Click:
    """Return the first action of a `block_actions` payload."""
    action = _first(body.get("actions"))
    pressed, value = _pressed(action)
    view = _mapping(body.get("view"))
    return Click(
        person_id=person_of(body),
        action=pressed,
        value=value,
        trigger_id=_text(body.get("trigger_id")),
        response_url=_text(body.get("response_url"))[:_LONGEST_URL],
        written_in=language_in(_text(action.get("block_id"))),
        modal_id=_id(view.get("id")) if view.get("type") == "modal" else "",
        picked=_picked(body),
    )


def typed_of(body: Payload) -> Typed | None:
    """Return what a person typed to us, or None for bots, edits, other channels and ourselves."""
    event = _mapping(body.get("event"))
    is_theirs = event.get("channel_type") == "im" and not event.get("subtype") and not event.get("bot_id")
    typed = Typed(
        person_id=_id(event.get("user")),
        event_id=_text(body.get("event_id")),
        channel_id=_id(event.get("channel")),
        thread_ts=_text(event.get("thread_ts")),
        text=_text(event.get("text")),
    )
    return typed if is_theirs and typed.person_id and typed.event_id and typed.channel_id else None


def opened_home_of(body: Payload) -> str:
    """Return who opened the Home tab; empty for the messages tab, where there is nothing to draw."""
    event = _mapping(body.get("event"))
    return _id(event.get("user")) if event.get("tab") == "home" else ""


def asked_of(body: Payload) -> Asked:
    """Return who typed which words after `/nudge`."""
    return Asked(
        person_id=_id(body.get("user_id")),
        text=_text(body.get("text")),
        trigger_id=_text(body.get("trigger_id")),
        response_url=_text(body.get("response_url"))[:_LONGEST_URL],
    )


def asked_about_of(body: Payload) -> AskedAbout:
    """Return who asks about which message."""
    text = _text(_mapping(body.get("message")).get("text"))
    return AskedAbout(person_of(body), text, response_url_of(body))


def report_of(body: Payload) -> BarrierReport:
    """Return what the barrier form says."""
    view = _mapping(body.get("view"))
    values = _mapping(_mapping(view.get("state")).get("values"))
    kind = _text(_mapping(_field(values, InputId.KIND).get("selected_option")).get("value"))
    metadata = _text(view.get("private_metadata"))
    origin = FormOrigin.decode(metadata)
    return BarrierReport(
        person_id=person_of(body),
        delivery_id=origin.delivery_id if origin else "",
        kind=BarrierKind(kind) if kind in set(BarrierKind) else None,
        words=_text(_field(values, InputId.WORDS).get("value"))[:LONGEST_WORDS],
        is_odd=bool(metadata) and origin is None,
        written_in=origin.language if origin else "",
    )


def metadata_of(body: Payload) -> str:
    """Return what travelled with a form."""
    return _text(_mapping(body.get("view")).get("private_metadata"))[:_LONGEST_URL]


def typed_in(body: Payload, name: InputId) -> str:
    """Return what somebody typed into one field of a form."""
    return _text(_field(_values(body), name).get("value"))[:LONGEST_WORDS]


def time_in(body: Payload, name: InputId) -> str:
    """Return the time that somebody chose in one field of a form, as `10:30`; empty when none."""
    return _text(_field(_values(body), name).get("selected_time"))[:5]


def chosen_in(body: Payload, name: InputId) -> tuple[str, ...]:
    """Return the values that somebody ticked in one field of a form."""
    return ticked_in(body, name.value)


def ticked_in(body: Payload, name: str) -> tuple[str, ...]:
    """Return the values that somebody ticked in a field of which a form has several."""
    ticked = _mapping(_mapping(_values(body).get(name)).get(name)).get("selected_options")
    found = (_text(_mapping(one).get("value")) for one in ticked[:_MOST_TICKS]) if isinstance(ticked, list) else ()
    return tuple(one for one in found if one)


def picked_in(body: Payload, name: InputId) -> str:
    """Return the one value that somebody picked in one field of a form; empty when none."""
    return _text(_mapping(_field(_values(body), name).get("selected_option")).get("value"))


def user_in(body: Payload, name: InputId) -> str:
    """Return whom somebody picked in one field of a form; empty when nobody."""
    return _id(_field(_values(body), name).get("selected_user"))


def form_of(body: Payload) -> str:
    """Return the id of the form that was sent: Slack tells it again when it sends the same form twice."""
    return _id(_mapping(body.get("view")).get("id"))


def person_of(body: Payload) -> str:
    """Return who acted; names are no identifiers, so only the id is read."""
    return _id(_mapping(body.get("user")).get("id"))


def actor_of(body: Payload) -> str:
    """Return who is behind a payload of any sort, for the language of an answer; empty when nobody is named."""
    event = _mapping(body.get("event"))
    return person_of(body) or _id(body.get("user_id")) or _id(event.get("user"))


def kind_of(body: Payload) -> str:
    """Return which sort of payload this is: `command`, `event_callback`, `block_actions`, ..."""
    return "command" if "command" in body else _text(body.get("type"))


def response_url_of(body: Payload) -> str:
    """Return where an answer to this payload may go, or an empty text."""
    return _text(body.get("response_url"))[:_LONGEST_URL]


def _picked(body: Payload) -> Mapping[str, tuple[str, ...]]:
    """Return what stands picked in the boxes, circles and menus of a message, by the ids of these."""
    blocks = _mapping(_mapping(body.get("state")).get("values")).values()
    found = {str(name): _options(_mapping(value)) for block in blocks for name, value in _mapping(block).items()}
    return {name: values for name, values in found.items() if values}


def _options(value: Payload) -> tuple[str, ...]:
    several = value.get("selected_options")
    options = several if isinstance(several, list) else [value.get("selected_option")]
    given = (_text(_mapping(option).get("value")) for option in options[:_MOST_OPTIONS])
    return tuple(one[:_LONGEST_OPTION] for one in given if one)


def _pressed(action: Payload) -> tuple[ActionId | None, str]:
    """Return what was pressed and what it carries; a line of a menu counts as the button of its name."""
    pressed = action_of(_text(action.get("action_id")))
    value = _text(action.get("value")) or _text(_mapping(action.get("selected_option")).get("value"))
    chosen = MenuValue.decode(value) if pressed is ActionId.MORE else None
    return (chosen.action, chosen.value) if chosen else (pressed, value)


def _values(body: Payload) -> Payload:
    return _mapping(_mapping(_mapping(body.get("view")).get("state")).get("values"))


def _field(values: Payload, name: InputId) -> Payload:
    return _mapping(_mapping(values.get(name)).get(name))


def _first(value: object) -> Payload:
    return _mapping(value[0]) if isinstance(value, list) and value else {}


def _mapping(value: object) -> Payload:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _id(value: object) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""
