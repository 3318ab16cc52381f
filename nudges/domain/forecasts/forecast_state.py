"""How things stand at one instant of a forecast: this module holds the rows, the wishes and what is to happen next."""

import heapq
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime
from itertools import count

from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.forecasts.forecast import Event, Happening, Run, Stored, Wish, World
from nudges.domain.forecasts.forecast_books import History, Key, Outbox, Row
from nudges.domain.people.people import Person
from nudges.domain.times.remembering import remembering
from nudges.domain.times.workdays import WorkCalendar, calendar_of

Act = Callable[[], None]
_MAYBE_SENT = (DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)


class Agenda:
    """What happens at which instant: people react, pilots are looked at, then comes planning; first in, first out."""

    REACT, LOOK, PLAN = 0, 1, 2

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, int, int, Act]] = []
        self._numbers = count()

    def add(self, at: datetime, act: Act, *, rank: int = PLAN, order: int = 0) -> None:
        """Do this then."""
        heapq.heappush(self._acts, (at, rank, order, next(self._numbers), act))

    def next_at(self) -> datetime | None:
        """Return the first instant at which something happens."""
        return self._acts[0][0] if self._acts else None

    def pop(self, now: datetime) -> Act | None:
        """Return the first thing to do by now, or None."""
        return heapq.heappop(self._acts)[-1] if self._acts and self._acts[0][0] <= now else None


class State:
    """Everything that changes while a forecast lives on."""

    def __init__(self, world: World, watched: Collection[str]) -> None:
        self.world = world
        self.now = world.now
        self.runs = {run.campaign_id: run for run in world.runs}
        self.wishes = dict(world.wishes)
        self.outbox, self.agenda = Outbox(), Agenda()
        self.histories = {person_id: History(list(got)) for person_id, got in world.got.items()}
        self.rows: dict[Key, Row] = {}
        self._waiting: dict[str, list[Row]] = {}
        self._sent: dict[str, list[tuple[datetime, int]]] = {}
        self.widened: dict[int, date] = {}
        self.halted: dict[int, str] = {}
        self.stories: dict[str, list[Happening]] = {person_id: [] for person_id in watched}
        self._calendars: dict[tuple[str, ...], WorkCalendar] = {}
        for stored in world.stored:
            self.put(_row(stored))

    def put(self, row: Row) -> None:
        """Keep a decision; what is to be posted waits for its instant."""
        self.rows[row.key] = row
        if row.is_waiting:
            self.outbox.add(row)
            self._waiting.setdefault(row.key[2], []).append(row)
        elif row.sent_at is not None:
            self.note_sent(row.key, row.sent_at)

    def note_sent(self, key: Key, at: datetime) -> None:
        """Take note that a nudge was sent, for the shares of campaigns."""
        self._sent.setdefault(key[2], []).append((at, key[0]))

    def shares(self, person_id: str, since: datetime) -> Counter[int]:
        """Return how many nudges of each campaign the person got since then."""
        return Counter(campaign_id for at, campaign_id in self._sent.get(person_id, ()) if at >= since)

    def waiting(self, person_id: str) -> list[Row]:
        """Return what waits to be posted to a person."""
        rows = self._waiting.get(person_id, [])
        rows[:] = [row for row in rows if row.is_waiting and self.rows.get(row.key) is row]
        return rows

    def wish(self, person_id: str) -> Wish:
        """Return what the person asks of us now."""
        return self.wishes.get(person_id, _NO_WISH)

    def change_wish(self, person_id: str, **changes: object) -> None:
        """Take note of another wish."""
        self.wishes[person_id] = replace(self.wish(person_id), **changes)  # type: ignore[arg-type]  # names of Wish

    def history(self, person_id: str) -> History:
        """Return what the person has got."""
        return self.histories.setdefault(person_id, History())

    def calendar(self, person: Person) -> WorkCalendar:
        """Return when the person may be written to; asked often, so the few that differ are made once."""
        key = (person.zone, person.place, person.country, person.hours, person.working_days, person.own_hours)
        if key not in self._calendars:
            self._calendars[key] = remembering(calendar_of(person, self.world.company))
        return self._calendars[key]

    def run_of(self, row: Row) -> Run:
        """Return the campaign of a row."""
        return self.runs[row.key[0]]

    def tell(
        self,
        event: Event,
        key: Key,
        *,
        reason: SkipReason | str | None = "",
        until: datetime | None = None,
        because_of: tuple[tuple[int, str], ...] = (),
    ) -> None:
        """Add a line to the story of somebody who is watched."""
        story = self.stories.get(key[2])
        if story is not None:
            story.append(Happening(self.now, event, key[0], key[1], str(reason or ""), until, because_of))


_NO_WISH = Wish()


def _row(stored: Stored) -> Row:
    # What may stand in the conversation counts as sent, as it does for the caps.
    is_maybe = stored.status in _MAYBE_SENT
    return Row(
        key=(stored.campaign_id, stored.nudge_key, stored.person_id),
        delivery_id=stored.delivery_id,
        priority=stored.priority,
        status=DeliveryStatus.SENT if is_maybe else stored.status,
        decided_at=stored.decided_at,
        reason=stored.reason,
        attempt=stored.attempt,
        planned=stored.planned,
        ready_at=stored.ready_at,
        sent_at=stored.sent_at,
        was_stored=True,
        given=dict(stored.given),
    )
