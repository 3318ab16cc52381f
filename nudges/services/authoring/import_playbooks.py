"""From a folder to playbooks: this module reads company.yaml and its playbooks, whole, with every fault listed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from nudges.domain.checks.finding_codes import ADVICE
from nudges.domain.checks.findings import Finding
from nudges.domain.checks.profiles import Judged
from nudges.domain.checks.rivals import Contender, rivals
from nudges.domain.checks.waivers import judged
from nudges.domain.files.loading import Loaded, idle_company_waivers, load_company, load_playbook, load_plays
from nudges.domain.playbooks.company import Company, Profile
from nudges.domain.playbooks.playbook import Playbook
from nudges.domain.plays.models import NO_PLAYS, Plays
from nudges.services.authoring.folder_findings import no_company, no_folder, twins
from nudges.services.authoring.playbook_files import (
    COMPANY_NAMES,
    NO_PLAYBOOKS,
    Listing,
    company_name,
    list_folder,
    plays_name,
    read_file,
    read_files,
)
from nudges.services.authoring.rule_targets import unknown_targets


@dataclass(frozen=True)
class ReadPlaybook:
    """A playbook without errors, the text it was read from, that text's hash and the file's name."""

    playbook: Playbook
    text: str
    text_hash: str
    file: str


@dataclass(frozen=True)
class Library:
    """All that a folder holds: what can be used by name, and what was found; `broken` names the files with errors.

    `waived` is what authors have thought about, each with the reason.
    """

    company: Company | None
    company_text: str = ""
    playbooks: Mapping[str, ReadPlaybook] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    broken: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    waived: tuple[Finding, ...] = ()
    plays: Plays = NO_PLAYS  # the company's own


@dataclass(frozen=True)
class CheckReport:
    """The answer of `nudger check`: the files looked at, what was found or waived, and what could not be looked at."""

    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    could_not_run: tuple[str, ...] = ()
    waived: tuple[Finding, ...] = ()
    profile: Profile = Profile.DRAFT

    @property
    def errors(self) -> int:
        return sum(finding.is_error for finding in self.findings)

    @property
    def advice(self) -> int:
        return len(self.findings) - self.errors


def read_folder(folder: Path, profile: Profile = Profile.DRAFT, *, today: date | None = None) -> Library:
    """Return everything the folder holds; what cannot be used is told in the findings, never raised."""
    try:
        listing = list_folder(folder)
    except OSError as error:
        return Library(None, findings=(no_folder(folder, error),), broken=(str(folder),))
    if not listing.names and listing.findings:
        return Library(None, findings=listing.findings, broken=(str(folder),))
    return _read(folder, listing, _Reading(profile, today))


def read_folder_with(folder: Path, name: str, text: str) -> Library:
    """Return what the folder would hold if one of its files had this text; OSError when it cannot be listed."""
    listing = list_folder(folder)
    names = tuple(sorted({*listing.names, name}))
    unsaved = {name: text.encode("utf-8", errors="surrogatepass")}
    return _read(folder, Listing(names, listing.findings), _Reading(unsaved=unsaved))


def check_paths(paths: Sequence[Path], profile: Profile = Profile.DRAFT, *, today: date | None = None) -> CheckReport:
    """Return what `nudger check` says about files and folders; a file is checked with the company.yaml beside it."""
    missing = tuple(f"{path}: there is no such file or folder." for path in paths if not path.exists())
    folders = [path for path in paths if path.is_dir()]
    files: dict[Path, list[str]] = {}
    for path in paths:
        if path.exists() and not path.is_dir():
            files.setdefault(path.parent, []).append(path.name)
    some = _Reading(profile, today, is_whole=False)
    libraries = [read_folder(folder, profile, today=today) for folder in folders]
    libraries += [_read(parent, Listing(tuple(dict.fromkeys(names))), some) for parent, names in files.items()]
    return CheckReport(
        files=tuple(dict.fromkeys(file for library in libraries for file in library.files)),
        findings=tuple(sorted({finding for library in libraries for finding in library.findings})),
        could_not_run=missing,
        waived=tuple(sorted({finding for library in libraries for finding in library.waived})),
        profile=profile,
    )


def profile_findings(library: Library, name: str, profile: Profile, *, today: date | None = None) -> Judged:
    """Return what the profile asks of one playbook of the library; nothing when the library has none of this name."""
    entry, company = library.playbooks.get(name), library.company
    if entry is None:
        return Judged()
    loaded = load_playbook(entry.text, file=entry.file, company=company, profile=profile, today=today)
    contenders = [Contender(one.playbook, one.file, one.text) for one in library.playbooks.values()]
    found = [one for one in rivals(contenders, company) if one.file == entry.file] if company else []
    everywhere = company.waive if company else {}
    about = judged(found, profile=profile, waivers=loaded.waivers, everywhere=everywhere)
    return Judged(tuple(sorted((*loaded.findings, *about.findings))), (*loaded.waived, *about.waived))


def text_hash(text: str) -> str:
    """Return what tells one version of a playbook's text from another."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


