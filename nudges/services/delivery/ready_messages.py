"""A delivery made ready to be shown: this module joins the stored row with the text its campaign began with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery
from nudges.domain.delivery.messages import Message, compose, with_state, worded
from nudges.domain.delivery.responses import DeliveryState, Feedback
from nudges.domain.people.people import Person
from nudges.domain.playbooks.languages import in_language, language_for
from nudges.domain.playbooks.markup import VARIABLES
from nudges.domain.playbooks.playbook import Exclusive, HowTo, Leader, Nudge, Playbook, Story, Tip
from nudges.domain.recall.recall import Ending
from nudges.domain.recall.reviews import Review, review_of
from nudges.domain.times.workdays import calendar_of
from nudges.services.authoring.frozen import frozen_for
from nudges.services.barriers.flag_gate import notice_values
from nudges.services.barriers.flag_week import digest_for
from nudges.services.core import Core
from nudges.services.delivery.kind_facts import with_kind_facts
from nudges.services.stories import story_look
from nudges.store import approvals, campaigns, notices, people, recall, responses, saved
from nudges.store.once import once

WEARY_AFTER = 3  # nudges in a row that were not for somebody


def message_for(
    session: Session, core: Core, delivery: Delivery, *, is_sent: bool = False, language: str = ""
) -> Message | None:
    """Return the message in its present state; None when its campaign, nudge or person is gone.

    `is_sent` keeps the introduction of a first message where it stands; before sending it depends on the person.
    `language` is what a message that stands there was written in; without it the person's own.
    """
    person = people.person(session, core.workspace_id, delivery.person_id) or Person(delivery.person_id)
    person = replace(person, language=language) if language and language != person.language else person
    if delivery.is_notice:
        return _notice(session, core, delivery, person)
    found = nudge_of(session, core, delivery)
    if found is None:
        return None
    playbook, nudge = found
    member = campaigns.member(session, delivery.campaign_id, delivery.person_id)
    is_first = _is_first(session, core, delivery, is_sent=is_sent)
    address = _Address(person, member.segment if member else "", is_first)
    if is_sent or delivery.attempt > 1 or delivery.is_review or not is_plain(nudge):
        return _own_message(session, core, delivery, found, address, is_sent=is_sent)
    # The first time all who are addressed alike are shown the same, so one of a batch stands for all.
    named = once(session, ("named", delivery.campaign_id, delivery.version, nudge.key), lambda: _named(playbook, nudge))
    alike = (delivery.campaign_id, delivery.version, nudge.key, delivery.occurrence, *address.alike(named))
    message = once(session, alike, lambda: _own_message(session, core, delivery, found, address))
    return replace(message, delivery_id=delivery.delivery_id)


@dataclass(frozen=True)
class _Address:
    """Who is addressed, and how: all that the words of a plain nudge hang on beside the nudge itself."""

    person: Person
    segment: str
    is_first: bool

    def alike(self, named: Sequence[str]) -> tuple[object, ...]:
        """Return what those have in common who read the same, where the words name these properties of theirs."""
        named_values = tuple(getattr(self.person, name) for name in named)
        return (self.segment, self.is_first, self.person.language, named_values)


def is_plain(nudge: Nudge) -> bool:
    """Return whether a nudge shows its words and no more: no order of choices, no seats, no votes of anybody's."""
    return isinstance(nudge, Tip | Story | Leader | HowTo | Exclusive)


def _named(playbook: Playbook, nudge: Nudge) -> tuple[str, ...]:
    """Return which variables occur anywhere in what is shown round this nudge."""
    wins = [win.model_dump_json() for win in playbook.personal_wins.values()]
    words = "".join([nudge.model_dump_json(), *wins])
    return tuple(name for name in VARIABLES if f"{{{name}}}" in words)


