"""Telling owners and admins: this module puts a message for them into the same outbox as every nudge."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.cadence import next_opening
from nudges.domain.deliveries import NOTICES, NewDelivery, Planned, delivery_id
from nudges.domain.workdays import calendar_of
from nudges.services.core import Core
from nudges.services.frozen import frozen
from nudges.store import deliveries, people
from nudges.store.campaigns import Campaign

FRESH_FOR = timedelta(days=14)
URGENT = 1


def notify(
    session: Session, core: Core, *, playbook_of: Campaign, notice_key: str, text_key: str, values: Mapping[str, str]
) -> bool:
    """Tell the owner of a campaign's playbook, once under this key; False when they were told before."""
    playbook, _ = frozen(playbook_of)
    return tell(session, core, person_id=playbook.owner, notice_key=notice_key, text_key=text_key, values=values)


def tell(
    session: Session, core: Core, *, person_id: str, notice_key: str, text_key: str, values: Mapping[str, str]
) -> bool:
    """Tell one person in their working hours, once under this key; False when nobody is to be told or it was done."""
    now = core.clock()
    person = people.person(session, core.workspace_id, person_id)
    if person is None:
        return False
    calendar = calendar_of(person, core.company())
    due_at = next_opening(calendar, now) or now
    added = deliveries.add_notice(
        session, core.workspace_id, notice_key=notice_key, text_key=text_key, values=dict(values), now=now
    )
    wall = calendar.local(due_at).isoformat(timespec="minutes")
    planned = Planned(wall, calendar.zone, due_at, due_at + FRESH_FOR, now + FRESH_FOR)
    new = NewDelivery(_id(core, notice_key, person_id), NOTICES, notice_key, person_id, planned, priority=URGENT)
    deliveries.enqueue(session, core.workspace_id, [new], now)
    return added


def _id(core: Core, notice_key: str, person_id: str) -> str:
    return delivery_id(
        key=core.key,
        workspace_id=core.workspace_id,
        campaign_id=NOTICES,
        nudge_key=notice_key,
        person_id=person_id,
        occurrence=1,
    )
