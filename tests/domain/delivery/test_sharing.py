"""One person's slots are shared out fairly: this module is the tests of shares, priorities, kinds and coming back."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.delivery.deliveries import Planned, Skipped
from nudges.domain.delivery.eligibility import Go, NotNow, Sending, Standing, verdict
from nudges.domain.delivery.sharing import Claim
from nudges.domain.delivery.turns import Contest, Told, missed_verdict, turn_verdict
from nudges.domain.playbooks.company import Caps
from nudges.domain.times.hours import WorkingWeek
from nudges.domain.times.workdays import WorkCalendar

CALENDAR = WorkCalendar("UTC", WorkingWeek.parse("09:00-17:00 mon-fri"))
MONDAY = datetime(2027, 1, 11, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = ("tip", "story", "quiz")


def a_claim(
    number: int,
    due_at: datetime,
    *,
    campaign: int = 1,
    priority: int = 5,
    kind: str = "tip",
    fresh: timedelta = DAY / 2,
) -> Claim:
    times = (due_at, due_at, due_at + 2 * HOUR, due_at + fresh)
    return Claim(f"{number:032d}", campaign, f"n{number}", priority, *times, kind=kind, since=MONDAY.date())


@dataclass
class Weeks:
    """A person's days, on which campaigns want to send; the newest knowledge decides, as at the moment of posting."""

    caps: Caps
    claims: list[Claim]
    standing: Standing = field(default_factory=Standing)
    wanted: int | None = None  # the campaign that most people voted for

    def live(self) -> list[Claim]:
        """Post what may be posted at each instant, in the order of the claims; return it."""
        waiting = sorted(self.claims, key=lambda one: one.due_at)
        sent: list[Claim] = []
        while waiting:
            waiting.sort(key=lambda one: (max(one.ready_at, one.due_at), one.priority, one.delivery_id))
            one = waiting.pop(0)
            seen = [other for other in waiting if other.due_at < one.ready_at + 7 * DAY]
            said = self.verdict(one, seen, one.ready_at)
            if isinstance(said, NotNow):
                waiting.append(replace(one, ready_at=said.until))
            elif isinstance(said, Go):
                sent.append(one)
                had = Sending(one.ready_at, True, one.ready_at >= one.window_ends_at, one.campaign_id, one.nudge_key)
                self.standing = replace(
                    self.standing, sendings=(*self.standing.sendings, replace(had, priority=one.priority))
                )
        return sent

    def shares(self, since: date) -> Counter[int]:
        """Return what each campaign has sent since then."""
        return Counter(one.campaign_id for one in self.standing.sendings if one.sent_at.date() >= since)

    def told(self, claim: Claim) -> Told:
        return Told(claim.kind, claim.since, lift=int(claim.campaign_id == self.wanted))

    def verdict(self, one: Claim, others: list[Claim], now: datetime) -> Go | NotNow | Skipped:
        """Ask in the order in which the services ask."""
        told = {(claim.campaign_id, claim.nudge_key): self.told(claim) for claim in self.claims}
        contest = Contest(one, others, lambda campaign, key: told.get((campaign, key), Told()), self.shares)
        planned = Planned("", "UTC", one.due_at, one.window_ends_at, one.fresh_until)
        missed = missed_verdict(contest, self.standing, now)
        said = missed or verdict(planned=planned, standing=self.standing, calendar=CALENDAR, caps=self.caps, now=now)
        if not isinstance(said, Go):
            return said
        return turn_verdict(contest, self.standing, planned=planned, calendar=CALENDAR, caps=self.caps, now=now)


def at(day: int, hour: float = 10) -> datetime:
    return MONDAY + day * DAY + hour * HOUR


@st.composite
def companies(draw: st.DrawFn) -> tuple[Caps, list[Claim], int]:
    """Give campaigns that all want every working day of a span, each at hours of its own."""
    campaigns, weeks = draw(st.integers(2, 4)), draw(st.integers(4, 10))
    caps = draw(st.sampled_from([Caps(day=1, week=3), Caps(day=1, week=1), Caps(day=2, week=5), Caps(day=1, week=5)]))
    hours = draw(st.lists(st.integers(9, 16), min_size=campaigns, max_size=campaigns))
    numbers, claims = count(), []
    for day in range(7 * weeks):
        if (MONDAY + day * DAY).weekday() < 5:
            for campaign, hour in enumerate(hours):
                kind = KINDS[(day + campaign * draw(st.integers(0, 1))) % 3]
                claims.append(a_claim(next(numbers), at(day, hour), campaign=campaign, kind=kind))
    return caps, claims, campaigns


