"""What waits follows what is wished: this module changes a person's waiting deliveries together with their wishes."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.delivery.absence import kept_for_return
from nudges.domain.delivery.deliveries import Delivery, Planned, SkipReason
from nudges.domain.people.topics import TopicWish
from nudges.domain.playbooks.playbook import Nudge, Playbook
from nudges.domain.times.cadence import rederive
from nudges.domain.times.workdays import calendar_of
from nudges.errors import StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.delivery.standing import planned_of
from nudges.store import campaigns, deliveries, own_outbox, people


def follow_pause(session: Session, core: Core, person_id: str, until: datetime) -> None:
    """Keep what falls into the pause for the day after it; what comes too late for that stays as it is."""
    person = people.person(session, core.workspace_id, person_id)
    if person is None:
        return
    calendar = calendar_of(person, core.company())
    for delivery in own_outbox.waiting_for(session, core.workspace_id, person_id):
        kept = kept_for_return(planned_of(delivery), until, calendar)
        if kept.fresh_until != delivery.fresh_until:
            own_outbox.keep_fresh(session, delivery, kept.fresh_until)


def follow_topics(session: Session, core: Core, person_id: str, topics: TopicWish) -> None:
    """Skip what is about something the person does not want to hear of."""
    off = [
        delivery.delivery_id
        for delivery, playbook, nudge in _waiting(session, core, person_id)
        if not topics.allows(playbook.topics_of(nudge))
    ]
    own_outbox.skip_these(session, core.workspace_id, off, SkipReason.TOPIC_OFF)


def follow_hours(session: Session, core: Core, person_id: str) -> None:
    """Move what lies outside of the person's hours into them."""
    person = people.person(session, core.workspace_id, person_id)
    if person is None:
        return
    calendar = calendar_of(person, core.company())
    paused_until = people.preference(session, core.workspace_id, person_id).paused_until
    for delivery, _, nudge in _waiting(session, core, person_id):
        when = nudge.when
        planned = rederive(delivery.local_due, calendar=calendar, window=when.window, valid_for=when.valid_for)
        if isinstance(planned, Planned) and planned.due_at != delivery.due_at:
            deliveries.move(session, delivery, kept_for_return(planned, paused_until, calendar))


def _waiting(session: Session, core: Core, person_id: str) -> Iterator[tuple[Delivery, Playbook, Nudge]]:
    for delivery in own_outbox.waiting_for(session, core.workspace_id, person_id):
        campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
        try:
            playbook = frozen(campaign)[0] if campaign else None
        except StorageError:  # what cannot be read is asked again when it is posted
            continue
        nudge = playbook.nudge(delivery.nudge_key) if playbook else None
        if playbook is not None and nudge is not None:
            yield delivery, playbook, nudge
