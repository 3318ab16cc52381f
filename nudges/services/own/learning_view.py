"""What a person has learned, for their own eyes: this module counts their questions by playbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.playbooks.languages import title_for
from nudges.domain.recall.recall import Ending, Met
from nudges.errors import StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.store import campaigns, people, recall

_IS_KNOWN = (Ending.LEARNED, Ending.KNOWN)


@dataclass(frozen=True)
class Learned:
    """The questions of one playbook that a person has met."""

    playbook: str
    title: str
    met: int
    known: int  # learned by coming back, or the person said that they know it
    coming_back: int
    next_at: datetime | None = None  # from when the next of them may come back; the day is found beside what is new


def learned(core: Core, person_id: str) -> tuple[Learned, ...]:
    """Return what a person has learned, by playbook in the order they met it; empty before the first answer."""
    with core.db.reading() as session:
        return learned_of(session, core, person_id)


def learned_of(session: Session, core: Core, person_id: str) -> tuple[Learned, ...]:
    """Return the same from a session that is open already."""
    by_playbook: dict[str, list[Met]] = {}
    titles: dict[str, str] = {}
    reader = people.person(session, core.workspace_id, person_id)
    for met in recall.met_by(session, core.workspace_id, person_id):
        campaign = campaigns.by_id(session, core.workspace_id, met.campaign_id)
        if campaign is None:
            continue
        try:
            titles[campaign.playbook] = title_for(reader.language if reader else "", frozen(campaign)[0])
        except StorageError:  # a text that cannot be read any more has its name left
            titles.setdefault(campaign.playbook, campaign.playbook)
        by_playbook.setdefault(campaign.playbook, []).append(met)
    return tuple(_learned(playbook, titles[playbook], found) for playbook, found in by_playbook.items())


def _learned(playbook: str, title: str, found: Iterable[Met]) -> Learned:
    # A playbook may have run twice: a question is one question, as it was answered last.
    latest = {met.nudge_key: met for met in sorted(found, key=lambda met: met.card.answered_at)}.values()
    coming = [met for met in latest if not met.ended]
    return Learned(
        playbook=playbook,
        title=title,
        met=len(latest),
        known=sum(met.ended in _IS_KNOWN for met in latest),
        coming_back=len(coming),
        next_at=min((met.card.due_at for met in coming), default=None),
    )
