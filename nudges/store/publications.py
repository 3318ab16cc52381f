"""What may be seen of closed periods: this module is the only writer of `period_limits` and `publications`."""

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.publication import Publication, Published
from nudges.store.engine import fetch, rows_changed
from nudges.store.tables import PeriodLimitsRow, PublicationRow

_LATEST = select(func.max(col(PublicationRow.period))).where(
    col(PublicationRow.workspace_id) == bindparam("workspace_id")
)


def fix_limits(session: Session, workspace_id: str, period: int, limits: Limits) -> Limits:
    """Store the limits a period begins with; return those that hold, which are older ones if it has begun."""
    row = session.get(PeriodLimitsRow, (workspace_id, period))
    if row is None:
        session.add(PeriodLimitsRow(workspace_id=workspace_id, period=period, k=limits.k, r=limits.r))
        return limits
    return Limits(row.k, row.r)


def limits_of_period(session: Session, workspace_id: str, period: int) -> Limits | None:
    """Return the limits a period began with; None where nobody saw it begin."""
    row = session.get(PeriodLimitsRow, (workspace_id, period))
    return Limits(row.k, row.r) if row else None


def keep(session: Session, workspace_id: str, publication: Publication) -> bool:
    """Store what may be seen of a period, once and for good; False when it was published before."""
    if _rows(session, workspace_id, publication.period):
        return False
    rows = [
        *(
            _row(workspace_id, publication.period, scope, moved=publication.moved.get(scope, 0))
            for scope in publication.groups
        ),
        *(
            _row(workspace_id, publication.period, cell.scope, cell.kind, cell.band, counted_in=cell.period)
            for cell in publication.cells
        ),
    ]
    if rows:
        session.execute(insert(PublicationRow), rows)
    return True


def latest(session: Session, workspace_id: str) -> Publication | None:
    """Return what was published last, or None before anything was."""
    period = fetch(session, _LATEST, workspace_id=workspace_id).scalar_one()
    return None if period is None else of_period(session, workspace_id, int(period))


def of_period(session: Session, workspace_id: str, period: int) -> Publication | None:
    """Return what was published of a period, or None when nothing was."""
    rows = _rows(session, workspace_id, period)
    if not rows:
        return None
    cells = (Published(_scope(row), BarrierKind(row.kind), row.band, row.counted_in) for row in rows if row.kind)
    groups = [row for row in rows if not row.kind]
    moved = {_scope(row): row.moved for row in groups if row.moved}
    return Publication(period, tuple(cells), tuple(_scope(row) for row in groups), moved)


def rename_team(session: Session, workspace_id: str, *, old: str, new: str) -> None:
    """Call a team that bears a person's id otherwise."""
    where = (col(PublicationRow.workspace_id) == workspace_id, col(PublicationRow.scope_id) == old)
    rows_changed(session, update(PublicationRow).where(*where).values(scope_id=new))


def _rows(session: Session, workspace_id: str, period: int) -> list[PublicationRow]:
    where = (col(PublicationRow.workspace_id) == workspace_id, col(PublicationRow.period) == period)
    order = (col(PublicationRow.scope_type), col(PublicationRow.scope_id), col(PublicationRow.kind))
    return list(session.execute(select(PublicationRow).where(*where).order_by(*order)).scalars())


def _row(
    workspace_id: str,
    period: int,
    scope: Scope,
    kind: str = "",
    band: str = "",
    *,
    counted_in: int | None = None,
    moved: int = 0,
) -> dict[str, object]:
    place = {"workspace_id": workspace_id, "period": period, "scope_type": scope.type.value, "scope_id": scope.scope_id}
    counted = {"counted_in": period if counted_in is None else counted_in, "moved": moved}
    return place | {"kind": str(kind), "band": band, **counted}


def _scope(row: PublicationRow) -> Scope:
    return Scope(ScopeType(row.scope_type), row.scope_id)
