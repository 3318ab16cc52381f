"""What a message shows that no playbook knows: this module adds a workshop's day and seats, and how a poll stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery
from nudges.domain.delivery.messages import Message
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.measuring.disclosure import band, share_band
from nudges.domain.measuring.release import Change, released
from nudges.domain.people.people import Person
from nudges.domain.playbooks.kind_shown import KindParts, VotesShown
from nudges.domain.playbooks.languages import language_for
from nudges.domain.playbooks.playbook import Nudge, Playbook, Poll, Workshop
from nudges.domain.playbooks.sequels import Attendance, Reminder
from nudges.services.barriers.periods import zone
from nudges.services.core import Core
from nudges.services.delivery.meetings import meeting_for, shown_to
from nudges.store import campaigns, past, rollups
from nudges.store.campaigns import Campaign


def with_kind_facts(
    session: Session,
    core: Core,
    delivery: Delivery,
    message: Message,
    *,
    playbook: Playbook,
    nudge: Nudge,
    person: Person,
) -> Message:
    """Return the message with what stands in the database about its workshop or its poll; others as they are."""
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id) if message.parts else None
    if campaign is None or message.parts is None:
        return message
    if isinstance(nudge, Workshop | Reminder | Attendance):
        key = nudge.key if isinstance(nudge, Workshop) else nudge.of
        meeting = meeting_for(session, campaign, playbook, key, delivery.person_id)
        if meeting is None:
            return message
        language = language_for(person, playbook, meeting.workshop)
        parts = replace(message.parts, session=shown_to(session, core, meeting, person, language))
        return replace(message, parts=parts)
    if isinstance(nudge, Poll) and message.parts.tapped:
        return replace(message, parts=_with_votes(session, core, campaign, nudge, message.parts))
    return message


def _with_votes(session: Session, core: Core, campaign: Campaign, poll: Poll, parts: KindParts) -> KindParts:
    told = votes_told(session, core, campaign, poll.key)
    lines = tuple((line.text, told[0][line.key]) for line in parts.taps if line.key in told[0])
    return replace(parts, votes=VotesShown(lines, told[1] if lines else ""))


def votes_told(session: Session, core: Core, campaign: Campaign, nudge_key: str) -> tuple[Mapping[str, str], str]:
    """Return the share of each option as a band, and of how many; what results tell, and not a vote more.

    Days count when they are over, and small groups of votes wait for others, as everywhere.
    """
    if past.counts(session, campaign.campaign_id):
        return {}, ""  # answers are being forgotten: what vanishes a day at a time could be subtracted
    here, k = zone(core), core.company().k
    changes = [
        Change(rollups.day_of(one.quarter, here), one.segment, one.value, one.count)
        for one in rollups.of_campaign(session, campaign.campaign_id)
        if one.kind == ResponseKind.TAP and one.nudge_key == nudge_key and one.count
    ]
    until = core.clock().astimezone(here).date() - timedelta(days=1)
    whole = released([one for one in changes if one.on <= until], until=until, k=k).whole
    if whole is None:
        return {}, ""
    return {side: share_band(count, whole.of) for side, count in whole.sides.items()}, band(whole.of, k)
