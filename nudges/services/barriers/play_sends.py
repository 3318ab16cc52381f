"""What a play sends and eases: this module begins the campaign that carries its note, and says whom a play spares."""

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.files.loading import load_company, load_playbook
from nudges.domain.people.people import Person
from nudges.domain.people.teams import team_key_of
from nudges.domain.playbooks.comparing import plain
from nudges.domain.plays.models import Sends
from nudges.domain.plays.sending import Carrier, carrier, readers_rule
from nudges.services.authoring import begin_campaign
from nudges.services.authoring.publishable import today
from nudges.services.core import Core
from nudges.store import campaigns, flag_lives, people, versions
from nudges.store.campaigns import Campaign, CampaignStatus, content_hash_of
from nudges.store.once import once

logger = logging.getLogger(__name__)

DAY = timedelta(days=1)


def send_note(session: Session, core: Core, scope: Scope, sends: Sends, *, actor_id: str) -> str:
    """Begin the campaign that carries a play's note from tomorrow on; return its name, empty where nobody would get it.

    Nothing in the campaign says which flag it serves: whoever sees it sees a note to all managers, or to an area.
    """
    everybody = list(people.everybody(session, core.workspace_id))
    rule = readers_rule(sends.to, scope, everybody, core.company().k)
    if rule is None:
        logger.info("a play sends nothing: too few readers, or nothing tells them from others")
        return ""
    starts_on = today(core) + DAY
    number = len(campaigns.campaigns(session, core.workspace_id)) + 1
    written = carrier(sends, rule, number=number, owner_id=actor_id, tool="-", starts_on=starts_on)
    company = load_company(written.company_text, file="company.yaml").value
    if company is None or load_playbook(written.text, file="note", company=company).value is None:
        logger.warning("a play sends nothing: its note cannot be sent as a nudge")
        return ""
    return _begin(session, core, written, actor_id=actor_id)


def is_eased(session: Session, core: Core, person: Person) -> bool:
    """Return whether a play spares the area this person works in: they get half as many nudges for a while."""
    now = core.clock()
    scopes = once(session, ("eased", now), lambda: flag_lives.eased(session, core.workspace_id, now))
    return any(_stands_in(session, core, person, ScopeType(type_), id_) for type_, id_ in scopes)


def _stands_in(session: Session, core: Core, person: Person, type_: ScopeType, scope_id: str) -> bool:
    """Return what `members_of` says of this one person, without reading everybody else."""
    if type_ is ScopeType.DEPARTMENT:
        return plain(person.department) == plain(scope_id)
    if type_ is ScopeType.PLACE:
        return plain(person.place) == plain(scope_id)
    key = team_key_of(person)
    if not key or plain(key.removeprefix("team:")) != plain(scope_id):
        return False
    reports = people.reports_of(session, core.workspace_id, person.person_id)
    return all(team_key_of(one) != key for one in reports)  # who leads a team is none of its members


def _begin(session: Session, core: Core, written: Carrier, *, actor_id: str) -> str:
    now, starts_on = core.clock(), today(core) + DAY
    new = Campaign(
        campaign_id=0,
        name=campaigns.free_name(session, core.workspace_id, written.playbook),
        playbook=written.playbook,
        text=written.text,
        company_text=written.company_text,
        text_hash=content_hash_of(written.text, written.company_text),
        status=CampaignStatus.WAITING,
        starts_on=starts_on,
        published_at=now,
        published_by=actor_id,
        version=1,
    )
    campaign_id = campaigns.create(session, core.workspace_id, new)
    texts = {"text": new.text, "company_text": new.company_text, "text_hash": new.text_hash}
    version = versions.add(session, campaign_id, **texts, written_by=actor_id, now=now)
    campaign = campaigns.by_id(session, core.workspace_id, campaign_id)
    if campaign is not None:
        begin_campaign.start(session, core, campaign, version, starts_on=starts_on, approved_by=actor_id)
    return new.name
