"""Playbooks in their usual shape: this module reads files, lays them out, and makes sure that nothing else changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nudges.domain.checks.findings import Code, Finding
from nudges.domain.editing.layout import laid_out
from nudges.domain.editing.layout_check import comments_of, meaning_of
from nudges.domain.files.loading import Loaded, load_company, load_playbook, load_plays
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Part, Playbook
from nudges.domain.plays.models import Plays
from nudges.errors import FileRefused
from nudges.services.authoring.playbook_files import COMPANY_NAMES, PLAYS_NAMES, list_folder, read_file
from nudges.services.authoring.writing_files import replace_file

# With one of these a file is no whole tree, so moving its lines could lose some.
_UNREADABLE = frozenset(
    {
        Code.NOT_TEXT, Code.TOO_BIG, Code.BAD_CHARACTER, Code.BAD_YAML, Code.TAB, Code.NEEDS_QUOTES, Code.OPEN_QUOTE,
        Code.DUPLICATE_KEY, Code.ANCHOR, Code.TAG, Code.MERGE_KEY, Code.SEVERAL_DOCUMENTS, Code.EMPTY_FILE,
        Code.BAD_KEY,
    }
)  # fmt: skip


@dataclass(frozen=True)
class FormatReport:
    """What `nudger fmt` did: the files looked at, those that were not in shape, and why some were refused."""

    files: tuple[Path, ...]
    changed: tuple[Path, ...]
    refused: tuple[str, ...]


def format_paths(paths: Sequence[Path], *, is_check: bool) -> FormatReport:
    """Lay out each file, or every playbook of each folder; with `is_check` nothing is written."""
    files = tuple(dict.fromkeys(file for path in paths for file in _files(path)))
    changed: list[Path] = []
    refused: list[str] = []
    for file in files:
        try:
            old = read_text(file)
            new = formatted(old, file)
            if new != old and not is_check:
                replace_file(file, new)
            changed += [file] if new != old else []
        except FileRefused as error:
            refused.append(f"{error.message} {error.hint}")
    return FormatReport(files, tuple(changed), tuple(refused))


def formatted(text: str, file: Path) -> str:
    """Return the text in its usual shape; FileRefused when it cannot be read or would not mean the same."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    before = load(plain, file)
    refuse_unreadable(before.findings)
    new = laid_out(plain, model_of(file))
    after = load(new, file)
    is_same = meaning_of(new) == meaning_of(plain) and after.value == before.value
    if not is_same or comments_of(new) != comments_of(plain):
        sentence = f"{file} was left as it is: in its usual shape it would not say the same."
        raise FileRefused(sentence, hint="Please report it with the file; `nudger check` works without the shape.")
    return new.replace("\n", "\r\n") if "\r\n" in text else new


def read_text(file: Path) -> str:
    """Return a file's text; FileRefused when it cannot be read."""
    found = read_file(file, inside=file.parent)
    if isinstance(found, Finding):
        raise FileRefused(f"{file}: {found.sentence}", hint=found.fix)
    refuse_unreadable(load(found, file).findings)
    return found.decode("utf-8-sig")


def load(text: str | bytes, file: Path) -> Loaded[Playbook] | Loaded[Company] | Loaded[Plays]:
    """Return what the loader makes of a file; names of company.yaml are not looked up."""
    if file.name in COMPANY_NAMES:
        return load_company(text, file=str(file))
    if file.name in PLAYS_NAMES:
        return load_plays(text, file=str(file))
    return load_playbook(text, file=str(file), company=None)


def model_of(file: Path) -> type[Part]:
    """Return the type that a file's name stands for."""
    if file.name in PLAYS_NAMES:
        return Plays
    return Company if file.name in COMPANY_NAMES else Playbook


def refuse_unreadable(findings: Sequence[Finding]) -> None:
    """Raise FileRefused for the first fault with which a file cannot be rewritten safely."""
    for finding in findings:
        if finding.code in _UNREADABLE:
            sentence = f"{finding.place} {finding.code.value} {finding.sentence} The file was left as it is."
            raise FileRefused(sentence, hint=finding.fix)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    try:
        yield from (path / name for name in list_folder(path).names)
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {error.strerror}.") from error
