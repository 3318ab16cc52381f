"""What an answer leaves in memory: this module notes it on the person's card, with the answer in one transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery, DeliveryStatus
from nudges.domain.delivery.responses import Feedback
from nudges.domain.playbooks.playbook import Playbook, Quiz
from nudges.domain.recall import recall
from nudges.domain.recall.recall import Ending, Met
from nudges.domain.recall.recall_slots import AHEAD
from nudges.services.core import Core
from nudges.services.delivery.ready_messages import nudge_of
from nudges.store import recall as cards
from nudges.store import responses


def returns_of(playbook: Playbook, quiz: Quiz) -> int:
    """Return how often a question comes back at most: what the quiz says, else the playbook, else what is usual."""
    said = quiz.returns if quiz.returns is not None else playbook.returns
    return recall.DEFAULT_RETURNS if said is None else said


def note_answer(
    session: Session,
    core: Core,
    delivery: Delivery,
    *,
    is_right: bool,
    confidence: str,
    now: datetime,
) -> None:
    """Reckon with a first answer or one to a question that came back; what does not come back gets no card."""
    most = _most(session, core, delivery)
    ids = (delivery.person_id, delivery.campaign_id, delivery.nudge_key)
    known = cards.one(session, core.workspace_id, *ids)
    if most == 0 and known is None:
        return
    card = recall.answered(known.card if known else None, is_right=is_right, confidence=confidence, now=now)
    met = Met(*ids, card, known.met_at if known else now, card.due_at - AHEAD, delivery.occurrence)
    met = replace(met, occurrence=max(met.occurrence, known.occurrence if known else met.occurrence))
    ended = _ending(session, core, met, most=most, now=now)
    if responses.state(session, delivery.delivery_id).feedback == Feedback.NOT_FOR_ME:
        ended = Ending.UNWANTED
    if known is not None and known.ended:
        ended = Ending(known.ended)  # a late answer brings nothing back that has ended
    cards.keep(session, core.workspace_id, over(met, ended) if ended else met)


def note_known(session: Session, core: Core, delivery: Delivery) -> bool:
    """Let a question rest because the person said that they know it; False when it was never met."""
    ids = (delivery.person_id, delivery.campaign_id, delivery.nudge_key)
    known = cards.one(session, core.workspace_id, *ids)
    if known is None:
        return False
    cards.keep(session, core.workspace_id, over(known, Ending.KNOWN))
    return True


def note_unwanted(session: Session, core: Core, delivery: Delivery) -> None:
    """Let a question rest that was marked as not for them; one not answered yet gets no card to come back by."""
    known = cards.one(session, core.workspace_id, delivery.person_id, delivery.campaign_id, delivery.nudge_key)
    if known is not None and not known.ended:
        cards.keep(session, core.workspace_id, over(known, Ending.UNWANTED))


def _most(session: Session, core: Core, delivery: Delivery) -> int:
    found = nudge_of(session, core, delivery)
    return returns_of(found[0], found[1]) if found and isinstance(found[1], Quiz) else 0


def over(met: Met, ended: Ending) -> Met:
    """Return a question that does not come back any more."""
    return replace(met, ended=ended.value, look_at=None)


def _ending(session: Session, core: Core, met: Met, *, most: int, now: datetime) -> Ending | None:
    theirs = cards.touches(session, core.workspace_id, met.person_id)
    returned = sum(one.is_review and one.status == DeliveryStatus.SENT and is_about(one, met) for one in theirs)
    return recall.ending(met.card, returned=returned, most=most, met_at=met.met_at, now=now)


def is_about(touch: cards.Touch, met: Met) -> bool:
    """Return whether a nudge brought this question."""
    return (touch.campaign_id, touch.nudge_key) == (met.campaign_id, met.nudge_key)
