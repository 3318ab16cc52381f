"""The shape of procrastinate's tables: this module is the only writer of `queue_steps` and takes the steps once.

The library brings its whole shape for a new database and a file for each step since, named in their order. Which of
them were taken is kept here, because the library does not say; a step runs together with the note that it did.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import Database
from nudges.store.tables import QueueStepRow

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('nudger queue shape', 0))")


def bring_up(database: Database, whole: str, steps: Mapping[str, str]) -> tuple[str, ...]:
    """Take the steps that were not taken yet, all or none, and return their names; a new database gets the whole."""
    with database.begin() as session:
        session.connection().execute(_ONE_AT_A_TIME)
        taken = set(session.execute(select(col(QueueStepRow.step))).scalars())
        missing = tuple(name for name in sorted(steps) if name not in taken)
        if not missing:
            return ()
        for script in (steps[name] for name in missing) if taken else (whole,):
            _run(session, script)
        session.execute(insert(QueueStepRow), [{"step": name} for name in missing])
    return missing


def _run(session: Session, script: str) -> None:
    # Past the library: it would take the percent signs and colons of the script for places of values.
    driver: Any = session.connection().connection.driver_connection
    driver.execute(script)
