"""What came of a pilot: this module is the reading queries behind a tally; it writes nothing."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import Feedback, ResponseKind
from nudges.domain.delivery.staging import PilotTally
from nudges.store.tables import AudienceRow, DeliveryRow, PreferenceRow, ResponseRow

# What Slack refused or left unanswered; a person's own reasons are no errors.
_ERRORS = (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)


def tally(session: Session, workspace_id: str, campaign_id: int) -> PilotTally:
    """Return the counts of a campaign so far; while it is in its pilot they are the pilot's."""
    sent = col(DeliveryRow.status) == DeliveryStatus.SENT
    return PilotTally(
        reached=_people_sent(session, campaign_id),
        answered=_people_who(session, campaign_id),
        useful=_people_who(session, campaign_id, _said(Feedback.USEFUL)),
        not_for_me=_people_who(session, campaign_id, _said(Feedback.NOT_FOR_ME)),
        stops=_stopped(session, workspace_id, campaign_id),
        barrier_reports=_people_who(session, campaign_id, col(ResponseRow.kind) == ResponseKind.BARRIER),
        attempts=_messages(session, campaign_id, sent | col(DeliveryRow.status).in_(_ERRORS)),
        errors=_messages(session, campaign_id, col(DeliveryRow.status).in_(_ERRORS)),
    )


def pilots(session: Session, campaign_id: int) -> int:
    """Return how many people are in the pilot today."""
    where = (col(AudienceRow.campaign_id) == campaign_id, col(AudienceRow.is_pilot), col(AudienceRow.left_at).is_(None))
    return session.execute(select(func.count()).where(*where)).scalar_one()


def open_messages(session: Session, campaign_id: int) -> int:
    """Return how many deliveries of a campaign wait or are not settled."""
    done = (DeliveryStatus.SENT, DeliveryStatus.SKIPPED, DeliveryStatus.EXPIRED, DeliveryStatus.FAILED)
    return _messages(session, campaign_id, col(DeliveryRow.status).not_in(done))


def _people_sent(session: Session, campaign_id: int) -> int:
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.status) == DeliveryStatus.SENT)
    people = func.count(func.distinct(col(DeliveryRow.person_id)))
    return session.execute(select(people).where(*where)).scalar_one()


def _people_who(session: Session, campaign_id: int, *where: ColumnElement[bool]) -> int:
    people = func.count(func.distinct(col(ResponseRow.person_id)))
    return session.execute(select(people).where(col(ResponseRow.campaign_id) == campaign_id, *where)).scalar_one()


def _stopped(session: Session, workspace_id: str, campaign_id: int) -> int:
    """People who were reached and stopped everything after their first message of this campaign."""
    first = (
        select(col(DeliveryRow.person_id), func.min(col(DeliveryRow.sent_at)).label("sent_at"))
        .where(col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.status) == DeliveryStatus.SENT)
        .group_by(col(DeliveryRow.person_id))
        .subquery()
    )
    where = (
        col(PreferenceRow.workspace_id) == workspace_id,
        col(PreferenceRow.person_id) == first.c.person_id,
        col(PreferenceRow.stopped_at) >= first.c.sent_at,
    )
    return session.execute(
        select(func.count())
        .select_from(PreferenceRow)
        .join(first, first.c.person_id == col(PreferenceRow.person_id))
        .where(*where)
    ).scalar_one()


def _messages(session: Session, campaign_id: int, where: ColumnElement[bool]) -> int:
    ours = col(DeliveryRow.campaign_id) == campaign_id
    return session.execute(select(func.count()).where(ours, where)).scalar_one()


def _said(value: Feedback) -> ColumnElement[bool]:
    return (col(ResponseRow.kind) == ResponseKind.FEEDBACK) & (col(ResponseRow.value) == value)
