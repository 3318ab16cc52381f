"""A sandbox that goes on after a kill: this module keeps a workspace on disk, each change before its answer leaves.

Kept are people, conversations, messages, views, tokens, who has read what, counters, the clock and the switches; not
the panel of calls, trigger ids (three seconds), calls to be accepted later, and workspaces added afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.sandbox.faults import Faults
from bot.sandbox.installs import Code, Installation, Place
from bot.sandbox.journal import AT_ONCE, Journal, Past, in_parts, read_past
from bot.sandbox.noted import Noted, TellingLock
from bot.sandbox.records import Channel, Json, Message, Posted, ResponseUrl, Token, View
from bot.sandbox.virtual_clock import Move

if TYPE_CHECKING:
    from bot.sandbox.workspace import Slack

FORMAT = 1
SETS = ("members", "scopes", "let_in")
POSTED = "posted"


class Kind(NamedTuple):
    """One dictionary that is kept: where it is, and what its values are; None stands for plain JSON."""

    name: str
    of: str  # "state" or "installs"
    type: type | None = None
    without: tuple[str, ...] = ()


KINDS = (
    Kind("user_groups", "state"),
    Kind("dms", "state"),
    Kind("views", "state", View),
    Kind("response_urls", "state", ResponseUrl),
    Kind("read_until", "state"),
    Kind("counters", "state"),
    Kind("channels", "state", Channel, without=("messages", "order")),
    Kind("tokens", "installs", Token),
    Kind("refresh_tokens", "installs"),
    Kind("codes", "installs", Code),
    Kind("installations", "installs", Installation),
    Kind("counters", "installs"),
)
# A file whose records have other fields was written by another version.
_RECORDS = (*(kind.type for kind in KINDS if kind.type), Message, Posted, Place, Move)
HEAD: Json = {"sandbox": FORMAT, "records": {one.__name__: [each.name for each in fields(one)] for one in _RECORDS}}


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a sandbox that was told to keep itself."""

    past: Past = field(default_factory=Past)
    journal: Journal | None = None

    @property
    def trouble(self) -> str:
        """Return what was not whole at the start, or why nothing is kept any longer."""
        return (self.journal.trouble if self.journal else "") or self.past.trouble


def past_of(path: Path) -> Past:
    """Return what a file holds, for whoever wants to know before a sandbox is built on it."""
    return read_past(path, HEAD)


def keep(slack: Slack, path: Path) -> Kept:
    """Bring back what the file holds and keep every change from here on; OSError when it cannot be written.

    The workspace must have been built with the same people, and nobody may be using it yet.
    """
    past = past_of(path)
    if past.is_usable:
        _bring_back(slack, past)
    return Kept(past, _Keeper(slack, path).journal)


class _Keeper:
    """Notes what changes under the two locks of a workspace, and writes it when they are let go."""

    def __init__(self, slack: Slack, path: Path) -> None:
        self._slack = slack
        self._owners: dict[str, Any] = {"state": slack.state, "installs": slack.workspaces.installs}
        self._changed: dict[str, dict[tuple[str, str], None]] = {of: {} for of in self._owners}
        self._posted = len(slack.state.posted)
        self._faults = slack.dice.faults
        self.journal = Journal(path, HEAD, self._everything)
        self._watch()

    def _watch(self) -> None:
        for kind in KINDS:
            owner = self._owners[kind.of]
            setattr(owner, kind.name, Noted(getattr(owner, kind.name), partial(self._note, kind.of, kind.name)))
        state = self._slack.state
        state.users.known = Noted(state.users.known, partial(self._note, "state", "users"))
        state.channels = _Channels(state.channels, self._note)
        state.lock = TellingLock(partial(self._write, "state"))
        self._slack.workspaces.installs.lock = TellingLock(partial(self._write, "installs"))
        self._slack.clock.on_change = lambda: self.journal.add(_clock(self._slack))

    def _note(self, of: str, name: str, key: str) -> None:
        self._changed[of][name, key] = None

    def _write(self, of: str) -> None:
        changed, self._changed[of] = self._changed[of], {}
        line: Json = {}
        for name, key in changed:
            line.setdefault(_column(of, name), {})[key] = self._value(of, name, key)
        if of == "state":
            line |= self._fresh()
        if line:
            self.journal.add(line)
        if of == "state":
            self.journal.shorten()

    def _fresh(self) -> Json:
        """Return what is new of the things that only grow or are put in whole."""
        state, found = self._slack.state, dict[str, Any]()
        if len(state.posted) > self._posted:
            found[POSTED] = [_plain(one) for one in state.posted[self._posted :]]
            self._posted = len(state.posted)
        if self._slack.dice.faults is not self._faults:
            self._faults = self._slack.dice.faults
            found["faults"] = {"": self._faults.as_json()}
        return found

    def _value(self, of: str, name: str, key: str) -> object:
        """Return what stands there now, or None for what is gone."""
        if name == "messages":
            channel, _, ts = key.partition(" ")
            message = self._slack.state.channels[channel].messages.get(ts)
            return None if message is None else _plain(message)
        if name == "users":
            return self._slack.state.users.known.get(key)
        value = getattr(self._owners[of], name).get(key)
        kind = next(kind for kind in KINDS if (kind.of, kind.name) == (of, name))
        return value if kind.type is None or value is None else _plain(value, kind.without)

    def _everything(self) -> Iterator[Json]:
        for kind in KINDS:
            keys = tuple(getattr(self._owners[kind.of], kind.name))
            yield from in_parts(
                _column(kind.of, kind.name), {key: self._value(kind.of, kind.name, key) for key in keys}
            )
        state = self._slack.state
        yield from in_parts("users", {key: user for key, user in state.users.known.items() if user is not None})
        for channel in state.channels.values():
            yield from in_parts("messages", {f"{channel.id} {ts}": _plain(one) for ts, one in channel.messages.items()})
        for start in range(0, len(state.posted), AT_ONCE):
            yield {POSTED: [_plain(one) for one in state.posted[start : start + AT_ONCE]]}
        yield {"faults": {"": self._slack.dice.faults.as_json()}} | _clock(self._slack)


