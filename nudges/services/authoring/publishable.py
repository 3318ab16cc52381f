"""What may be published now: this module finds a playbook on the shelf, its first day, and what stands in the way."""

import difflib
from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.checks.findings import Finding
from nudges.domain.people.audiences import first_segment
from nudges.domain.people.people import Person
from nudges.domain.people.segment_counts import count_segment
from nudges.domain.playbooks.company import Company, Profile
from nudges.domain.playbooks.playbook import Playbook
from nudges.domain.times.cadence import next_monday
from nudges.errors import PlaybookRefused
from nudges.services.authoring.import_playbooks import ReadPlaybook
from nudges.services.authoring.import_playbooks import profile_findings as judged_by
from nudges.services.barriers.periods import zone
from nudges.services.core import Core
from nudges.services.people.known_people import known_people
from nudges.store import campaigns
from nudges.store.campaigns import CampaignStatus

RUNNING = (CampaignStatus.LIVE, CampaignStatus.PAUSED)


def usable(core: Core, name: str) -> tuple[ReadPlaybook, Company]:
    """Return the playbook of that name and the company; PlaybookRefused says why it cannot be used."""
    library = core.library()
    entry = library.playbooks.get(name)
    if entry is None:
        raise PlaybookRefused(_why_missing(core, name), hint="`nudger check` lists every playbook's faults.")
    if library.company is None:
        raise PlaybookRefused("company.yaml is missing or has faults, so nothing can be published.")
    return entry, library.company


def first_day(core: Core, playbook: Playbook, wanted: date | None) -> date:
    """Return the campaign's first day: the one wanted, the file's, or next Monday; PlaybookRefused when it is past."""
    begins = wanted or playbook.starts_on or monday_after(core)
    if begins < today(core):
        raise PlaybookRefused(f"It would start on {begins}, which is past.", hint="Leave starts_on out, or move it on.")
    return begins


def today(core: Core) -> date:
    """Return the day it is where the company is at home."""
    return core.clock().astimezone(zone(core)).date()


def monday_after(core: Core) -> date:
    """Return the Monday after today."""
    return next_monday(today(core))


def refuse_nobody(session: Session, core: Core, playbook: Playbook, company: Company) -> None:
    """Raise PlaybookRefused when the campaign would reach nobody."""
    everybody = list(known_people(session, core, company))
    if not everybody:
        hint = "Run `nudger people sync`, then `nudger people import people.csv`."
        raise PlaybookRefused("Nobody is known yet, so the campaign would reach nobody.", hint=hint)
    if not any(first_segment(playbook, company, person) for person in everybody):
        names = ", ".join(playbook.audience.segments)
        hint = "Check the segments' rules with `/nudge people <segment>`, and that the people file was imported."
        raise PlaybookRefused(f"The audience is empty: nobody is in {names}.", hint=hint)
    _refuse_too_few(playbook, company, everybody)


def _refuse_too_few(playbook: Playbook, company: Company, everybody: list[Person]) -> None:
    """Raise PlaybookRefused where the size of an audience would tell what a single person did."""
    pilot = playbook.audience.pilot
    for name in dict.fromkeys((*playbook.audience.segments, *((pilot.segment,) if pilot else ()))):
        count = count_segment(name, company, everybody)
        if count.people is None and not count.band:
            sentence = f"{name} asks what people did and holds too few of them: a campaign would show who it was."
            raise PlaybookRefused(
                sentence, hint=f"Wait until at least {company.k} people are in it, or widen its rule."
            )


def twins(session: Session, core: Core, playbook: str) -> list[str]:
    """Return the campaigns that run on this playbook already."""
    running = campaigns.campaigns(session, core.workspace_id, *RUNNING)
    return [one.name for one in running if one.playbook == playbook]


def edited_twin(session: Session, core: Core, playbook: str) -> str:
    """Return the latest campaign that runs on an older text of this playbook's file; empty when there is none."""
    entry = core.library().playbooks.get(playbook)
    running = [one for one in campaigns.campaigns(session, core.workspace_id, *RUNNING) if one.playbook == playbook]
    return next((one.name for one in reversed(running) if entry and one.text_hash != entry.text_hash), "")


def refuse_twin(session: Session, core: Core, playbook: str) -> None:
    """Raise PlaybookRefused when the playbook runs already: whoever is in both would get everything twice."""
    found = twins(session, core, playbook)
    if found:
        sentence = f"{playbook} runs already as {', '.join(found)}; whoever is in both would get every nudge twice."
        hint = f"`nudger publish --update {found[-1]}` gives it the new text; `--again` begins a second run."
        raise PlaybookRefused(sentence, hint=hint)


def refuse_unripe(core: Core, entry: ReadPlaybook) -> None:
    """Raise PlaybookRefused when the playbook has a fault of the profile that company.yaml asks for."""
    profile = core.company().publishing.profile
    faults = [finding for finding in profile_findings(core, entry, profile) if finding.is_error]
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        sentence = f"It is not ripe enough: company.yaml asks for the profile {profile}. {faults[0].sentence}{more}"
        hint = f"{faults[0].fix} `nudger check --profile {profile}` lists them all."
        raise PlaybookRefused(sentence, hint=hint)


def live_warnings(core: Core, entry: ReadPlaybook) -> tuple[str, ...]:
    """Return what a playbook still lacks before it is ripe for everybody, as sentences; what is only advice is not."""
    findings = profile_findings(core, entry, Profile.LIVE)
    found = Counter(finding.sentence for finding in findings if finding.is_error)
    return tuple(sentence if count == 1 else f"{sentence} ({count} times)" for sentence, count in found.items())


def profile_findings(core: Core, entry: ReadPlaybook, profile: Profile) -> tuple[Finding, ...]:
    """Return what this profile asks of the playbook, those findings left out that its author has waived."""
    return judged_by(core.library(), entry.playbook.playbook, profile, today=today(core)).findings


def _why_missing(core: Core, name: str) -> str:
    library = core.library()
    for finding in library.findings:
        if finding.is_error and name in finding.file:
            return f"The playbook {name} has faults, so it cannot be published. The first: {finding.sentence}"
    near = difflib.get_close_matches(name, library.playbooks, n=1)
    known = ", ".join(sorted(library.playbooks)) or "none"
    return f"There is no playbook called {name}. " + (f"Did you mean {near[0]}?" if near else f"There are: {known}.")
