"""Other ways to find silent groups: this module is four of them, for the benchmark to stand beside ours.

Each sees what ours sees of answers, week by week and only the past, and says which teams, departments and places stand
flagged. None reads reports or usage. Thresholds are the usual ones of a textbook, chosen on none of the companies.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.stats import betabinom, false_discovery_control, norm

from nudges.domain.detection.detector import CONFIRMED, FIRST_WEEK, LOW_RESPONSE, Flag
from nudges.domain.detection.filter import Floats
from nudges.domain.detection.history import Groups, History
from nudges.domain.detection.watch import answers_of

RECENT = 4  # weeks that are summed
LEAST = 5
Bools = NDArray[np.bool_]
Method = Callable[[Groups], Floats]  # for each group and week how strongly it is flagged; above 0 it stands


def flags_by(method: Method, history: History) -> Iterator[Flag]:
    """Yield the flags of a method, week by week."""
    strengths = [method(groups) for groups in history.groups]
    for week in range(FIRST_WEEK, history.weeks):
        for groups, strength in zip(history.groups, strengths, strict=True):
            large = groups.members[:, week] >= LEAST
            for place in np.nonzero((strength[:, week] > 0) & large)[0]:
                yield Flag(week, groups.scope_type, groups.ids[place], LOW_RESPONSE, CONFIRMED)


def naive_threshold(groups: Groups) -> Floats:
    """Flag a group whose rate over four weeks is below half of the company's."""
    asked, answered = _recent(groups.asked), _recent(groups.answered)
    company = answered.sum(axis=0) / np.maximum(asked.sum(axis=0), 1)
    return np.asarray(0.5 * company[None, :] * asked - answered)


def z_test(groups: Groups) -> Floats:
    """Flag a group whose rate over four weeks is below the company's at a level of 5 %, once a group and week."""
    asked, answered = _recent(groups.asked), _recent(groups.answered)
    company = np.clip(answered.sum(axis=0) / np.maximum(asked.sum(axis=0), 1), 0.01, 0.99)[None, :]
    z = (asked * company - answered) / np.sqrt(np.maximum(asked * company * (1 - company), 1e-9))
    return np.asarray(z + norm.ppf(0.05))


def empirical_bayes(groups: Groups) -> Floats:
    """Flag by the tail of a beta-binomial that fits how groups differ, with Benjamini and Hochberg at .1 each week."""
    asked, answered, expected = _recent(groups.asked), _recent(groups.answered), _recent(_expected(groups))
    strength = np.zeros_like(asked)
    for week in range(asked.shape[1]):
        seen = asked[:, week] > 0
        if not seen.any():
            continue
        trials, got = asked[seen, week], answered[seen, week]
        rate = np.clip(expected[seen, week] / trials, 0.02, 0.98)
        size = _size(trials, got, rate)
        chances = betabinom.cdf(got, trials, rate * size, (1 - rate) * size)
        strength[seen, week] = 0.1 - false_discovery_control(np.clip(chances, 1e-12, 1))
    return strength


def cusum(groups: Groups) -> Floats:
    """Flag by a sum of what is missing, against the group's own first eight weeks shrunken to its likes."""
    asked, answered, expected = groups.asked, groups.answered, _expected(groups)
    begun = slice(0, 8)
    missing = (answered[:, begun].sum(axis=1) + 20) / (
        expected[:, begun].sum(axis=1) + 20
    )  # its own share of its likes
    rate = np.clip(missing[:, None] * expected / np.maximum(asked, 1), 0.02, 0.98)
    lack = (asked * rate - answered) / np.sqrt(np.maximum(asked * rate * (1 - rate), 1e-9))
    total, strength = np.zeros(len(asked)), np.zeros_like(asked)
    for week in range(8, asked.shape[1]):
        total = np.maximum(0, total + np.where(asked[:, week] > 0, lack[:, week] - 0.5, 0))
        strength[:, week] = total - 6
    return strength


METHODS: Mapping[str, Method] = {
    "naive threshold": naive_threshold,
    "z-test": z_test,
    "empirical Bayes + BH": empirical_bayes,
    "CUSUM, shrunken baseline": cusum,
}


def _recent(values: Floats) -> Floats:
    """Return sums over the last weeks."""
    total = values.cumsum(axis=1)
    total[:, RECENT:] -= total[:, :-RECENT].copy()
    return np.asarray(total)


def _expected(groups: Groups) -> Floats:
    """Return how many would have answered at the rate of a group's likes."""
    weeks = [answers_of(groups, week) for week in range(groups.asked.shape[1])]
    nobody = np.zeros(len(groups.ids))
    return np.stack([week.trials * week.rates if week else nobody for week in weeks], axis=1)


def _size(trials: Floats, got: Floats, rate: Floats) -> float:
    """Return how little groups differ: the size of a beta, by the method of moments."""
    spread = ((got - trials * rate) ** 2 / (trials * rate * (1 - rate)) - 1) / np.maximum(trials - 1, 1)
    overlap = float(np.clip(np.average(spread, weights=trials), 0.001, 0.5))
    return 1 / overlap - 1
