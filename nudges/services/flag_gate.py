"""Who sees which flag: this module is the one door through which flags leave the store."""

from sqlalchemy.orm import Session

from nudges.domain.barriers import Scope, ScopeType
from nudges.domain.deliveries import person_hash
from nudges.domain.flags import UNSETTLED, leaders_of, may_see
from nudges.domain.playbook import BarrierKind
from nudges.services.core import Core
from nudges.store import flags, people
from nudges.store.flags import StoredFlag

BY_MANAGER = "manager:"
ALIAS = "gone-"
NO_NAME = "without a manager"


def visible_flags(session: Session, core: Core, viewer_id: str) -> list[StoredFlag]:
    """Return the unsettled flags without those about a scope the viewer leads, where the kind is a sensitive one."""
    found = flags.flags(session, core.workspace_id, *(state.value for state in UNSETTLED))
    everybody = list(people.everybody(session, core.workspace_id)) if found else []
    return [flag for flag in found if may_see(viewer_id, BarrierKind(flag.kind), leaders_of(scope_of(flag), everybody))]


def scope_of(flag: StoredFlag) -> Scope:
    """Return the group a stored flag is about."""
    return Scope(ScopeType(flag.scope_type), flag.scope_id)


def notice_values(session: Session, core: Core, viewer_id: str, flag_id: int) -> dict[str, str] | None:
    """Return what a message to its owner says of a flag; None when it is settled or no longer theirs to see."""
    flag = next((flag for flag in visible_flags(session, core, viewer_id) if flag.flag_id == flag_id), None)
    if flag is None:
        return None
    step = flag.remedies[0] if flag.remedies else {}
    return {
        "scope_type": flag.scope_type,
        "scope": shown_scope(flag),
        "kind": flag.kind,
        "band": flag.band,
        "remedy": step.get("do", ""),
        "due_on": step.get("due_on", ""),
    }


def shown_scope(flag: StoredFlag) -> str:
    """Return the group's id as it may be shown; a team whose manager was forgotten has no name left."""
    return NO_NAME if flag.scope_id.startswith(f"{BY_MANAGER}{ALIAS}") else flag.scope_id


def alias_of(core: Core, person_id: str) -> str:
    """Return what stands in the place of a forgotten manager, so that their team stays a team."""
    return ALIAS + person_hash(key=core.key, workspace_id=f"manager:{core.workspace_id}", person_id=person_id)[:16]
