"""Flags that wait: this module asks somebody else, says that a play has not helped, and tells owners of their week."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from nudges.domain.barriers.flag_digest import week_of
from nudges.domain.barriers.flag_life import Move, has_not_helped, waits_too_long
from nudges.domain.barriers.flags import UNSETTLED
from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person
from nudges.services.barriers.flag_cards import calendar_for
from nudges.services.barriers.flag_gate import note_told, visible_flag
from nudges.services.barriers.flag_moves import tell_owner
from nudges.services.barriers.flag_record import life_of, make
from nudges.services.barriers.flag_week import digest_for
from nudges.services.core import Core
from nudges.services.delivery.notices import tell
from nudges.services.people.roles import admins_of, approvers_of
from nudges.store import flag_history, flags, people
from nudges.store.flags import StoredFlag

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tending:
    """What one look did."""

    escalated: int = 0
    not_helped: int = 0
    digests: int = 0


def tend_flags(core: Core) -> Tending:
    """Look at every unsettled flag once: who is asked, what is overdue, what its owner is told this week."""
    with core.db.reading() as session:
        waiting = _unsettled(session, core)
    if not waiting:
        return Tending()
    with core.db.begin() as session:
        known = _people(session, core, _unsettled(session, core))
        escalated = sum(_escalate(session, core, flag, known) for flag in _unsettled(session, core))
        not_helped = sum(_note_not_helped(session, core, flag) for flag in _unsettled(session, core))
        for flag in _unsettled(session, core):
            if flag.over_at is not None and flag.owner_id:
                tell_owner(session, core, flag.flag_id, flag.owner_id, "notice.flag_over")
        owners = dict.fromkeys(flag.owner_id for flag in _unsettled(session, core) if flag.owner_id)
        digests = sum(_tell_week(session, core, owner_id) for owner_id in owners)
    return Tending(escalated, not_helped, digests)


def _unsettled(session: Session, core: Core) -> list[StoredFlag]:
    return flags.flags(session, core.workspace_id, *(state.value for state in UNSETTLED))


def _escalate(session: Session, core: Core, flag: StoredFlag, known: dict[str, Person]) -> bool:
    """Ask the next person who may see it, where its owner has let it lie or cannot be asked any more."""
    owner = known.get(flag.owner_id)
    is_lost = owner is None or visible_flag(session, core, owner.person_id, flag.flag_id) is None
    if not is_lost and not waits_too_long(life_of(flag), calendar_for(core, owner), core.clock()):
        return False
    events = flag_history.history(session, core.workspace_id, [flag.flag_id])[flag.flag_id]
    asked = {flag.owner_id, *(event.about_id for event in events)}
    candidates = (core.company().barriers.owner, *admins_of(core), *approvers_of(core))
    for person_id in dict.fromkeys(one for one in candidates if one and one not in asked and one in known):
        if visible_flag(session, core, person_id, flag.flag_id) is not None:
            if make(session, core, flag, Move.ESCALATED, about_id=person_id, owner_id=person_id) is None:
                return False
            return tell_owner(session, core, flag.flag_id, person_id, "notice.flag_escalated")
    return False


def _note_not_helped(session: Session, core: Core, flag: StoredFlag) -> bool:
    if not has_not_helped(life_of(flag), core.clock()) or make(session, core, flag, Move.NOT_RESOLVED) is None:
        return False
    if flag.owner_id:
        tell_owner(session, core, flag.flag_id, flag.owner_id, "notice.flag_not_helped")
    return True


def _tell_week(session: Session, core: Core, owner_id: str) -> bool:
    if digest_for(session, core, owner_id) is None:
        return False
    calendar = calendar_for(core, people.person(session, core.workspace_id, owner_id))
    hashed = person_hash(key=core.key, workspace_id=core.workspace_id, person_id=owner_id)
    key = f"flag_week:{week_of(calendar.local_day(core.clock()))}:{hashed[:16]}"
    values = {"flag_week": week_of(calendar.local_day(core.clock()))}
    is_new = tell(session, core, person_id=owner_id, notice_key=key, text_key="notice.flag_week", values=values)
    if is_new:
        note_told(session, core, owner_id)
    return is_new


def _people(session: Session, core: Core, waiting: Iterable[StoredFlag]) -> dict[str, Person]:
    """Return who may be asked and can be reached."""
    ids = {core.company().barriers.owner, *admins_of(core), *approvers_of(core), *(one.owner_id for one in waiting)}
    found = people.several(session, core.workspace_id, sorted(ids - {""}))
    return {id_: person for id_, person in found.items() if person.kind not in NEVER_SENDABLE}
