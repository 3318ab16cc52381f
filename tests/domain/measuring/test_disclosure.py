"""What may be shown: this module is the tests of bands and of hiding, with somebody who subtracts."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.measuring.disclosure import Cell, band, may_show, share_band, suppress

K = 5


@pytest.mark.parametrize(
    ("count", "k", "words"),
    [
        (0, 5, ""),
        (4, 5, ""),
        (5, 5, "5-9"),
        (9, 5, "5-9"),
        (10, 5, "10-19"),
        (20, 5, "20-49"),
        (50, 5, "50+"),
        (7, 8, ""),
        (8, 8, "5-9"),
        (4, 3, ""),
        (1234, 5, "50+"),
    ],
)
def test_a_count_is_a_band_and_below_k_it_is_nothing(count: int, k: int, words: str) -> None:
    assert band(count, k) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 10, "under 10 %"),
        (1, 10, "10-20 %"),
        (3, 10, "30-40 %"),
        (89, 100, "80-90 %"),
        (9, 10, "over 90 %"),
        (91, 100, "over 90 %"),
        (0, 0, ""),
    ],
)
def test_a_share_comes_in_steps_of_ten_points(part: int, whole: int, words: str) -> None:
    assert share_band(part, whole) == words


@pytest.mark.parametrize(
    ("members", "reporters", "shown"),
    [(7, 5, True), (6, 5, False), (7, 4, False), (4, 4, False), (30, 29, False), (30, 28, True)],
)
def test_a_group_shows_when_enough_said_it_and_some_did_not(members: int, reporters: int, shown: bool) -> None:
    assert may_show(members=members, reporters=reporters, k=K) == shown


def test_a_hidden_part_pulls_the_smallest_visible_one_down_with_it() -> None:
    parts = {"A": Cell(30, 10), "B": Cell(20, 6), "C": Cell(12, 2)}
    assert set(suppress(Cell(62, 18), parts, K)) == {"A"}


def test_with_nothing_hidden_nothing_is_pulled_down() -> None:
    parts = {"A": Cell(30, 10), "B": Cell(20, 6)}
    assert suppress(Cell(50, 16), parts, K) == parts


def cells() -> st.SearchStrategy[Cell]:
    """Give any group of up to forty, all-of-a-team and nobody included."""
    return st.integers(0, 40).flatmap(lambda n: st.builds(Cell, st.just(n), st.integers(0, n)))


@settings(max_examples=1000, deadline=None)
@given(st.lists(cells(), min_size=1, max_size=6), st.integers(5, 9))
def test_no_subtraction_of_visible_numbers_leaves_fewer_than_k(drawn: list[Cell], k: int) -> None:
    parts = {str(number): cell for number, cell in enumerate(drawn)}
    whole = Cell(sum(cell.members for cell in drawn), sum(cell.reporters for cell in drawn))
    visible = suppress(whole, parts, k)
    assert all(may_show(members=cell.members, reporters=cell.reporters, k=k) for cell in visible.values())
    if not may_show(members=whole.members, reporters=whole.reporters, k=k):
        return
    for some in _subsets(list(visible.values())):
        for count, taken in (
            (whole.reporters, [c.reporters for c in some]),
            (whole.members, [c.members for c in some]),
        ):
            left = count - sum(taken)
            assert left == 0 or left >= k


def _subsets(visible: list[Cell]) -> list[tuple[Cell, ...]]:
    return list(chain.from_iterable(combinations(visible, size) for size in range(len(visible) + 1)))
