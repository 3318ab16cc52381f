"""Playbooks written in Slack: this module opens, checks and saves them with the same loader as `nudger check`.

Only files of the playbooks folder are written, never company.yaml, always whole, and only over the version that the
author has seen.
"""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from nudges.domain.checks.findings import Finding
from nudges.domain.editing import templates
from nudges.domain.editing.templates import Names
from nudges.domain.files.loading import load_playbook
from nudges.domain.files.suggest import nearest
from nudges.errors import DraftNotSaved, FileRefused, PlaybookRefused
from nudges.services.authoring.editor_schema import header_for
from nudges.services.authoring.import_playbooks import Library, read_folder_with
from nudges.services.authoring.playbook_files import NO_PLAYBOOKS, SUFFIXES, list_folder, read_file
from nudges.services.authoring.writing_files import replace_file
from nudges.services.core import Core
from nudges.store import audit

NEW_NAME = "a-name-for-it"
NEW_FILE = "new-playbook.yaml"  # what findings call a text that has no name yet
_NAME = re.compile(r"\w[\w-]{0,59}")
_ONE_AT_A_TIME = Lock()  # two authors who press Save at once: the second must see what the first has written


@dataclass(frozen=True)
class Draft:
    """A file's text as an author begins to write; `version` is empty for a file that does not exist yet."""

    file: str
    text: str
    version: str = ""


@dataclass(frozen=True)
class Checked:
    """What the loader says of a text: the playbook's own name, the file it belongs into, and its findings."""

    name: str
    file: str
    findings: tuple[Finding, ...]
    title: str = ""  # of a text that can be used
    waived: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the text from being used."""
        return tuple(finding for finding in self.findings if finding.is_error)


@dataclass(frozen=True)
class Saved:
    """A playbook in its file; `advice` is what was found all the same, `waived` what its author left."""

    name: str
    title: str
    file: str
    version: str
    advice: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()


class Changed(DraftNotSaved):
    """The file has changed since it was opened, so it was not written over."""

    code = "draft.changed"
    hint = "Choose which of the two texts stays."

    def __init__(self, theirs: Draft) -> None:
        super().__init__(f"{theirs.file} has changed since you opened it, so nothing was written over.")
        self.theirs = theirs


def new_draft(core: Core, owner: str) -> Draft:
    """Return the text that a new playbook begins with, in this company's names."""
    company = core.company()
    names = Names(
        NEW_NAME,
        segment=next(iter(company.segments), "everybody"),
        channel=next(iter(company.channels), ""),
        owner=owner,
        partner=next(iter(company.approvers or company.admins), owner),
    )
    return Draft("", f"{header_for(NEW_FILE)}\n{templates.playbook(names)}")


def open_draft(core: Core, name: str) -> Draft:
    """Return the present text of a playbook, faulty or not; PlaybookRefused when there is none or it cannot be read."""
    core.library.refresh()
    file = _file_of(core.library(), core.library.folder, name)
    if file is None:
        known = sorted({*core.library().playbooks, *(Path(one).stem for one in core.library().broken)} - {"company"})
        near = nearest(name, known)
        offered = f"Did you mean {near}?" if near else f"There are: {', '.join(known) or 'none'}."
        raise PlaybookRefused(f"There is no playbook called {name}. {offered}", hint="`/nudge edit new` begins one.")
    return read_draft(core, file)


def read_draft(core: Core, file: str) -> Draft:
    """Return a file of the folder as it stands now; one that is not there is empty. PlaybookRefused if unreadable."""
    path = _inside(core.library.folder, file)
    if not path.exists() and not path.is_symlink():
        return Draft(file, "")
    found = read_file(path, inside=core.library.folder)
    if isinstance(found, Finding):
        raise PlaybookRefused(f"{file}: {found.sentence}", hint=found.fix)
    words = found.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return Draft(file, words, version_of(found))


