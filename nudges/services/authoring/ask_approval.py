"""A second person's yes: this module says when it is needed, who may give it, and puts the question to them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.delivery.staging import grows_too_much
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.errors import ApprovalImpossible
from nudges.services.core import Core
from nudges.services.delivery.notices import tell
from nudges.services.people.roles import approvers_of
from nudges.store import approvals, people
from nudges.store.approvals import Approval, ApprovalKind, ApprovalReason
from nudges.store.campaigns import Campaign

COMMAND_LINE = "command line"  # who acts where nobody is signed in


def others_who_may(session: Session, core: Core, actor_id: str) -> tuple[str, ...]:
    """Return who may agree to what this person asks for and can be reached; never the person."""
    wanted = [person_id for person_id in approvers_of(core) if person_id != actor_id]
    known = people.several(session, core.workspace_id, wanted)
    return tuple(one for one in wanted if one in known and known[one].kind not in NEVER_SENDABLE)


def reason_of_growth(core: Core, *sizes: tuple[int, int]) -> ApprovalReason | None:
    """Return GROWTH when one of these audiences, each as present and added people, grows by more than allowed."""
    most = core.company().publishing.growth
    grows = any(grows_too_much(present=present, added=added, most=most) for present, added in sizes)
    return ApprovalReason.GROWTH if grows else None


def ask(
    session: Session,
    core: Core,
    campaign: Campaign,
    *,
    kind: ApprovalKind,
    reason: ApprovalReason,
    actor_id: str,
    version: int,
    content_hash: str,
    rest_starts_on: date | None = None,
) -> Sequence[str]:
    """Put the question to all who may answer and return them; ApprovalImpossible when there is nobody."""
    asked = others_who_may(session, core, actor_id)
    if not asked:
        raise ApprovalImpossible
    now = core.clock()
    new = Approval(
        approval_id=0,
        campaign_id=campaign.campaign_id,
        kind=kind,
        version=version,
        content_hash=content_hash,
        reason=reason,
        asked_by=actor_id,
        asked_at=now,
        rest_starts_on=rest_starts_on,
    )
    approval_id = approvals.ask(session, core.workspace_id, new)
    values = {"approval_id": str(approval_id), "content_hash": content_hash, "campaign": campaign.name}
    for person_id in asked:
        key = f"approval:{approval_id}:{person_id}"
        tell(session, core, person_id=person_id, notice_key=key, text_key="notice.approval", values=values)
    return asked
