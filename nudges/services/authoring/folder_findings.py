"""What is said about a folder as a whole: this module is the findings that no single file can tell."""

from collections.abc import Mapping
from pathlib import Path

from nudges.domain.checks.findings import Code, Finding, make_finding
from nudges.domain.files.loading import Loaded
from nudges.domain.playbooks.playbook import Playbook
from nudges.services.authoring.playbook_files import COMPANY_NAMES


def no_folder(folder: Path, error: OSError) -> Finding:
    """Return what to say of a folder that cannot be read."""
    sentence = f"The playbooks folder cannot be read: {error.strerror}."
    fix = "Set NUDGER_PLAYBOOKS to the folder that holds company.yaml and the playbooks."
    return make_finding(Code.UNREADABLE, file=str(folder), sentence=sentence, fix=fix)


def no_company(folder: Path) -> Finding:
    """Return what to say where company.yaml is missing."""
    sentence = "There is no company.yaml beside the playbooks, so segments and channels are not known."
    fix = "Write one with at least `admins`, `default_zone` and `segments`; docs/playbooks.md shows how."
    return make_finding(Code.NO_COMPANY, file=str(folder / COMPANY_NAMES[0]), sentence=sentence, fix=fix)


def twins(loaded: Mapping[str, Loaded[Playbook]]) -> list[Finding]:
    """Return a finding for each of the files, by path, that call themselves the same."""
    # Neither twin is used: which one is meant is the author's to say, and a stray copy must not take a place.
    by_name: dict[str, list[str]] = {}
    for file, one in loaded.items():
        if one.name:
            by_name.setdefault(one.name, []).append(file)
    return [
        _twin(file, loaded[file], other=Path(next(twin for twin in files if twin != file)).name)
        for files in by_name.values()
        if len(files) > 1
        for file in files
    ]


def _twin(file: str, loaded: Loaded[Playbook], *, other: str) -> Finding:
    return make_finding(
        Code.DUPLICATE_PLAYBOOK,
        file=file,
        line=loaded.name_at.line,
        column=loaded.name_at.column,
        source_line=f"playbook: {loaded.name}",
        sentence=f"The playbook name `{loaded.name[:60]}` is also used in {other}.",
        fix="Give each playbook a name of its own, or delete the copy.",
    )
