"""What a whole batch will be asked for: this module looks it up together, so that each of its rows need not be asked.

It changes no answer: whoever asks for one person or one membership finds in the reading session what it would fetch.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import Delivery, DeliveryStatus
from nudges.store.campaigns import MEMBER_COLUMNS, ONE_MEMBER
from nudges.store.engine import AnyRow, Values, fetch, fetch_ahead
from nudges.store.history import CLAIMS, CLAIMS_OF_SEVERAL, SENDINGS, SENDINGS_OF_SEVERAL, UNKNOWN
from nudges.store.people import ONE_PERSON, PERSON_COLUMNS
from nudges.store.tables import (
    AudienceRow,
    CampaignRow,
    DeliveryRow,
    PersonRow,
    PreferenceRow,
    Row,
    StoppedNudgeRow,
)
from nudges.store.wishes import ONE_WISH, SEVERAL_WISHES, WISH_NAMES


def _same(left: type[Row], right: type[Row], *names: str) -> ColumnElement[bool]:
    return and_(*(getattr(left, name) == getattr(right, name) for name in names))


_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_PEOPLE = select(*PERSON_COLUMNS).where(
    col(PersonRow.workspace_id) == bindparam("workspace_id"), col(PersonRow.person_id).in_(_IDS)
)
_MEMBERS = select(*MEMBER_COLUMNS, col(AudienceRow.campaign_id)).where(
    col(AudienceRow.campaign_id).in_(bindparam("campaign_ids", expanding=True)), col(AudienceRow.person_id).in_(_IDS)
)
_UNKNOWN_OF_SEVERAL = select(col(DeliveryRow.person_id), col(DeliveryRow.delivery_id)).where(
    col(DeliveryRow.workspace_id) == bindparam("workspace_id"),
    col(DeliveryRow.person_id).in_(_IDS),
    col(DeliveryRow.status) == DeliveryStatus.UNKNOWN,
)
# All that can keep a claimed nudge from being posted: when none of it has changed, neither has the verdict.
_STANDING = (
    select(
        col(DeliveryRow.delivery_id),
        *(col(DeliveryRow.status), col(DeliveryRow.attempt), col(PersonRow.kind), col(PersonRow.updated_at)),
        *(getattr(PreferenceRow, name) for name in WISH_NAMES),
        *(col(CampaignRow.status), col(CampaignRow.version), col(StoppedNudgeRow.slack_code)),
        *(col(AudienceRow.left_at), col(AudienceRow.is_held_out), col(AudienceRow.segment)),
    )
    .select_from(DeliveryRow)
    .outerjoin(PersonRow, _same(DeliveryRow, PersonRow, "workspace_id", "person_id"))
    .outerjoin(PreferenceRow, _same(DeliveryRow, PreferenceRow, "workspace_id", "person_id"))
    .outerjoin(CampaignRow, _same(DeliveryRow, CampaignRow, "campaign_id"))
    .outerjoin(StoppedNudgeRow, _same(DeliveryRow, StoppedNudgeRow, "campaign_id", "nudge_key"))
    .outerjoin(AudienceRow, _same(DeliveryRow, AudienceRow, "campaign_id", "person_id"))
)
_STANDING_OF_ONE = _STANDING.where(col(DeliveryRow.delivery_id) == bindparam("delivery_id"))
_STANDING_OF_SEVERAL = _STANDING.where(col(DeliveryRow.delivery_id).in_(_IDS))


def standings_of(session: Session, delivery_ids: Sequence[str]) -> dict[str, Values]:
    """Return by id all stored that decides whether these claimed nudges may be posted, to be compared and no more."""
    if len(delivery_ids) == 1:
        return {row[0]: tuple(row) for row in fetch(session, _STANDING_OF_ONE, delivery_id=delivery_ids[0])}
    return {row[0]: tuple(row) for row in fetch(session, _STANDING_OF_SEVERAL, ids=list(delivery_ids))}


def look_ahead(session: Session, workspace_id: str, deliveries: Sequence[Delivery]) -> None:
    """Look up what each of these will be asked for before its posting: person, wishes, latest nudges, membership."""
    ids = sorted({one.person_id for one in deliveries})
    if len(ids) < 2:
        return  # nothing is gained
    together = (
        (ONE_PERSON, _PEOPLE),
        (ONE_WISH, SEVERAL_WISHES),
        (SENDINGS, SENDINGS_OF_SEVERAL),
        (CLAIMS, CLAIMS_OF_SEVERAL),
    )
    for one, several in together:
        rows = fetch(session, several, workspace_id=workspace_id, ids=ids)
        wanted = [(workspace_id, person_id) for person_id in ids]
        fetch_ahead(session, one, _by(wanted, rows, lambda row: (workspace_id, row.person_id)))
    nudges = [one for one in deliveries if not one.is_notice]
    asked = sorted({(one.campaign_id, one.person_id) for one in nudges})
    if asked:
        rows = fetch(session, _MEMBERS, campaign_ids=sorted({one.campaign_id for one in nudges}), ids=ids)
        fetch_ahead(session, ONE_MEMBER, _by(asked, rows, lambda row: (row.campaign_id, row.person_id)))
        unknown = fetch(session, _UNKNOWN_OF_SEVERAL, workspace_id=workspace_id, ids=ids).all()
        others = {
            (workspace_id, one.person_id, one.delivery_id): [
                row for row in unknown if row.person_id == one.person_id and row.delivery_id != one.delivery_id
            ]
            for one in nudges
        }
        fetch_ahead(session, UNKNOWN, others)


def _by(
    wanted: Iterable[Values], rows: Iterable[AnyRow], values_of: Callable[[AnyRow], Values]
) -> Mapping[Values, Sequence[AnyRow]]:
    found: dict[Values, list[AnyRow]] = {values: [] for values in wanted}
    for row in rows:
        found.setdefault(values_of(row), []).append(row)
    return found
