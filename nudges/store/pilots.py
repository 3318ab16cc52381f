"""What came of a pilot: this module is the reading queries behind a tally; it writes nothing."""

from sqlalchemy import ColumnElement, Function, and_, bindparam, case, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import Feedback, ResponseKind
from nudges.domain.delivery.staging import PilotTally
from nudges.store.fetching import fetch_all
from nudges.store.tables import AudienceRow, DeliveryRow, PreferenceRow, ResponseRow

# What Slack refused or left unanswered; a person's own reasons are no errors.
_ERRORS = (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)
_DONE = (DeliveryStatus.SENT, DeliveryStatus.SKIPPED, DeliveryStatus.EXPIRED, DeliveryStatus.FAILED)


def _people(person_id: str, where: ColumnElement[bool]) -> Function[int]:
    return func.count(func.distinct(case((where, col(person_id)))))


def _said(value: Feedback) -> ColumnElement[bool]:
    return and_(col(ResponseRow.kind) == ResponseKind.FEEDBACK, col(ResponseRow.value) == value)


_IS_SENT = col(DeliveryRow.status) == DeliveryStatus.SENT
_OF_CAMPAIGN = col(DeliveryRow.campaign_id) == bindparam("campaign_id")
_MESSAGES = select(
    _people(DeliveryRow.person_id, _IS_SENT),
    func.count(),
    func.count(case((col(DeliveryRow.status).in_(_ERRORS), 1))),
).where(_OF_CAMPAIGN, col(DeliveryRow.status).in_((DeliveryStatus.SENT, *_ERRORS)))
_ANSWERS = select(
    func.count(func.distinct(col(ResponseRow.person_id))),
    _people(ResponseRow.person_id, _said(Feedback.USEFUL)),
    _people(ResponseRow.person_id, _said(Feedback.NOT_FOR_ME)),
    _people(ResponseRow.person_id, col(ResponseRow.kind) == ResponseKind.BARRIER),
).where(col(ResponseRow.campaign_id) == bindparam("campaign_id"))
_FIRST = (
    select(col(DeliveryRow.person_id), func.min(col(DeliveryRow.sent_at)).label("sent_at"))
    .where(_OF_CAMPAIGN, _IS_SENT)
    .group_by(col(DeliveryRow.person_id))
    .subquery()
)
# People who were reached and stopped everything after their first message of this campaign.
_STOPPED = (
    select(func.count())
    .select_from(PreferenceRow)
    .join(_FIRST, _FIRST.c.person_id == col(PreferenceRow.person_id))
    .where(
        col(PreferenceRow.workspace_id) == bindparam("workspace_id"),
        col(PreferenceRow.stopped_at) >= _FIRST.c.sent_at,
    )
)
_PILOTS = select(func.count()).where(
    col(AudienceRow.campaign_id) == bindparam("campaign_id"),
    col(AudienceRow.is_pilot),
    col(AudienceRow.left_at).is_(None),
)
_OPEN = select(func.count()).where(_OF_CAMPAIGN, col(DeliveryRow.status).not_in(_DONE))


def tally(session: Session, workspace_id: str, campaign_id: int) -> PilotTally:
    """Return the counts of a campaign so far; while it is in its pilot they are the pilot's."""
    ((reached, attempts, errors),) = fetch_all(session, _MESSAGES, campaign_id=campaign_id)
    ((answered, useful, not_for_me, barrier_reports),) = fetch_all(session, _ANSWERS, campaign_id=campaign_id)
    ((stops,),) = fetch_all(session, _STOPPED, workspace_id=workspace_id, campaign_id=campaign_id)
    return PilotTally(
        reached=reached,
        answered=answered,
        useful=useful,
        not_for_me=not_for_me,
        stops=stops,
        barrier_reports=barrier_reports,
        attempts=attempts,
        errors=errors,
    )


def pilots(session: Session, campaign_id: int) -> int:
    """Return how many people are in the pilot today."""
    ((count,),) = fetch_all(session, _PILOTS, campaign_id=campaign_id)
    return int(count)


def open_messages(session: Session, campaign_id: int) -> int:
    """Return how many deliveries of a campaign wait or are not settled."""
    ((count,),) = fetch_all(session, _OPEN, campaign_id=campaign_id)
    return int(count)
