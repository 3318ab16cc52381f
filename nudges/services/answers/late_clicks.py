"""Clicks on old messages: this module finds out why nothing could be stored, so that the answer can be of use."""

from enum import StrEnum

from nudges.services.core import Core
from nudges.services.delivery.ready_messages import nudge_of
from nudges.services.keeping.forget_person import is_forgotten
from nudges.store import campaigns, deliveries


class Late(StrEnum):
    """Why a message cannot take a click any more."""

    FORGOTTEN = "forgotten"  # the person asked to be
    PRUNED = "pruned"  # older than what is kept
    CAMPAIGN_GONE = "campaign_gone"
    REWRITTEN = "rewritten"  # its playbook has lost the nudge
    CHANGED = "changed"  # the nudge is there, but not what was chosen


def why_late(core: Core, person_id: str, delivery_id: str) -> Late:
    """Return why nothing could be stored for this person under this message of theirs."""
    with core.db.reading() as session:
        if is_forgotten(session, core, person_id):
            return Late.FORGOTTEN
        delivery = deliveries.find(session, core.workspace_id, delivery_id)
        if delivery is None or delivery.person_id != person_id:
            return Late.PRUNED
        if campaigns.by_id(session, core.workspace_id, delivery.campaign_id) is None:
            return Late.CAMPAIGN_GONE
        return Late.CHANGED if nudge_of(session, core, delivery) else Late.REWRITTEN
