"""From a file to a campaign: this module drafts, publishes and updates; a file by itself sends nothing."""

import difflib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.audiences import NEVER_SENDABLE, first_segment
from nudges.domain.cadence import next_monday
from nudges.domain.company import Company
from nudges.domain.experiments import holdout_key_of, is_held_out
from nudges.domain.people import Person
from nudges.domain.playbook import Playbook
from nudges.domain.schedule_words import describe_when, in_words
from nudges.domain.segments import describe, matches
from nudges.domain.views import Draft
from nudges.domain.workdays import zone_of
from nudges.errors import CampaignNotFound, PlaybookRefused
from nudges.services.core import Core
from nudges.services.import_playbooks import ReadPlaybook
from nudges.services.periods import zone
from nudges.services.plan_deliveries import refresh_audience
from nudges.services.spans import last_day
from nudges.store import audit, campaigns, deliveries, people
from nudges.store.campaigns import Campaign, CampaignStatus


@dataclass(frozen=True)
class PublishedCampaign:
    """A campaign that now runs, and for how many people."""

    name: str
    title: str
    starts_on: date
    audience: int
    version: int


def draft(core: Core, name: str, *, starts_on: date | None = None) -> Draft:
    """Return what publishing would do; PlaybookRefused says why it cannot be done."""
    entry, company = _entry(core, name)
    with core.db.reading() as session:
        everybody = list(people.everybody(session, core.workspace_id))
        free = campaigns.free_name(session, core.workspace_id, entry.playbook.playbook)
        running = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
    begins = _start(core, entry.playbook, starts_on)
    found = _draft(core, entry.playbook, company, everybody, name=free, starts_on=begins)
    twins = [one.name for one in running if one.playbook == entry.playbook.playbook]
    return replace(found, warnings=(*_twice(twins), *found.warnings))


def publish(core: Core, name: str, actor_id: str, *, starts_on: date | None = None) -> PublishedCampaign:
    """Freeze the playbook as a campaign; PlaybookRefused says why not, and then nothing is stored."""
    entry, company = _entry(core, name)
    begins = _start(core, entry.playbook, starts_on)
    now = core.clock()
    with core.db.begin() as session:
        _refuse_nobody(session, core, entry.playbook, company)
        new = Campaign(
            campaign_id=0,
            name=campaigns.free_name(session, core.workspace_id, entry.playbook.playbook),
            playbook=entry.playbook.playbook,
            text=entry.text,
            company_text=core.library().company_text,
            text_hash=entry.text_hash,
            status=CampaignStatus.LIVE,
            starts_on=begins,
            published_at=now,
            published_by=actor_id,
            version=1,
        )
        campaign_id = campaigns.create(session, core.workspace_id, new)
        return _published(session, core, campaign_id, actor_id, "publish")


def update(core: Core, campaign_name: str, actor_id: str) -> PublishedCampaign:
    """Give a running campaign the file's present text; what was sent stays, what waits is planned anew."""
    with core.db.begin() as session:
        campaign = campaigns.by_name(session, core.workspace_id, campaign_name)
        if campaign is None:
            raise CampaignNotFound(f"There is no campaign called {campaign_name}.")
        entry, company = _entry(core, campaign.playbook)
        _refuse_nobody(session, core, entry.playbook, company)
        texts = {"text": entry.text, "company_text": core.library().company_text, "text_hash": entry.text_hash}
        campaigns.replace_text(session, campaign.campaign_id, **texts)
        kept = [nudge.key for nudge in entry.playbook.nudges]
        deliveries.reopen_campaign(session, campaign.campaign_id, kept)
        deliveries.skip_removed_nudges(session, core.workspace_id, campaign.campaign_id, kept)
        return _published(session, core, campaign.campaign_id, actor_id, "update")


def _entry(core: Core, name: str) -> tuple[ReadPlaybook, Company]:
    library = core.library()
    entry = library.playbooks.get(name)
    if entry is None:
        raise PlaybookRefused(_why_missing(core, name), hint="`nudger check` lists every playbook's faults.")
    if library.company is None:
        raise PlaybookRefused("company.yaml is missing or has faults, so nothing can be published.")
    return entry, library.company


def _why_missing(core: Core, name: str) -> str:
    library = core.library()
    for finding in library.findings:
        if finding.is_error and name in finding.file:
            return f"The playbook {name} has faults, so it cannot be published. The first: {finding.sentence}"
    near = difflib.get_close_matches(name, library.playbooks, n=1)
    known = ", ".join(sorted(library.playbooks)) or "none"
    return f"There is no playbook called {name}. " + (f"Did you mean {near[0]}?" if near else f"There are: {known}.")


