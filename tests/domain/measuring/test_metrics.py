"""Books that balance: this module is the tests of counts and rates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.measuring.metrics import Books, Entry, Rate, books_of, useful_rate


def entries() -> st.SearchStrategy[list[Entry]]:
    """Give deliveries in any state; only skipped ones carry a reason and may never have been enqueued."""
    skipped = st.builds(
        Entry, st.just(DeliveryStatus.SKIPPED), st.sampled_from(SkipReason), st.booleans(), st.integers(0, 50)
    )
    others = [status for status in DeliveryStatus if status != DeliveryStatus.SKIPPED]
    other = st.builds(Entry, st.sampled_from(others), st.just(""), st.just(True), st.integers(0, 50))
    return st.lists(skipped | other, max_size=30)


@given(entries(), st.integers(0, 20))
def test_the_books_balance_when_everything_is_counted_once(rows: list[Entry], not_yet: int) -> None:
    total = sum(row.count for row in rows)
    books = books_of(rows, audience=total + not_yet, not_yet=not_yet)
    assert books.is_balanced
    assert books.enqueued == sum(row.count for row in rows if row.is_enqueued)
    assert books.waiting == books.planned + books.retry + books.sending


def test_books_say_what_is_missing_and_what_was_counted_twice() -> None:
    assert Books(audience=10, sent=8).difference == 2
    assert Books(audience=10, sent=11).difference == -1
    assert not Books(audience=10, sent=11).is_balanced


@given(entries(), entries())
def test_books_can_be_added(left: list[Entry], right: list[Entry]) -> None:
    both = books_of(left, audience=3) + books_of(right, audience=4)
    assert both == books_of([*left, *right], audience=7)


@pytest.mark.parametrize(
    ("rate", "words"),
    [(Rate(12, 40), "12 of 40 (30 %)"), (Rate(0, 0), "0 of 0"), (useful_rate(useful=3, not_for_me=1), "3 of 4 (75 %)")],
)
def test_a_rate_never_comes_without_its_denominator(rate: Rate, words: str) -> None:
    assert rate.describe() == words
