"""A start that keeps nobody waiting: this module tests what is loaded, built and looked through before it is needed."""

import gc
import json
import subprocess
import sys
from pathlib import Path

from bot.start import starting

ROOT = Path(__file__).parents[2]
LATER = {"numpy", "scipy", "altair", "vl_convert", "alembic", "httpx", "fsrs", "jsonschema", "procrastinate",
         "psycopg", "rich", "rapidfuzz", "holidays", "websockets", "snowballstemmer",
         "sqlalchemy.dialects.postgresql"}  # fmt: skip
LOOK = """
import json, sys
import bot.cli.running, bot.runner
from nudges.store.tables import Row
built = [one.__name__ for one in Row.__subclasses__() if one.__pydantic_complete__]
print(json.dumps({"loaded": sorted(sys.modules), "built": built, "tables": len(Row.__subclasses__())}))
"""


def test_a_start_loads_nothing_that_can_come_later_and_builds_nothing_that_no_row_needs() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert LATER & set(found["loaded"]) == set()
    assert found["built"] == [] and found["tables"] > 40


def test_what_a_start_makes_is_never_looked_through_for_garbage_and_what_comes_later_is() -> None:
    with starting():
        assert not gc.isenabled()
        kept = [[] for _ in range(1000)]  # type: ignore[var-annotated]
    later = [[]]  # type: ignore[var-annotated]
    try:
        assert gc.isenabled() and gc.get_freeze_count() >= len(kept)
        watched = {id(one) for one in gc.get_objects()}
        assert id(kept[0]) not in watched and id(later[0]) in watched
    finally:
        gc.unfreeze()


def test_a_start_that_fails_looks_for_garbage_again() -> None:
    try:
        with starting():
            raise LookupError
    except LookupError:
        gc.unfreeze()
    assert gc.isenabled()
