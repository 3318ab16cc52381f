"""Who sees which flag: this module is the one door through which flags leave the store."""

from sqlalchemy.orm import Session

from nudges.domain.barriers import Scope, ScopeType
from nudges.domain.flags import UNSETTLED, leaders_of, may_see
from nudges.domain.playbook import BarrierKind
from nudges.services.core import Core
from nudges.store import flags, people
from nudges.store.flags import StoredFlag


def visible_flags(session: Session, core: Core, viewer_id: str) -> list[StoredFlag]:
    """Return the unsettled flags without those about a scope the viewer leads, where the kind is a sensitive one."""
    found = flags.flags(session, core.workspace_id, *(state.value for state in UNSETTLED))
    everybody = list(people.everybody(session, core.workspace_id)) if found else []
    return [flag for flag in found if may_see(viewer_id, BarrierKind(flag.kind), leaders_of(scope_of(flag), everybody))]


def scope_of(flag: StoredFlag) -> Scope:
    """Return the group a stored flag is about."""
    return Scope(ScopeType(flag.scope_type), flag.scope_id)
