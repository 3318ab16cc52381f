"""A rehearsal in figures: this module counts load, reach, hours and what was not sent; shares pass the usual gate.

The people are made up, the report is not: what would be hidden in life is hidden here, so that nobody is promised a
report that they will not get.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.simulation.rehearsal import Rehearsal
from nudges.domain.delivery.deliveries import WAITING, DeliveryStatus
from nudges.domain.delivery.outcomes import Outcome
from nudges.domain.forecasts.reactions import ReactionKind
from nudges.domain.measuring.disclosure import may_show, share_band

WEEK = timedelta(days=7)
HIDDEN = "too few to show"


@dataclass(frozen=True)
class WeekFigures:
    """One week: messages, and how many people it reached and heard from, as they may be shown."""

    number: int
    starts_on: date
    messages: int
    people: int
    answered: str  # a share in a band, or why there is none
    reached_so_far: int


@dataclass(frozen=True)
class CampaignFigures:
    """One playbook: what was foreseen before it began, and what happened."""

    playbook: str
    title: str
    audience: int
    foreseen_sent: int
    sent: int
    not_sent: int
    later: int
    useful: str
    pilot: int | None = None
    widened_on: date | None = None


@dataclass(frozen=True)
class Figures:
    """All that a report draws."""

    days: tuple[tuple[date, int], ...]
    weeks: tuple[WeekFigures, ...]
    loads: tuple[tuple[int, int], ...]  # nudges in a week, person-weeks with so many
    most_in_a_week: int
    most_in_a_day: int
    hours: Counter[tuple[int, int]]  # weekday and hour on the reader's clock -> messages
    outside: int
    reasons: tuple[tuple[str, int], ...]
    campaigns: tuple[CampaignFigures, ...]
    audience: int
    reached: int

    @property
    def messages(self) -> int:
        """How many nudges were sent."""
        return sum(count for _, count in self.days)


def figures_of(rehearsal: Rehearsal) -> Figures:
    """Return the figures of a rehearsal."""
    walls = [(post, rehearsal.calendars[post.person_id].local(post.at)) for post in rehearsal.nudges]
    per_day = Counter((post.person_id, wall.date()) for post, wall in walls)
    per_week = Counter((post.person_id, _week(rehearsal, wall)) for post, wall in walls)
    days = Counter(wall.date() for _, wall in walls)
    outside = [post for post, _ in walls if not rehearsal.calendars[post.person_id].is_open(post.at)]
    return Figures(
        days=tuple((day, days[day]) for day in _days(rehearsal)),
        weeks=tuple(_weeks(rehearsal)),
        loads=_loads(per_week, people=len(rehearsal.meant), weeks=rehearsal.request.weeks),
        most_in_a_week=max(per_week.values(), default=0),
        most_in_a_day=max(per_day.values(), default=0),
        hours=Counter((wall.weekday(), wall.hour) for _, wall in walls),
        outside=len(outside),
        reasons=tuple(Counter(_reason(one) for one in rehearsal.outcomes if _is_unsent(one)).most_common()),
        campaigns=tuple(_campaigns(rehearsal)),
        audience=len(rehearsal.meant),
        reached=len({post.person_id for post, _ in walls}),
    )


def _loads(per_week: Counter[tuple[str, int]], *, people: int, weeks: int) -> tuple[tuple[int, int], ...]:
    counts = Counter(per_week.values())
    counts[0] = people * weeks - len(per_week)
    return tuple((nudges, counts[nudges]) for nudges in range(max(counts, default=0) + 1))


def _weeks(rehearsal: Rehearsal) -> Iterator[WeekFigures]:
    reached: set[str] = set()
    for number in range(rehearsal.request.weeks):
        posts = [post for post in rehearsal.nudges if _week(rehearsal, post.at) == number]
        sent_to = {post.person_id for post in posts}
        ids = {post.delivery_id for post in posts}
        answered = {
            deed.post.person_id
            for deed, is_done in rehearsal.deeds
            if is_done and deed.kind.is_response and deed.post.delivery_id in ids
        }
        reached |= sent_to
        starts_on = rehearsal.first_on + WEEK * number
        share = _share(rehearsal, len(answered), len(sent_to))
        yield WeekFigures(number + 1, starts_on, len(posts), len(sent_to), share, len(reached))


def _campaigns(rehearsal: Rehearsal) -> Iterator[CampaignFigures]:
    for one in rehearsal.published:
        found = [outcome for outcome in rehearsal.outcomes if outcome.campaign == one.name]
        taps = [
            (deed.kind, deed.post.person_id)
            for deed, is_done in rehearsal.deeds
            if is_done and deed.post.campaign == one.name
        ]
        useful = {person for kind, person in taps if kind is ReactionKind.USEFUL}
        not_for_me = {person for kind, person in taps if kind is ReactionKind.NOT_FOR_ME}
        campaign_ids = {
            line.campaign_id for line in rehearsal.foreseen if rehearsal.names.get(line.campaign_id) == one.name
        }
        yield CampaignFigures(
            playbook=one.name,
            title=one.title,
            audience=one.audience,
            foreseen_sent=sum(
                line.campaign_id in campaign_ids and line.status == DeliveryStatus.SENT for line in rehearsal.foreseen
            ),
            sent=sum(outcome.status == DeliveryStatus.SENT for outcome in found),
            not_sent=sum(_is_unsent(outcome) for outcome in found),
            later=sum(outcome.status in WAITING for outcome in found),
            useful=_share(rehearsal, len(useful), len(useful | not_for_me)),
            pilot=one.pilot,
            widened_on=rehearsal.widened.get(one.name) if one.pilot is not None else None,
        )


def _share(rehearsal: Rehearsal, part: int, whole: int) -> str:
    is_safe = may_show(members=whole, reporters=part, k=rehearsal.company.k)
    return share_band(part, whole) if is_safe else HIDDEN


def _is_unsent(one: Outcome) -> bool:
    return one.status != DeliveryStatus.SENT and one.status not in WAITING


def _reason(one: Outcome) -> str:
    return one.reason or one.status.value


def _week(rehearsal: Rehearsal, at: datetime) -> int:
    return (at.date() - rehearsal.first_on) // WEEK


def _days(rehearsal: Rehearsal) -> Iterator[date]:
    for number in range(7 * rehearsal.request.weeks):
        yield rehearsal.first_on + timedelta(days=number)
