"""A forecast counted: this module turns thousands of decisions into the lines that an author reads."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.forecasts.forecast import Foreseen, Run, World
from nudges.domain.forecasts.forecast_views import CalendarClash, Clash, Counts, LocalTime, NudgePlan, WeekLoad
from nudges.domain.people.people import Person
from nudges.domain.playbooks.languages import language_for, reads_own
from nudges.domain.playbooks.playbook import Nudge, Playbook
from nudges.domain.times.remembering import remembering
from nudges.domain.times.schedule_words import describe_when, in_words
from nudges.domain.times.workdays import WorkCalendar, calendar_of

WEEK = timedelta(days=7)
LOAD_SHOWN = 4  # a column for each number of nudges up to here, and one for more


class Calendars:
    """Everybody's calendar, made once for all who live alike."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[str, ...], WorkCalendar] = {}

    def day(self, one: Foreseen) -> date | None:
        """Return the day on which the person gets it, on their own wall."""
        person = self._world.people.get(one.person_id)
        return None if person is None or one.sent_at is None else self.of(person).local_day(one.sent_at)

    def of(self, person: Person) -> WorkCalendar:
        """Return one person's calendar."""
        key = (person.zone, person.place, person.country, person.hours, person.working_days)
        if key not in self._known:
            self._known[key] = remembering(calendar_of(person, self._world.company))
        return self._known[key]


def nudge_plans(world: World, run: Run, foreseen: Sequence[Foreseen], calendars: Calendars) -> tuple[NudgePlan, ...]:
    """Return what becomes of each of a campaign's nudges."""
    by_nudge: dict[str, list[Foreseen]] = defaultdict(list)
    for one in foreseen:
        by_nudge[one.nudge_key].append(one)
    return tuple(_nudge_plan(world, run, nudge, by_nudge[nudge.key], calendars) for nudge in run.playbook.nudges)


def clashes_of(run: Run, foreseen: Iterable[Foreseen], names: Mapping[int, str], calendars: Calendars) -> list[Clash]:
    """Return which nudges took the slots of this campaign's own."""
    lost: Counter[tuple[str, int, str]] = Counter()
    put_off: Counter[tuple[str, int, str]] = Counter()
    for one in foreseen:
        is_lost = one.status in (DeliveryStatus.SKIPPED, DeliveryStatus.EXPIRED)
        if one.because_of and (is_lost or is_put_off(one, calendars)):
            # The latest one stands for all: it filled the last slot.
            (lost if is_lost else put_off)[(one.nudge_key, *one.because_of[-1])] += 1
    return [
        Clash(run.name, key, names.get(other, "?"), other_key, lost[place], put_off[place])
        for place in sorted(lost.keys() | put_off.keys(), key=lambda place: -(lost[place] + put_off[place]))
        for key, other, other_key in [place]
    ]


def losses_of(
    before: Iterable[Foreseen],
    after: Iterable[Foreseen],
    *,
    names: Mapping[int, str],
    taken_by: str,
    own_id: int,
    calendars: Calendars,
) -> list[Clash]:
    """Return what other campaigns lose when this one is added."""
    later = {(one.campaign_id, one.nudge_key, one.person_id): one for one in after if one.campaign_id != own_id}
    lost: Counter[tuple[int, str]] = Counter()
    moved: Counter[tuple[int, str]] = Counter()
    for one in before:
        other = later.get((one.campaign_id, one.nudge_key, one.person_id))
        if one.is_sent and other is not None and not one.was_stored:
            place = (one.campaign_id, one.nudge_key)
            if not other.is_sent:
                lost[place] += 1
            elif calendars.day(one) != calendars.day(other):
                moved[place] += 1
    places = sorted(lost.keys() | moved.keys(), key=lambda place: -(lost[place] + moved[place]))
    return [Clash(names[id_], key, taken_by, "", lost[id_, key], moved[id_, key]) for id_, key in places]


def calendar_clashes(world: World, foreseen: Iterable[Foreseen], calendars: Calendars) -> list[CalendarClash]:
    """Return which nudges fall on days of the company's calendar, and for how many people."""
    entries = world.company.comms_calendar
    found: Counter[tuple[str, int]] = Counter()
    for one in foreseen:
        day = calendars.day(one) if entries else None
        for place, entry in enumerate(entries):
            country = world.people[one.person_id].country
            is_meant = entry.countries == "all" or country.strip().upper() in entry.countries
            if day is not None and is_meant and entry.starts_on <= day <= entry.ends_on:
                found[one.nudge_key, place] += 1
    return [
        CalendarClash(key, entries[place].what, entries[place].starts_on, entries[place].ends_on, people)
        for (key, place), people in found.items()
    ]


