"""What happened, in order: this module keeps a run's last events and the hash that tells two runs apart."""

import hashlib
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

KEPT = 50


class Happening(StrEnum):
    """What sort of event it was."""

    PUBLISHED = "published"
    POSTED = "posted"
    REACTED = "reacted"
    AGREED = "agreed"
    SETTLED = "settled"
    CRASHED = "crashed"
    HAPPENED = "happened"


@dataclass(frozen=True)
class Event:
    """One thing that happened to one person, or to a campaign."""

    at: datetime
    what: Happening
    person_id: str
    subject: str  # playbook/nudge
    detail: str = ""

    def __str__(self) -> str:
        """Return one line, the same in every run of the same seed."""
        return (
            f"{self.at:%Y-%m-%d %H:%M:%S} {self.what.value:<9} {self.person_id} {self.subject} {self.detail}".rstrip()
        )


@dataclass
class Trace:
    """A hash over everything, and the last events for people to read."""

    last: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0

    def __post_init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, event: Event) -> None:
        """Take note of an event."""
        self._hash.update(f"{event}\n".encode())
        self.last.append(event)
        self.count += 1

    @property
    def digest(self) -> str:
        """Return what two runs of one seed have in common."""
        return self._hash.hexdigest()[:16]

    def tail(self) -> str:
        """Return the last events, one a line."""
        return "\n".join(str(event) for event in self.last)
