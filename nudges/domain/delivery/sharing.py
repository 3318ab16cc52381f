"""Who gets the slot: this module shares out one person's few nudges among all that want to be sent to them.

The days to come are filled in one go: what the caps leave is given, one slot after another, to the best claim. The
more urgent priority has it; then what is due over what is caught up on; then the campaign with the smaller share, the
kind of nudge seen least lately, and the campaign that was silent for longest. Shares are counted since the youngest of
the campaigns began, so that a new one starts level with the others. A nudge that gets no slot today gives way to those
that do. So that the less urgent never wait for ever, once in two weeks the one that has waited longest goes first.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from nudges.domain.playbooks.company import Caps
from nudges.domain.times.workdays import WorkCalendar

DAY = timedelta(days=1)
WEEK_DAYS = 7
LATELY = timedelta(days=28)  # so far back goes what is remembered of kinds and silences
PATIENCE = timedelta(days=14)  # how long the less urgent wait, and how often they may go first
SEEN_LATELY = 3  # nudges whose kinds are still fresh in the mind
MOMENT = timedelta(minutes=1)  # after the other's turn
LONG_AGO = datetime.min.replace(tzinfo=UTC)

Shares = Callable[[date], Mapping[int, int]]  # nudges sent since that day, by campaign


@dataclass(frozen=True)
class Claim:
    """A nudge that waits for a slot of one person."""

    delivery_id: str
    campaign_id: int
    nudge_key: str
    priority: int
    due_at: datetime
    ready_at: datetime
    window_ends_at: datetime
    fresh_until: datetime
    kind: str = ""
    since: date | None = None  # the campaign's first day


@dataclass(frozen=True)
class Had:
    """A nudge that the person has got."""

    sent_at: datetime
    campaign_id: int = 0
    priority: int = 5
    kind: str = ""


@dataclass(frozen=True)
class Room:
    """What limits how many there may be: the person's days, the caps, and the longer gap of somebody silent."""

    calendar: WorkCalendar
    caps: Caps
    gap: timedelta = timedelta(0)
    back_at: datetime | None = None  # when the person's latest absence ended

    def is_missed(self, claim: Claim) -> bool:
        """Return whether the nudge was due while the person was away."""
        return self.back_at is not None and claim.window_ends_at <= self.back_at


def is_contested(mine: Claim, others: Sequence[Claim], *, sent: Sequence[datetime], room: Room, now: datetime) -> bool:
    """Return whether the caps leave too little for one more now and for all others of the week; told in a moment."""
    if not any(_may_come_before(one, mine) for one in others):
        return False
    today = room.calendar.local_day(now)
    near = [first for one in others if (first := _first_day(one, room, now)) is not None]
    if not near:
        return False
    days = [room.calendar.local_day(at) for at in sent if at > now - (WEEK_DAYS + 1) * DAY]
    in_week = sum(day > today - WEEK_DAYS * DAY for day in days)
    is_long = any(one.fresh_until - one.ready_at > DAY for one in others)  # such may move into another's day
    in_day = len(near) if is_long else near.count(today)
    return bool(room.gap) or in_day + days.count(today) >= room.caps.day or len(near) + in_week >= room.caps.week


def turn_of(
    mine: Claim, others: Sequence[Claim], *, had: Sequence[Had], shares: Shares, room: Room, now: datetime
) -> datetime | None:
    """Return None when this one may have a slot today, else the instant after the turn of what has the better claim."""
    level = _level([mine, *others], shares, room.calendar.local_day(now))
    sharing = _Sharing(room, now, _lately(had, now), level)
    given = sharing.give_out(mine, others)
    if any(claim is mine for claim, _ in given):
        return None
    day = room.calendar.local_day(now)
    same_day = [claim for claim, on in given if on == day]
    near = same_day or [claim for claim, _ in given]
    return max(now, min(claim.ready_at for claim in near)) + MOMENT if near else None


def best_missed(missed: Sequence[Claim], had: Sequence[Had]) -> Claim:
    """Return what a person who comes back should not miss: the most urgent, the newest, of a kind not seen lately."""
    seen = _kinds_seen(had)
    return min(missed, key=lambda one: (one.priority, -one.due_at.timestamp(), seen[one.kind], one.delivery_id))


def _level(claims: Sequence[Claim], shares: Shares, today: date) -> Counter[int]:
    """Return what each campaign has sent since the youngest began; one to come counts like the least of them."""
    begun = {one.campaign_id: one.since for one in claims if one.since is not None and one.since <= today}
    if not begun:
        return Counter()
    sent = shares(max(begun.values()))
    least = min(sent.get(campaign_id, 0) for campaign_id in begun)
    ids = {one.campaign_id for one in claims}
    return Counter({id_: sent.get(id_, 0) if id_ in begun else least for id_ in ids})


