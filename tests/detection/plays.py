"""Plays in a made-up company: this module lets some of them cure what they are for, and tells how the words fare.

A play begins one to four weeks after its flag. A cure lifts the barrier from then on, wholly or by two thirds; another
play changes nothing. Flags that were false have nothing to cure. Words are judged by what really became of the barrier.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nudges.domain.barriers.flag_life import Effect
from nudges.domain.detection.detector import CONFIRMED, Flag, detect
from nudges.domain.detection.history import Groups
from nudges.domain.detection.remeasure import Played, remeasure
from tests.detection.organisation import Climate, Organisation, organisation
from tests.detection.records import history_of

K = 5
LONGEST_WAIT = 4  # weeks from flag to play
LOOKS = (4, 8)
MOVED = 0.15  # of the level: less than that is neither a cure nor harm
Group = tuple[str, str]
Method = Callable[[Sequence[Groups], list[Played], frozenset[Group]], dict[Played, Effect]]


@dataclass(frozen=True)
class Trial:
    """One play: where, from which week, and the share of the barrier that it lifts."""

    group: Group
    started: int
    lifts: float


@dataclass(frozen=True)
class Scene:
    """A company in which plays began, and what its records show of it."""

    company: Organisation
    trials: tuple[Trial, ...]
    groups: Sequence[Groups]
    troubled: frozenset[Group]


def scene(seed: int, climate: Climate) -> Scene:
    """Return a company of this seed with a play for every confirmed flag; half of them are cures."""
    company = organisation(seed, replace(climate, lasts_weeks=5000.0))
    flags = list(detect(history_of(company)))
    trials = tuple(_trials(np.random.default_rng((seed, 2)), company, flags))
    company = _played(np.random.default_rng((seed, 3)), company, trials)
    troubled = frozenset((flag.scope_type, flag.scope_id) for flag in flags)
    return Scene(company, trials, history_of(company).groups, troubled)


def judged(here: Scene, method: Method, *, weeks: int) -> Counter[tuple[str, str]]:
    """Return how often each word was said of a cure, of what changed nothing, and of harm."""
    asked = [Played(one.group, one.started, weeks) for one in here.trials]
    words = method(here.groups, asked, here.troubled)
    return Counter((_truth(here.company, one), words[one].value) for one in asked)


def ours(groups: Sequence[Groups], played: list[Played], troubled: frozenset[Group]) -> dict[Played, Effect]:
    """Return our words."""
    return {one: found.effect for one, found in remeasure(groups, played, troubled=troubled, k=K).items()}


def _trials(rng: np.random.Generator, company: Organisation, flags: Iterable[Flag]) -> Iterable[Trial]:
    first: dict[Group, int] = {}
    for flag in flags:
        if flag.grade == CONFIRMED:
            first.setdefault((flag.scope_type, flag.scope_id), flag.week)
    for group, week in sorted(first.items()):
        started = week + int(rng.integers(1, LONGEST_WAIT + 1))
        lifts = float(rng.choice((1.0, 0.67))) if rng.random() < 0.5 else 0.0
        if started + max(LOOKS) < company.climate.weeks:
            yield Trial(group, started, lifts)


def _played(rng: np.random.Generator, company: Organisation, trials: Iterable[Trial]) -> Organisation:
    """Return the company as these plays would have left it; before each of them nothing is different."""
    was, left = company.behind.level, company.behind.level.copy()
    for trial in trials:
        inside = _members(company, trial.group)
        inside[:, : trial.started] = False
        left[inside] *= 1 - trial.lifts
    reach = company.climate.usage_reach
    answering = company.behind.answering * (1 - left) / (1 - was)
    using = np.minimum(company.behind.using * (1 - reach * left) / (1 - reach * was), 0.99)
    regained = rng.binomial(company.asked - company.answered, _odds(company.behind.answering, answering))
    days = rng.binomial(5 - company.active_days, _odds(company.behind.using, np.maximum(using, company.behind.using)))
    return replace(
        company,
        answered=company.answered + regained,
        active_days=company.active_days + days,
        behind=replace(company.behind, level=left),
    )


def _odds(was: NDArray[np.float64], now: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how likely what did not happen at one chance happens at a higher one."""
    return np.asarray(np.clip((now - was) / (1 - was), 0, 1))


def _members(company: Organisation, group: Group) -> NDArray[np.bool_]:
    sort, number = group[0], int(group[1][1:])
    homes = {"team": company.team_of, "department": company.department_of[company.team_of]}
    return np.asarray(homes.get(sort, company.place_of[company.team_of]) == number)


def _truth(company: Organisation, played: Played) -> str:
    """Return what became of the barrier of those who were there: "cure", "nothing" or "harm"."""
    inside = _members(company, played.group)
    before = slice(played.started - 1, played.started)
    later = slice(played.started + 1, played.started + 1 + played.weeks)
    levels = [float(company.behind.level[:, when][inside[:, when]].mean()) for when in (before, later)]
    change = levels[1] - levels[0]
    return "cure" if change < -MOVED else "harm" if change > MOVED else "nothing"


def before_and_after(groups: Sequence[Groups], played: list[Played], _: frozenset[Group]) -> dict[Played, Effect]:
    """Return the words of the plain way: the last eight weeks before against those after, by a test of two rates."""
    found = {}
    sorts = {one.scope_type: one for one in groups}
    for one in played:
        here = sorts[one.group[0]]
        place = here.ids.index(one.group[1])
        spans = (slice(one.started - 8, one.started), slice(one.started + 1, one.started + 1 + one.weeks))
        asked = [float(here.asked[place, span].sum()) for span in spans]
        answered = [float(here.answered[place, span].sum()) for span in spans]
        rates = [got / max(of, 1) for got, of in zip(answered, asked, strict=True)]
        both = sum(answered) / max(sum(asked), 1)
        error = np.sqrt(max(both * (1 - both), 1e-9) * sum(1 / max(of, 1) for of in asked))
        score = (rates[1] - rates[0]) / error
        found[one] = Effect.BETTER if score > 1.96 else Effect.WORSE if score < -1.96 else Effect.UNCLEAR
    return found
