"""The weeks after a play: this module is how far each group differs from its likes in them, counted, with its doubt."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nudges.domain.detection.filter import Floats, Stream, Week

STEPS = 12  # of Newton's method; it settles in five
FAR = 4.0  # log-odds beyond which nothing is told apart


@dataclass(frozen=True)
class After:
    """By group: what was asked, by how much its log-odds differ from its likes, the variance, and its likes."""

    trials: Floats
    difference: Floats
    variance: Floats
    likes: Floats  # the mean log-odds of its likes in these weeks


def after(stream: Stream, weeks: Iterable[Week]) -> After:
    """Return what these weeks say of each group; the variance knows what the stream knows of its own unrest."""
    found = list(weeks)
    trials = np.stack([one.trials for one in found], axis=1)
    successes = np.stack([one.successes for one in found], axis=1).sum(axis=1)
    odds = np.stack([_logit(one.rates) for one in found], axis=1)
    total = trials.sum(axis=1)
    difference = _difference(trials, successes, odds)
    rates = _sigmoid(odds + difference[:, None])
    chance = trials * rates * (1 - rates)
    told = np.maximum((chance / (stream.dispersion + chance * stream.wobble**2)).sum(axis=1), 1e-9)
    asked_in = np.maximum((trials > 0).sum(axis=1), 1)
    likes = (trials * odds).sum(axis=1) / np.maximum(total, 1e-9)
    # It wanders from its last week before to the middle of these, and within them.
    wandered = stream.walk**2 * (2 + len(found) / 3)
    return After(total, difference, 1 / told + stream.extra_sd**2 / asked_in + wandered, likes)


def _difference(trials: Floats, successes: Floats, odds: Floats) -> Floats:
    """Return by how much the odds of all weeks have to be shifted for as many successes as were counted."""
    shift = np.zeros(len(trials))
    # Half a success and half a failure more: without them a group that was silent would be infinitely far off.
    share = trials / np.maximum(trials.sum(axis=1), 1e-9)[:, None]
    weights = trials + share
    for _ in range(STEPS):
        rates = _sigmoid(odds + shift[:, None])
        slope = np.maximum((weights * rates * (1 - rates)).sum(axis=1), 1e-9)
        step = (successes + 0.5 - (weights * rates).sum(axis=1)) / slope
        shift = np.clip(shift + np.clip(step, -1, 1), -FAR, FAR)
    return shift


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)))


def _logit(rates: Floats) -> Floats:
    return np.asarray(np.log(rates) - np.log1p(-rates))
