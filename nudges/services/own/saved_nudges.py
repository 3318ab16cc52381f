"""Kept for later: this module saves a nudge for a person, lists what they keep, and shows one again."""

from sqlalchemy.orm import Session

from nudges.domain.delivery import deliveries as domain
from nudges.domain.delivery.messages import Message, compose
from nudges.domain.find.views import FoundRef
from nudges.domain.measuring.views import Outcome, Verdict
from nudges.domain.people.own_views import SavedLine
from nudges.domain.people.people import Person
from nudges.domain.playbooks.languages import in_language, language_for, title_for
from nudges.domain.playbooks.playbook import Nudge, Playbook
from nudges.services.answers.record_response import message_state
from nudges.services.authoring.frozen import frozen, frozen_for
from nudges.services.core import Core
from nudges.services.delivery.ready_messages import message_for
from nudges.services.keeping.forget_person import is_forgotten
from nudges.services.own.find_nudges import show_found
from nudges.services.own.nudge_lines import summary_of
from nudges.store import campaigns, deliveries, people, saved


def save(core: Core, person_id: str, delivery_id: str) -> Outcome:
    """Keep the nudge of a person's own message, and return the message as it stands then."""
    with core.db.begin() as session:
        delivery = deliveries.find(session, core.workspace_id, delivery_id)
        if delivery is None or delivery.is_notice or is_forgotten(session, core, person_id):
            return Outcome(Verdict.GONE)
        if delivery.person_id != person_id:
            return Outcome(Verdict.NOT_YOURS)
        is_new = _keep(session, core, person_id, delivery.campaign_id, delivery.nudge_key)
    message = message_state(core, person_id, delivery_id).message
    verdict = Verdict.RECORDED if is_new else Verdict.REPEATED
    return Outcome(verdict if message else Verdict.GONE, message)


def save_found(core: Core, person_id: str, ref: FoundRef) -> bool:
    """Keep a nudge that was found rather than sent; False when it is not there or not for this person to read."""
    if show_found(core, person_id, ref) is None:
        return False
    with core.db.begin() as session:
        if is_forgotten(session, core, person_id):
            return False
        _keep(session, core, person_id, ref.campaign_id, ref.nudge_key)
    return True


def remove(core: Core, person_id: str, campaign_id: int, nudge_key: str) -> bool:
    """Keep it no longer; False when it was not kept."""
    with core.db.begin() as session:
        return saved.remove(session, core.workspace_id, person_id, campaign_id=campaign_id, nudge_key=nudge_key)


def saved_lines(session: Session, core: Core, person: Person) -> tuple[SavedLine, ...]:
    """Return what a person keeps, the latest first, without what was taken back or is in no text any more."""
    found = []
    for campaign_id, nudge_key, saved_at in saved.saved_by(session, core.workspace_id, person.person_id):
        known = _text_of(session, core, person, campaign_id, nudge_key)
        if known is None:
            continue
        playbook, nudge = known
        told = summary_of(playbook, in_language(nudge, language_for(person, playbook, nudge)))
        found.append(
            SavedLine(campaign_id, nudge_key, title_for(person.language, playbook), nudge.kind, told, saved_at)
        )
    return tuple(found)


def show(core: Core, person_id: str, campaign_id: int, nudge_key: str) -> Message | None:
    """Return a saved nudge to read again, as it was answered if it was; None when it is not kept or not there."""
    with core.db.reading() as session:
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
        is_kept = saved.is_saved(session, core.workspace_id, person_id, campaign_id=campaign_id, nudge_key=nudge_key)
        known = _text_of(session, core, person, campaign_id, nudge_key) if is_kept else None
        if known is None:
            return None
        sent = deliveries.find(session, core.workspace_id, _id_of(core, person_id, campaign_id, nudge_key))
        if sent is not None:
            return message_for(session, core, sent, is_sent=True)
        playbook, nudge = known
        member = campaigns.member(session, campaign_id, person_id)
        return compose(
            delivery_id=_id_of(core, person_id, campaign_id, nudge_key),
            playbook=playbook,
            nudge=nudge,
            person=person,
            company=core.company(),
            segment=member.segment if member else "",
            is_first=False,
        )


def _keep(session: Session, core: Core, person_id: str, campaign_id: int, nudge_key: str) -> bool:
    return saved.add(
        session, core.workspace_id, person_id, campaign_id=campaign_id, nudge_key=nudge_key, now=core.clock()
    )


def _text_of(
    session: Session, core: Core, person: Person, campaign_id: int, nudge_key: str
) -> tuple[Playbook, Nudge] | None:
    """Return the words as they were sent to this person, else as they are now; None when they were taken back."""
    campaign = campaigns.by_id(session, core.workspace_id, campaign_id)
    if campaign is None or campaigns.stopped_nudges(session, campaign_id).get(nudge_key) == campaigns.RECALLED:
        return None
    sent = deliveries.find(session, core.workspace_id, _id_of(core, person.person_id, campaign_id, nudge_key))
    playbook, _ = frozen_for(session, campaign, sent) if sent else frozen(campaign)
    nudge = playbook.nudge(nudge_key)
    return None if nudge is None else (playbook, nudge)


def _id_of(core: Core, person_id: str, campaign_id: int, nudge_key: str) -> str:
    return domain.delivery_id(
        key=core.key,
        workspace_id=core.workspace_id,
        campaign_id=campaign_id,
        nudge_key=nudge_key,
        person_id=person_id,
        occurrence=1,
    )
