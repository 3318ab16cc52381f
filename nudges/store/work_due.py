"""What waits to be sent, over all workspaces: this module only reads, and tells a clock where a worker is needed."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Executable, bindparam, exists, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.delivery_statements import CLAIMABLE, candidates_due
from nudges.store.engine import fetch_all
from nudges.store.message_works import ChangeState
from nudges.store.tables import CampaignRow, DeliveryRow, MessageChangeRow, MessageWorkRow, WorkspaceRow


def workspaces_with_work(session: Session, now: datetime) -> list[str]:
    """Return the workspaces where a message is due to be sent or changed, besides those that are held."""
    return [row[0] for row in fetch_all(session, _with_work(), now=now)]


def people_due(session: Session, workspace_id: str, now: datetime, *, most: int) -> list[str]:
    """Return whose messages are due, the most urgent first."""
    rows = fetch_all(session, candidates_due(), workspace_id=workspace_id, now=now, most=most)
    return list(dict.fromkeys(row.person_id for row in rows))


@lru_cache(maxsize=1)
def _with_work() -> Executable:
    paused = select(col(CampaignRow.campaign_id)).where(col(CampaignRow.status) == "paused")
    due = exists().where(
        col(DeliveryRow.workspace_id) == col(WorkspaceRow.workspace_id),
        or_(*(col(DeliveryRow.status) == status for status in CLAIMABLE)),
        col(DeliveryRow.ready_at) <= bindparam("now"),
        col(DeliveryRow.campaign_id).not_in(paused),
    )
    changes = exists().where(
        col(MessageWorkRow.workspace_id) == col(WorkspaceRow.workspace_id),
        col(MessageChangeRow.work_id) == col(MessageWorkRow.work_id),
        col(MessageChangeRow.state) == ChangeState.WAITING,
        col(MessageChangeRow.ready_at) <= bindparam("now"),
    )
    return select(col(WorkspaceRow.workspace_id)).where(col(WorkspaceRow.hold_reason) == "", due | changes)
