"""Which processes live: this module is the only writer of `processes`, and it goes by the database's clock alone.

The clocks of several machines differ, and a stopped process cannot say so; what counts is when each was last seen.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import rows_changed
from nudges.store.tables import ProcessRow


class Part(StrEnum):
    """What a process does; `run` does everything."""

    WEB = "web"
    WORKER = "worker"
    CLOCK = "clock"
    RUN = "run"


SEEN_WITHIN = timedelta(minutes=2)  # a part not seen for longer is told as missing
NEEDED = (Part.WEB, Part.WORKER, Part.CLOCK)


def begin(session: Session, part: Part, place: str) -> int:
    """Note a new process and return its number; later ones have higher numbers."""
    values = {"part": part, "place": place, "started_at": func.now(), "seen_at": func.now()}
    new = insert(ProcessRow).values(**values).returning(col(ProcessRow.process_id))
    return session.execute(new).scalar_one() or 0


def beat(session: Session, process_id: int) -> bool:
    """Note that it lives; False when it is not known any more."""
    statement = update(ProcessRow).where(col(ProcessRow.process_id) == process_id).values(seen_at=func.now())
    return rows_changed(session, statement) == 1


def end(session: Session, process_id: int) -> None:
    """Forget a process that ends in order."""
    rows_changed(session, delete(ProcessRow).where(col(ProcessRow.process_id) == process_id))


def oldest_living(session: Session, part: Part, within: timedelta) -> int | None:
    """Return the number of the first process of this part that was seen within the time, or None."""
    lives = (col(ProcessRow.part) == part, col(ProcessRow.seen_at) > func.now() - within)
    return session.execute(select(func.min(col(ProcessRow.process_id))).where(*lives)).scalar_one()


def parts_seen(session: Session, within: timedelta) -> set[Part]:
    """Return the parts of which a process was seen within the time."""
    seen = select(col(ProcessRow.part)).where(col(ProcessRow.seen_at) > func.now() - within).distinct()
    return {Part(part) for part in session.execute(seen).scalars()}


def missing(seen: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts that should live and do not; none where one process does everything."""
    known = set(seen)
    return () if Part.RUN in known else tuple(part for part in NEEDED if part not in known)


def prune(session: Session, older_than: timedelta) -> int:
    """Forget processes that were not seen for so long; return how many."""
    return rows_changed(session, delete(ProcessRow).where(col(ProcessRow.seen_at) < func.now() - older_than))
