"""What groups did until now: this module counts the weeks that have ended and asks the detector what it makes of them.

The filter keeps nothing between two looks: it goes through the counts of the last two years anew, which takes seconds
for fifty thousand people, so that what it believes can never drift away from what is stored. Nothing here writes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Belonging, Memberships
from nudges.domain.barriers.weekly_counts import WeeklyCount
from nudges.domain.detection.detector import Belief, Detector, Flag, Group
from nudges.domain.detection.history import PERIOD_WEEKS, Groups
from nudges.domain.detection.placing import Doings, count_week, groups_from
from nudges.domain.detection.reasons import Why, why_silent
from nudges.domain.detection.reported import Limits
from nudges.domain.people.people import Person
from nudges.domain.playbooks.comparing import plain
from nudges.domain.times.holidays import calendar_name, is_public_holiday
from nudges.services.barriers.periods import week_begins_on, zone
from nudges.services.core import Core
from nudges.store import flags, weekly_counts

LOOKS_BACK = 104  # weeks; what is older tells nothing about today
USAGE_COMES_WITHIN = 12  # weeks; later than that an imported file changes no week that was counted
DAY = timedelta(days=1)


@dataclass(frozen=True)
class People:
    """Everybody as they stand now, by keyed hash, and the id behind each hash."""

    everybody: Sequence[Person]
    belonging: Memberships
    hash_of: Mapping[str, str]


@dataclass(frozen=True)
class Look:
    """What the detector makes of all weeks until `week`: flags that stand by behaviour, and what it believes."""

    week: int
    standing: tuple[Flag, ...]
    beliefs: Mapping[Group, Belief]
    parents: Mapping[str, tuple[Group, ...]]
    whys: Mapping[Group, Why]


def count_until(session: Session, core: Core, people: People, week: int) -> dict[int, list[WeeklyCount]]:
    """Return the counts of each week that ended before this one and was not counted yet; writes nothing."""
    first = max(weekly_counts.last_counted(session, core.workspace_id) + 1, week - USAGE_COMES_WITHIN)
    return {one: _counted(session, core, people, one) for one in range(first, week)}


def usage_since(session: Session, core: Core, people: People, week: int) -> list[WeeklyCount]:
    """Return counts of earlier weeks for which usage was imported only after they had been counted."""
    since = max(0, week - USAGE_COMES_WITHIN)
    late = weekly_counts.weeks_without_usage(session, core.workspace_id, since=since)
    return [
        count
        for one in late
        if weekly_counts.days_by_person(session, core.workspace_id, _monday(session, one))
        for count in _counted(session, core, people, one)
    ]


def _counted(session: Session, core: Core, people: People, week: int) -> list[WeeklyCount]:
    at_start = belongings(session, core, week // PERIOD_WEEKS)
    if not at_start:
        return []  # nobody knows who stood where
    bounds = (_midnight(session, core, week), _midnight(session, core, week + 1))
    used = weekly_counts.days_by_person(session, core.workspace_id, _monday(session, week))
    did = Doings(
        asked=_by_hash(people, weekly_counts.asked_by_person(session, core.workspace_id, *bounds)),
        answered=_by_hash(people, weekly_counts.answered_by_person(session, core.workspace_id, *bounds)),
        used=_by_hash(people, used) if used else None,
        resting=_resting(core, people.everybody, week_begins_on(session, week)),
    )
    return count_week(week, at_start=at_start, now=people.belonging, did=did)


def look(counts: Iterable[WeeklyCount], *, week: int, k: int) -> Look:
    """Return what the detector makes of these counts, the last of which are of `week`; pure, and takes seconds."""
    found = list(counts)
    first = min((one.week for one in found), default=week)
    first -= first % PERIOD_WEEKS
    weeks = week - first + 1
    groups = groups_from(found, first=first, weeks=weeks)
    detector = Detector(groups, Limits(k))
    standing: list[Flag] = []
    for number in range(weeks):
        standing = detector.look(number)
    whys = {
        (flag.scope_type, flag.scope_id): why_silent(_of_sort(groups, flag.scope_type), flag.scope_id, weeks - 1)
        for flag in standing
    }
    return Look(week, tuple(standing), detector.beliefs(), detector.parents(weeks - 1), whys)


def belongings(session: Session, core: Core, period: int) -> Memberships:
    """Return where everybody stood when a period began."""
    stored = flags.membership(session, core.workspace_id, period)
    return {key: Belonging(one.team, one.department, one.place) for key, one in stored.items()}


def _of_sort(groups: Sequence[Groups], scope_type: str) -> Groups:
    return next(one for one in groups if one.scope_type == scope_type)


def _by_hash(people: People, counts: Mapping[str, int]) -> dict[str, int]:
    return {people.hash_of[one]: count for one, count in counts.items() if one in people.hash_of}


def _midnight(session: Session, core: Core, week: int) -> datetime:
    return datetime.combine(week_begins_on(session, week), time.min, zone(core)).astimezone(UTC)


def _monday(session: Session, week: int) -> date:
    """Return the Monday of the calendar week that shares most days with a week of ours."""
    middle = week_begins_on(session, week) + 3 * DAY
    return middle - middle.weekday() * DAY


def _resting(core: Core, everybody: Iterable[Person], begins_on: date) -> frozenset[str]:
    """Return the places that have a public holiday on a working day of this week."""
    countries: dict[str, Counter[str]] = {}
    for person in everybody:
        if person.place and person.country:
            countries.setdefault(plain(person.place), Counter())[person.country] += 1
    calendars = {
        place: calendar_name(found.most_common(1)[0][0], core.company().holidays) for place, found in countries.items()
    }
    days = [day for day in (begins_on + number * DAY for number in range(7)) if day.weekday() < 5]
    off = {name for name in set(calendars.values()) if any(is_public_holiday(day, name) for day in days)}
    return frozenset(place for place, name in calendars.items() if name in off)
