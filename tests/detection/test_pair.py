"""Answers and use read together: this module is what their kinship, their jumps and their wobble must do."""

from dataclasses import replace

import numpy as np

from nudges.domain.detection.filter import LEVELS, OFFSETS, Filter, Stream, Told, Week
from nudges.domain.detection.fitting import Together
from nudges.domain.detection.measured import dispersion_of, kinship_of
from nudges.domain.detection.pair import PairFilter

ANSWERS, USE = Stream(), Stream(reach=0.5)
RATE = 0.4


def a_week(rate: float | np.ndarray, *, trials: float = 12.0, groups: int = 1) -> Week:
    """Return a week in which groups have exactly this rate among likes that have four in ten."""
    asked = np.full(groups, trials)
    return Week(asked, asked * rate, np.full(groups, RATE))


def after(kinship: float, weeks: list[tuple[Week, Week]]) -> PairFilter:
    found = PairFilter(len(weeks[0][0].trials), (ANSWERS, USE), kinship)
    for answers, use in weeks:
        found.advance(Told(ANSWERS, answers), Told(USE, use))
    return found


def test_who_is_low_in_both_is_suspected_less_where_both_always_go_together() -> None:
    low = [(a_week(0.24), a_week(0.26, trials=60.0))] * 12
    assert after(0.8, low).barrier[0] < 0.7 * after(0.0, low).barrier[0]


def test_without_use_it_believes_what_answers_alone_say() -> None:
    alone, pair = Filter(1, ANSWERS), PairFilter(1, (ANSWERS, USE), 0.0)
    for _ in range(10):
        told = Told(ANSWERS, a_week(0.2))
        alone.advance(told)
        pair.advance(told, None)
    assert np.isclose(pair.barrier[0], alone.barrier[0], atol=1e-4)
    assert np.isclose(pair.evidence[0], alone.evidence, atol=1e-2)


def test_groups_are_judged_by_themselves_however_many_there_are() -> None:
    many = after(0.4, [(a_week(0.2, groups=300), a_week(0.3, groups=300))] * 3)
    one = after(0.4, [(a_week(0.2), a_week(0.3))] * 3)
    assert np.allclose(many.barrier, one.barrier[0], atol=1e-6)


def test_a_view_adds_up() -> None:
    view = after(0.6, [(a_week(0.2, groups=3), a_week(0.3, groups=3))] * 4).view
    assert np.allclose(view.levels.sum(axis=1), 1, atol=1e-5)
    for differences in view.differences:
        assert differences.shape == (3, len(LEVELS), len(OFFSETS))
        assert np.allclose(differences.sum(axis=2), 1, atol=1e-4)


def test_a_large_team_is_not_believed_beyond_its_own_wobble() -> None:
    plain, wary = (Filter(1, replace(ANSWERS, wobble=wobble)) for wobble in (0.0, 0.15))
    for found in (plain, wary):
        for week in [a_week(RATE, trials=60.0)] * 8 + [a_week(0.26, trials=60.0)] * 2:
            found.advance(Told(found.stream, week))
    assert wary.barrier[0] < 0.75 * plain.barrier[0]


def test_how_much_counts_jump_is_measured() -> None:
    rng = np.random.default_rng(4)
    calm = [a_week(rng.binomial(40, RATE, 60) / 40, trials=40.0, groups=60) for _ in range(10)]
    wild = [a_week(rng.binomial(10, RATE, 60) / 10, trials=40.0, groups=60) for _ in range(10)]
    assert dispersion_of(calm, 2.0) == 1.0
    assert dispersion_of(wild, 2.0) >= 3.2
    assert dispersion_of(calm[:2], 2.0) == 2.0, "so few weeks tell nothing"


def test_how_far_two_streams_go_together_is_measured() -> None:
    rng = np.random.default_rng(5)
    mine, other = rng.normal(0, 0.5, (2, 80))
    counts = [
        [a_week(rng.binomial(40, 1 / (1 + np.exp(0.4 - one))) / 40, trials=40.0, groups=80) for _ in range(12)]
        for one in (mine, mine, other)
    ]
    assert kinship_of(counts[0], counts[1], 0.4) == 0.8
    assert kinship_of(counts[0], counts[2], 0.4) <= 0.2
    assert kinship_of([None], counts[1], 0.4) == 0.4


def test_use_that_no_barrier_touches_is_told_from_use_that_one_does() -> None:
    rng = np.random.default_rng(6)
    for reach, expected in ((0.5, True), (0.0, False)):
        cut = np.where(np.arange(60) < 12, 0.6, 0.0)
        together, alone = Together(60, (ANSWERS, USE)), (Filter(60, ANSWERS), Filter(60, replace(USE, reach=0.0)))
        for week in range(20):
            level = cut * (week >= 6)
            answers = a_week(rng.binomial(20, RATE * (1 - level)) / 20, trials=20.0, groups=60)
            use = a_week(rng.binomial(60, RATE * (1 - reach * level)) / 60, trials=60.0, groups=60)
            together.advance((answers, use), like=alone)
        assert together.is_use_touched is expected
