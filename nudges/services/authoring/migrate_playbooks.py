"""Playbooks lifted to the newest format: this module rewrites the files of a folder, comments kept."""

from dataclasses import dataclass
from pathlib import Path

from nudges.domain.editing.layout_check import comments_of
from nudges.domain.editing.lifts import NewerFormat, lifted
from nudges.errors import FileRefused
from nudges.services.authoring.format_files import model_of, read_text
from nudges.services.authoring.playbook_files import list_folder
from nudges.services.authoring.writing_files import replace_file


@dataclass(frozen=True)
class MigrationReport:
    """The files looked at, those that were in an older format, and why some were refused."""

    files: tuple[Path, ...]
    changed: tuple[Path, ...]
    refused: tuple[str, ...]


def migrate_folder(folder: Path, *, is_check: bool) -> MigrationReport:
    """Lift every playbook and company.yaml of the folder; with `is_check` nothing is written."""
    try:
        files = tuple(folder / name for name in list_folder(folder).names)
    except OSError as error:
        raise FileRefused(f"{folder} cannot be read: {error.strerror}.", hint="Set NUDGER_PLAYBOOKS.") from error
    changed: list[Path] = []
    refused: list[str] = []
    for file in files:
        try:
            old = read_text(file)
            new = _lifted(old, file)
            if new != old and not is_check:
                replace_file(file, new)
            changed += [file] if new != old else []
        except FileRefused as error:
            refused.append(f"{error.message} {error.hint}")
    return MigrationReport(files, tuple(changed), tuple(refused))


def _lifted(text: str, file: Path) -> str:
    plain = text.replace("\r\n", "\n")
    try:
        new = lifted(plain, model_of(file))
    except NewerFormat as error:
        raise FileRefused(
            f"{file} was left as it is: {error}.", hint="Update Nudger; the file is not at fault."
        ) from None
    if new == plain:
        return text
    if comments_of(new) != comments_of(plain):
        raise FileRefused(f"{file} was left as it is: a comment would be lost.", hint="Please report it with the file.")
    return new.replace("\n", "\r\n") if "\r\n" in text else new
