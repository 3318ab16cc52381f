"""Notes of threads: each is committed before its thread goes on, and those under way are waited for, but not long."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from nudges.services.answers.note_together import Together

MANY = 20


def test_notes_that_come_close_together_are_committed_together() -> None:
    groups: list[Sequence[int]] = []
    notes, all_here = Together(groups.append, MANY), threading.Barrier(MANY)

    def post(number: int) -> bool:
        with notes.underway():
            all_here.wait(10)
        notes.note(number)
        return any(number in group for group in groups)

    with ThreadPoolExecutor(MANY) as threads:
        assert all(threads.map(post, range(MANY)))
    assert sorted(number for group in groups for number in group) == list(range(MANY))


def test_a_note_does_not_wait_for_one_that_takes_long() -> None:
    groups: list[Sequence[str]] = []
    notes = Together(groups.append, MANY)
    with notes.underway():
        notes.note("quick")
        assert groups == [["quick"]]


def test_what_commits_badly_is_told_to_everybody_in_the_group() -> None:
    def refuse(_: Sequence[int]) -> None:
        raise OSError("disk full")

    notes: Together[int] = Together(refuse, MANY)
    with pytest.raises(OSError, match="disk full"):
        notes.note(1)