def test_what_most_people_voted_for_goes_first_where_slots_are_short() -> None:
    caps = Caps(day=1, week=5)
    claims = [a_claim(number, at(0, 9 + number), campaign=number) for number in range(2)]
    assert [one.campaign_id for one in Weeks(caps, claims).live()][:1] == [0]
    assert [one.campaign_id for one in Weeks(caps, claims, wanted=1).live()][:1] == [1]


@given(companies())
@settings(max_examples=25, deadline=None)
def test_campaigns_of_equal_priority_that_want_every_day_get_the_same_within_one(
    company: tuple[Caps, list[Claim], int],
) -> None:
    caps, claims, campaigns = company
    sent = Weeks(caps, claims).live()
    got = Counter(one.campaign_id for one in sent)
    assert max(got.values()) - min(got[number] for number in range(campaigns)) <= 1
    days = Counter(one.due_at.date() for one in sent)
    assert max(days.values()) <= caps.day


@given(
    priorities=st.lists(st.sampled_from([2, 5, 8]), min_size=1, max_size=6),
    days=st.lists(st.integers(0, 4), min_size=6, max_size=6),
    kinds=st.lists(st.sampled_from(KINDS), min_size=6, max_size=6),
    is_early=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_whoever_comes_back_gets_the_best_of_what_was_missed_and_nothing_else_of_it(
    priorities: list[int], days: list[int], kinds: list[str], is_early: bool
) -> None:
    missed = [
        a_claim(
            number, at(days[number], 9 + number), campaign=number, priority=priority, kind=kinds[number], fresh=14 * DAY
        )
        for number, priority in enumerate(priorities)
    ]
    waiting = [replace(one, ready_at=at(7, 9)) for one in missed]
    back = Standing(back_at=at(6)) if is_early else Standing(paused_until=at(6))
    sent = Weeks(Caps(day=1, week=3), waiting, back).live()
    best = min(missed, key=lambda one: (one.priority, -one.due_at.timestamp(), one.delivery_id))
    assert [one.delivery_id for one in sent] == [best.delivery_id]


def test_what_is_due_on_the_day_of_coming_back_goes_before_what_was_missed() -> None:
    missed = replace(a_claim(1, at(1), fresh=7 * DAY), ready_at=at(7, 9))
    today = a_claim(2, at(7, 10), campaign=2)
    sent = Weeks(Caps(day=1, week=3), [missed, today], Standing(paused_until=at(6))).live()
    assert [one.delivery_id for one in sent] == [today.delivery_id, missed.delivery_id]


def test_the_more_urgent_wins_but_for_once_in_two_weeks() -> None:
    numbers, weeks = count(), 10
    claims = [
        a_claim(next(numbers), at(day, 10), campaign=priority, priority=priority)
        for day in range(7 * weeks)
        if (MONDAY + day * DAY).weekday() < 5
        for priority in (3, 5, 7)
    ]
    sent = Weeks(Caps(day=1, week=3), claims).live()
    got = Counter(one.campaign_id for one in sent)
    assert got[3] >= 3 * weeks - 5
    assert got[5] >= 1 and got[7] >= 1
    lower = sorted(one.due_at for one in sent if one.campaign_id != 3)
    assert all(second - first >= 13 * DAY for first, second in pairwise(lower))


def test_of_campaigns_that_stand_level_the_kind_not_seen_lately_goes_first() -> None:
    had = tuple(Sending(at(-3 - number), True, False, 9, "old") for number in range(3))
    tip, story = a_claim(1, at(0), campaign=1, kind="tip"), a_claim(2, at(0), campaign=2, kind="story")
    old = replace(a_claim(3, at(-10), campaign=9, kind="tip"), nudge_key="old")
    weeks = Weeks(Caps(day=1, week=5), [tip, story, old], Standing(sendings=had))
    assert isinstance(weeks.verdict(tip, [story], at(0)), NotNow)
    assert isinstance(weeks.verdict(story, [tip], at(0)), Go)
