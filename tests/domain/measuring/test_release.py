"""Results never point at anybody: not in one look, not beside each other, not from one day to the next."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.measuring.release import Change, Release, Told, released, told_groups, told_sides

START = date(2027, 1, 11)
LAST = 9
K = 5
SIDES, GROUPS = ("useful", "not_for_me", "other"), ("north", "south", "west")


def on(day: int) -> date:
    return START + timedelta(days=day)


def people(count: int, side: str, *, group: str = "north", day: int = 0) -> list[Change]:
    return [Change(on(day), group, side)] * count


def by_sides(counts: Mapping[str, int], told: Iterable[str]) -> list[int]:
    kept = [counts.get(side, 0) for side in sorted(told)]
    return [*kept, sum(counts.values()) - sum(kept)]


changes = st.lists(
    st.builds(
        lambda day, group, side, by: Change(on(day), group, side, by),
        st.integers(0, LAST),
        st.sampled_from(GROUPS),
        st.sampled_from(SIDES),
        st.sampled_from((1, 2, 3, 5, 6, 7, 11)),
    ),
    max_size=25,
)


def counted(some: list[Change], until: date, groups: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for change in some:
        if change.on <= until and change.group in groups:
            found[change.side] += change.by
    return found


def is_enough(count: int) -> bool:
    return count == 0 or abs(count) >= K


@settings(max_examples=400, deadline=None)
@given(changes)
def test_nothing_told_stands_for_fewer_than_k_nor_leaves_fewer_than_k(some: list[Change]) -> None:
    for day in range(LAST + 1):
        look = released(some, until=on(day), k=K)
        for told in ([look.whole] if look.whole else []) + list((look.groups or {}).values()):
            assert all(count >= K for count in told.sides.values())
            assert is_enough(told.of - sum(told.sides.values()))
            assert max(told.sides.values(), default=0) < told.of


@settings(max_examples=400, deadline=None)
@given(changes)
def test_groups_taken_from_their_whole_leave_nobody_or_enough(some: list[Change]) -> None:
    look = released(some, until=on(LAST), k=K)
    if look.groups is None or look.groups_as_of is None:
        return
    # The whole was told on that day too, whatever has been told since.
    then = released(some, until=look.groups_as_of, k=K)
    assert then.whole is not None
    for size in range(len(look.groups) + 1):
        for taken in combinations(look.groups, size):
            rest = counted(some, look.groups_as_of, set(GROUPS) - set(taken))
            assert all(is_enough(count) for count in by_sides(rest, then.whole.sides))


@settings(max_examples=400, deadline=None)
@given(changes)
def test_two_looks_on_different_days_differ_by_nobody_or_enough(some: list[Change]) -> None:
    looks = [released(some, until=on(day), k=K) for day in range(LAST + 1)]
    for before, after in combinations(looks, 2):
        for old, new in pairs(before, after):
            both = old.sides.keys() & new.sides.keys()
            steps = [new.sides[side] - old.sides[side] for side in both]
            assert all(is_enough(step) for step in steps)
            if old.sides.keys() == new.sides.keys():
                assert is_enough(new.of - sum(new.sides.values()) - old.of + sum(old.sides.values()))


def pairs(before: Release, after: Release) -> list[tuple[Told, Told]]:
    both = [(before.whole, after.whole)] if before.whole and after.whole else []
    old, new = before.groups or {}, after.groups or {}
    return both + [(old[name], new[name]) for name in old.keys() & new.keys()]


@given(changes, st.integers(0, LAST))
def test_what_is_told_of_a_day_does_not_depend_on_later_days(some: list[Change], day: int) -> None:
    until_then = [change for change in some if change.on <= on(day)]
    assert released(some, until=on(day), k=K) == released(until_then, until=on(day), k=K)


def test_enough_on_both_sides_is_told_and_too_few_on_one_is_not() -> None:
    assert released(people(9, "useful") + people(5, "not_for_me"), until=on(0), k=K).whole == Told(
        {"useful": 9, "not_for_me": 5}, 14
    )
    assert released(people(9, "useful") + people(4, "not_for_me"), until=on(0), k=K) == Release()


def test_that_all_are_of_one_mind_is_not_told() -> None:
    assert released(people(40, "useful"), until=on(0), k=K) == Release()


def test_rare_answers_stay_together() -> None:
    assert told_sides({"a": 40, "b": 3, "c": 2}, K) == {"a"}
    assert told_sides({"a": 40, "b": 9, "c": 2}, K) == {"a"}
    assert told_sides({"a": 40, "b": 9, "c": 6}, K) == {"a", "b", "c"}


def test_a_group_that_would_betray_the_last_one_is_hidden_too() -> None:
    parts = {
        "north": {"useful": 20, "not_for_me": 20},
        "south": {"useful": 9, "not_for_me": 8},
        "west": {"useful": 2, "not_for_me": 1},
    }
    assert told_groups(parts, frozenset({"useful", "not_for_me"}), K) == {"north"}


def test_one_person_more_waits_for_others_before_anything_changes() -> None:
    first = people(9, "useful") + people(6, "not_for_me")
    late = people(1, "useful", day=1)
    more = people(4, "useful", day=2)
    assert released(first + late, until=on(1), k=K) == released(first, until=on(0), k=K)
    grown = released(first + late + more, until=on(2), k=K)
    assert grown.whole == Told({"useful": 14, "not_for_me": 6}, 20)
    assert grown.as_of == on(2)


def test_the_whole_goes_on_while_groups_wait() -> None:
    first = people(9, "useful") + people(6, "not_for_me")
    first += people(9, "useful", group="south") + people(6, "not_for_me", group="south")
    later = people(3, "useful", day=1) + people(2, "useful", group="south", day=1)
    look = released(first + later, until=on(1), k=K)
    assert look.whole == Told({"useful": 23, "not_for_me": 12}, 35)
    assert (look.as_of, look.groups_as_of) == (on(1), on(0))
    assert look.groups is not None
    assert look.groups["north"] == Told({"useful": 9, "not_for_me": 6}, 15)


@pytest.mark.parametrize("k", [0, 3, 5])
def test_a_smaller_k_than_five_counts_as_five(k: int) -> None:
    assert released(people(9, "useful") + people(4, "not_for_me"), until=on(0), k=k) == Release()
