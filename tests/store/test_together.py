"""Short writes that come at once: they share a commit, and none of them suffers for another."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from nudges.errors import NotAllowed, StorageError
from nudges.store.engine import Database, open_database

PATIENCE = timedelta(seconds=20)


class Book:
    """A table on a real database, whose transactions are counted and can be held up."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.begun = 0
        self.asked = 0
        self.gate = threading.Event()
        with db.begin() as session:
            session.execute(text("CREATE TABLE book (word TEXT PRIMARY KEY)"))

    @contextmanager
    def begin(self, patience: timedelta) -> Iterator[Session]:
        with self.db.begin(patience) as session:
            self.begun += 1
            assert self.gate.wait(10)
            yield session

    def write(self, work: Callable[[Session], Any], patience: timedelta = PATIENCE) -> Any:
        return self.db.together.write(self.begin, work, patience)

    def note(self, word: str) -> Callable[[Session], str]:
        def work(session: Session) -> str:
            self.asked += 1
            session.execute(text("INSERT INTO book VALUES (:word)"), {"word": word})
            return word

        return work

    def words(self) -> list[str]:
        with self.db.reading() as session:
            return sorted(session.execute(text("SELECT word FROM book")).scalars())


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    db = open_database(f"sqlite:///{tmp_path}/book.db")
    yield Book(db)
    db.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it did not happen within ten seconds"
        time.sleep(0.002)


def behind_another(book: Book, pool: ThreadPoolExecutor, works: list[Callable[[Session], Any]]) -> list[Future[Any]]:
    """Have these wait while the writer is at work, then let it go on."""
    first = pool.submit(book.write, book.note("first"))
    until(lambda: book.begun == 1)
    waiting = [pool.submit(book.write, work) for work in works]
    until(lambda: len(book.db.together._waiting) == len(works))
    book.gate.set()
    assert first.result(10) == "first"
    return waiting


def test_who_waits_meanwhile_is_written_in_one_transaction_and_told_of_its_own(book: Book) -> None:
    with ThreadPoolExecutor(6) as pool:
        waiting = behind_another(book, pool, [book.note(word) for word in "abcde"])
        assert [one.result(10) for one in waiting] == list("abcde")
    assert book.begun == 2
    assert book.words() == [*"abcde", "first"]


def refuse(session: Session) -> None:
    session.execute(text("INSERT INTO book VALUES ('half')"))
    raise NotAllowed("No.")


@pytest.mark.parametrize(("bad", "error"), [(refuse, NotAllowed), (None, StorageError)])
def test_one_that_fails_leaves_nothing_behind_and_the_others_are_written(book: Book, bad: Any, error: Any) -> None:
    works = [book.note("a"), bad or book.note("first"), book.note("b")]  # what is there already breaks the key
    with ThreadPoolExecutor(4) as pool:
        a, broken, b = behind_another(book, pool, works)
        with pytest.raises(error):
            broken.result(10)
        assert (a.result(10), b.result(10)) == ("a", "b")
    assert book.words() == ["a", "b", "first"]


def test_waiting_counts_as_time_taken_and_nothing_is_stored_when_it_is_over(book: Book) -> None:
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(book.write, book.note("first"))
        until(lambda: book.begun == 1)
        late = pool.submit(book.write, book.note("late"), timedelta(seconds=0.05))
        until(lambda: len(book.db.together._waiting) == 1)
        end = time.monotonic() + 0.06
        until(lambda: time.monotonic() > end)
        book.gate.set()
        assert first.result(10) == "first"
        with pytest.raises(StorageError, match="too slow"):
            late.result(10)
    assert (book.words(), book.asked) == (["first"], 1)


def test_workspaces_do_not_wait_for_each_other(book: Book) -> None:
    here, there = book.db.of_workspace("T1"), book.db.of_workspace("T2")
    assert here.together is not there.together