def _lately(had: Sequence[Had], now: datetime) -> list[Had]:
    return sorted((one for one in had if one.sent_at > now - LATELY), key=lambda one: one.sent_at)


def _kinds_seen(had: Sequence[Had]) -> Counter[str]:
    return Counter(one.kind for one in sorted(had, key=lambda one: one.sent_at)[-SEEN_LATELY:])


@dataclass
class _Sharing:
    """One giving out of slots while it goes on."""

    room: Room
    now: datetime
    had: Sequence[Had]
    shares: Counter[int]
    given: list[tuple[Claim, date]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.today = self.room.calendar.local_day(self.now)
        self.taken = Counter(self.room.calendar.local_day(one.sent_at) for one in self.had)
        self.last = {one.campaign_id: one.sent_at for one in self.had}  # oldest first, so the latest stays
        self.kinds = _kinds_seen(self.had)

    def give_out(self, mine: Claim, others: Sequence[Claim]) -> list[tuple[Claim, date]]:
        """Return who goes on which day, as far as it must be known for `mine`."""
        waiting = [mine, *(one for one in others if _first_day(one, self.room, self.now) is not None)]
        favoured = self._favoured(waiting)
        while waiting:
            best = min(_heads(waiting), key=lambda one: (one is not favoured, *self._rank(one)))
            waiting.remove(best)
            day = self._day_for(best)
            if day is not None and (best is not mine or day == self.today):
                self.given.append((best, day))
                self.taken[day] += 1
                self.shares[best.campaign_id] += 1
            if best is mine:
                return self.given
        return self.given

    def _rank(self, one: Claim) -> tuple[object, ...]:
        last = self.last.get(one.campaign_id, LONG_AGO)
        share, seen = self.shares[one.campaign_id], self.kinds[one.kind]
        is_missed = self.room.is_missed(one)
        return (one.priority, is_missed, share, seen, last, one.due_at, one.delivery_id)

    def _favoured(self, waiting: Sequence[Claim]) -> Claim | None:
        """Return the less urgent one that has waited longest, where none has been sent for a long time."""
        top = min(one.priority for one in waiting)
        if any(one.priority > top and one.sent_at > self.now - PATIENCE for one in self.had):
            return None
        lower = [one for one in _heads(waiting) if one.priority > top and self._waits_since(one) <= self.now - PATIENCE]
        return min(lower, key=lambda one: (self._waits_since(one), self._rank(one)), default=None)

    def _waits_since(self, one: Claim) -> datetime:
        begun = datetime.combine(one.since, datetime.min.time(), UTC) if one.since else self.now
        return self.last.get(one.campaign_id, begun)

    def _day_for(self, one: Claim) -> date | None:
        """Return the first day on which the caps still have room for it, or None."""
        first = _first_day(one, self.room, self.now) or self.today
        last = min(self.room.calendar.local_day(one.fresh_until - MOMENT), self.today + (WEEK_DAYS - 1) * DAY)
        days = (first + DAY * step for step in range((last - first).days + 1))
        return next((day for day in days if self._has_room(day, first, one)), None)

    def _has_room(self, day: date, first: date, one: Claim) -> bool:
        caps = self.room.caps
        if day != first and not self.room.calendar.is_working_day(day):
            return False
        if self.taken[day] >= caps.day or not self._keeps_gap(day, one):
            return False
        spans = (day - DAY * back for back in range(WEEK_DAYS))
        return all(sum(self.taken[start + DAY * on] for on in range(WEEK_DAYS)) < caps.week for start in spans)

    def _keeps_gap(self, day: date, one: Claim) -> bool:
        gap = self.room.gap
        return not gap or all(abs(day - on) >= gap - DAY / 2 for other, on in self.given if other is not one)


def _may_come_before(one: Claim, mine: Claim) -> bool:
    # Within a campaign the order is its author's.
    is_later = (one.campaign_id, one.priority) == (mine.campaign_id, mine.priority) and one.due_at > mine.due_at
    return not is_later


def _first_day(one: Claim, room: Room, now: datetime) -> date | None:
    """Return the day on which it may go, or None when it is too late for it or that day is far."""
    at = max(one.ready_at, now)
    day = room.calendar.local_day(at)
    is_near = at < one.fresh_until and day < room.calendar.local_day(now) + WEEK_DAYS * DAY
    return day if is_near else None


def _heads(waiting: Iterable[Claim]) -> list[Claim]:
    """Return the first of each campaign: its own order is its author's."""
    heads: dict[tuple[int, int], Claim] = {}
    for one in waiting:
        place = (one.campaign_id, one.priority)
        known = heads.get(place)
        if known is None or (one.due_at, one.delivery_id) < (known.due_at, known.delivery_id):
            heads[place] = one
    return list(heads.values())
