"""What a company's own weeks say of chance: this module measures how much counts jump, and how two streams go together.

Both are read off all groups at once, by moments that a few groups with a barrier hardly move.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nudges.domain.detection.filter import Floats, Week, logit

LEAST_TRIALS = 5  # of a group in a week; fewer tell nothing of how much counts jump
LEAST_PAIRS = 200  # of weeks that follow each other, before a company's own dispersion is believed
MEDIAN_OF_CHI_SQUARE = 0.455  # with one degree of freedom
DISPERSIONS = np.array([1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.0])
ENOUGH_TRIALS, ENOUGH_GROUPS = 20, 12  # for a group's own difference, and to see how two go together
FARTHEST = 1.5  # log-odds; a group farther off is an exception and no rule
LEAST_SPREAD = 0.02  # squared log-odds
KINSHIPS = np.array([0.0, 0.2, 0.4, 0.6, 0.8])


def dispersion_of(weeks: Sequence[Week | None], usual: float) -> float:
    """Return by how much more than a binomial the counts of a group jump from week to week; at least 1.

    Compared with its own last week a group's lasting difference is gone, and the median does not mind the few that
    really changed.
    """
    jumps = [_jumps(before, after) for before, after in pairwise(weeks) if before and after]
    squares = np.concatenate(jumps) if jumps else np.zeros(0)
    if len(squares) < LEAST_PAIRS:
        return usual
    return _nearest(DISPERSIONS, float(np.median(squares)) / MEDIAN_OF_CHI_SQUARE)


def kinship_of(first: Sequence[Week | None], second: Sequence[Week | None], usual: float) -> float:
    """Return how much the lasting differences of two streams go together, from 0 to .8.

    What chance adds to the one has nothing to do with what it adds to the other: it is taken out of the spreads.
    """
    one, other = _differences(first), _differences(second)
    if one is None or other is None:
        return usual
    is_known = np.isfinite(one[0]) & np.isfinite(other[0])
    if is_known.sum() < ENOUGH_GROUPS:
        return usual
    (mine, my_noise), (theirs, their_noise) = ((np.array(values)[:, is_known]) for values in (one, other))
    mine, theirs = _centred(mine), _centred(theirs)
    spreads = max(mine.var() - my_noise.mean(), LEAST_SPREAD) * max(theirs.var() - their_noise.mean(), LEAST_SPREAD)
    return _nearest(KINSHIPS, float((mine * theirs).mean() / np.sqrt(spreads)))


def _jumps(before: Week, after: Week) -> Floats:
    """Return the squared change of each group's rate, beyond that of its likes, in units of chance."""
    is_known = (before.trials >= LEAST_TRIALS) & (after.trials >= LEAST_TRIALS)
    trials, successes = before.trials + after.trials, before.successes + after.successes
    rate = np.clip((successes + 1) / (trials + 2), 0.02, 0.98)
    change = after.successes / np.maximum(after.trials, 1) - before.successes / np.maximum(before.trials, 1)
    expected = rate * (1 - rate) * (logit(after.rates) - logit(before.rates))
    chance = rate * (1 - rate) * (1 / np.maximum(before.trials, 1) + 1 / np.maximum(after.trials, 1))
    return np.asarray(((change - expected) ** 2 / chance)[is_known])


def _differences(weeks: Sequence[Week | None]) -> tuple[Floats, Floats] | None:
    """Return each group's lasting difference in log-odds (NaN: not known), and its variance by chance."""
    known = [week for week in weeks if week]
    if not known:
        return None
    trials, successes = sum(week.trials for week in known), sum(week.successes for week in known)
    expected = sum(week.trials * week.rates for week in known)
    is_known = trials > ENOUGH_TRIALS
    rate = np.clip((successes + 0.5) / (trials + 1), 0.01, 0.99)
    usual = np.clip(expected / np.maximum(trials, 1), 0.01, 0.99)
    difference = np.where(is_known, logit(rate) - logit(usual), np.nan)
    return difference, 1 / np.maximum(trials * rate * (1 - rate), 1e-9)


def _centred(values: Floats) -> Floats:
    clipped = np.clip(values - np.median(values), -FARTHEST, FARTHEST)
    return np.asarray(clipped - clipped.mean())


def _nearest(grid: Floats, value: float) -> float:
    """Return the step of a grid nearest to a value: a finer one would begin the look at the weeks anew too often."""
    return float(grid[np.abs(grid - value).argmin()])
