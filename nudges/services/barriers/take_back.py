"""Taking back what one said: this module deletes a person's own report while its four weeks are open.

What a closed period has published stays: it is about a group, and a change by itself would show who left it.
"""

from sqlalchemy.orm import Session

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.barriers.keep_evidence import PATIENCE, hash_of
from nudges.services.core import Core
from nudges.store import campaigns, evidence, flags, responses


def take_back(core: Core, person_id: str, kind: BarrierKind) -> bool:
    """Delete what the person said of a kind in weeks that are still open; False when there was nothing of it."""
    with core.db.begin(patience=PATIENCE) as session:
        closed = flags.last_closed(session, core.workspace_id)
        hashed = hash_of(core, person_id)
        said = evidence.reports_of_person(session, core.workspace_id, hashed)
        gone = evidence.take_back(session, core.workspace_id, hashed, kind.value, after_period=closed)
        evidence.forget_ask(session, core.workspace_id, hashed, kind.value)
        open_ones = [one for one in said if one.period > closed]
        _forget_taps(session, core, person_id, [one for one in open_ones if one.kind == kind], open_ones)
    return gone > 0


def _forget_taps(
    session: Session,
    core: Core,
    person_id: str,
    taken: list[evidence.OwnReport],
    open_ones: list[evidence.OwnReport],
) -> None:
    """Let the nudges of a playbook forget that something was said, unless it was also something else."""
    left = {one.playbook for one in open_ones if one not in taken}
    names = {one.playbook for one in taken} - left
    for campaign in campaigns.campaigns(session, core.workspace_id):
        if campaign.playbook in names:
            responses.erase_barrier(session, core.workspace_id, campaign.campaign_id, person_id)
