"""A made-up company with barriers planted in it: this module draws its people, weeks and reports from one seed.

Nothing here knows the detector: answers come from people, each with an inclination of their own, not from a binomial of
the team; barriers cut by any share between three and eight tenths; reports are rare. `Climate` is what can be varied.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

KINDS = {
    "team": ("manager_discourages", "no_time", "lacks_skill", "no_personal_value", "tool_fatigue"),
    "department": ("access_or_it_problem", "policy_worry", "no_personal_value"),
    "geo": ("not_comfortable_sharing", "language_or_accessibility", "access_or_it_problem"),
}
NOBODY = np.zeros((0, 0))
EVERY_KIND = sorted({kind for kinds in KINDS.values() for kind in kinds} | {"colleagues_absent"})


@dataclass(frozen=True)
class Climate:
    """How a company is; the defaults are the usual one."""

    weeks: int = 52
    teams: int = 260
    departments: int = 8
    places: int = 6
    size_median: float = 8.0
    size_sd: float = 0.7  # a quarter of the teams has fewer than five people
    answer_odds: float = -0.5
    team_sd: float = 0.45
    person_sd: float = 0.7
    drift_sd: float = 0.05
    week_sd: float = 0.25
    asked: float = 0.95  # the share of people reached by a nudge
    nudges: int = 1  # a week
    begins: float = 0.0015
    standing: float = 0.03
    lasts_weeks: float = 50.0
    grows_weeks: int = 0  # from the first complaint to the full barrier
    in_departments: int = 1
    in_places: int = 1
    told: float = 0.03  # of those hindered, the share who report in a week
    noise: float = 0.002  # of everybody, the share who report anything in a week
    by_button: float = 0.6
    usage_reach: float = 0.5  # the part of a barrier's level that shows in use
    has_usage: bool = True
    holidays: bool = True
    busy_department: bool = False  # one department answers little for six weeks, for no barrier's sake
    moves: float = 0.001  # the share of people who change team in a week
    feast_weeks: int = 2  # at the end of the year hardly anybody is there; no calendar says so


@dataclass(frozen=True)
class Barrier:
    """What was planted: where, of which kind, from which week to which (exclusive), how strong."""

    scope_type: str
    scope_id: int
    kind: str
    begins: int
    ends: int
    level: float


@dataclass(frozen=True)
class Report:
    """One person's word in one week."""

    week: int
    person: int
    kind: str
    is_button: bool


@dataclass(frozen=True)
class Behind:
    """What no record shows: the level of the barrier that hits each person, and how likely they answer and use."""

    level: NDArray[np.float64]
    answering: NDArray[np.float64]
    using: NDArray[np.float64]


@dataclass(frozen=True)
class Organisation:
    """All that a company's records show, and what is behind them; arrays are people x weeks."""

    climate: Climate
    team_of: NDArray[np.intp]  # people x weeks
    department_of: NDArray[np.intp]  # of teams
    place_of: NDArray[np.intp]  # of teams
    asked: NDArray[np.int64]
    answered: NDArray[np.int64]
    active_days: NDArray[np.int64]
    reports: list[Report]
    holidays: list[tuple[int, int]]  # week, place
    barriers: list[Barrier] = field(default_factory=list)
    behind: Behind = Behind(NOBODY, NOBODY, NOBODY)


