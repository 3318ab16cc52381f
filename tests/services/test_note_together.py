"""Errands and notes of threads: each is answered, and what was posted is noted once without waiting for long."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from nudges.services.answers.note_together import Together
from nudges.services.delivery.notes import LINGER_S, Notes

MANY = 20


def post(notes: Notes[int], *numbers: int, first: Callable[[], object] = lambda: None) -> None:
    with notes.underway() as note:
        first()
        for number in numbers:
            note(number)


def test_notes_that_come_close_together_are_committed_together() -> None:
    groups: list[Sequence[int]] = []
    notes, all_here = Notes(groups.append, MANY), threading.Barrier(MANY)
    with ThreadPoolExecutor(MANY) as threads:
        list(threads.map(lambda number: post(notes, number, first=lambda: all_here.wait(10)), range(MANY)))
    assert [sorted(group) for group in groups] == [list(range(MANY))]


def test_whatever_lands_when_and_in_whatever_order_is_noted_once_before_the_batch_is_over() -> None:
    groups: list[Sequence[int]] = []
    notes = Notes(groups.append, 3)
    with ThreadPoolExecutor(MANY) as threads:
        list(threads.map(lambda number: post(notes, *[number] * (number % 4 > 0)), range(400)))
    noted = [number for group in groups for number in group]
    assert sorted(noted) == [number for number in range(400) if number % 4]


def test_what_lands_while_others_are_written_goes_along_with_the_next() -> None:
    groups: list[Sequence[int]] = []
    is_writing, go_on = threading.Event(), threading.Event()

    def write(group: Sequence[int]) -> None:
        groups.append(group)
        is_writing.set()
        assert go_on.wait(10)

    notes = Notes(write, MANY)
    with ThreadPoolExecutor(MANY) as threads:
        first = threads.submit(post, notes, 0)
        assert is_writing.wait(10)
        second = threads.submit(post, notes, 1)
        while not notes._has_writer:
            time.sleep(0.001)
        for number in (2, 3):
            post(notes, number)  # nobody waits who need not write
        go_on.set()
        first.result(10)
        second.result(10)
    assert groups == [[0], [1, 2, 3]]


def test_whoever_comes_to_nothing_holds_nobody_up() -> None:
    groups: list[Sequence[int]] = []
    notes, started = Notes(groups.append, MANY), time.monotonic()
    with contextlib.suppress(OSError), notes.underway():
        raise OSError("refused")
    for number in range(100):
        post(notes, number)
    assert len(groups) == 100
    assert time.monotonic() - started < 100 * LINGER_S, "nobody was waited for"


def test_a_note_does_not_wait_for_one_that_takes_long() -> None:
    groups: list[Sequence[int]] = []
    notes = Notes(groups.append, MANY)
    with notes.underway():
        post(notes, 1)
        assert groups == [[1]]


def test_a_note_that_cannot_be_written_is_told_to_who_runs_the_batch_and_the_next_is_tried_anew() -> None:
    groups: list[Sequence[int]] = []

    def refuse_the_first(group: Sequence[int]) -> None:
        groups.append(group)
        if len(groups) == 1:
            raise OSError("disk full")

    notes = Notes(refuse_the_first, MANY)
    with pytest.raises(OSError, match="disk full"):
        post(notes, 1)
    post(notes, 2)
    assert groups == [[1], [2]]


def test_each_gets_what_was_found_for_it() -> None:
    looks, all_here = Together[int, int](lambda asked: [2 * one for one in asked], MANY), threading.Barrier(MANY)

    def look(number: int) -> int:
        all_here.wait(10)
        return looks.ask(number)

    with ThreadPoolExecutor(MANY) as threads:
        assert list(threads.map(look, range(MANY))) == [2 * number for number in range(MANY)]


def test_a_look_that_fails_is_told_to_everybody_in_the_group() -> None:
    def refuse(_: Sequence[int]) -> Sequence[None]:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Together(refuse, MANY).ask(1)
