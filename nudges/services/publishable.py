"""What may be published now: this module finds a playbook on the shelf, its first day and whether anybody is meant."""

import difflib
from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.audiences import first_segment
from nudges.domain.cadence import next_monday
from nudges.domain.company import Company
from nudges.domain.playbook import Playbook
from nudges.errors import PlaybookRefused
from nudges.services.core import Core
from nudges.services.import_playbooks import ReadPlaybook
from nudges.services.periods import zone
from nudges.store import people


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
    today = core.clock().astimezone(zone(core)).date()
    begins = wanted or playbook.starts_on or next_monday(today)
    if begins < today:
        raise PlaybookRefused(f"It would start on {begins}, which is past.", hint="Leave starts_on out, or move it on.")
    return begins


def refuse_nobody(session: Session, core: Core, playbook: Playbook, company: Company) -> None:
    """Raise PlaybookRefused when the campaign would reach nobody."""
    everybody = list(people.everybody(session, core.workspace_id))
    if not everybody:
        hint = "Run `nudger people sync`, then `nudger people import people.csv`."
        raise PlaybookRefused("Nobody is known yet, so the campaign would reach nobody.", hint=hint)
    if not any(first_segment(playbook, company, person) for person in everybody):
        names = ", ".join(playbook.audience.segments)
        hint = "Check the segments' rules with `/nudge people <segment>`, and that the people file was imported."
        raise PlaybookRefused(f"The audience is empty: nobody is in {names}.", hint=hint)


def _why_missing(core: Core, name: str) -> str:
    library = core.library()
    for finding in library.findings:
        if finding.is_error and name in finding.file:
            return f"The playbook {name} has faults, so it cannot be published. The first: {finding.sentence}"
    near = difflib.get_close_matches(name, library.playbooks, n=1)
    known = ", ".join(sorted(library.playbooks)) or "none"
    return f"There is no playbook called {name}. " + (f"Did you mean {near[0]}?" if near else f"There are: {known}.")