def load_of(
    foreseen: Iterable[Foreseen], person_ids: Iterable[str], *, starts_on: date, weeks: int, calendars: Calendars
) -> tuple[WeekLoad, ...]:
    """Return for each week how many of these people get none, one, two nudges ..., over all campaigns."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    wanted = set(person_ids)
    for one in foreseen:
        day = calendars.day(one) if one.person_id in wanted else None
        if day is not None and one.is_sent:
            counts[(day - starts_on).days // 7][one.person_id] += 1
    last = max((week for week in counts if week < weeks), default=0)
    return tuple(_week_load(counts[week], len(wanted), starts_on + WEEK * week) for week in range(last + 1))


def is_put_off(one: Foreseen, calendars: Calendars) -> bool:
    """Return whether it is sent on a later day than it was planned for."""
    if one.planned is None or one.sent_at is None or one.sent_at < one.planned.window_ends_at:
        return False  # a window ends on its own day
    day = calendars.day(one)
    return day is not None and day.isoformat() > one.planned.local_due[:10]


def _week_load(counts: Counter[str], people: int, starts_on: date) -> WeekLoad:
    by_number = Counter(counts.values())
    by_number[0] = people - len(counts)
    return WeekLoad(starts_on, tuple(by_number[number] for number in range(max(by_number) + 1)))


def _nudge_plan(world: World, run: Run, nudge: Nudge, foreseen: list[Foreseen], calendars: Calendars) -> NudgePlan:
    sent = [one for one in foreseen if one.is_sent]
    readers = [world.people[one.person_id] for one in sent if one.person_id in world.people]
    instants = [one.sent_at for one in sent if one.sent_at is not None]
    return NudgePlan(
        key=nudge.key,
        kind=nudge.kind,
        when=describe_when(nudge),
        window=in_words(nudge.when.window),
        people=len(foreseen),
        sent=len(sent),
        by_segment=_segments(run, sent),
        times=_times(foreseen),
        first_at=min(instants, default=None),
        last_at=max(instants, default=None),
        skipped=_ranked(str(one.reason) for one in foreseen if _is_skipped(one)),
        put_off=sum(is_put_off(one, calendars) for one in sent),
        late=sum(_is_late(one) for one in sent),
        missed=sum(one.status == DeliveryStatus.EXPIRED and not one.because_of for one in foreseen),
        unsettled=_open(run, nudge, foreseen),
        languages=_languages(run.playbook, nudge, readers),
        fallback=_fallback(run.playbook, nudge, readers),
    )


def _languages(playbook: Playbook, nudge: Nudge, readers: Sequence[Person]) -> Counts:
    """Return in which languages they read it; asked once for all who share a language."""
    counts: Counter[str] = Counter()
    for person, many in _one_of_each(readers):
        counts[language_for(person, playbook, nudge)] += many
    return tuple(counts.most_common())


def _fallback(playbook: Playbook, nudge: Nudge, readers: Sequence[Person]) -> int:
    return sum(many for person, many in _one_of_each(readers) if not reads_own(person, playbook, nudge))


def _one_of_each(readers: Sequence[Person]) -> list[tuple[Person, int]]:
    counts = Counter(person.language for person in readers)
    speakers = {person.language: person for person in readers}
    return [(speakers[language], many) for language, many in counts.items()]


def _open(run: Run, nudge: Nudge, foreseen: list[Foreseen]) -> int:
    waiting = sum(one.status == DeliveryStatus.PLANNED for one in foreseen)
    return waiting + max(0, len(run.seats) - len(foreseen))


def _is_skipped(one: Foreseen) -> bool:
    return one.status == DeliveryStatus.SKIPPED or (one.status == DeliveryStatus.EXPIRED and bool(one.because_of))


def _is_late(one: Foreseen) -> bool:
    is_over = one.planned is not None and one.sent_at is not None and one.sent_at >= one.planned.window_ends_at
    return is_over and not one.because_of


def _segments(run: Run, sent: list[Foreseen]) -> Counts:
    counts = Counter(run.seats[one.person_id].segment for one in sent if one.person_id in run.seats)
    return tuple((name, counts[name]) for name in run.playbook.audience.segments if counts[name])


def _times(foreseen: list[Foreseen]) -> tuple[LocalTime, ...]:
    counts = Counter((one.planned.zone, one.planned.local_due) for one in foreseen if one.planned is not None)
    return tuple(LocalTime(zone, local_due, people) for (zone, local_due), people in counts.most_common())


def _ranked(values: Iterable[str]) -> Counts:
    return tuple(Counter(values).most_common())
