"""Votes: one a person, told whole days late and never of fewer than k people, whoever looks how often."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.delivery.votes import bands, lifts, most_wanted, quarter_of, told_votes
from tests.soak import times

K = 5
MONDAY = datetime(2027, 1, 11, 9, tzinfo=UTC)
Vote = tuple[str, datetime, datetime | None]


def cast(playbook: str, count: int, *, day: int = 0, ended: int | None = None) -> list[Vote]:
    until = None if ended is None else MONDAY + timedelta(days=ended)
    return [(playbook, MONDAY + timedelta(days=day), until)] * count


def told(votes: list[Vote], day: int) -> Counter[str]:
    return Counter(told_votes(votes, here=UTC, until=(MONDAY + timedelta(days=day)).date(), k=K).sides)


def test_votes_are_told_when_their_day_is_over_and_enough_want_the_same() -> None:
    votes = cast("huddles", 6) + cast("files", 5) + cast("canvas", 2)
    assert told(votes, -1) == {}
    assert told(votes, 0) == {"huddles": 6}  # two cannot be told beside five: they would stand alone
    assert dict(bands(told_votes(votes, here=UTC, until=MONDAY.date(), k=K), K)) == {"huddles": "5-9"}


def test_who_changes_their_mind_counts_once_and_where_they_stand_now() -> None:
    votes = cast("huddles", 6) + cast("files", 6, ended=3) + cast("huddles", 6, day=3)
    assert told(votes, 2) == {"huddles": 6, "files": 6}
    assert told([*votes, *cast("canvas", 6, day=3)], 3) == {"huddles": 12, "canvas": 6}


def test_the_most_wanted_goes_one_step_first_and_nothing_does_while_two_are_alike() -> None:
    ahead = told_votes(cast("huddles", 7) + cast("files", 5), here=UTC, until=MONDAY.date(), k=K)
    alike = told_votes(cast("huddles", 5) + cast("files", 5), here=UTC, until=MONDAY.date(), k=K)
    assert (most_wanted(ahead), dict(lifts(ahead))) == ("huddles", {"huddles": 1})
    assert (most_wanted(alike), dict(lifts(alike))) == ("", {})


def test_a_quarter_begins_with_its_first_day() -> None:
    assert quarter_of(date(2027, 4, 1)) == quarter_of(date(2027, 3, 31)) + 1
    assert quarter_of(date(2028, 1, 1)) == quarter_of(date(2027, 12, 31)) + 1


@settings(max_examples=times(100, 5_000), deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5), st.none() | st.integers(0, 5)), max_size=40))
def test_no_number_and_no_difference_of_two_days_stands_for_fewer_than_k(
    drawn: list[tuple[str, int, int | None]],
) -> None:
    votes = [
        (name, MONDAY + timedelta(days=day), None if ended is None else MONDAY + timedelta(days=day + ended))
        for name, day, ended in drawn
    ]
    seen = [told(votes, day) for day in range(12)]
    for one in seen:
        assert all(count >= K for count in one.values())
    for before in seen:
        for after in seen:
            for name in set(before) & set(after):
                assert before[name] == after[name] or abs(before[name] - after[name]) >= K