def organisation(seed: int, climate: Climate = Climate()) -> Organisation:
    """Return the company of this seed."""
    rng = np.random.default_rng(seed)
    sizes = np.clip(np.round(rng.lognormal(np.log(climate.size_median), climate.size_sd, climate.teams)), 2, 60)
    department_of = rng.integers(0, climate.departments, climate.teams)
    place_of = rng.choice(climate.places, climate.teams, p=_falling(climate.places))
    first_team = np.repeat(np.arange(climate.teams), sizes.astype(int))
    team_of = _moving(rng, first_team, climate)
    barriers = _planted(rng, climate)
    level, kinds = _levels(barriers, team_of, department_of, place_of, climate)
    holidays = _holidays(rng, climate)
    calm = _calm(holidays, place_of, climate)
    odds = _odds(rng, team_of, department_of, place_of, climate)
    if climate.busy_department:
        first = int(rng.integers(15, 30))
        odds[:, first : first + 6] -= 0.9 * (department_of[team_of[:, first : first + 6]] == 0)
    people, weeks = team_of.shape
    asked = rng.binomial(climate.nudges, climate.asked, (people, weeks))
    rate = (1 - level) * calm[team_of, np.arange(weeks)] / (1 + np.exp(-odds))
    answered = rng.binomial(asked, rate)
    use = (odds - odds.mean()) * 0.5 + rng.normal(0, 0.8, (people, 1)) + 0.1
    using = (1 - climate.usage_reach * level) * calm[team_of, np.arange(weeks)] / (1 + np.exp(-use))
    using = np.clip(rng.normal(using, 0.08), 0.01, 0.99)
    active_days = rng.binomial(5, using)
    reports = _reports(rng, level, kinds, climate)
    shown = (asked, answered, active_days, reports, holidays)
    behind = Behind(level, rate, using)
    return Organisation(climate, team_of, department_of, place_of, *shown, barriers, behind)


def _falling(size: int) -> NDArray[np.float64]:
    shares = 1 / np.arange(1, size + 1)
    return np.asarray(shares / shares.sum())


def _moving(rng: np.random.Generator, first: NDArray[np.intp], climate: Climate) -> NDArray[np.intp]:
    team_of = np.tile(first[:, None], (1, climate.weeks))
    for person, week in zip(*np.nonzero(rng.random(team_of.shape) < climate.moves), strict=True):
        team_of[person, week:] = rng.integers(0, climate.teams)
    return team_of


def _planted(rng: np.random.Generator, climate: Climate) -> list[Barrier]:
    planted = []
    for team in range(climate.teams):
        week = 0 if rng.random() < climate.standing else int(rng.geometric(climate.begins))
        if week < climate.weeks - 4:
            planted.append(_barrier(rng, "team", team, week, climate))
    for scope_type, count, many in (
        ("department", climate.in_departments, climate.departments),
        ("geo", climate.in_places, climate.places),
    ):
        for scope_id in rng.choice(many, count, replace=False):
            planted.append(
                _barrier(rng, scope_type, int(scope_id), int(rng.integers(4, max(5, climate.weeks - 16))), climate)
            )
    return planted


def _barrier(rng: np.random.Generator, scope_type: str, scope_id: int, week: int, climate: Climate) -> Barrier:
    ends = min(climate.weeks, week + 4 + int(rng.geometric(1 / climate.lasts_weeks)))
    kind = str(rng.choice(KINDS[scope_type]))
    return Barrier(scope_type, scope_id, kind, week, ends, float(rng.uniform(0.3, 0.8)))


