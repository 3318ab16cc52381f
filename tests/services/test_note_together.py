"""Notes of threads: each is committed before its thread goes on, and those under way are waited for, but not long."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from nudges.services.answers.note_together import LINGER_S, Together

MANY = 20
T = TypeVar("T")


def test_notes_that_come_close_together_are_committed_together() -> None:
    groups: list[Sequence[int]] = []
    notes, all_here = Together(noting(groups), MANY), threading.Barrier(MANY)

    def post(number: int) -> bool:
        with notes.underway() as note:
            all_here.wait(10)
            note(number)
        return any(number in group for group in groups)

    with ThreadPoolExecutor(MANY) as threads:
        assert all(threads.map(post, range(MANY)))
    assert [sorted(group) for group in groups] == [list(range(MANY))]


def test_each_gets_what_was_found_for_it() -> None:
    looks, all_here = Together[int, int](lambda asked: [2 * one for one in asked], MANY), threading.Barrier(MANY)

    def look(number: int) -> int:
        all_here.wait(10)
        return looks.ask(number)

    with ThreadPoolExecutor(MANY) as threads:
        assert list(threads.map(look, range(MANY))) == [2 * number for number in range(MANY)]


def test_whoever_comes_to_nothing_holds_nobody_up() -> None:
    groups: list[Sequence[str]] = []
    notes, started = Together(noting(groups), MANY), time.monotonic()
    with contextlib.suppress(OSError), notes.underway():
        raise OSError("refused")
    for _ in range(100):
        notes.ask("quick")
    assert len(groups) == 100
    assert time.monotonic() - started < 100 * LINGER_S, "nobody was waited for"


def noting(groups: list[Sequence[T]]) -> Callable[[Sequence[T]], Sequence[None]]:
    def work(group: Sequence[T]) -> Sequence[None]:
        groups.append(group)
        return [None] * len(group)

    return work


def test_a_note_does_not_wait_for_one_that_takes_long() -> None:
    groups: list[Sequence[str]] = []
    notes = Together(noting(groups), MANY)
    with notes.underway():
        notes.ask("quick")
        assert groups == [["quick"]]


def test_what_commits_badly_is_told_to_everybody_in_the_group() -> None:
    def refuse(_: Sequence[int]) -> Sequence[None]:
        raise OSError("disk full")

    notes = Together(refuse, MANY)
    with pytest.raises(OSError, match="disk full"):
        notes.ask(1)
