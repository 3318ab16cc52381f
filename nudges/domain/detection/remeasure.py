"""Did a play help: this module compares a group before and after with its likes, and says better, unclear or worse.

Difference in differences on the log-odds of answering. "Before" is what the filter believed when the play began, not
the raw weeks: these were looked at because they were bad, and the worst of many weeks is partly bad luck, which passes
by itself. A belief that began at the company's usual and saw good weeks as well as bad ones is not misled by how a
group was chosen (Dawid, 1994; Efron, 2011). "After" is counted. How far a group may move for no reason is learnt from
the groups of the same weeks that had no play and no flag, as Conley and Taber (2011) do where few were treated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from nudges.domain.barriers.flag_life import Effect
from nudges.domain.detection.after import After, after
from nudges.domain.detection.filter import LEVELS, OFFSETS, Floats, Grid, Stream, View
from nudges.domain.detection.history import Groups
from nudges.domain.detection.reported import Limits
from nudges.domain.detection.watch import Watch, answers_of, use_of

Bools = NDArray[np.bool_]
Group = tuple[str, str]  # sort and name

BEFORE = 8  # weeks before the play that must hold enough deliveries
LEAST_ASKED = 40  # deliveries on each side; with fewer nothing can be told
LEAST_LIKES = 8  # groups that had no play: with fewer, those of all sorts are asked
LEAST_TELLING = 3  # with fewer nobody can say how far groups move for no reason
MOST = 16.0  # of a squared score that counts: one group with a story of its own must not silence all others
DRIFT_SD = 0.15  # log-odds: how much flagged groups may recover by themselves, before any is seen
SOON = 0.65  # of the change that has to be there in the first half already
SOON_SCORE = 1.3  # how surely: nine in ten
SURE = 0.95  # that the change is no chance, before anything is called better or worse


@dataclass(frozen=True)
class Played:
    """A group in which a play began: in week `started`, looked at over so many weeks after it."""

    group: Group
    started: int
    weeks: int


@dataclass(frozen=True)
class Measured:
    """What a look back found: the word, and the change of the log-odds with its interval, which nobody sees."""

    effect: Effect
    change: float = 0.0
    low: float = 0.0
    high: float = 0.0
    is_enough: bool = True  # deliveries on both sides, and groups to compare with


NOTHING = Measured(Effect.UNCLEAR, is_enough=False)


@dataclass(frozen=True)
class _Moves:
    """How the groups of one sort moved over the same weeks; `sureness` is a normal score of how surely upward."""

    ids: tuple[str, ...]
    change: Floats
    sd: Floats
    sureness: Floats
    is_enough: Bools
    is_calm: Bools  # without a flag or a play: these tell how far groups move for no reason


@dataclass(frozen=True)
class _Look:
    """How one group moved; `least` is the score from which on that is said, `is_soon` that it began with the play."""

    change: float
    sd: float
    score: float
    least: float
    is_soon: bool = True


def remeasure(
    groups: Sequence[Groups],
    played: Iterable[Played],
    *,
    waited: Iterable[Played] = (),
    troubled: frozenset[Group],
    k: int,
) -> dict[Played, Measured]:
    """Return what became of each play.

    `waited` are groups with a flag and, in those weeks, no play: what they recover by themselves is no play's doing.
    `troubled` are all groups with a flag or a play, which do not tell how far groups move for no reason.
    """
    asked, idle = list(dict.fromkeys(played)), list(dict.fromkeys(waited))
    looks = _looks(groups, {*asked, *idle}, troubled, k)
    drifts = {
        weeks: _drift([looks[one] for one in idle if one.weeks == weeks]) for weeks in {one.weeks for one in asked}
    }
    return {one: _measured(looks[one], drifts[one.weeks]) for one in asked}


def _looks(
    groups: Sequence[Groups], asked: Iterable[Played], troubled: frozenset[Group], k: int
) -> dict[Played, _Look | None]:
    """Return how each group that is asked about moved, going through the weeks once."""
    found: dict[Played, _Look | None] = dict.fromkeys(asked)
    watches = [Watch(one, Limits(k)) for one in groups]
    for week in range(max((one.started for one in found), default=0)):
        for watch in watches:
            watch.advance(week)
        begun = [one for one in found if one.started == week + 1]
        for weeks in sorted({one.weeks for one in begun}):
            moves = _all_moves(watches, week + 1, weeks, troubled, k)
            soon = _all_moves(watches, week + 1, weeks // 2, troubled, k)
            found |= {one: _look(one, moves, soon) for one in begun if one.weeks == weeks}
    return found


def _all_moves(
    watches: Sequence[Watch], started: int, weeks: int, troubled: frozenset[Group], k: int
) -> dict[str, _Moves]:
    return {watch.groups.scope_type: _moves(watch, started, weeks, troubled, k=k) for watch in watches}


def _moves(watch: Watch, started: int, weeks: int, troubled: frozenset[Group], *, k: int) -> _Moves:
    """Return how each group stands after a week compared with what was believed of it before."""
    groups = watch.groups
    span = range(started + 1, started + 1 + weeks)  # of the week in which it began nobody knows which half counts
    before = groups.asked[:, max(0, started - BEFORE) : started].sum(axis=1)
    streams = _streams(watch.view, groups, span)
    change, variance, level = _joined(watch.view, streams)
    sureness = _sureness(watch.view.levels, change, variance)
    mean = (watch.view.levels * change).sum(axis=1)
    spread = (watch.view.levels * (variance + (change - mean[:, None]) ** 2)).sum(axis=1)
    here = groups.members[:, max(0, started - BEFORE) : span.stop].min(axis=1) >= k
    is_enough = here & (before >= LEAST_ASKED) & (level >= LEAST_ASKED)
    is_calm = np.array([(groups.scope_type, one) not in troubled for one in groups.ids], dtype=bool)
    return _Moves(groups.ids, mean, np.sqrt(spread), sureness, is_enough, is_calm)


def _streams(view: View, groups: Groups, span: range) -> list[After | None]:
    counted = [[one for week in span if (one := answers_of(groups, week)) is not None]]
    if len(view.streams) > 1:
        counted.append([one for week in span if (one := use_of(groups, week)) is not None])
    return [after(stream, weeks) if weeks else None for stream, weeks in zip(view.streams, counted, strict=True)]


def _joined(view: View, streams: Sequence[After | None]) -> tuple[Floats, Floats, Floats]:
    """Return by group and level the change and its variance, of all streams together, and what was asked after."""
    told = [
        _change(stream, view.differences[number], one)
        for number, (stream, one) in enumerate(zip(view.streams, streams, strict=True))
        if one is not None
    ]
    asked = streams[0].trials if streams[0] is not None else np.zeros(len(view.levels))
    if not told:
        return np.zeros_like(view.levels), np.full_like(view.levels, np.inf), asked
    weights = [1 / variance for _, variance in told]
    total = np.sum(weights, axis=0)
    change = np.sum([weight * one for weight, (one, _) in zip(weights, told, strict=True)], axis=0) / total
    return change, 1 / total, asked


def _change(stream: Stream, differences: Grid, one: After) -> tuple[Floats, Floats]:
    """Return by group and level how the log-odds changed, as an answer's: use moves by a part of that."""
    kept = np.log(1 - stream.reach * LEVELS)[None, :, None]
    odds = one.likes[:, None, None] + OFFSETS[None, None, :]
    cut = kept - np.log1p(np.exp(-odds))  # the log of the rate with the barrier
    expected = cut - np.log1p(-np.exp(cut)) - one.likes[:, None, None]
    mean = (differences * expected).sum(axis=2)
    spread = (differences * (expected - mean[:, :, None]) ** 2).sum(axis=2)
    variance = spread + one.variance[:, None]
    return (one.difference[:, None] - mean) / stream.reach, variance / stream.reach**2


