"""What a group is compared with: this module is the rate of its likes in the same week, the group itself left out."""

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.filter import Floats

Places = NDArray[np.intp]

PSEUDO = 40.0  # trials at the company's rate that every margin begins with, so that small ones do not jump
LOW, HIGH = 0.005, 0.995


def company_rates(trials: Floats, successes: Floats) -> Floats:
    """Return for each group the rate of all others."""
    others, got = trials.sum() - trials, successes.sum() - successes
    company = _rate(trials.sum(), successes.sum())
    return _within((got + PSEUDO * company) / (others + PSEUDO))


def two_way_rates(trials: Floats, successes: Floats, *, rows: Places, columns: Places) -> Floats:
    """Return for each team the rate expected from its department (`rows`) and its place (`columns`).

    The two margins add on the log-odds; each is without the team itself and shrunk towards the company.
    """
    company = _rate(trials.sum(), successes.sum())
    row = _margin(trials, successes, rows, company)
    column = _margin(trials, successes, columns, company)
    odds = _logit(row) + _logit(column) - _logit(np.full_like(row, company))
    return _within(1 / (1 + np.exp(-odds)))


def _margin(trials: Floats, successes: Floats, member_of: Places, company: float) -> Floats:
    bins = member_of + 1  # those of no department are likes of each other as well
    size = int(bins.max()) + 1 if len(bins) else 0
    asked = np.bincount(bins, trials, size)[bins] - trials
    got = np.bincount(bins, successes, size)[bins] - successes
    return _within((got + PSEUDO * company) / (asked + PSEUDO))


def _rate(trials: float, successes: float) -> float:
    return float(np.clip((successes + 0.5) / (trials + 1.0), LOW, HIGH))


def _within(rates: Floats) -> Floats:
    return np.clip(rates, LOW, HIGH)


def _logit(rates: Floats) -> Floats:
    return np.log(rates) - np.log1p(-rates)