def check_draft(core: Core, file: str, text: str) -> Checked:
    """Return the findings of this text, as `nudger check` would list them if it stood in the folder.

    `file` is what was opened, empty for a new playbook; a playbook that gets another name belongs into another file.
    """
    folder, text = core.library.folder, text or "\n"
    own = load_playbook(text, file=file or NEW_FILE, company=None).name
    is_renamed = bool(_NAME.fullmatch(own)) and own != _name_in(folder, file)
    target = f"{own}{SUFFIXES[0]}" if is_renamed else file or NEW_FILE
    _inside(folder, target)
    try:
        library = read_folder_with(folder, target, text)
    except OSError as error:
        raise DraftNotSaved(f"The playbooks folder cannot be read ({error.strerror}).") from error
    place = str(folder / target)
    entry = library.playbooks.get(own)
    found, waived = (
        tuple(finding for finding in each if finding.file == place) for each in (library.findings, library.waived)
    )
    return Checked(own, target, found, entry.playbook.title if entry else "", waived)


def save_draft(core: Core, actor_id: str, *, file: str, version: str, text: str) -> Checked | Saved:
    """Write a text without errors whole into its file; a text with errors comes back as it was checked.

    `file` and `version` are what was opened. Raises Changed when the file is not that version any more, DraftNotSaved
    when it cannot be written, PlaybookRefused for a name that leads elsewhere.
    """
    with _ONE_AT_A_TIME:
        text = text.encode("utf-8", errors="replace").decode()
        checked = check_draft(core, file, text)
        if checked.errors or not checked.title:
            return checked
        path = _inside(core.library.folder, checked.file)
        there = read_draft(core, checked.file)
        if there.version != (version if checked.file == file else ""):
            raise Changed(there)
        written = text.rstrip("\n") + "\n"
        done = version_of(written.encode("utf-8"))
        subject = f"{checked.file} {done[:12]}"
        with core.db.begin() as session:  # a file that cannot be written leaves no line behind
            now = core.clock()
            audit.record(
                session, core.workspace_id, actor_id=actor_id, action="edit_playbook", subject=subject, now=now
            )
            _write_whole(path, written)
    return Saved(checked.name, checked.title, checked.file, done, checked.findings, checked.waived)


def version_of(content: bytes) -> str:
    """Return what tells one content of a file from another."""
    return hashlib.sha256(content).hexdigest()


def is_playbook_file(name: str) -> bool:
    """Return whether a file of this name may be written: plain, in the folder itself, and not company.yaml."""
    is_plain = name == Path(name).name and "\\" not in name and "\0" not in name and not name.startswith(".")
    # Where letter case does not count, Company.yaml is company.yaml.
    return is_plain and name.lower().endswith(SUFFIXES) and name.casefold() not in NO_PLAYBOOKS


def _inside(folder: Path, file: str) -> Path:
    if not is_playbook_file(file):
        hint = "Choose another name behind `playbook:`; company.yaml is changed in an editor only."
        raise PlaybookRefused(f"{file[:80]} cannot be written from Slack.", hint=hint)
    path = folder / file
    if path.is_symlink():
        raise PlaybookRefused(f"{file} is a link to another file.", hint="Change the file it leads to, in an editor.")
    return path


def _name_in(folder: Path, file: str) -> str:
    """What the file on disk calls itself; empty without a file."""
    found = read_file(folder / file, inside=folder) if file and (folder / file).exists() else None
    if not isinstance(found, bytes):
        return ""
    return load_playbook(found, file=file, company=None).name or Path(file).stem


def _file_of(library: Library, folder: Path, name: str) -> str | None:
    entry = library.playbooks.get(name)
    if entry is not None:
        return Path(entry.file).name
    with suppress(OSError):
        names = [one for one in list_folder(folder).names if is_playbook_file(one)]
        return next((one for one in names if Path(one).stem == name), None)
    return None


def _write_whole(path: Path, text: str) -> None:
    try:
        replace_file(path, text)
    except FileRefused as error:
        raise DraftNotSaved(f"{path.name} cannot be written, so it is as it was. {_reason(error)}".strip()) from error


def _reason(error: FileRefused) -> str:
    # The message names a folder of the machine, which is nobody's business in Slack.
    cause = error.__cause__
    return f"({cause.strerror})" if isinstance(cause, OSError) and cause.strerror else ""
