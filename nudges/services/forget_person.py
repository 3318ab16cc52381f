"""The right to be forgotten: this module erases a person everywhere at once and leaves a keyed tombstone."""

from dataclasses import dataclass

from nudges.domain.deliveries import person_hash
from nudges.services.core import Core
from nudges.store import campaigns, deliveries, flags, people, responses


@dataclass(frozen=True)
class Forgotten:
    """How much went."""

    deliveries: int
    responses: int
    reports: int


def forget(core: Core, person_id: str) -> Forgotten:
    """Erase all that is stored about a person; a later sync does not bring them back, and nothing is sent to them."""
    hashed = person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
    with core.db.begin() as session:
        sent = deliveries.erase_person(session, core.workspace_id, person_id)
        answers = responses.erase_person(session, core.workspace_id, person_id, hashed)
        reports = flags.erase_person(session, core.workspace_id, hashed)
        campaigns.erase_person(session, person_id)
        people.erase(session, core.workspace_id, person_id, hashed, core.clock())
    return Forgotten(sent, answers, reports)
