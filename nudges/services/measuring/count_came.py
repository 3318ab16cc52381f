"""Who came to the workshops of a campaign, counted: this module reads it once it can no longer be corrected.

A word that changes later would change a figure that was told, so all of a workshop is counted on one day, the day on
which the host's two weeks are over.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.delivery.presence import closes_at
from nudges.domain.playbooks.playbook import Playbook, Workshop
from nudges.domain.playbooks.sequels import Attendance
from nudges.services.barriers.periods import zone
from nudges.services.core import Core
from nudges.services.delivery.meetings import Meeting
from nudges.services.delivery.who_came import meetings_of
from nudges.store import campaigns, workshops
from nudges.store.campaigns import Campaign, Member

Said = Counter[tuple[date, str, str]]


def count_came(session: Session, core: Core, campaign: Campaign, playbook: Playbook) -> Mapping[str, Said]:
    """Return by question after a workshop who came, by day, segment and word; empty as long as it may change."""
    asked = [nudge for nudge in playbook.nudges if isinstance(nudge, Attendance)]
    members = campaigns.members(session, campaign.campaign_id) if asked else {}
    found: dict[str, Said] = {}
    for question in asked:
        found[question.key] = Said()
        workshop = playbook.nudge(question.of)
        for meeting in meetings_of(campaign, workshop) if isinstance(workshop, Workshop) else ():
            found[question.key] += _said(session, core, meeting, members)
    return found


def _said(session: Session, core: Core, meeting: Meeting, members: Mapping[str, Member]) -> Said:
    closed_at = closes_at(meeting.ends_at)
    if core.clock() < closed_at:
        return Said()
    day = closed_at.astimezone(zone(core)).date()
    heard = workshops.seated(session, core.workspace_id, meeting.place).items()
    segments = {one: member.segment for one, member in members.items()}
    return Said((day, segments.get(one, ""), said.word) for one, said in heard if said.word)