@dataclass(frozen=True)
class _Reading:
    """How to read: for which profile, as of which day, the whole folder or some files, with texts not saved yet."""

    profile: Profile = Profile.DRAFT
    today: date | None = None
    is_whole: bool = True
    unsaved: Mapping[str, bytes] = field(default_factory=dict)

    def bytes_of(self, path: Path) -> bytes | Finding:
        return self.unsaved.get(path.name) or read_file(path, inside=path.parent)


def _read(folder: Path, listing: Listing, reading: _Reading) -> Library:
    company_file = _company_file(folder, listing.names)
    company_text = reading.bytes_of(folder / company_file) if company_file else no_company(folder)
    company = _load_company(company_text, folder / (company_file or COMPANY_NAMES[0]), reading)
    shared = company.value or company.draft
    texts = read_files((folder / name for name in listing.names if name not in NO_PLAYBOOKS), reading.bytes_of)
    loaded = {str(path): _load(path, text, shared, reading) for path, text in texts.items()}
    plays = _load_plays(folder, listing, reading)
    words = {str(path): _words(text) for path, text in texts.items()}
    asked = _asked(company, _words(company_text), str(folder / (company_file or "")), loaded, reading)
    about = _about_folder(listing, company, loaded, words, reading, asked)
    waived = (*company.waived, *(one for each in loaded.values() for one in each.waived), *about.waived)
    idle = _idle(company, company_text, folder / company_file, waived, reading) if company_file else []
    about_files = (*company.findings, *plays.findings, *(f for one in loaded.values() for f in one.findings))
    found = (*about_files, *about.findings, *idle)
    broken = {finding.file for finding in found if finding.is_error and finding.code not in ADVICE}
    kept = [
        ReadPlaybook(one.value, words[file], text_hash(words[file]), file)
        for file, one in loaded.items()
        if one.value is not None and file not in broken
    ]
    return Library(
        company=company.value,
        company_text=_words(company_text),
        playbooks={one.playbook.playbook: one for one in kept},
        findings=tuple(sorted(found)),
        broken=tuple(sorted(broken)),
        files=(*_beside(folder, company_file, plays_name(listing.names)), *loaded),
        waived=tuple(sorted(waived)),
        plays=plays.value or NO_PLAYS,
    )


def _about_folder(
    listing: Listing,
    company: Loaded[Company],
    loaded: Mapping[str, Loaded[Playbook]],
    words: Mapping[str, str],
    reading: _Reading,
    asked: Sequence[Finding],
) -> Judged:
    """What no single file can tell, with the waivers of the file that it is said about."""
    shared = company.value or company.draft
    copies = twins(loaded)
    unusable = {finding.file for finding in copies}
    used = {file: one.value for file, one in loaded.items() if one.value is not None and file not in unusable}
    contenders = [Contender(playbook, file, words[file]) for file, playbook in used.items()]
    found = [*listing.findings, *copies, *(rivals(contenders, shared) if shared else ()), *asked]
    parts = []
    for finding in found:
        own = loaded[finding.file].waivers if finding.file in loaded else ()
        everywhere = shared.waive if shared else {}
        parts.append(judged((finding,), profile=reading.profile, waivers=own, everywhere=everywhere))
    return Judged(
        tuple(finding for part in parts for finding in part.findings),
        tuple(finding for part in parts for finding in part.waived),
    )


def _asked(
    company: Loaded[Company], text: str, file: str, loaded: Mapping[str, Loaded[Playbook]], reading: _Reading
) -> list[Finding]:
    # Of some files nobody can say which nudges are not in the folder.
    if company.value is None or not reading.is_whole:
        return []
    return unknown_targets(company.value, text, file, loaded.values())


def _idle(
    company: Loaded[Company], text: bytes | Finding, path: Path, waived: Sequence[Finding], reading: _Reading
) -> list[Finding]:
    # Of some files, or of files with errors, nobody can say what is not found in the folder.
    if not reading.is_whole or not isinstance(text, bytes) or company.value is None or not company.value.waive:
        return []
    return idle_company_waivers(text, file=str(path), waived=waived, profile=reading.profile)


def _company_file(folder: Path, names: tuple[str, ...]) -> str | None:
    return company_name(names) or next((name for name in COMPANY_NAMES if (folder / name).exists()), None)


def _load_company(text: bytes | Finding, path: Path, reading: _Reading) -> Loaded[Company]:
    if isinstance(text, Finding):
        return Loaded(None, (text,))
    return load_company(text, file=str(path), profile=reading.profile)


def _load_plays(folder: Path, listing: Listing, reading: _Reading) -> Loaded[Plays]:
    name = plays_name(listing.names)
    text = reading.bytes_of(folder / name) if name else b""
    if isinstance(text, Finding):
        return Loaded(None, (text,))
    return load_plays(text, file=str(folder / name)) if name else Loaded(NO_PLAYS, ())


def _beside(folder: Path, *names: str | None) -> tuple[str, ...]:
    return tuple(str(folder / name) for name in names if name)


def _load(path: Path, text: bytes | Finding, company: Company | None, reading: _Reading) -> Loaded[Playbook]:
    if isinstance(text, Finding):
        return Loaded(None, (text,))
    return load_playbook(text, file=str(path), company=company, profile=reading.profile, today=reading.today)


def _words(text: bytes | Finding) -> str:
    return text.decode("utf-8-sig", errors="replace") if isinstance(text, bytes) else ""
