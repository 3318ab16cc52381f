"""Does it help: this module compares teams that were spared with teams that were reached, by how they use the tool."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.measuring.contrasts import Contrast, TeamCount, contrast
from nudges.domain.measuring.experiments import holdout_key_of
from nudges.domain.people.people import Person
from nudges.services.core import Core
from nudges.store import people, tallies, usage
from nudges.store.campaigns import Campaign

WEEKS = 4  # the last ones that were imported


@dataclass(frozen=True)
class Compared:
    """How many are spared, whether their use of the tool is known, and the difference where it can be told."""

    held_out: int = 0
    has_usage: bool = False
    contrast: Contrast | None = None


def compare_holdout(session: Session, core: Core, campaign: Campaign) -> Compared:
    """Return the comparison; without a comparison group or without usage there is none."""
    spared = tallies.held_out(session, campaign.campaign_id)
    known = usage.span(session, core.workspace_id)
    if not spared or known is None:
        return Compared(len(spared), known is not None)
    since = known[1] - timedelta(weeks=WEEKS - 1)
    active = usage.active_since(session, core.workspace_id, since)
    meant = list(tallies.segments_of(session, campaign.campaign_id))
    everybody = list(people.several(session, core.workspace_id, meant).values())
    reached = _teams([person for person in everybody if person.person_id not in spared], active)
    held = _teams([person for person in everybody if person.person_id in spared], active)
    return Compared(len(spared), True, contrast(reached, held, core.company().k))


def _teams(some: list[Person], active: set[str]) -> list[TeamCount]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for person in some:
        grouped[holdout_key_of(person)].append(person.person_id)
    return [TeamCount(len(ids), sum(person_id in active for person_id in ids)) for ids in grouped.values()]
