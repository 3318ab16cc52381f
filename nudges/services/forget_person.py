"""The right to be forgotten: this module erases a person everywhere at once and leaves a keyed tombstone."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from nudges.domain.deliveries import person_hash
from nudges.services.core import Core
from nudges.services.flag_gate import BY_MANAGER, alias_of
from nudges.services.seat_notices import tell_who_moved_up
from nudges.services.tend_stories import erase_stories
from nudges.store import (
    audit,
    campaigns,
    deliveries,
    flags,
    groups,
    message_works,
    people,
    publications,
    recall,
    responses,
    saved,
    stories,
    usage,
    votes,
    workshops,
)


@dataclass(frozen=True)
class Forgotten:
    """How much went."""

    deliveries: int
    responses: int
    reports: int


def forget(core: Core, person_id: str) -> Forgotten:
    """Erase all that is stored about a person; a later sync does not bring them back, and nothing is sent to them.

    That somebody was forgotten stays in the audit, without who. A manager's team stays a team under another name.
    """
    hashed = person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
    now = core.clock()
    with core.db.begin() as session:
        erase_stories(session, core, hashed)
        stories.forget_decider(session, core.workspace_id, person_id)
        message_works.erase_person(session, core.workspace_id, person_id)
        sent = deliveries.erase_person(session, core.workspace_id, person_id)
        answers = responses.erase_person(session, core.workspace_id, person_id, hashed)
        reports = flags.erase_person(session, core.workspace_id, hashed)
        campaigns.erase_person(session, core.workspace_id, person_id)
        groups.erase_person(session, core.workspace_id, person_id)
        recall.erase_person(session, core.workspace_id, person_id)
        usage.erase_person(session, core.workspace_id, person_id)
        freed = workshops.erase_person(session, core.workspace_id, person_id, now)
        saved.erase_person(session, core.workspace_id, person_id)
        votes.erase_person(session, core.workspace_id, person_id)
        people.erase(session, core.workspace_id, person_id, hashed, now)
        flags.hand_over(session, core.workspace_id, old_id=person_id, new_id="")
        rename_manager(session, core, old=person_id, new=alias_of(core, person_id))
        for place, who in freed:
            tell_who_moved_up(session, core, place, who)
        audit.record(session, core.workspace_id, actor_id="", action="forget", now=now)
    return Forgotten(sent, answers, reports)


def remember(session: Session, core: Core, person_id: str) -> None:
    """Let a forgotten person begin anew, because they asked; the next reading of the directory brings them back."""
    hashed = person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
    if people.lift_tombstone(session, core.workspace_id, hashed):
        rename_manager(session, core, old=alias_of(core, person_id), new=person_id)


def is_forgotten(session: Session, core: Core, person_id: str) -> bool:
    """Return whether this person asked to be forgotten: then nothing is kept of what they do."""
    hashed = person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
    return people.is_forgotten(session, core.workspace_id, hashed)


def rename_manager(session: Session, core: Core, *, old: str, new: str) -> None:
    """Put another id in a manager's place, wherever one stands for their team."""
    people.rename_manager(session, core.workspace_id, old=old, new=new)
    for table in (flags, publications):
        table.rename_team(session, core.workspace_id, old=BY_MANAGER + old, new=BY_MANAGER + new)
