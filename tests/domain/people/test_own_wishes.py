"""Hours and topics of one's own: this module tests how they are read, kept and joined with the working week."""

import pytest

from nudges.domain.people.topics import TopicWish, topic_named
from nudges.domain.times.hours import WorkingWeek
from nudges.domain.times.own_hours import differs_wholly, read_own_hours, week_within

USUAL = WorkingWeek.parse("09:00-17:00 mon-thu, 09:00-12:00 fri")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("10-16 mon-thu", "10:00-16:00 mon-thu"),
        ("9:30 to 12:00", "09:30-12:00"),
        ("10-12 mon, wed", "10:00-12:00 mon, 10:00-12:00 wed"),
        ("9-11, 14-16 mon wed", "09:00-11:00 mon, 09:00-11:00 wed, 14:00-16:00 mon, 14:00-16:00 wed"),
        ("10 – 16 Monday-Tuesday", "10:00-16:00 mon-tue"),
    ],
)
def test_hours_are_read_as_people_write_them_and_reading_again_changes_nothing(typed: str, kept: str) -> None:
    assert read_own_hours(typed) == kept
    assert read_own_hours(kept) == kept


@pytest.mark.parametrize(
    "typed", ["", "mornings", "16-10", "25-26", "10-16 someday", "10-16 mon; drop table", "-", "3"]
)
def test_what_is_no_span_of_hours_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_own_hours(typed)


@pytest.mark.parametrize(
    ("own", "within", "is_outside"),
    [
        ("", "09:00-17:00 mon-thu, 09:00-12:00 fri", False),
        ("10:00-16:00", "10:00-16:00 mon-thu, 10:00-12:00 fri", False),
        ("10:00-16:00 tue-wed", "10:00-16:00 tue wed", False),
        ("18:00-20:00 mon-tue", "18:00-20:00 mon tue", True),
        ("14:00-16:00 thu-fri", "14:00-16:00 thu fri", True),  # on Fridays nothing is shared, so theirs count
        ("10:00-14:00 mon-sun", "10:00-14:00 mon-thu, 10:00-12:00 fri", False),  # a day off stays one
        ("10:00-14:00 sat", "10:00-14:00 sat", True),  # unless no day were left at all
        ("written by an older release", "09:00-17:00 mon-thu, 09:00-12:00 fri", False),
    ],
)
def test_own_hours_are_joined_day_by_day(own: str, within: str, is_outside: bool) -> None:
    assert week_within(USUAL, own).describe() == within
    assert differs_wholly(USUAL, own) is is_outside


def test_what_is_switched_off_stays_off_and_of_chosen_topics_one_is_enough() -> None:
    off, only = TopicWish(frozenset({"files"})), TopicWish(frozenset({"files"}), is_only=True)
    assert [off.allows(topics) for topics in ((), ("mail",), ("files",), ("files", "mail"))] == [
        True,
        True,
        False,
        False,
    ]
    assert [only.allows(topics) for topics in ((), ("mail",), ("files",), ("files", "mail"))] == [
        True,
        False,
        True,
        True,
    ]
    assert not only.without(["files"]).allows(("files",))  # then nothing with a topic comes
    assert off.including(["files"]).allows(("files",))


def test_a_wish_is_kept_in_words_and_read_back() -> None:
    for wish in (TopicWish(), TopicWish(frozenset({"b", "a"})), TopicWish(frozenset(), is_only=True)):
        assert TopicWish.decode(wish.encode()) == wish
    assert TopicWish(frozenset({"b", "a"})).encode() == "not a b"
    assert topic_named(" Sharing  Files! ") == "sharing-files"
