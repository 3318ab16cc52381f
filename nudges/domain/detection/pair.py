"""Answers and use seen at once: this module is the filter over a barrier's level and two differences that go together.

Who answers much often uses much as well. A group that is low in both may therefore just be a quiet one: how far the
two differences go together (`kinship`) is part of the prior, so that two streams never count as two witnesses of what
they only share.
"""

import numpy as np

from nudges.domain.detection.filter import (
    OFFSETS,
    TINY,
    Floats,
    Grid,
    Stream,
    Told,
    View,
    at_first,
    begun_and_ended,
    steps,
    wander,
)

AT_ONCE = 128  # groups; so many fit into a processor's cache, which halves the time
WANDERS_TOGETHER = 0.5  # of the kinship of what lasts: what changes is less often one and the same thing
Pair = tuple[Stream, Stream]
_ONES = np.ones((len(OFFSETS) - 1, len(OFFSETS) - 1), dtype=np.float32)
_NEIGHBOURS = np.pad(_ONES, ((0, 1), (0, 1))) + np.pad(_ONES, ((1, 0), (1, 0)))  # along the diagonal: two, one or none


class PairFilter:
    """The belief about each group by level, difference of the first stream and difference of the second."""

    def __init__(self, groups: int, streams: Pair, kinship: float) -> None:
        self.streams, self.kinship = streams, kinship
        prior = at_first()[:, None, None] * _together(streams, kinship)
        self._belief: Grid = np.tile(prior.astype(np.float32), (groups, 1, 1, 1))
        self.evidence: Floats = np.zeros(groups)  # log of how well the weeks of each group were foreseen

    @property
    def barrier(self) -> Floats:
        """Return for each group the probability from 0 to 1 that there is a barrier now."""
        return np.asarray(1 - self._belief[:, 0].sum(axis=(1, 2), dtype=np.float64))

    @property
    def view(self) -> View:
        """Return all that is believed, each stream's difference by itself."""
        levels = np.maximum(self._belief.sum(axis=(2, 3)), np.float32(TINY))
        differences = tuple(np.asarray(self._belief.sum(axis=axis) / levels[:, :, None]) for axis in (3, 2))
        return View(self.streams, levels.astype(np.float64), differences)

    def advance(self, first: Told | None, second: Told | None) -> None:
        """Move on by one week and learn from it; None where a stream has nothing to say this week."""
        for begin in range(0, len(self._belief), AT_ONCE):
            self._learn(slice(begin, begin + AT_ONCE), first, second)

    def _learn(self, some: slice, first: Told | None, second: Told | None) -> None:
        belief = self._wandered(begun_and_ended(self._belief[some]))
        if first is not None:
            belief *= first.likelihood[some, :, :, None]
            self.evidence[some] += first.top[some]
        if second is not None:
            belief *= second.likelihood[some, :, None, :]
            self.evidence[some] += second.top[some]
        total = np.maximum(belief.sum(axis=(1, 2, 3), dtype=np.float64), TINY)
        self._belief[some] = belief / total[:, None, None, None].astype(np.float32)
        self.evidence[some] += np.log(total)

    def _wandered(self, belief: Grid) -> Grid:
        """Return a belief after a week in which the two differences have wandered, as far as they are kin together."""
        first, second = (stream.walk for stream in self.streams)
        shared = min(WANDERS_TOGETHER * self.kinship * first * second, first**2, second**2)
        belief = wander(belief, float(np.sqrt(second**2 - shared)))
        belief = np.matmul(steps(float(np.sqrt(first**2 - shared))), belief)
        step = float(OFFSETS[1] - OFFSETS[0])
        move = np.float32(shared / (2 * step**2))
        moved = belief * (1 - move * _NEIGHBOURS)
        belief *= move
        moved[:, :, 1:, 1:] += belief[:, :, :-1, :-1]
        moved[:, :, :-1, :-1] += belief[:, :, 1:, 1:]
        return moved


def _together(streams: Pair, kinship: float) -> Floats:
    """Return the prior of the two differences: a normal of two dimensions on the grid."""
    first, second = OFFSETS[:, None] / streams[0].spread, OFFSETS[None, :] / streams[1].spread
    distance = (first**2 - 2 * kinship * first * second + second**2) / (1 - kinship**2)
    density = np.exp(-0.5 * distance)
    return np.asarray(density / density.sum())
