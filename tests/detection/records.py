"""From a made-up company to what the detector sees, and how well it did: this module is that bridge and the score."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.closing import history_of as recorded_history
from nudges.domain.detection.detector import CONFIRMED, Flag
from nudges.domain.detection.history import SCOPE_TYPES, History
from nudges.domain.detection.records import Records, Report
from tests.detection.organisation import Barrier, Organisation

SCOPES = {"team": "team", "department": "department", "geo": "place"}


def history_of(company: Organisation) -> History:
    """Return the counts that records of this company give."""
    member_of = {one: _member_of(company, one)[0].astype(np.int32) for one in SCOPE_TYPES}
    names = {one: [f"{one[0]}{number}" for number in range(_member_of(company, one)[1])] for one in SCOPE_TYPES}
    return recorded_history(
        Records(
            names,
            member_of,
            company.asked.astype(np.uint8),
            company.answered.astype(np.uint8),
            company.active_days.astype(np.uint8) if company.climate.has_usage else None,
            [Report(report.week, report.person, report.kind) for report in company.reports if report.is_button],
            frozenset(company.holidays),
        )
    )


def _member_of(company: Organisation, scope_type: str) -> tuple[NDArray[np.intp], int]:
    if scope_type == "team":
        return company.team_of, company.climate.teams
    if scope_type == "department":
        return company.department_of[company.team_of], company.climate.departments
    return company.place_of[company.team_of], company.climate.places


@dataclass
class Score:
    """Flags right and wrong, barriers found, found within eight weeks and all of them; adds up over companies."""

    right: int = 0
    wrong: int = 0
    found: int = 0
    soon: int = 0
    barriers: int = 0

    def add(self, other: "Score") -> None:
        """Count another company in."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def false_share(self) -> float:
        return self.wrong / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.barriers)

    @property
    def recall_soon(self) -> float:
        return self.soon / max(1, self.barriers)


def score(company: Organisation, flags: Iterable[Flag], *, grades: tuple[str, ...] = (CONFIRMED,)) -> Score:
    """Return how well these flags fit what was planted; a flag is one run of weeks of one group."""
    result = Score()
    runs = _runs(flag for flag in flags if flag.grade in grades)
    barriers = [barrier for barrier in company.barriers if _is_findable(company, barrier)]
    for scope, weeks in runs:
        hit = any(_covers(company, barrier, scope, weeks[0]) for barrier in company.barriers)
        result.right += hit
        result.wrong += not hit
    for barrier in barriers:
        first = [
            weeks[0]
            for scope, weeks in runs
            if scope == _scope(barrier) and weeks[-1] >= barrier.begins and weeks[0] <= barrier.ends + 2
        ]
        result.barriers += 1
        result.found += bool(first)
        result.soon += bool(first) and min(first) < max(barrier.begins, 0) + 8
    return result


def _is_findable(company: Organisation, barrier: Barrier) -> bool:
    """Barriers of at least eight weeks in groups of at least five people; others nobody can be asked to find."""
    if barrier.ends - barrier.begins < 8:
        return False
    member_of, _ = _member_of(company, SCOPES[barrier.scope_type])
    return bool((member_of[:, barrier.begins] == barrier.scope_id).sum() >= 5)


def _scope(barrier: Barrier) -> tuple[str, str]:
    scope_type = SCOPES[barrier.scope_type]
    return scope_type, f"{scope_type[0]}{barrier.scope_id}"


def _covers(company: Organisation, barrier: Barrier, scope: tuple[str, str], week: int) -> bool:
    """A flag is right about its own group, and about a team inside a department or a place with a barrier."""
    if not barrier.begins <= week <= barrier.ends + 4:
        return False
    if scope == _scope(barrier):
        return True
    if scope[0] != "team":
        return False
    team = int(scope[1][1:])
    inside = company.department_of if barrier.scope_type == "department" else company.place_of
    return barrier.scope_type != "team" and bool(inside[team] == barrier.scope_id)


def _runs(flags: Iterable[Flag]) -> list[tuple[tuple[str, str], list[int]]]:
    weeks: dict[tuple[str, str], set[int]] = defaultdict(set)
    for flag in flags:
        weeks[(flag.scope_type, flag.scope_id)].add(flag.week)
    runs = []
    for scope, stood in weeks.items():
        run: list[int] = []
        for week in sorted(stood):
            if run and week > run[-1] + 1:
                runs.append((scope, run))
                run = []
            run.append(week)
        runs.append((scope, run))
    return runs
