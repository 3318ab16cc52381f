"""The outbox and what became of it, in memory: this module is to a forecast what the store is to the services."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count

from nudges.domain.delivery.deliveries import DeliveryStatus, Planned, SkipReason
from nudges.domain.delivery.eligibility import CAP_WEEK_DAYS, UNANSWERED_LIMIT, Sending
from nudges.domain.delivery.sharing import LATELY
from nudges.domain.forecasts.forecast import Foreseen, Got
from nudges.domain.playbooks.follow_ups import Given
from nudges.domain.times.workdays import WorkCalendar

REMEMBERED = max(LATELY, timedelta(days=CAP_WEEK_DAYS)) + timedelta(days=3)  # a person's day may be up to two away
_OPEN = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY)

Key = tuple[int, str, str]  # campaign, nudge, person


@dataclass(slots=True, eq=False)
class Row:
    """One nudge for one person as it stands."""

    key: Key
    delivery_id: str
    priority: int
    status: DeliveryStatus
    decided_at: datetime
    reason: SkipReason | str = ""
    attempt: int = 0
    planned: Planned | None = None
    ready_at: datetime | None = None
    sent_at: datetime | None = None
    is_first_ever: bool = False
    was_stored: bool = False
    because_of: tuple[tuple[int, str], ...] = ()
    given: dict[str, Given] = field(default_factory=dict)  # by kind of response; the first one counts

    @property
    def is_waiting(self) -> bool:
        """Whether it may still be posted."""
        return self.status in _OPEN

    def foreseen(self) -> Foreseen:
        """Return what became of it."""
        return Foreseen(
            *self.key,
            status=DeliveryStatus.PLANNED if self.is_waiting else self.status,
            reason=self.reason,
            planned=self.planned,
            sent_at=self.sent_at,
            is_first_ever=self.is_first_ever,
            was_stored=self.was_stored,
            because_of=self.because_of,
        )


class Outbox:
    """What waits, given out in the order in which the store claims it: priority, then readiness, then id."""

    def __init__(self) -> None:
        self._later: list[tuple[datetime, int, Row]] = []
        self._ready: list[tuple[int, datetime, str, Row]] = []
        self._numbers = count()

    def add(self, row: Row) -> None:
        """Take in a row that is ready at an instant of its own."""
        if row.ready_at is not None:
            heapq.heappush(self._later, (row.ready_at, next(self._numbers), row))

    def next_at(self, now: datetime) -> datetime | None:
        """Return the first instant, not before now, at which there is something to claim."""
        self._let_in(now)
        if self._ready:
            return now
        return self._later[0][0] if self._later else None

    def claim(self, now: datetime) -> Row | None:
        """Return the most urgent row that is ready, or None."""
        self._let_in(now)
        return heapq.heappop(self._ready)[-1] if self._ready else None

    def _let_in(self, now: datetime) -> None:
        while self._later and (self._later[0][0] <= now or not _stands(self._later[0][2], self._later[0][0])):
            at, _, row = heapq.heappop(self._later)
            if _stands(row, at):
                heapq.heappush(self._ready, (row.priority, at, row.delivery_id, row))
        while self._ready and not _stands(self._ready[0][3], self._ready[0][1]):
            heapq.heappop(self._ready)


@dataclass
class History:
    """What one person has got, newest last; caps and silence are asked of the latest alone."""

    got: list[Got] = field(default_factory=list)

    def add(self, one: Got) -> None:
        """Take note of a nudge, and forget those too old to matter."""
        self.got.append(one)
        oldest = one.sending.sent_at - REMEMBERED
        while len(self.got) > UNANSWERED_LIMIT and self.got[0].sending.sent_at < oldest:
            del self.got[0]

    def answer(self, campaign_id: int, nudge_key: str) -> None:
        """Take note that a nudge was answered."""
        for place, one in enumerate(self.got):
            if (one.campaign_id, one.nudge_key) == (campaign_id, nudge_key):
                self.got[place] = Got(campaign_id, nudge_key, replace(one.sending, is_answered=True))

    def sendings(self) -> tuple[Sending, ...]:
        """Return what caps and silence ask for."""
        return tuple(one.sending for one in self.got)

    def holding(self, reason: SkipReason | None, at: datetime, calendar: WorkCalendar) -> tuple[tuple[int, str], ...]:
        """Return the nudges that stand in the way of one more, for a limit that is about other nudges."""
        return tuple(dict.fromkeys((one.campaign_id, one.nudge_key) for one in self._in_the_way(reason, at, calendar)))

    def _in_the_way(self, reason: SkipReason | None, at: datetime, calendar: WorkCalendar) -> Iterator[Got]:
        if reason == SkipReason.BACKED_OFF:
            yield from self.got[-UNANSWERED_LIMIT:]
            return
        first = _first_day(reason, calendar.local_day(at))
        if first is not None:
            yield from (one for one in self.got if calendar.local_day(one.sending.sent_at) >= first)


def _first_day(reason: SkipReason | None, today: date) -> date | None:
    if reason == SkipReason.CAP_WEEK:
        return today - timedelta(days=CAP_WEEK_DAYS - 1)
    return today if reason in (SkipReason.CAP_DAY, SkipReason.CATCH_UP) else None


def _stands(row: Row, ready_at: datetime) -> bool:
    """Whether an entry still speaks of its row: it may have been skipped or put off since."""
    return row.is_waiting and row.ready_at == ready_at
