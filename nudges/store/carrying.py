"""What outlives a restore: this module carries over what the replaced database knows and the backup cannot.

It writes only into a database that nobody works on yet, which is why the tables' own writers are not asked.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, Table, exists, func, inspect, select
from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import NOTICES, DeliveryStatus
from nudges.store.engine import Database
from nudges.store.insertions import insert_into
from nudges.store.tables import (
    CampaignRow,
    DeliveryRow,
    ForgottenRow,
    PreferenceRow,
    Row,
    StoppedNudgeRow,
)

BEFORE = "before"
_AT_SLACK = (DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)


@contextmanager
def beside(database: Database, kept: Path) -> Iterator[None]:
    """Let statements on the writing connection see the replaced database too."""
    with closing(database.writer.raw_connection()) as connection:
        connection.cursor().execute("ATTACH DATABASE ? AS before", (str(kept),))
    try:
        yield
    finally:
        with closing(database.writer.raw_connection()) as connection:
            connection.cursor().execute("DETACH DATABASE before")


def carry_tombstones(session: Session) -> int:
    """Take over who asked to be forgotten; return how many are new."""
    before, here = _before(session, ForgottenRow), _table(ForgottenRow)
    known = exists().where(here.c.workspace_id == before.c.workspace_id, here.c.person_hash == before.c.person_hash)
    return _take(session, here, before, ~known)


def carry_wishes(session: Session) -> int:
    """Take over who stopped, rests or was introduced, as it is today; return how many people that concerns."""
    return _take(session, _table(PreferenceRow), _before(session, PreferenceRow), _always())


def carry_stopped(session: Session) -> int:
    """Take over which nudges were stopped or recalled."""
    before = _before(session, StoppedNudgeRow)
    return _take(session, _table(StoppedNudgeRow), before, _same_campaign(session, before))


def carry_sent(session: Session) -> int:
    """Take over what was sent, or may have been, so that it is not sent again; return how many deliveries."""
    before, here = _before(session, DeliveryRow), _table(DeliveryRow)
    at_slack = before.c.status.in_([status.value for status in _AT_SLACK])
    known = exists().where(
        here.c.delivery_id == before.c.delivery_id, here.c.status == before.c.status, here.c.attempt == before.c.attempt
    )
    # A notice whose words the backup does not have cannot be sent twice: nothing of it is there.
    ours = _same_campaign(session, before) | (before.c.campaign_id == NOTICES)
    return _take(session, here, before, at_slack & ~known & ours)


def _take(session: Session, here: Table, before: Table, which: Any) -> int:
    """Copy rows over those of the same key."""
    shared = [column.name for column in here.columns if column.name in before.columns]
    rows = select(*(before.c[name] for name in shared)).where(which)
    count: int = session.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
    new = insert_into("sqlite", here).from_select(shared, rows)
    keys = [column.name for column in here.primary_key]
    values = {name: new.excluded[name] for name in shared if name not in keys}
    session.connection().execute(new.on_conflict_do_update(index_elements=keys, set_=values))
    return count


def _same_campaign(session: Session, before: Table) -> Any:
    """Whether the row's campaign is in the backup: another one may have been given its number."""
    then, now = _before(session, CampaignRow), _table(CampaignRow)
    same = (then.c.name == now.c.name) & (then.c.published_at == now.c.published_at)
    return exists().where(then.c.campaign_id == before.c.campaign_id, now.c.campaign_id == then.c.campaign_id, same)


def _always() -> Any:
    return select(1).exists()  # SQLite wants a condition between SELECT and ON CONFLICT


def _before(session: Session, row: type[Row]) -> Table:
    """Return the table as the replaced database has it: it may be older or newer by some columns."""
    known = {column["name"] for column in inspect(session.connection()).get_columns(_table(row).name, schema=BEFORE)}
    columns = (Column(column.name, column.type) for column in _table(row).columns if column.name in known)
    return Table(_table(row).name, MetaData(), *columns, schema=BEFORE)


def _table(row: type[Row]) -> Table:
    found: Table = row.__table__  # type: ignore[attr-defined]
    return found
