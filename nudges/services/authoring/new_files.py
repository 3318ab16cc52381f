"""New playbooks and nudges from templates: this module fills them with the company's own names and writes them."""

from pathlib import Path

from nudges.domain.checks.playbook_checks import RESERVED_NAMES, lies_inside
from nudges.domain.editing import templates
from nudges.domain.editing.appending import NoPlace, names_in, next_week, with_nudge
from nudges.domain.editing.templates import Names
from nudges.domain.files.scalar_values import Unreadable, read_name
from nudges.domain.people.segments import InSegment
from nudges.domain.playbooks.company import Company
from nudges.domain.plays.shipped import shipped_text
from nudges.errors import FileRefused
from nudges.services.authoring.editor_schema import header_for, read_company, write_schemas
from nudges.services.authoring.format_files import load, read_text
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.authoring.playbook_files import COMPANY_NAMES, PLAYS_NAMES
from nudges.services.authoring.writing_files import create_file, replace_file

_NO_COMPANY = "`nudger new company` writes one to begin with."


def new_playbook(folder: Path, name: str) -> Path:
    """Write a playbook of this name into the folder; FileRefused when the name is taken or nothing can be filled in."""
    _refuse_bad_name(name)
    if name in RESERVED_NAMES or name.isdigit():
        raise FileRefused(f"`{name}` means something else in `/nudge` commands.", hint="Choose a name that says more.")
    company = read_company(folder)
    if company is None:
        raise FileRefused(f"There is no company.yaml in {folder} that can be read.", hint=_NO_COMPANY)
    if not company.segments:
        sentence = "company.yaml defines no segment, so the playbook would have no readers."
        raise FileRefused(sentence, hint="Add one under `segments`, such as `sales: {department: Sales}`.")
    taken = read_folder(folder).playbooks.get(name)
    if taken is not None:
        raise FileRefused(f"{taken.file} is called `{name}` already.", hint="Choose another name.")
    path = folder / f"{name}.yaml"
    text = templates.playbook(_names(name, company))
    create_file(path, f"{header_for(path.name)}\n{text}")
    write_schemas(folder)
    return path


def new_company(folder: Path) -> Path:
    """Write a company.yaml into the folder, which is made where it is missing."""
    taken = next((folder / name for name in COMPANY_NAMES if (folder / name).exists()), None)
    if taken is not None:
        raise FileRefused(f"{taken} is already there and was not touched.", hint="Edit that file.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / COMPANY_NAMES[0]
    create_file(path, f"{header_for(path.name)}\n{templates.company(Names(path.stem))}")
    write_schemas(folder)
    return path


def new_plays(folder: Path) -> Path:
    """Write plays.yaml with the plays that are shipped, to be changed or thinned out."""
    taken = next((folder / name for name in PLAYS_NAMES if (folder / name).exists()), None)
    if taken is not None:
        raise FileRefused(f"{taken} is already there and was not touched.", hint="Edit that file.")
    if not folder.is_dir():
        raise FileRefused(f"There is no folder {folder}.", hint=_NO_COMPANY)
    path = folder / PLAYS_NAMES[0]
    create_file(path, f"{header_for(path.name)}\n{shipped_text()}")
    write_schemas(folder)
    return path


def nudge_text(kind: str, name: str, company: Company | None) -> str:
    """Return a tip, story or quiz to paste below `nudges:`."""
    name = name or f"new-{kind}"
    _refuse_bad_name(name)
    return templates.NUDGES[kind](_names(name, company))


def add_nudge(file: Path, kind: str, name: str) -> str:
    """Write a nudge of this kind at the end of a playbook's nudges and return its name."""
    text = read_text(file)
    taken = names_in(text)
    name = name or _free(f"new-{kind}", taken)
    _refuse_bad_name(name)
    if name in taken:
        raise FileRefused(f"{file} has a nudge called `{name}` already.", hint="Choose another name.")
    names = _names(name, read_company(file.parent), week=next_week(text))
    try:
        new = with_nudge(text.replace("\r\n", "\n"), templates.NUDGES[kind](names))
    except NoPlace as error:
        hint = f"`nudger new {kind}` without --into prints the nudge to paste."
        raise FileRefused(f"Nothing was added to {file}: {error}.", hint=hint) from None
    _refuse_new_faults(file, text, new)
    replace_file(file, new.replace("\n", "\r\n") if "\r\n" in text else new)
    return name


def _names(name: str, company: Company | None, *, week: int = 1) -> Names:
    if company is None:
        return Names(name, week=week)
    people = [*company.authors, *company.admins, *company.approvers]
    segment = next(iter(company.segments), "")
    return Names(
        name,
        segment=segment,
        channel=next(iter(company.channels), ""),
        owner=next(iter(people), Names.owner),
        partner=next(reversed(people), Names.partner),
        week=week,
        pilot=next((name for name in company.segments if name != segment and _is_part(name, segment, company)), ""),
    )


def _is_part(name: str, segment: str, company: Company) -> bool:
    return lies_inside(InSegment(name), {segment}, company.segments)


def _free(name: str, taken: frozenset[str]) -> str:
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def _refuse_bad_name(name: str) -> None:
    try:
        read_name(name)
    except Unreadable as fault:
        raise FileRefused(fault.sentence, hint=fault.fix) from None


def _refuse_new_faults(file: Path, old: str, new: str) -> None:
    before = [finding.code for finding in load(old, file).findings if finding.is_error]
    after = [finding.code for finding in load(new, file).findings if finding.is_error]
    if sorted(after) != sorted(before):
        sentence = f"Nothing was added to {file}: with the new nudge it would have a fault it has not now."
        raise FileRefused(sentence, hint="Run `nudger check` on it and mend what it names first.")
