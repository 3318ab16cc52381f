"""The second person of a rehearsal: this module says yes to everything that asks for one, and says that it did."""

from dataclasses import dataclass
from datetime import date

from nudges.errors import NudgerError
from nudges.services.authoring.approve import approve
from nudges.services.core import Core
from nudges.store import approvals

APPROVER = "U0REHEARSALYES"  # an admin of the scratch database, and a guest at its Slack: in no segment by chance


@dataclass(frozen=True)
class Yes:
    """What was agreed to: a campaign's publishing, update or widening, and from which day it holds."""

    campaign: str
    kind: str
    starts_on: date


def approve_open(core: Core) -> list[Yes]:
    """Agree to every open question; one that is over by now is left alone."""
    with core.db.reading() as session:
        waiting = approvals.open_ones(session, core.workspace_id)
    return [yes for one in waiting if (yes := _approve(core, one.approval_id, one.content_hash)) is not None]


def _approve(core: Core, approval_id: int, content_hash: str) -> Yes | None:
    try:
        done = approve(core, approval_id, content_hash, APPROVER)
    except NudgerError:  # replaced or decided meanwhile: nothing to agree to
        return None
    return Yes(done.campaign, done.kind.value, done.starts_on)
