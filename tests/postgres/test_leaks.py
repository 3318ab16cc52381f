"""Connections that nobody gives back: this module is the tests that there are none, and nothing asynchronous."""

import ast
import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.pool import QueuePool

from nudges.errors import StorageError
from nudges.store import audit
from nudges.store.engine import Database
from tests.databases import PostgresServer
from tests.soak import lucks
from tests.store.rows import HERE, NOON

ROOT = Path(__file__).parents[2]
TIMES = 10_000 if os.environ.get("NUDGER_SOAK") else 1_000
THREADS = 8
ASYNCHRONOUS = {"AsyncSession", "AsyncEngine", "create_async_engine", "async_sessionmaker", "async_scoped_session"}
IDLE = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"


class Cancelled(BaseException):
    """What ends a thread's work from outside."""


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in ("bot", "nudges"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "sandbox" in path.parts:
                continue  # a stand-in for Slack; it has no database
            yield path, ast.parse(path.read_text("utf-8"))


def test_no_session_can_be_shared_by_two_tasks_because_none_is_asynchronous() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path, tree in sources()
        for node in ast.walk(tree)
        for word in [getattr(node, "id", "") or getattr(node, "attr", "") or getattr(node, "name", "")]
        if word in ASYNCHRONOUS
    }
    assert found == set()


def test_sessions_are_only_opened_in_a_with_statement() -> None:
    wrong = []
    for path, tree in sources():
        held = {id(item.context_expr) for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _opens(node) and id(node) not in held:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    # One place makes it for two who close it: the `with` of Database.reading, and the readings of a thread alone.
    source = (ROOT / "nudges/store/engine.py").read_text("utf-8").splitlines()
    made = next(number for number, line in enumerate(source, 1) if "return Session(reader" in line)
    assert wrong == [f"nudges/store/engine.py:{made}"]


@pytest.mark.slow
def test_work_that_is_cancelled_or_fails_anywhere_gives_its_connection_back(
    server: PostgresServer, db: Database
) -> None:
    def work(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(TIMES // THREADS):
            _break_somewhere(db, dice)

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, seed) for seed in lucks(THREADS)]:
            done.result(600)
    assert server.run(IDLE) == [(0,)]
    for engine in (db.writer, db.reader):
        assert isinstance(engine.pool, QueuePool)
        assert engine.pool.checkedout() == 0
        assert engine.pool.checkedin() <= engine.pool.size()
    with db.begin() as session:
        audit.record(session, HERE, actor_id="U1", action="look", now=NOON)


def _break_somewhere(db: Database, dice: random.Random) -> None:
    error = dice.choice([Cancelled, KeyboardInterrupt, RuntimeError, GeneratorExit, StorageError])
    at = dice.randrange(4)
    try:
        with db.reading() if dice.random() < 0.5 else db.begin() as session:
            for place in range(3):
                if place == at:
                    raise error
                audit.lines(session, HERE)
    except (Cancelled, KeyboardInterrupt, RuntimeError, GeneratorExit, StorageError):
        pass


def _opens(node: ast.Call) -> bool:
    if not isinstance(node.func, ast.Attribute):
        return getattr(node.func, "id", "") == "Session"
    whose = getattr(node.func.value, "attr", "") or getattr(node.func.value, "id", "")
    return node.func.attr in ("begin", "reading") and whose in ("db", "database", "other")
