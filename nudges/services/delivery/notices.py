"""Telling owners and admins: this module puts a message for them into the same outbox as every nudge."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import NOTICES, NewDelivery, Planned, delivery_id
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.times.cadence import next_opening
from nudges.domain.times.workdays import calendar_of
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.people.roles import admins_of
from nudges.store import deliveries, notices, people
from nudges.store.campaigns import Campaign

logger = logging.getLogger(__name__)

FRESH_FOR = timedelta(days=14)
URGENT = 1


def notify(
    session: Session, core: Core, *, playbook_of: Campaign, notice_key: str, text_key: str, values: Mapping[str, str]
) -> bool:
    """Tell the owner of a campaign's playbook (an admin, if they cannot be reached), once under this key."""
    owners = (frozen(playbook_of)[0].owner, *admins_of(core))
    return tell_first(session, core, owners, notice_key=notice_key, text_key=text_key, values=values)


def tell_first(
    session: Session,
    core: Core,
    person_ids: Sequence[str],
    *,
    notice_key: str,
    text_key: str,
    values: Mapping[str, str],
) -> bool:
    """Tell the first of these people who can be reached, once under this key; False when it was done or nobody can."""
    reachable = people.several(session, core.workspace_id, person_ids)
    for person_id in person_ids:
        if person_id in reachable and reachable[person_id].kind not in NEVER_SENDABLE:
            return tell(session, core, person_id=person_id, notice_key=notice_key, text_key=text_key, values=values)
    logger.warning("nobody can be told", extra={"text_key": text_key})
    return False


def tell(
    session: Session, core: Core, *, person_id: str, notice_key: str, text_key: str, values: Mapping[str, str]
) -> bool:
    """Tell one person in their working hours, once under this key; False when they are unknown or it was done."""
    now = core.clock()
    person = people.person(session, core.workspace_id, person_id)
    if person is None:
        return False
    if not notices.add(
        session, core.workspace_id, notice_key=notice_key, text_key=text_key, values=dict(values), now=now
    ):
        return False
    calendar = calendar_of(person, core.company())
    due_at = next_opening(calendar, now) or now
    wall = calendar.local(due_at).isoformat(timespec="minutes")
    planned = Planned(wall, calendar.zone, due_at, due_at + FRESH_FOR, due_at + FRESH_FOR)
    new = NewDelivery(_id(core, notice_key, person_id), NOTICES, notice_key, person_id, planned, priority=URGENT)
    return deliveries.enqueue(session, core.workspace_id, [new], now) == 1


def _id(core: Core, notice_key: str, person_id: str) -> str:
    return delivery_id(
        key=core.key,
        workspace_id=core.workspace_id,
        campaign_id=NOTICES,
        nudge_key=notice_key,
        person_id=person_id,
        occurrence=1,
    )
