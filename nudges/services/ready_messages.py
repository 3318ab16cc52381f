"""A delivery made ready to be shown: this module joins the stored row with the text its campaign began with."""

from sqlalchemy.orm import Session

from nudges.domain.deliveries import Delivery
from nudges.domain.messages import Message, compose, with_state
from nudges.domain.people import Person
from nudges.domain.playbook import Nudge, Playbook
from nudges.services.core import Core
from nudges.services.flag_gate import notice_values
from nudges.services.frozen import frozen
from nudges.store import campaigns, notices, people, responses


def message_for(session: Session, core: Core, delivery: Delivery, *, is_sent: bool = False) -> Message | None:
    """Return the message in its present state; None when its campaign, nudge or person is gone.

    `is_sent` keeps the introduction of a first message where it stands; before sending it depends on the person.
    """
    if delivery.is_notice:
        return _notice(session, core, delivery)
    found = nudge_of(session, core, delivery)
    if found is None:
        return None
    playbook, nudge = found
    person = people.person(session, core.workspace_id, delivery.person_id) or Person(delivery.person_id)
    member = campaigns.member(session, delivery.campaign_id, delivery.person_id)
    message = compose(
        delivery_id=delivery.delivery_id,
        playbook=playbook,
        nudge=nudge,
        person=person,
        company=core.company(),
        segment=member.segment if member else "",
        is_first=_is_first(session, core, delivery, is_sent=is_sent),
    )
    return with_state(message, nudge, responses.state(session, delivery.delivery_id))


def nudge_of(session: Session, core: Core, delivery: Delivery) -> tuple[Playbook, Nudge] | None:
    """Return the playbook and the nudge that a delivery carries, or None when they are gone."""
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
    if campaign is None:
        return None
    playbook, _ = frozen(campaign)
    nudge = playbook.nudge(delivery.nudge_key)
    return None if nudge is None else (playbook, nudge)


def _is_first(session: Session, core: Core, delivery: Delivery, *, is_sent: bool) -> bool:
    introduced_at = people.preference(session, core.workspace_id, delivery.person_id).introduced_at
    return introduced_at == delivery.sent_at if is_sent else introduced_at is None


def _notice(session: Session, core: Core, delivery: Delivery) -> Message | None:
    found = notices.notice(session, core.workspace_id, delivery.nudge_key)
    if found is None:
        return None
    text_key, values = found
    if "flag_id" in values:
        shown = notice_values(session, core, delivery.person_id, int(values["flag_id"]))
        if shown is None:
            return None
        values = shown
    pairs = tuple((name, str(value)) for name, value in values.items())
    return Message(delivery.delivery_id, "notice", "", notice_key=text_key, notice_values=pairs)