def _start(core: Core, playbook: Playbook, wanted: date | None) -> date:
    today = core.clock().astimezone(zone(core)).date()
    begins = wanted or playbook.starts_on or next_monday(today)
    if begins < today:
        raise PlaybookRefused(f"It would start on {begins}, which is past.", hint="Leave starts_on out, or move it on.")
    return begins


def _refuse_nobody(session: Session, core: Core, playbook: Playbook, company: Company) -> None:
    everybody = list(people.everybody(session, core.workspace_id))
    if not everybody:
        hint = "Run `nudger people sync`, then `nudger people import people.csv`."
        raise PlaybookRefused("Nobody is known yet, so the campaign would reach nobody.", hint=hint)
    if not any(first_segment(playbook, company, person) for person in everybody):
        names = ", ".join(playbook.audience.segments)
        hint = "Check the segments' rules with `/nudge people <segment>`, and that the people file was imported."
        raise PlaybookRefused(f"The audience is empty: nobody is in {names}.", hint=hint)


def _published(session: Session, core: Core, campaign_id: int, actor_id: str, action: str) -> PublishedCampaign:
    campaign = campaigns.by_id(session, core.workspace_id, campaign_id)
    if campaign is None:
        raise CampaignNotFound
    # Whoever an update lets in comes late, and is told so; at publishing both instants are one.
    refresh_audience(session, core, campaign, core.clock())
    audit.record(session, core.workspace_id, actor_id=actor_id, action=action, subject=campaign.name, now=core.clock())
    size = campaigns.audience_size(session, campaign_id)
    title = core.library().playbooks[campaign.playbook].playbook.title
    return PublishedCampaign(campaign.name, title, campaign.starts_on, size, campaign.version)


def _draft(
    core: Core, playbook: Playbook, company: Company, everybody: list[Person], *, name: str, starts_on: date
) -> Draft:
    found = {person.person_id: first_segment(playbook, company, person) for person in everybody}
    inside = [person for person in everybody if found[person.person_id]]
    counts = Counter(found[person.person_id] for person in inside)
    held_out = sum(_would_be_spared(core, playbook, person) for person in inside)
    reached = len(inside) - held_out
    rules = [(segment, describe(company.segments[segment], company.segments)) for segment in playbook.audience.segments]
    return Draft(
        playbook=playbook.playbook,
        title=playbook.title,
        name=name,
        starts_on=starts_on,
        ends_on=last_day(playbook, starts_on),
        audience=len(inside),
        not_sendable=sum(_is_named_but_unreachable(playbook, company, person) for person in everybody),
        without_zone=sum(zone_of(person, company).is_fallback for person in inside),
        held_out=held_out,
        segments=tuple((segment, rule, counts[segment]) for segment, rule in rules),
        nudges=tuple((nudge.key, nudge.kind, describe_when(nudge), reached) for nudge in playbook.nudges),
        warnings=tuple(_warnings(core, playbook, reached)),
        minutes_at_pace=_minutes(reached, core.posts_per_second),
    )


def _would_be_spared(core: Core, playbook: Playbook, person: Person) -> bool:
    # The campaign's number is not known yet, so this is the size to expect, not the very people.
    return is_held_out(team_key=holdout_key_of(person), campaign_id=0, share=playbook.holdout, key=core.key)


def _is_named_but_unreachable(playbook: Playbook, company: Company, person: Person) -> bool:
    rules = (company.segments[name] for name in playbook.audience.segments if name in company.segments)
    return person.kind in NEVER_SENDABLE and any(matches(rule, person, company.segments) for rule in rules)


def _twice(twins: list[str]) -> list[str]:
    if not twins:
        return []
    names = ", ".join(twins)
    return [f"It runs already as {names}: whoever is in both would get these nudges a second time."]


def _warnings(core: Core, playbook: Playbook, reached: int) -> list[str]:
    found = []
    minutes = _minutes(reached, core.posts_per_second)
    for nudge in playbook.nudges:
        if reached / core.posts_per_second > nudge.when.window.total_seconds():
            found.append(
                f"{nudge.key}: {reached} messages need {minutes} min, its window is {in_words(nudge.when.window)}."
            )
    if playbook.audience.pilot is not None:
        found.append(
            f"The pilot ({playbook.audience.pilot.segment}) is not sent ahead yet: everybody is reached at once."
        )
    if playbook.holdout:
        found.append(f"About {playbook.holdout:.0%} of the teams are spared as a comparison group.")
    return found


def _minutes(posts: int, per_second: float) -> int:
    return max(1, round(posts / per_second / 60))
