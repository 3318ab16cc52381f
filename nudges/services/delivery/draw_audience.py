"""Who a campaign is for: this module draws its audience from today's people, and keeps it as its rules say."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.measuring.experiments import holdout_key_of, is_held_out
from nudges.domain.people.people import Person
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.people.known_people import scene_of
from nudges.store import campaigns
from nudges.store.campaigns import Campaign, Member
from nudges.store.drawing import Draw, coming, draw_of, leaving, on_record
from nudges.store.engine import AnyRow
from nudges.store.learning import look_again
from nudges.store.segment_sql import Asking, audience

AT_ONCE = 500  # people taken in or let go at once


def refresh_audience(
    session: Session, core: Core, campaign: Campaign, now: datetime, *, adds_pilots: bool = False
) -> None:
    """Make the campaign's audience what its rules say of today's people, whole or not at all.

    Who stays keeps the instant of entering.
    """
    draw, after = _draw(session, core, campaign, adds_pilots=adds_pilots), ""
    while rows := coming(session, draw, after=after, most=AT_ONCE):
        _take_in(session, core, campaign, rows, now, adds_pilots=adds_pilots)
        after = rows[-1].person_id
    while gone := leaving(session, draw, most=AT_ONCE):
        campaigns.let_go(session, campaign.campaign_id, gone, now)


def refresh_in_parts(core: Core, campaign: Campaign, now: datetime) -> None:
    """Do the same a part at a time: clicks must not wait for a large directory, and what is left is done next time."""
    with core.db.reading() as session:
        draw, after = _draw(session, core, campaign, adds_pilots=False), ""
        rows = coming(session, draw, after=after, most=AT_ONCE)
    if len(rows) == AT_ONCE:
        look_again(core.db)
    while rows:
        until = rows[-1].person_id
        with core.db.begin() as session:
            # Looked up again, between the same two: somebody may have been forgotten in the meantime.
            rows = coming(session, draw, after=after, most=AT_ONCE, until=until)
            _take_in(session, core, campaign, rows, now, adds_pilots=False)
        after = until
        with core.db.reading() as session:
            rows = coming(session, draw, after=after, most=AT_ONCE)
    with core.db.reading() as session:
        gone = leaving(session, draw, most=AT_ONCE)
    while gone:
        with core.db.begin() as session:
            campaigns.let_go(session, campaign.campaign_id, gone, now)
        with core.db.reading() as session:
            gone = leaving(session, draw, most=AT_ONCE)


def members_of(session: Session, core: Core, campaign: Campaign, now: datetime) -> list[Member]:
    """Return who the campaign is meant for today, each with their first segment and the draws of holdout and pilot."""
    playbook, company = frozen(campaign)
    asking = Asking(session, scene_of(core, company), company.segments)
    return [
        Member(person.person_id, segment, _is_spared(core, campaign, person), now, is_pilot=is_pilot)
        for person, segment, is_pilot in audience(asking, playbook, company)
    ]


def _draw(session: Session, core: Core, campaign: Campaign, *, adds_pilots: bool) -> Draw:
    playbook, company = frozen(campaign)
    asking = Asking(session, scene_of(core, company), company.segments)
    return draw_of(asking, playbook, company, campaign.campaign_id, adds_pilots=adds_pilots)


def _take_in(
    session: Session, core: Core, campaign: Campaign, rows: Sequence[AnyRow], now: datetime, *, adds_pilots: bool
) -> None:
    drawn = ((row, Person(row.person_id, team=row.team, manager_id=row.manager_id)) for row in rows)
    wanted = [
        Member(row.person_id, row.segment, _is_spared(core, campaign, person), now, is_pilot=bool(row.is_pilot))
        for row, person in drawn
    ]
    known = {row.person_id: member for row in rows if (member := on_record(row))}
    campaigns.take_in(session, campaign.campaign_id, wanted, known, adds_pilots=adds_pilots)


def _is_spared(core: Core, campaign: Campaign, person: Person) -> bool:
    share = frozen(campaign)[0].holdout
    team_key = holdout_key_of(person)
    return is_held_out(team_key=team_key, campaign_id=campaign.campaign_id, share=share, key=core.key)