def _sureness(levels: Floats, change: Floats, variance: Floats) -> Floats:
    """Return how sure a change upward is, as a normal score: the belief before is a mixture over the levels."""
    sure = (levels * norm.cdf(change / np.sqrt(variance))).sum(axis=1)
    return np.asarray(norm.ppf(np.clip(sure, 1e-9, 1 - 1e-9)))


def _look(one: Played, moves: Mapping[str, _Moves], soon: Mapping[str, _Moves]) -> _Look | None:
    """Return how one group moved; None where its deliveries or those it is compared with are too few."""
    sort, name = one.group
    here = moves.get(sort)
    if here is None or name not in here.ids:
        return None
    place = here.ids.index(name)
    scale, freedom = _unrest(here, moves.values())
    if not here.is_enough[place] or not freedom:
        return None
    sd, score = scale * float(here.sd[place]), float(here.sureness[place]) / scale
    change, least = float(here.change[place]), float(t.ppf((1 + SURE) / 2, freedom))
    return _Look(change, sd, score, least, _began_with_it(soon[sort], place, scale, change))


def _began_with_it(soon: _Moves, place: int, scale: float, change: float) -> bool:
    """Return whether most of the change was there in the first half of the weeks.

    Barriers end by themselves in any week, and what a play does shows soon: an end that comes late is no sign of it.
    """
    score = float(soon.sureness[place]) / scale
    return score >= SOON_SCORE and float(soon.change[place]) >= SOON * change


def _measured(look: _Look | None, drift: tuple[float, float]) -> Measured:
    if look is None:
        return NOTHING
    by_itself, doubt = drift
    change, sd = look.change - by_itself, float(np.hypot(look.sd, doubt))
    score = look.score - look.change / look.sd + change / sd
    # What others recovered makes better unclear, and never makes worse of what only stayed as it was.
    is_better = min(score, look.score) > look.least and look.is_soon
    effect = Effect.BETTER if is_better else Effect.UNCLEAR
    effect = Effect.WORSE if look.score < -look.least else effect
    return Measured(effect, change, change - look.least * sd, change + look.least * sd)


def _drift(waited: Sequence[_Look | None]) -> tuple[float, float]:
    """Return what flagged groups recover by themselves and the doubt of that, shrunk to nothing; zero of too few."""
    looks = [one for one in waited if one is not None]
    if len(looks) < LEAST_TELLING:
        return 0.0, 0.0
    weights = [1 / (one.sd**2 + DRIFT_SD**2) for one in looks]
    certain = sum(weights) + 1 / DRIFT_SD**2
    mean = sum(weight * one.change for weight, one in zip(weights, looks, strict=True)) / certain
    return max(0.0, mean), certain**-0.5


def _unrest(here: _Moves, everywhere: Iterable[_Moves]) -> tuple[float, int]:
    """Return how much further groups without a play moved than chance explains, and how many tell so."""
    scores = here.sureness[here.is_enough & here.is_calm]
    if len(scores) < LEAST_LIKES:
        scores = np.concatenate([one.sureness[one.is_enough & one.is_calm] for one in everywhere])
    if len(scores) < LEAST_TELLING:
        return 1.0, 0
    return max(1.0, float(np.sqrt(np.mean(np.minimum(scores**2, MOST))))), len(scores)
