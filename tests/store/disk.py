"""A disk that remembers and can break: this module builds disk.c, and replays its log as a power cut leaves it.

What a file's last sync came after is there. Of what was written since, each sector may be there or not: the disk owes
nothing more, and neither does the order of the writes.
"""

import os
import random
import shutil
import struct
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("disk.c")
HEAD = struct.Struct("<cHQI")
SECTOR = 512
WRITE, SYNC, TRUNCATE, MARK = "W", "S", "T", "M"
IS_REQUIRED = os.environ.get("NUDGER_REQUIRE_COMPILER") == "1"


@dataclass(frozen=True)
class Note:
    """One thing that a process asked of the disk, in the order of asking."""

    kind: str
    name: str
    at: int
    data: bytes


@dataclass
class _File:
    sure: bytearray = field(default_factory=bytearray)
    pending: list[Note] = field(default_factory=list)


def build(folder: Path) -> Path:
    """Return the library that a process loads with LD_PRELOAD; skips the test where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        assert not IS_REQUIRED, "no C compiler"
        pytest.skip("no C compiler: install gcc to cut the power here")
    library = folder / "disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


def notes(log: Path) -> list[Note]:
    """Return what a log holds, in order."""
    raw, at, found = log.read_bytes(), 0, []
    while at + HEAD.size <= len(raw):
        kind, name_size, where, size = HEAD.unpack_from(raw, at)
        at += HEAD.size
        name = Path(raw[at : at + name_size].decode()).name
        at += name_size
        word = kind.decode()
        data = raw[at : at + size] if word in (WRITE, MARK) else b""
        at += len(data)
        found.append(Note(word, name, where, data))
    return found


def after_a_power_cut(before: Mapping[str, bytes], asked: Sequence[Note], dice: random.Random) -> dict[str, bytes]:
    """Return the files as they may be found after the power went when all this had been asked of the disk."""
    files = {name: _File(bytearray(content)) for name, content in before.items()}
    for note in asked:
        if note.kind == MARK:
            continue
        file = files.setdefault(note.name, _File())
        if note.kind != SYNC:
            file.pending.append(note)
            continue
        for one in file.pending:
            _apply(file.sure, one)
        file.pending.clear()
    for file in files.values():
        for one in file.pending:
            _apply_some(file.sure, one, dice)
    return {name: bytes(file.sure) for name, file in files.items()}


def _apply(content: bytearray, note: Note) -> None:
    if note.kind == TRUNCATE:
        del content[note.at :]
        content.extend(b"\0" * (note.at - len(content)))
        return
    content.extend(b"\0" * (note.at - len(content)))
    content[note.at : note.at + len(note.data)] = note.data


def _apply_some(content: bytearray, note: Note, dice: random.Random) -> None:
    fate = dice.random()
    if fate < 0.4:
        return  # it never reached the disk
    if fate < 0.8 or note.kind == TRUNCATE:
        _apply(content, note)
        return
    for start in range(0, len(note.data), SECTOR):  # torn
        if dice.random() < 0.5:
            _apply(content, Note(WRITE, note.name, note.at + start, note.data[start : start + SECTOR]))
