"""What is true, kept apart from the app: this module is what the world knows and the app is judged by."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.simulation.world.humans import Human
from tests.simulation.world.texts import BookSpec, CompanySpec

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Ask:
    """One attempt to post, as the simulated Slack hears it; both clocks."""

    delivery_id: str
    person_id: str
    at: datetime
    app_at: datetime


@dataclass
class Run:
    """One campaign as its author sees it."""

    name: str
    book: BookSpec
    in_force: list[tuple[datetime, int]]  # from when on which version
    is_paused: bool = False
    recalled: set[str] = field(default_factory=set)

    def version_at(self, instant: datetime) -> int:
        """Return the version in force at an instant of true time."""
        return next((version for since, version in reversed(self.in_force) if since <= instant), 0)


@dataclass
class Span:
    """A time in which something kept the app from working."""

    name: str
    since: datetime
    until: datetime = NEVER


@dataclass
class Ground:
    """The truth of one world."""

    company: CompanySpec
    humans: dict[str, Human]
    listed: dict[str, Human] = field(default_factory=dict)  # as the app last read them at Slack
    filed: dict[str, Human] = field(default_factory=dict)  # as the app last read them in the people file
    told: dict[str, Human] = field(default_factory=dict)  # both together
    stopped: set[str] = field(default_factory=set)
    paused: dict[str, datetime] = field(default_factory=dict)
    rests: dict[str, list[datetime]] = field(default_factory=dict)  # until when, of all pauses that were asked for
    forgotten: set[str] = field(default_factory=set)
    ever_forgotten: set[str] = field(default_factory=set)
    runs: dict[str, Run] = field(default_factory=dict)  # by playbook: the latest
    is_held: bool = False  # the world held it, or its clock is absurd
    troubles: list[Span] = field(default_factory=list)
    crashes: list[datetime] = field(default_factory=list)
    got: dict[str, list[tuple[datetime, bool]]] = field(default_factory=dict)  # when, and whether as a catch-up
    moved: list[tuple[str, datetime]] = field(default_factory=list)  # who travelled; nobody: the rules of a zone did
    asks: dict[str, Ask] = field(default_factory=dict)  # the latest of each delivery

    def begin(self, name: str, now: datetime) -> None:
        """Note that a trouble begins."""
        self.troubles.append(Span(name, now))

    def end(self, name: str, now: datetime) -> None:
        """Note that it is over."""
        for span in self.troubles:
            if span.name == name and span.until == NEVER:
                span.until = now

    def was_troubled(self, since: datetime, until: datetime, name: str = "") -> bool:
        """Return whether anything, or what is named, was wrong at any time between."""
        found = (span for span in self.troubles if name in ("", span.name))
        return any(span.since <= until and since <= span.until for span in found)

    def has_moved(self, person_id: str, since: datetime) -> bool:
        """Return whether a person's day may have become another one since then."""
        return any(who in ("", person_id) and at >= since for who, at in self.moved)

    def working_since(self, now: datetime, worth: timedelta) -> datetime:
        """Return the instant since which there was so much time without trouble."""
        left, at = worth, now
        for span in sorted(self.troubles, key=lambda one: one.since, reverse=True):
            end, begin = min(span.until, at), min(span.since, at)
            if at - end >= left:
                break
            left -= at - end
            at = begin
        return at - left

    def rest(self, person_id: str, until: datetime) -> None:
        """Note that somebody asked for a pause."""
        self.paused[person_id] = until
        self.rests.setdefault(person_id, []).append(until)

    def hear_slack(self) -> None:
        """Note that the app has read Slack's directory as it is now."""
        self.listed = {name: one for name, one in self.humans.items() if name not in self.forgotten}
        self._join()

    def hear_file(self, lines: Iterable[Human]) -> None:
        """Note that the app has taken over these lines of the people file."""
        self.filed |= {one.person_id: one for one in lines}
        self._join()

    def forget(self, person_id: str) -> None:
        """Note that the app has to know nothing of somebody any more."""
        self.forgotten.add(person_id)
        self.ever_forgotten.add(person_id)
        self.stopped.discard(person_id)
        self.paused.pop(person_id, None)
        for known in (self.listed, self.filed, self.told, self.got, self.rests):
            known.pop(person_id, None)  # type: ignore[attr-defined]  # five dictionaries by person

    def _join(self) -> None:
        self.told = {name: _joined(one, self.filed.get(name)) for name, one in self.listed.items()}


def _joined(listed: Human, filed: Human | None) -> Human:
    """Return somebody as Slack and the file tell of them together; of a newcomer the file knows nothing."""
    known = filed or Human(listed.person_id, listed.first_name, "", "", "", "", "")
    return replace(known, zone=listed.zone, has_left=listed.has_left)
