"""How a flag changes after it was opened: this module writes `flags` beside store/flags.py, one move at a time."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import fetch_all, rows_changed
from nudges.store.flags import StoredFlag, flags
from nudges.store.tables import FlagRow

# Asked for every message, so built once.
_EASED = (
    select(col(FlagRow.scope_type), col(FlagRow.scope_id), col(FlagRow.eased_until))
    .where(col(FlagRow.workspace_id) == bindparam("workspace_id"), col(FlagRow.eased_until).is_not(None))
    .order_by(col(FlagRow.scope_type), col(FlagRow.scope_id))
)


def flag(session: Session, workspace_id: str, flag_id: int) -> StoredFlag | None:
    """Return one flag whatever its state, or None."""
    return next((one for one in flags(session, workspace_id) if one.flag_id == flag_id), None)


def change(session: Session, workspace_id: str, old: StoredFlag, **values: Any) -> StoredFlag | None:
    """Change a flag that nobody has changed since it was read; None when somebody was quicker."""
    new = replace(old, **values, revision=old.revision + 1)
    named = {name: getattr(new, name) for name in values}
    if "remedies" in named:
        named["remedies"] = list(new.remedies)
    where = (
        col(FlagRow.workspace_id) == workspace_id,
        col(FlagRow.flag_id) == old.flag_id,
        col(FlagRow.state) == old.state,
        col(FlagRow.revision) == old.revision,
    )
    done = rows_changed(session, update(FlagRow).where(*where).values(**named, revision=new.revision))
    return new if done == 1 else None


def eased(session: Session, workspace_id: str, now: datetime) -> list[tuple[str, str]]:
    """Return the groups that a running play spares: the sort of group and its id."""
    rows = fetch_all(session, _EASED, workspace_id=workspace_id)
    return [(type_, id_) for type_, id_, until in rows if until > now]


def owners(session: Session, workspace_id: str, *states: str) -> list[str]:
    """Return who owns flags in these states, in order."""
    where = (col(FlagRow.workspace_id) == workspace_id, col(FlagRow.state).in_(states), col(FlagRow.owner_id) != "")
    return sorted(set(session.execute(select(col(FlagRow.owner_id)).where(*where)).scalars()))
