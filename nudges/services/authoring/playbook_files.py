"""Files of the playbooks folder: this module reads regular files inside it and nothing else.

A link that leads out of the folder, a pipe, a device or a folder with thousands of files is refused with a finding.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nudges.domain.checks.findings import Code, Finding, make_finding
from nudges.domain.files.source import SIZE_MAX

FILES_MAX = 5_000
TOTAL_MAX = 50 * 1024 * 1024  # bytes of all files together; more is no folder of playbooks
SUFFIXES = (".yaml", ".yml")
COMPANY_NAMES = ("company.yaml", "company.yml")
PLAYS_NAMES = ("plays.yaml", "plays.yml")
NO_PLAYBOOKS = (*COMPANY_NAMES, *PLAYS_NAMES)
WORKSPACE = re.compile(r"[TE][A-Z0-9]{5,}", re.ASCII)  # a folder so called is one workspace's own, read for it alone


@dataclass(frozen=True)
class Listing:
    """The names of a folder's playbook files in order, and what to say about the folder."""

    names: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def list_folder(folder: Path) -> Listing:
    """Return the YAML files of the folder; OSError when it cannot be listed."""
    names: list[str] = []
    subfolders: list[str] = []
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            if count >= FILES_MAX:
                return Listing((), (_too_many(folder),))
            if entry.name.startswith("."):
                continue
            if entry.name.lower().endswith(SUFFIXES):
                names.append(entry.name)
            elif entry.is_dir(follow_symlinks=False) and not WORKSPACE.fullmatch(entry.name):
                subfolders.append(entry.name)
    advice = tuple(_subfolder(folder / name) for name in sorted(subfolders) if _holds_yaml(folder / name))
    return Listing(tuple(sorted(names)), advice)


def read_file(path: Path, *, inside: Path) -> bytes | Finding:
    """Return the file's bytes, one more than we accept at most, or the finding that says why not."""
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(inside.resolve(strict=True)):
            return _refused(path, "The file is a link that leads out of its folder.", "Put the file itself here.")
        return _regular_bytes(path, real)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        reason = getattr(error, "strerror", None) or "links in a circle"
        sentence = f"The file cannot be opened: {reason}."
        return make_finding(Code.UNREADABLE, file=str(path), sentence=sentence, fix="Check its name and permissions.")


def read_files(paths: Iterable[Path], read: Callable[[Path], bytes | Finding]) -> dict[Path, bytes | Finding]:
    """Return what each file holds, in order, as far as the files of a folder may be large together."""
    found: dict[Path, bytes | Finding] = {}
    total = 0
    for path in paths:
        found[path] = read(path) if total <= TOTAL_MAX else _too_much(path)
        content = found[path]
        total += len(content) if isinstance(content, bytes) else 0
    return found


def company_name(names: tuple[str, ...]) -> str | None:
    """Return which of the names is company.yaml's, or None."""
    return next((name for name in COMPANY_NAMES if name in names), None)


def plays_name(names: tuple[str, ...]) -> str | None:
    """Return which of the names is plays.yaml's, or None."""
    return next((name for name in PLAYS_NAMES if name in names), None)


def _regular_bytes(path: Path, real: Path) -> bytes | Finding:
    # Without O_NONBLOCK a pipe would keep us waiting for ever; O_NOFOLLOW: it may have changed since it was resolved.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    if not stat.S_ISREG(real.stat().st_mode):
        return _refused(path, "This is a folder, a pipe or a device and not a file.", "Put a text file in its place.")
    with os.fdopen(os.open(real, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return _refused(path, "This is not a regular file.", "Put a text file in its place.")
        return file.read(SIZE_MAX + 1)


def _holds_yaml(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.lower().endswith(SUFFIXES) for entry in islice(entries, FILES_MAX))
    except OSError:
        return False


def _refused(path: Path, sentence: str, fix: str) -> Finding:
    return make_finding(Code.NOT_A_FILE, file=str(path), sentence=sentence, fix=fix)


def _too_many(folder: Path) -> Finding:
    sentence = f"The folder holds more than {FILES_MAX:,} files, so none was read."
    fix = "Name a folder that holds playbooks only."
    return make_finding(Code.TOO_MANY_FILES, file=str(folder), sentence=sentence, fix=fix)


def _too_much(path: Path) -> Finding:
    sentence = f"The files before this one fill {TOTAL_MAX // 1024**2} MiB, so it was not read."
    fix = "Name a folder that holds playbooks only, or check this file by itself."
    return make_finding(Code.TOO_MANY_FILES, file=str(path), sentence=sentence, fix=fix)


def _subfolder(folder: Path) -> Finding:
    sentence = "This folder holds YAML files; playbooks in subfolders are not read."
    fix = "Move the files up beside company.yaml, or check the subfolder by itself."
    return make_finding(Code.SUBFOLDER, file=str(folder), sentence=sentence, fix=fix)
