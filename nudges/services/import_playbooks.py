"""From a folder to playbooks: this module reads company.yaml and its playbooks, whole, with every fault listed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nudges.domain.company import Company
from nudges.domain.findings import Code, Finding, make_finding
from nudges.domain.loading import Loaded, load_company, load_playbook
from nudges.domain.playbook import Playbook
from nudges.services.playbook_files import COMPANY_NAMES, company_name, list_folder, read_file


@dataclass(frozen=True)
class ReadPlaybook:
    """A playbook without errors, the text it was read from, that text's hash and the file's name."""

    playbook: Playbook
    text: str
    text_hash: str
    file: str


@dataclass(frozen=True)
class Library:
    """All that a folder holds: what can be used by name, and what was found; `broken` names the files with errors."""

    company: Company | None
    company_text: str = ""
    playbooks: Mapping[str, ReadPlaybook] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    broken: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckReport:
    """The answer of `nudger check`: the files looked at, what was found, and what could not be looked at."""

    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    could_not_run: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        return sum(finding.is_error for finding in self.findings)

    @property
    def advice(self) -> int:
        return len(self.findings) - self.errors


def read_folder(folder: Path) -> Library:
    """Return everything the folder holds; what cannot be used is told in the findings, never raised."""
    try:
        listing = list_folder(folder)
    except OSError as error:
        return Library(None, findings=(_no_folder(folder, error),), broken=(str(folder),))
    if not listing.names and listing.findings:
        return Library(None, findings=listing.findings, broken=(str(folder),))
    return _read(folder, listing.names, listing.findings)


def check_paths(paths: Sequence[Path]) -> CheckReport:
    """Return what `nudger check` says about files and folders; a file is checked with the company.yaml beside it."""
    missing = tuple(f"{path}: there is no such file or folder." for path in paths if not path.exists())
    folders = [path for path in paths if path.is_dir()]
    files: dict[Path, list[str]] = {}
    for path in paths:
        if path.exists() and not path.is_dir():
            files.setdefault(path.parent, []).append(path.name)
    libraries = [read_folder(folder) for folder in folders]
    libraries += [_read(parent, tuple(dict.fromkeys(names)), ()) for parent, names in files.items()]
    return CheckReport(
        files=tuple(dict.fromkeys(file for library in libraries for file in library.files)),
        findings=tuple(sorted({finding for library in libraries for finding in library.findings})),
        could_not_run=missing,
    )


def text_hash(text: str) -> str:
    """Return what tells one version of a playbook's text from another."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def _read(folder: Path, names: tuple[str, ...], more: tuple[Finding, ...]) -> Library:
    company_file = company_name(names) or next((n for n in COMPANY_NAMES if (folder / n).exists()), None)
    company_text = read_file(folder / company_file, inside=folder) if company_file else _no_company(folder)
    company = _load_company(company_text, folder / (company_file or COMPANY_NAMES[0]))
    shared = company.value or company.draft
    texts = {name: read_file(folder / name, inside=folder) for name in names if name not in COMPANY_NAMES}
    loaded = {name: _load(folder / name, text, shared) for name, text in texts.items()}
    twins = _twins(folder, loaded)
    findings = (*more, *company.findings, *(f for one in loaded.values() for f in one.findings), *twins)
    broken = {finding.file for finding in findings if finding.is_error}
    kept = [
        _kept(one.value, texts[name], file=str(folder / name))
        for name, one in loaded.items()
        if one.value is not None and str(folder / name) not in broken
    ]
    return Library(
        company=company.value,
        company_text=_words(company_text),
        playbooks={one.playbook.playbook: one for one in kept},
        findings=tuple(sorted(findings)),
        broken=tuple(sorted(broken)),
        files=tuple(str(folder / name) for name in (*((company_file,) if company_file else ()), *loaded)),
    )


def _no_company(folder: Path) -> Finding:
    sentence = "There is no company.yaml beside the playbooks, so segments and channels are not known."
    fix = "Write one with at least `admins`, `default_zone` and `segments`; docs/playbooks.md shows how."
    return make_finding(Code.NO_COMPANY, file=str(folder / COMPANY_NAMES[0]), sentence=sentence, fix=fix)


def _load_company(text: bytes | Finding, path: Path) -> Loaded[Company]:
    if isinstance(text, Finding):
        return Loaded(None, (text,))
    return load_company(text, file=str(path))


def _load(path: Path, text: bytes | Finding, company: Company | None) -> Loaded[Playbook]:
    if isinstance(text, Finding):
        return Loaded(None, (text,))
    return load_playbook(text, file=str(path), company=company)


def _kept(playbook: Playbook, text: bytes | Finding, *, file: str) -> ReadPlaybook:
    words = _words(text)
    return ReadPlaybook(playbook, words, text_hash(words), file)


def _words(text: bytes | Finding) -> str:
    return text.decode("utf-8-sig", errors="replace") if isinstance(text, bytes) else ""


def _twins(folder: Path, loaded: Mapping[str, Loaded[Playbook]]) -> list[Finding]:
    # Neither twin is used: which one is meant is the author's to say, and a stray copy must not take a place.
    by_name: dict[str, list[str]] = {}
    for file, one in loaded.items():
        if one.name:
            by_name.setdefault(one.name, []).append(file)
    return [
        _twin(folder / file, loaded[file], other=next(twin for twin in files if twin != file))
        for files in by_name.values()
        if len(files) > 1
        for file in files
    ]


def _twin(path: Path, loaded: Loaded[Playbook], *, other: str) -> Finding:
    return make_finding(
        Code.DUPLICATE_PLAYBOOK,
        file=str(path),
        line=loaded.name_at.line,
        column=loaded.name_at.column,
        source_line=f"playbook: {loaded.name}",
        sentence=f"The playbook name `{loaded.name[:60]}` is also used in {other}.",
        fix="Give each playbook a name of its own, or delete the copy.",
    )


def _no_folder(folder: Path, error: OSError) -> Finding:
    sentence = f"The playbooks folder cannot be read: {error.strerror}."
    fix = "Set NUDGER_PLAYBOOKS to the folder that holds company.yaml and the playbooks."
    return make_finding(Code.UNREADABLE, file=str(folder), sentence=sentence, fix=fix)
