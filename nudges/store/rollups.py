"""Counts read instead of counted: this module is the only reader of `rollups`, and its check against the rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, delete, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import NOTICES
from nudges.store import rollup_triggers
from nudges.store.engine import AnyRow, Database, fetch, rows_changed
from nudges.store.past import DELIVERY, RETURN
from nudges.store.rollup_facts import AGAIN, COLUMNS, FIRST, PEOPLE, QUARTER_S, Facts
from nudges.store.tables import RollupRow

__all__ = ["AGAIN", "FIRST", "PEOPLE", "QUARTER_S"]


@dataclass(frozen=True, slots=True)
class Rolled:
    """So many that stand alike."""

    kind: str
    nudge_key: str
    value: str
    reason: str
    is_enqueued: bool
    segment: str
    quarter: int
    count: int


_COUNT = func.sum(col(RollupRow.count))
_OF_CAMPAIGN = select(*(getattr(RollupRow, name) for name in Rolled.__slots__)).where(
    col(RollupRow.campaign_id) == bindparam("campaign_id"), col(RollupRow.count) != 0
)
_STANDING = (col(RollupRow.nudge_key), col(RollupRow.value), col(RollupRow.reason), col(RollupRow.is_enqueued))
_OF_DELIVERIES = (
    select(*_STANDING, _COUNT)
    .where(col(RollupRow.campaign_id) == bindparam("campaign_id"), col(RollupRow.kind) == DELIVERY)
    .group_by(*_STANDING)
    .having(_COUNT != 0)
    .order_by(*_STANDING)
)
_OF_KINDS = (
    select(col(RollupRow.kind), col(RollupRow.nudge_key), col(RollupRow.value), col(RollupRow.reason), _COUNT)
    .where(col(RollupRow.campaign_id) == bindparam("campaign_id"))
    .where(col(RollupRow.kind).in_(bindparam("kinds", expanding=True)))
    .group_by(col(RollupRow.kind), col(RollupRow.nudge_key), col(RollupRow.value), col(RollupRow.reason))
    .having(_COUNT != 0)
    .order_by(col(RollupRow.kind), col(RollupRow.nudge_key), col(RollupRow.value), col(RollupRow.reason))
)


def of_campaign(session: Session, campaign_id: int) -> Iterator[Rolled]:
    """Give all counts of a campaign, by nudge, segment and quarter of an hour."""
    yield from (Rolled(*row) for row in fetch(session, _OF_CAMPAIGN, campaign_id=campaign_id))


def day_of(quarter: int, here: ZoneInfo) -> date:
    """Return the day of a quarter of an hour: every zone's day begins with one, so a quarter is of one day."""
    return datetime.fromtimestamp(quarter * QUARTER_S, here).date()


def deliveries(session: Session, campaign_id: int) -> list[tuple[str, str, str, bool, int]]:
    """Return nudge, status, reason, whether it is enqueued, and how many deliveries stand so."""
    return [(*row[:4], int(row[4])) for row in fetch(session, _OF_DELIVERIES, campaign_id=campaign_id)]


def kinds(session: Session, campaign_id: int, *wanted: str) -> list[tuple[str, str, str, str, int]]:
    """Return kind, nudge, value, reason and count of these kinds, whichever the segment and the hour."""
    rows = fetch(session, _OF_KINDS, campaign_id=campaign_id, kinds=list(wanted))
    return [(*row[:4], int(row[4])) for row in rows]


def decided(session: Session, campaign_id: int) -> dict[str, int]:
    """Return for how many people each nudge of a campaign has been decided."""
    found: Counter[str] = Counter()
    for kind, nudge_key, _, _, count in kinds(session, campaign_id, DELIVERY, AGAIN):
        found[nudge_key] += count if kind == DELIVERY else -count
    return dict(found)


def nudges(session: Session, workspace_id: str, *statuses: str, since: datetime | None = None) -> int:
    """Return how many nudges of a workspace stand so; `since` is a full quarter of an hour of sending."""
    where = [_status(workspace_id, *statuses), col(RollupRow.campaign_id) != NOTICES]
    if since is not None:
        # A return tells that its reader has answered, so it is told apart, and not of few people.
        where += [col(RollupRow.quarter) >= quarter_of(since), col(RollupRow.kind) == DELIVERY]
    return int(session.execute(select(func.coalesce(_COUNT, 0)).where(*where)).scalar_one())


def messages_before(session: Session, workspace_id: str, *statuses: str, quarter: int) -> int:
    """Return how many deliveries, notices included, stand so and belong to an earlier quarter of an hour."""
    where = (_status(workspace_id, *statuses), col(RollupRow.quarter) < quarter)
    return int(session.execute(select(func.coalesce(_COUNT, 0)).where(*where)).scalar_one())


def quarter_of(instant: datetime) -> int:
    """Return the quarter of an hour that an instant is in."""
    return int(instant.timestamp() // QUARTER_S)


def tidy(session: Session) -> int:
    """Forget counts that have come down to nothing; return how many."""
    return rows_changed(session, delete(RollupRow).where(col(RollupRow.count) == 0))


def differences(session: Session) -> int:
    """Count everything from the rows; return how many counts are not what is kept."""
    counted: dict[tuple[object, ...], int] = {}
    for statement in Facts(session.get_bind().dialect.name == "sqlite").everything():
        counted |= {_known(row): int(row[9]) for row in session.execute(text(statement))}
    # A key holds whole numbers where the database holds truth, as SQLite does.
    kept = session.execute(text(f"SELECT {COLUMNS}, count FROM rollups WHERE count <> 0"))
    return len(counted.items() ^ {_known(row): int(row[9]) for row in kept}.items())


def repair(database: Database) -> None:
    """Make every missing trigger and count everything anew."""
    with database.writer.begin() as connection:
        if not rollup_triggers.ensure(connection):
            rollup_triggers.recount(connection)


def is_watched(session: Session) -> bool:
    """Return whether all triggers are there."""
    return not rollup_triggers.missing(session.connection())


def _known(row: AnyRow) -> tuple[object, ...]:
    return tuple(int(key) if isinstance(key, bool) else key for key in tuple(row)[:9])


def _status(workspace_id: str, *statuses: str) -> ColumnElement[bool]:
    here = (col(RollupRow.workspace_id) == workspace_id) & col(RollupRow.kind).in_((DELIVERY, RETURN))
    return here & col(RollupRow.value).in_(statuses)
