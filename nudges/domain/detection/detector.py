"""Week by week, who stands flagged: this module joins what groups did with what they said, seeing only the past.

Behaviour opens and closes by the filter's probability, with the expected share of false flags among a week's new ones
bounded (Müller, Parmigiani and Rice, 2006). Reports speak at the end of a period only; they give a flag its name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nudges.domain.detection.history import Cell, ClosedPeriod, Groups, History
from nudges.domain.detection.reported import USUAL_LIMITS, Limits, named_cells
from nudges.domain.detection.watch import CONFIRMED_GRADE, Watch, open_flags

LOW_RESPONSE = "low_response"
EARLY, CONFIRMED = "early", "confirmed"
FIRST_WEEK = 3  # the fourth week of a history is the first that can raise a flag
NOTHING: frozenset[Cell] = frozenset()

Group = tuple[str, str]  # sort and name


@dataclass(frozen=True)
class Flag:
    """One group that stands flagged in one week; the category is a kind of barrier or `low_response`."""

    week: int
    scope_type: str
    scope_id: str
    category: str
    grade: str
    probability: float = 0.0
    by_reports: bool = False


@dataclass(frozen=True)
class Belief:
    """How likely a barrier is in a group now, and for how many weeks in a row it has been unlikely."""

    probability: float
    calm_weeks: int


class Detector:
    """A company under watch, from its first week on."""

    def __init__(self, groups: Sequence[Groups], limits: Limits = USUAL_LIMITS) -> None:
        self._watches = [Watch(one, limits) for one in groups]
        self._limits = limits
        self._named = self._named_before = NOTHING

    def hear(self, period: ClosedPeriod) -> frozenset[Cell]:
        """Take in what was said until a period's end and return what it names; a name stands for one more period."""
        self._named_before, self._named = self._named, named_cells(period, self._limits)
        return self._named

    def look(self, week: int) -> list[Flag]:
        """Return the flags that stand after this week, which is the one after the last that was looked at."""
        for watch in self._watches:
            watch.advance(week)
        if week >= FIRST_WEEK:
            open_flags(self._watches, week)
        return list(_absorbed(list(self._standing(week)), self.parents(week)))

    def beliefs(self) -> Mapping[Group, Belief]:
        """Return what is believed of every group now; it decides, and is shown to nobody."""
        return {
            (watch.groups.scope_type, scope_id): Belief(float(watch.probability[place]), int(watch.calm_weeks[place]))
            for watch in self._watches
            for place, scope_id in enumerate(watch.groups.ids)
        }

    def parents(self, week: int) -> Mapping[str, tuple[Group, ...]]:
        """Return for each team the department and the place that can speak for it this week."""
        teams, departments, places = (watch.groups for watch in self._watches)
        if teams.rows is None or teams.columns is None:
            return {}
        homes = ((departments, teams.rows[:, week]), (places, teams.columns[:, week]))
        return {
            team: tuple((above.scope_type, above.ids[where[number]]) for above, where in homes if where[number] >= 0)
            for number, team in enumerate(teams.ids)
        }

    def _standing(self, week: int) -> Iterator[Flag]:
        kinds: dict[Group, list[str]] = {}
        for cell in sorted(self._named | self._named_before, key=lambda cell: cell.kind):
            kinds.setdefault((cell.scope_type, cell.scope_id), []).append(cell.kind)
        for watch in self._watches:
            scope_type = watch.groups.scope_type
            for place, scope_id in enumerate(watch.groups.ids):
                probability = float(watch.probability[place])
                for kind in kinds.get((scope_type, scope_id), ()):
                    yield Flag(week, scope_type, scope_id, kind, CONFIRMED, probability, by_reports=True)
                if watch.grades[place] and (scope_type, scope_id) not in kinds:
                    grade = CONFIRMED if watch.grades[place] == CONFIRMED_GRADE else EARLY
                    yield Flag(week, scope_type, scope_id, LOW_RESPONSE, grade, probability)


def detect(history: History, limits: Limits = USUAL_LIMITS) -> Iterator[Flag]:
    """Yield every flag of every week, in order of weeks; `limits` are the company's k and least reporters."""
    detector = Detector(history.groups, limits)
    periods = {period.week: period for period in history.periods}
    for week in range(history.weeks):
        if week + 1 in periods:  # it ends with this week
            detector.hear(periods[week + 1])
        yield from detector.look(week)


def _absorbed(flags: Sequence[Flag], parents: Mapping[str, tuple[Group, ...]]) -> Iterator[Flag]:
    """Leave out what a named flag of the whole says already: a team's silence, and the same kind."""
    said = {
        ((flag.scope_type, flag.scope_id), flag.category)
        for flag in flags
        if flag.scope_type != "team" and flag.by_reports
    }
    speaking = {group for group, _ in said}
    for flag in flags:
        above = parents.get(flag.scope_id, ()) if flag.scope_type == "team" else ()
        is_said = any((one, flag.category) in said for one in above)
        is_silence = flag.category == LOW_RESPONSE and any(one in speaking for one in above)
        if not (is_said or is_silence):
            yield flag
