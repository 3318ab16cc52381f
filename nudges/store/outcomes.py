"""What was decided and what became of it: this module is the reading of single deliveries; it writes nothing."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import FIRST, NOTICES, DeliveryStatus
from nudges.domain.delivery.outcomes import Outcome
from nudges.store.engine import AnyRow, fetch
from nudges.store.tables import CampaignRow, DeliveryRow

# Built once: building a statement takes longer than running it.
_DECISIONS = select(
    col(DeliveryRow.delivery_id),
    col(CampaignRow.name),
    col(CampaignRow.playbook),
    col(DeliveryRow.nudge_key),
    col(DeliveryRow.person_id),
    col(DeliveryRow.status),
    col(DeliveryRow.reason),
    col(DeliveryRow.local_due),
    col(DeliveryRow.zone),
    col(DeliveryRow.due_at),
    col(DeliveryRow.sent_at),
    col(DeliveryRow.is_enqueued),
).join(CampaignRow, col(CampaignRow.campaign_id) == col(DeliveryRow.campaign_id))
_OF_WORKSPACE = _DECISIONS.where(
    col(DeliveryRow.workspace_id) == bindparam("workspace_id"),
    col(DeliveryRow.campaign_id) != NOTICES,
    col(DeliveryRow.occurrence) == FIRST,
).order_by(col(DeliveryRow.person_id), col(CampaignRow.campaign_id), col(DeliveryRow.nudge_key))
_BY_ID = _DECISIONS.where(
    col(DeliveryRow.workspace_id) == bindparam("workspace_id"),
    col(DeliveryRow.delivery_id).in_(bindparam("ids", expanding=True)),
)


def outcomes(session: Session, workspace_id: str) -> list[Outcome]:
    """Return every decision of the workspace's campaigns, by person, campaign and nudge; not what came back."""
    return [_outcome(row) for row in session.execute(_OF_WORKSPACE, {"workspace_id": workspace_id})]


def several(session: Session, workspace_id: str, delivery_ids: Sequence[str]) -> dict[str, Outcome]:
    """Return these deliveries by id; notices and unknown ids are absent."""
    rows = fetch(session, _BY_ID, workspace_id=workspace_id, ids=list(delivery_ids))
    return {row[0]: _outcome(row) for row in rows}


def _outcome(row: AnyRow) -> Outcome:
    delivery_id, name, playbook, nudge_key, person_id, status, *rest = row
    return Outcome(delivery_id, name, playbook, nudge_key, person_id, DeliveryStatus(status), *rest)
