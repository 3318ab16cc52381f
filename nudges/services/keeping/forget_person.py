"""The right to be forgotten: this module erases a person everywhere at once and leaves a keyed tombstone."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import person_hash
from nudges.errors import StorageError
from nudges.services.barriers.flag_gate import BY_MANAGER, alias_of
from nudges.services.core import Core
from nudges.services.delivery.seat_notices import tell_who_moved_up
from nudges.services.stories.tend_stories import erase_stories
from nudges.store import (
    aliases,
    audit,
    campaigns,
    deliveries,
    evidence,
    flag_history,
    flags,
    forgotten,
    groups,
    message_works,
    needs,
    people,
    publications,
    recall,
    responses,
    saved,
    stories,
    usage,
    votes,
    weekly_counts,
    workshops,
)
from nudges.store.tombstones import Tombstone, list_of

logger = logging.getLogger(__name__)

SHORTEST_TRACE = 12  # bytes; a shorter word stands in anybody's rows
LONGEST_TRACE = 60  # the beginning of a text is enough to find it by


@dataclass(frozen=True)
class Forgotten:
    """How much went, and by which bytes one would find what is left in the files (services/keeping/clear_files.py)."""

    deliveries: int
    responses: int
    reports: int
    traces: tuple[bytes, ...] = field(default=(), repr=False, compare=False)


def forget(core: Core, person_id: str) -> Forgotten:
    """Erase all that is stored about a person; a later sync does not bring them back, and nothing is sent to them.

    That somebody was forgotten stays in the audit, without who. A manager's team stays a team under another name. The
    tombstone is written beside the database too, so that no older copy of the database brings the person back.
    """
    gone = erase(core, person_id)
    if (kept := list_of(core.db)) is not None:
        try:
            kept.add([Tombstone(core.workspace_id, hash_of(core, person_id), core.clock())])
        except StorageError as error:  # the next start adds what the list lacks
            logger.warning("tombstone is only in the database so far", extra={"code": error.code, "hint": error.hint})
    return gone


def erase(core: Core, person_id: str) -> Forgotten:
    """Erase a person in one transaction and leave a tombstone in the database."""
    workspace_id, hashed, now = core.workspace_id, hash_of(core, person_id), core.clock()
    alias = alias_of(core, person_id)
    with core.db.begin() as session:
        traces = (person_id.encode(), *_words(session, core, hashed))
        stories.forget_decider(session, workspace_id, person_id)
        message_works.erase_person(session, workspace_id, person_id)
        sent = deliveries.erase_person(session, workspace_id, person_id)
        answers = responses.erase_person(session, workspace_id, person_id, hashed)
        reports = erase_hashed(session, core, hashed)
        for table in (campaigns, groups, recall, usage, saved, votes):
            table.erase_person(session, workspace_id, person_id)
        freed = workshops.erase_person(session, workspace_id, person_id, now)
        people.erase(session, workspace_id, person_id, hashed, now)
        flags.hand_over(session, workspace_id, old_id=person_id, new_id="")
        flag_history.forget(session, workspace_id, person_id)
        needs.forget(session, workspace_id, person_id)
        rename_manager(session, core, old=person_id, new=alias)
        for place, who in freed:
            tell_who_moved_up(session, core, place, who)
        aliases.put_alias(session, workspace_id, old=person_id, new=alias)
        audit.record(session, workspace_id, actor_id="", action="forget", now=now)
    return Forgotten(sent, answers, reports, traces)


def erase_hashed(session: Session, core: Core, hashed: str) -> int:
    """Erase what is kept of a person under their hash alone; return how many reports that was."""
    erase_stories(session, core, hashed)
    responses.erase_person(session, core.workspace_id, "", hashed)
    reports = evidence.erase_person(session, core.workspace_id, hashed)
    flags.erase_person(session, core.workspace_id, hashed)
    return reports


def remember(session: Session, core: Core, person_id: str) -> None:
    """Let a forgotten person begin anew, because they asked; the next reading of the directory brings them back."""
    hashed = hash_of(core, person_id)
    if not forgotten.lift(session, core.workspace_id, hashed):
        return
    rename_manager(session, core, old=alias_of(core, person_id), new=person_id)
    if (kept := list_of(core.db)) is not None:
        # Before the commit: cut off in between, the list says that they began anew, and they did ask.
        kept.add([Tombstone(core.workspace_id, hashed, core.clock(), is_lifted=True)])


def is_forgotten(session: Session, core: Core, person_id: str) -> bool:
    """Return whether this person asked to be forgotten: then nothing is kept of what they do."""
    return forgotten.is_there(session, core.workspace_id, hash_of(core, person_id))


def hash_of(core: Core, person_id: str) -> str:
    """Return under what a person is kept where their id is not."""
    return person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)


def rename_manager(session: Session, core: Core, *, old: str, new: str) -> None:
    """Put another id in a manager's place, wherever one stands for their team."""
    people.rename_manager(session, core.workspace_id, old=old, new=new)
    for table in (flags, publications, weekly_counts):
        table.rename_team(session, core.workspace_id, old=BY_MANAGER + old, new=BY_MANAGER + new)


def _words(session: Session, core: Core, hashed: str) -> Iterator[bytes]:
    """Give how the texts begin that this person typed, where they are long enough to be theirs alone."""
    typed = [text for _, _, text in responses.texts_of(session, core.workspace_id, hashed)]
    told = [words for one in stories.of_author(session, core.workspace_id, hashed) for words in (one.words, one.edited)]
    begun = (text.encode()[:LONGEST_TRACE] for text in (*typed, *told))
    return (one for one in begun if len(one) >= SHORTEST_TRACE)