def _own_message(
    session: Session,
    core: Core,
    delivery: Delivery,
    found: tuple[Playbook, Nudge],
    address: _Address,
    *,
    is_sent: bool = False,
) -> Message:
    (playbook, nudge), person = found, address.person
    message = compose(
        delivery_id=delivery.delivery_id,
        playbook=playbook,
        nudge=nudge,
        person=person,
        company=core.company(),
        segment=address.segment,
        is_first=address.is_first,
        wording=wording_of(delivery),
    )
    told = worded(in_language(nudge, language_for(person, playbook, nudge)), wording_of(delivery))
    if is_sent and _is_recalled(session, delivery):
        message = replace(message, is_recalled=True)
    if delivery.is_review:
        message = replace(message, review=_review(session, core, delivery, person, nudge))
    # Nobody can have pressed anything before the first attempt.
    was_posted = is_sent or delivery.attempt > 1
    if was_posted:
        message = replace(message, is_saved=_is_saved(session, core, delivery))
    done = responses.state(session, delivery.delivery_id) if was_posted else DeliveryState()
    message = with_state(message, told, done)
    if done.feedback == Feedback.NOT_FOR_ME:
        message = replace(message, is_weary=_is_weary(session, core, delivery.person_id))
    return with_kind_facts(session, core, delivery, message, playbook=playbook, nudge=told, person=person)


def nudge_of(session: Session, core: Core, delivery: Delivery) -> tuple[Playbook, Nudge] | None:
    """Return the playbook and the nudge that a delivery carries, in the version it was posted with; None when gone."""
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
    if campaign is None:
        return None
    playbook, _ = frozen_for(session, campaign, delivery)
    nudge = playbook.nudge(delivery.nudge_key)
    return None if nudge is None else (playbook, nudge)


def wording_of(delivery: Delivery) -> int:
    """Return in which of its wordings a quiz is asked: a question that comes back is asked in the next one."""
    return delivery.occurrence - 1


def _is_recalled(session: Session, delivery: Delivery) -> bool:
    return campaigns.stopped_nudges(session, delivery.campaign_id).get(delivery.nudge_key) == campaigns.RECALLED


def _review(session: Session, core: Core, delivery: Delivery, person: Person, nudge: Nudge) -> Review | None:
    ids = (delivery.person_id, delivery.campaign_id, delivery.nudge_key)
    met = recall.one(session, core.workspace_id, *ids)
    if met is None:
        return None
    calendar = calendar_of(person, core.company())
    is_reworded = worded(nudge, wording_of(delivery)) != nudge
    days = {"met_on": calendar.local_day(met.met_at), "asked_on": calendar.local_day(delivery.due_at)}
    return replace(review_of(**days, is_reworded=is_reworded), is_known=met.ended in (Ending.LEARNED, Ending.KNOWN))


def _is_weary(session: Session, core: Core, person_id: str) -> bool:
    """Return whether the latest few were all not for them; who asked for fewer has been heard already."""
    if people.preference(session, core.workspace_id, person_id).fewer_since is not None:
        return False
    latest = responses.latest_feedback(session, core.workspace_id, person_id, most=WEARY_AFTER)
    return len(latest) == WEARY_AFTER and set(latest) == {Feedback.NOT_FOR_ME}


def _is_saved(session: Session, core: Core, delivery: Delivery) -> bool:
    return saved.is_saved(
        session,
        core.workspace_id,
        delivery.person_id,
        campaign_id=delivery.campaign_id,
        nudge_key=delivery.nudge_key,
    )


def _is_first(session: Session, core: Core, delivery: Delivery, *, is_sent: bool) -> bool:
    introduced_at = people.preference(session, core.workspace_id, delivery.person_id).introduced_at
    return introduced_at == delivery.sent_at if is_sent else introduced_at is None


def _notice(session: Session, core: Core, delivery: Delivery, person: Person) -> Message | None:
    found = notices.notice(session, core.workspace_id, delivery.nudge_key)
    if found is None:
        return None
    text_key, values = found
    if "approval_id" in values and not approvals.is_open(session, core.workspace_id, int(values["approval_id"])):
        return None  # decided before it could be told
    if "flag_week" in values:
        week = digest_for(session, core, delivery.person_id)
        if week is None:
            return None  # nothing waits any more
        return Message(
            delivery.delivery_id, "notice", "", notice_key=text_key, language=person.language, flag_week=week
        )
    if "flag_id" in values:
        shown = notice_values(session, core, delivery.person_id, int(values["flag_id"]))
        if shown is None:
            return None
        values = shown | {"flag_id": values["flag_id"]}
    if "story_id" in values:
        told = story_look.notice_values(session, core, delivery.person_id, values)
        if told is None:
            return None  # taken back before it could be told
        values = dict(told)
    pairs = tuple((name, str(value)) for name, value in values.items())
    return Message(
        delivery.delivery_id, "notice", "", notice_key=text_key, notice_values=pairs, language=person.language
    )
