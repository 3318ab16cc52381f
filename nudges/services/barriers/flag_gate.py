"""Who sees what of groups: this module is the one door through which flags and counts leave the store (P12).

Commands, cards, Home, the command line, exports and messages ask here and nowhere else; tests/services/test_one_door.py
holds them to it. Nothing can be asked for: no group, no kind, no span of time (P9). Every look is written down, and
`/nudge my-data` shows everybody who looked.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.barriers.flags import UNSETTLED
from nudges.domain.barriers.remeasured import latest_look
from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.privacy.groups import COMPANY
from nudges.domain.privacy.publication import Published
from nudges.domain.privacy.viewers import Viewer
from nudges.services.core import Core
from nudges.store import audit, flag_history, flags, needs, people, publications
from nudges.store.flags import StoredFlag
from nudges.store.needs import StoredNeed

BY_MANAGER = "manager:"
ALIAS = "gone-"
NO_NAME = "without a manager"
LOOKED, LOOKED_AT_COUNTS, TOLD = "barriers", "barrier counts", "barriers, by message"
LOOKED_AT_NEEDS = "needs"
LOOKS = (LOOKED, LOOKED_AT_COUNTS, LOOKED_AT_NEEDS, TOLD)
LOOKS_TOLD = timedelta(days=84)  # as long as what people said is kept


def look_at_flags(session: Session, core: Core, viewer_id: str) -> list[StoredFlag]:
    """Return the unsettled flags that this person may see, and write down that they looked."""
    audit.record(session, core.workspace_id, actor_id=viewer_id, action=LOOKED, now=core.clock())
    return visible_flags(session, core, viewer_id)


def look_at_flag(session: Session, core: Core, viewer_id: str, flag_id: int, *states: str) -> StoredFlag | None:
    """Return one flag if this person may see it, and write down that they looked."""
    audit.record(session, core.workspace_id, actor_id=viewer_id, action=LOOKED, now=core.clock())
    return visible_flag(session, core, viewer_id, flag_id, *states)


def look_at_counts(session: Session, core: Core, viewer_id: str) -> list[Published]:
    """Return what was last published that this person may see, and write down that they looked."""
    audit.record(session, core.workspace_id, actor_id=viewer_id, action=LOOKED_AT_COUNTS, now=core.clock())
    published = publications.latest(session, core.workspace_id)
    viewer = _viewer(session, core, viewer_id)
    cells = published.cells if published else ()
    return [cell for cell in cells if viewer.may_see(cell.scope, cell.kind)]


def look_at_needs(session: Session, core: Core, viewer_id: str) -> list[StoredNeed]:
    """Return the needs of the company that this person may hear of, and write down that they looked."""
    audit.record(session, core.workspace_id, actor_id=viewer_id, action=LOOKED_AT_NEEDS, now=core.clock())
    return visible_needs(session, core, viewer_id)


def visible_needs(session: Session, core: Core, viewer_id: str) -> list[StoredNeed]:
    """Return the needs that this person may hear of: a sensitive kind not, where all of the company are theirs."""
    found = needs.kept(session, core.workspace_id)
    viewer = _viewer(session, core, viewer_id) if found else None
    return [one for one in found if viewer is not None and viewer.may_see(COMPANY, one.kind)]


def note_told(session: Session, core: Core, person_id: str) -> None:
    """Write down that a message about a flag is on its way to this person: that is a look as well."""
    audit.record(session, core.workspace_id, actor_id=person_id, action=TOLD, now=core.clock())


def visible_flags(session: Session, core: Core, viewer_id: str, *states: str) -> list[StoredFlag]:
    """Return the flags in these states (the unsettled ones without any) that this person may see.

    None is about a group that was too small at an end of the last closed period (P1), and none about people the viewer
    leads where the kind is a sensitive one (P10).
    """
    found = flags.flags(session, core.workspace_id, *(states or [state.value for state in UNSETTLED]))
    if not found:
        return []
    published = publications.latest(session, core.workspace_id)
    viewer = _viewer(session, core, viewer_id)
    return [
        flag
        for flag in found
        if (published is None or published.speaks_of(scope_of(flag))) and viewer.may_see(scope_of(flag), flag.kind)
    ]


def visible_flag(session: Session, core: Core, viewer_id: str, flag_id: int, *states: str) -> StoredFlag | None:
    """Return one flag if this person may see it; None looks the same as no such flag."""
    return next((one for one in visible_flags(session, core, viewer_id, *states) if one.flag_id == flag_id), None)


def looks(session: Session, core: Core) -> list[tuple[str, str, str]]:
    """Return who looked at what is known of groups, lately: the day, who, at what; whoever asks may know."""
    since = core.clock() - LOOKS_TOLD
    lines = audit.lines(session, core.workspace_id)
    found = ((at.date().isoformat(), who, what) for at, who, what, _ in lines if what in LOOKS and who and at >= since)
    return list(dict.fromkeys(found))


def _viewer(session: Session, core: Core, viewer_id: str) -> Viewer:
    return Viewer(viewer_id, people.everybody(session, core.workspace_id), k=core.company().k)


def scope_of(flag: StoredFlag) -> Scope:
    """Return the group a stored flag is about."""
    return Scope(ScopeType(flag.scope_type), flag.scope_id)


def notice_values(session: Session, core: Core, viewer_id: str, flag_id: int) -> dict[str, str] | None:
    """Return what a message to its owner says of a flag; None when it is settled or no longer theirs to see."""
    flag = visible_flag(session, core, viewer_id, flag_id)
    if flag is None:
        return None
    step = flag.remedies[0] if flag.remedies else {}
    events = flag_history.history(session, core.workspace_id, [flag_id])[flag_id]
    return {
        "scope_type": flag.scope_type,
        "scope": shown_scope(flag),
        "kind": flag.kind,
        "grade": flag.grade,
        "band": flag.band,
        "remedy": step.get("do", ""),
        "due_on": step.get("due_on", ""),
        "effect": latest_look((one.what, one.detail) for one in events),
    }


def shown_scope(flag: StoredFlag) -> str:
    """Return the group's id as it may be shown; a team whose manager was forgotten has no name left."""
    return NO_NAME if flag.scope_id.startswith(f"{BY_MANAGER}{ALIAS}") else flag.scope_id


def alias_of(core: Core, person_id: str) -> str:
    """Return what stands in the place of a forgotten manager, so that their team stays a team."""
    return ALIAS + person_hash(key=core.key, workspace_id=f"manager:{core.workspace_id}", person_id=person_id)[:16]