def _levels(
    barriers: list[Barrier],
    team_of: NDArray[np.intp],
    department_of: NDArray[np.intp],
    place_of: NDArray[np.intp],
    climate: Climate,
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    level = np.zeros(team_of.shape)
    kinds = np.full(team_of.shape, "", dtype=object)
    scopes = {"team": team_of, "department": department_of[team_of], "geo": place_of[team_of]}
    for barrier in barriers:
        hit = scopes[barrier.scope_type] == barrier.scope_id
        hit[:, : barrier.begins] = False
        hit[:, barrier.ends :] = False
        grown = np.minimum(1.0, (np.arange(climate.weeks) - barrier.begins + 1) / max(climate.grows_weeks, 1))
        strength = np.where(hit, barrier.level * grown[None, :], 0.0)
        kinds[strength > level] = barrier.kind
        level = np.maximum(level, strength)
    return level, kinds


def _holidays(rng: np.random.Generator, climate: Climate) -> list[tuple[int, int]]:
    if not climate.holidays:
        return []
    return [(int(week), place) for place in range(climate.places) for week in rng.choice(climate.weeks, 3)]


def _calm(holidays: list[tuple[int, int]], place_of: NDArray[np.intp], climate: Climate) -> NDArray[np.float64]:
    calm = np.ones((climate.teams, climate.weeks))
    for week, place in holidays:
        calm[place_of == place, week] = 0.55
    calm[:, 50 - climate.feast_weeks : 50] = 0.5
    return calm


def _odds(
    rng: np.random.Generator,
    team_of: NDArray[np.intp],
    department_of: NDArray[np.intp],
    place_of: NDArray[np.intp],
    climate: Climate,
) -> NDArray[np.float64]:
    weeks = np.arange(climate.weeks)
    drift = rng.normal(0, climate.drift_sd, (climate.teams, climate.weeks)).cumsum(axis=1)
    team = rng.normal(0, climate.team_sd, (climate.teams, 1)) + drift
    department = rng.normal(0, 0.3, climate.departments)[department_of]
    place = rng.normal(0, 0.25, climate.places)[place_of]
    week = rng.normal(0, climate.week_sd, climate.weeks)
    group = climate.answer_odds + team + (department + place)[:, None] + week[None, :]
    return np.asarray(group[team_of, weeks] + rng.normal(0, climate.person_sd, (team_of.shape[0], 1)))


def _reports(
    rng: np.random.Generator, level: NDArray[np.float64], kinds: NDArray[np.object_], climate: Climate
) -> list[Report]:
    hindered = (level > 0) & (rng.random(level.shape) < climate.told)
    any_ = rng.random(level.shape) < climate.noise
    found = [
        Report(int(week), int(person), str(kinds[person, week]), bool(rng.random() < climate.by_button))
        for person, week in zip(*np.nonzero(hindered), strict=True)
    ]
    found += [
        Report(int(week), int(person), str(rng.choice(EVERY_KIND)), bool(rng.random() < climate.by_button))
        for person, week in zip(*np.nonzero(any_), strict=True)
    ]
    return sorted(found, key=lambda report: (report.week, report.person))


USUAL = Climate()
VARIANTS = {
    "no usage": replace(USUAL, has_usage=False),
    "use not touched": replace(USUAL, usage_reach=0.0),
    "small teams": replace(USUAL, size_median=6.0, teams=380),
    "strong drift": replace(USUAL, drift_sd=0.09),
    "teams differ more": replace(USUAL, team_sd=0.65),
    "few answers": replace(USUAL, answer_odds=-1.4),
    "a busy department": replace(USUAL, busy_department=True),
    "people move": replace(USUAL, moves=0.006),
    "many idle reports": replace(USUAL, noise=0.008),
}


def drawn_climate(seed: int) -> Climate:
    """Return some climate: what a company is like is not known beforehand, so thresholds are chosen over many."""
    rng = np.random.default_rng((seed, 1))
    return Climate(
        size_median=float(rng.uniform(6.5, 10.0)),
        size_sd=float(rng.uniform(0.5, 0.8)),
        answer_odds=float(rng.uniform(-1.1, 0.1)),
        team_sd=float(rng.uniform(0.3, 0.55)),
        person_sd=float(rng.uniform(0.3, 1.0)),
        drift_sd=float(rng.uniform(0.02, 0.07)),
        week_sd=float(rng.uniform(0.1, 0.35)),
        asked=float(rng.uniform(0.75, 1.0)),
        nudges=int(rng.choice((1, 1, 2))),
        begins=float(rng.uniform(0.0008, 0.002)),
        standing=float(rng.uniform(0.01, 0.03)),
        lasts_weeks=float(rng.uniform(25, 60)),
        grows_weeks=int(rng.choice((0, 0, 4))),
        told=float(rng.uniform(0.01, 0.05)),
        noise=float(rng.uniform(0.001, 0.004)),
        usage_reach=float(rng.uniform(0.4, 0.7)),
        feast_weeks=int(rng.integers(0, 3)),
    )