class _Channels(Noted[Channel]):
    """Conversations whose messages are noted too, under the channel's id and their own timestamp."""

    def __init__(self, channels: dict[str, Channel], note: Callable[[str, str, str], None]) -> None:
        super().__init__(channels, partial(note, "state", "channels"))
        self._note_message = partial(note, "state", "messages")
        for channel in channels.values():
            self._watch(channel)

    def __setitem__(self, key: str, channel: Channel) -> None:
        super().__setitem__(key, channel)
        self._watch(channel)

    def _watch(self, channel: Channel) -> None:
        note, channel_id = self._note_message, channel.id
        channel.messages = Noted(channel.messages, lambda ts: note(f"{channel_id} {ts}"))


def _bring_back(slack: Slack, past: Past) -> None:
    owners: dict[str, Any] = {"state": slack.state, "installs": slack.workspaces.installs}
    for kind in KINDS:
        table = getattr(owners[kind.of], kind.name)
        table.clear()
        for key, value in past.table(_column(kind.of, kind.name)).items():
            table[key] = value if kind.type is None else _record(kind.type, value)
    state = slack.state
    for user_id, user in past.table("users").items():
        state.users[user_id] = _plain_values(user)
    for key, value in past.table("messages").items():
        state.channels[key.partition(" ")[0]].keep(_record(Message, value))
    state.posted.extend(_record(Posted, one) for one in past.lists.get(POSTED, ()))
    for view in sorted(state.views.values(), key=lambda view: view.id):
        if view.kind == "home":
            state.homes[view.user] = view.id
        else:
            state.stacks.setdefault(view.user, []).append(view.id)
    slack.dice.faults = Faults().changed(_plain_values(past.table("faults").get("")))
    slack.clock.bring_back(_plain_values(past.table("clock").get("")))


def _clock(slack: Slack) -> Json:
    return {"clock": {"": {"offset": slack.clock.offset, "move": asdict(slack.clock.move)}}}


def _column(of: str, name: str) -> str:
    return name if of == "state" else f"{of}.{name}"


def _plain(record: Any, without: tuple[str, ...] = ()) -> Json:
    """Return a record as JSON; copied no deeper than its own fields, which nobody changes in place."""
    names = (each.name for each in fields(record) if each.name not in without)
    return {name: _plain_value(getattr(record, name)) for name in names}


def _plain_value(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return _plain(value) if isinstance(value, Place) else value


def _record(kind: type, value: Any) -> Any:
    """Return the record that these facts describe."""
    facts: Json = {name: frozenset(fact) if name in SETS else fact for name, fact in value.items()}
    if "place" in facts:
        facts["place"] = Place(**facts["place"])
    return kind(**facts)


def _plain_values(value: object) -> Json:
    return dict(value) if isinstance(value, dict) else {}
