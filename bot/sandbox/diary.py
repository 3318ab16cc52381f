"""What people did by themselves, for the page to tell: this module is the sandbox's diary and its switch.

The sandbox never writes one: whoever lets people live in it notes here what they do, and leaves alone whoever the
visitor has acted as.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from bot.sandbox.records import Json
from bot.sandbox.state import State

ENTRIES_KEPT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: when, who (empty for several people at once), and what they did."""

    at: float
    person: str
    text: str


class Diary:
    """Newest last; the page shows it once somebody lives here."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._entries: deque[Entry] = deque(maxlen=ENTRIES_KEPT)
        self.is_kept = False  # whether anybody lives here at all
        self.is_on = True
        self.taken: set[str] = set()  # whoever the visitor has acted as

    def note(self, text: str, *, at: float, person: str = "") -> None:
        """Add a line and tell the open pages."""
        self._entries.append(Entry(at, person, text))
        self._state.tell("diary")

    def take(self, person: str) -> None:
        """Note that the visitor acts as this person, who from now on does nothing by themself."""
        if person not in self.taken:
            self.taken.add(person)
            self._state.tell("diary")

    def switch(self, *, is_on: bool) -> None:
        """Let people live by themselves, or not."""
        self.is_on = is_on
        self._state.tell("diary")

    def as_json(self) -> Json:
        """Return what the page shows; `names` are those of everybody in it."""
        entries = sorted(self._entries, key=lambda one: one.at)
        named = {one.person for one in entries if one.person} | self.taken
        return {
            "is_kept": self.is_kept,
            "is_on": self.is_on,
            "taken": sorted(self.taken),
            "names": {person: self._name(person) for person in sorted(named)},
            "entries": [{"at": one.at, "person": one.person, "text": one.text} for one in entries],
        }

    def _name(self, person: str) -> str:
        user = self._state.users.get(person) or {}
        profile = user.get("profile") or {}
        return str(profile.get("first_name") or user.get("real_name") or person)
