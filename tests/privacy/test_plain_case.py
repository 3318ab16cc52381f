"""The short way past the linear programmes: this module tests that it never says more than they do."""

import random
from collections import Counter

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.privacy.audit import _Hidden, _Known, _Reader
from tests.soak import lucks

WHOLE = Scope(ScopeType.DEPARTMENT, "d")
CASES = 300


def a_reader(luck: random.Random) -> tuple[_Reader, list[_Hidden]]:
    """Return somebody who knows true bounds of some unions of sorts, and people who are hidden."""
    people = [luck.randint(1, 12) for _ in range(luck.randint(2, 7))]
    spoke = [luck.randint(0, count) for count in people]
    known = []
    for _ in range(luck.randint(1, 5)):
        sorts = tuple(sorted(luck.sample(range(len(people)), luck.randint(1, len(people)))))
        true = sum(spoke[place] for place in sorts)
        known.append(_Known(sorts, max(0, true - luck.randint(0, 3)), true + luck.randint(0, 3)))
    hidden = [_Hidden(WHOLE, tuple(luck.sample(range(len(people)), luck.randint(1, 2)))) for _ in range(2)]
    return _Reader(people, known), hidden


def test_nobody_is_found_only_where_the_programmes_find_nobody_too() -> None:
    said = Counter[tuple[bool, bool]]()
    for seed in lucks(CASES):
        reader, hidden = a_reader(random.Random(seed))
        said[reader.finds_nobody(hidden), not reader.never_nobody(hidden)] += 1
    assert not said[True, False]
    assert said[True, True] > CASES // 10
    assert said[False, False] > CASES // 10


def test_whoever_must_have_spoken_is_not_passed_over() -> None:
    reader = _Reader([4, 6], [_Known((0, 1), 8, 8)])
    assert not reader.finds_nobody([_Hidden(WHOLE, (0,))])
    assert reader.bounds((0,)) == (2, 4)
