"""What people keep for later: this module is the only writer of `saved_nudges`."""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.people.people import PersonKind
from nudges.store.additions import add_new
from nudges.store.engine import fetch_one, rows_changed
from nudges.store.tables import PersonRow, SavedNudgeRow

Saved = tuple[int, str, datetime]  # campaign, nudge, since when
# Asked for every click, so built once.
_ONE = select(col(SavedNudgeRow.saved_at)).where(
    *(
        getattr(SavedNudgeRow, name) == bindparam(name)
        for name in ("workspace_id", "person_id", "campaign_id", "nudge_key")
    )
)


def add(
    session: Session, workspace_id: str, person_id: str, *, campaign_id: int, nudge_key: str, now: datetime
) -> bool:
    """Keep a nudge; False when it was kept already."""
    key = {"workspace_id": workspace_id, "person_id": person_id, "campaign_id": campaign_id, "nudge_key": nudge_key}
    return add_new(session, SavedNudgeRow.__table__, [key | {"saved_at": now}]) == 1  # type: ignore[attr-defined]


def remove(session: Session, workspace_id: str, person_id: str, *, campaign_id: int, nudge_key: str) -> bool:
    """Keep it no longer; False when it was not kept."""
    where = (col(SavedNudgeRow.campaign_id) == campaign_id, col(SavedNudgeRow.nudge_key) == nudge_key)
    return rows_changed(session, delete(SavedNudgeRow).where(*_theirs(workspace_id, person_id), *where)) == 1


def saved_by(session: Session, workspace_id: str, person_id: str) -> list[Saved]:
    """Return what a person keeps, the latest first."""
    columns = (col(SavedNudgeRow.campaign_id), col(SavedNudgeRow.nudge_key), col(SavedNudgeRow.saved_at))
    latest = (col(SavedNudgeRow.saved_at).desc(), col(SavedNudgeRow.nudge_key))
    rows = session.execute(select(*columns).where(*_theirs(workspace_id, person_id)).order_by(*latest))
    return [(row[0], row[1], row[2]) for row in rows]


def is_saved(session: Session, workspace_id: str, person_id: str, *, campaign_id: int, nudge_key: str) -> bool:
    """Return whether the person keeps this nudge."""
    asked = {"workspace_id": workspace_id, "person_id": person_id, "campaign_id": campaign_id, "nudge_key": nudge_key}
    return fetch_one(session, _ONE, **asked) is not None


def erase_person(session: Session, workspace_id: str, person_id: str) -> int:
    """Forget what a person kept; return how many."""
    return rows_changed(session, delete(SavedNudgeRow).where(*_theirs(workspace_id, person_id)))


def erase_leavers(session: Session, workspace_id: str, before: datetime) -> int:
    """Forget what people kept who left before the instant; return how many rows went."""
    left = (col(PersonRow.kind) == PersonKind.DEACTIVATED, col(PersonRow.updated_at) < before)
    who = select(col(PersonRow.person_id)).where(col(PersonRow.workspace_id) == workspace_id, *left)
    where = (col(SavedNudgeRow.workspace_id) == workspace_id, col(SavedNudgeRow.person_id).in_(who))
    return rows_changed(session, delete(SavedNudgeRow).where(*where).execution_options(synchronize_session=False))


def _theirs(workspace_id: str, person_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (col(SavedNudgeRow.workspace_id) == workspace_id, col(SavedNudgeRow.person_id) == person_id)
