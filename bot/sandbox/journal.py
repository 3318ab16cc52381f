"""A file of changes, one line each, that outlives its writer: this module writes it, and reads what is whole of it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.records import Json

LONG_BYTES = 64_000_000  # a file grown by as much is written anew, without what has been overtaken
AT_ONCE = 100  # entries a line when everything is written, so that a cut costs few of them

Table = dict[str, object]


@dataclass(frozen=True, slots=True)
class Past:
    """What a file holds: tables of the newest values, and lists in the order they grew."""

    tables: dict[str, Table] = field(default_factory=dict)
    lists: dict[str, list[object]] = field(default_factory=dict)
    is_usable: bool = False  # something whole was there to go on from
    trouble: str = ""  # what was not whole, in one sentence

    def table(self, name: str) -> Table:
        return self.tables.get(name, {})


def read_past(path: Path, head: Json) -> Past:
    """Return what the file holds, up to the first line that is not whole; `head` is how a file of ours begins."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Past()
    except OSError as error:
        return Past(trouble=f"{path} cannot be read ({error.strerror}), so the sandbox starts with nothing.")
    lines = list(_whole(data))
    if not lines:
        return Past(trouble=f"{path} is empty or damaged from its first line, so the sandbox starts with nothing.")
    if lines[0] != head:
        return Past(trouble=f"{path} was written by another version, so the sandbox starts with nothing.")
    past = Past(is_usable=len(lines) > 1, trouble=_missing(path, data, len(lines)))
    for line in lines[1:]:
        _take(past, line)
    return past


def _whole(data: bytes) -> Iterator[Json]:
    *lines, _ = data.split(b"\n")  # what follows the last line's end was never finished
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            return
        if not isinstance(value, dict):
            return
        yield value


def _missing(path: Path, data: bytes, read: int) -> str:
    complete = data.count(b"\n")
    if read < complete:
        return (
            f"{path} is damaged from line {read + 1} on: the sandbox starts with what came before,"
            f" and {complete - read} later changes are missing."
        )
    if not data.endswith(b"\n"):
        return f"The last line of {path} was cut off and is left out; no answer had been given for it yet."
    return ""


def _take(past: Past, line: Json) -> None:
    for name, change in line.items():
        if isinstance(change, list):
            past.lists.setdefault(name, []).extend(change)
            continue
        table = past.tables.setdefault(name, {})
        for key, value in change.items():
            if value is None:
                table.pop(key, None)
            else:
                table[key] = value


class Journal:
    """The file as it is written: each line is with the operating system when `add` returns, so a kill takes none."""

    def __init__(self, path: Path, head: Json, everything: Callable[[], Iterable[Json]]) -> None:
        """`everything` gives lines that say all there is now; the file begins with them. OSError when it cannot."""
        self.trouble = ""
        self._path = path
        self._head = head
        self._everything = everything
        self._lock = threading.RLock()
        self._file = -1
        self._room = LONG_BYTES
        self._rewrite()

    def add(self, change: Json) -> None:
        """Write one change; on a full disk say so once and stop keeping, since a file with gaps would mislead."""
        with self._lock:
            if self._file < 0:
                return
            try:
                self._room -= _write(self._file, change)
            except OSError as error:
                self._give_up(error)

    def shorten(self) -> None:
        """Leave out what has been overtaken once that is most of the file; without room for it the file stays long."""
        with self._lock:
            if self._room >= 0 or self._file < 0:
                return
            try:
                self._rewrite()
            except OSError:
                self._room = LONG_BYTES

    def _rewrite(self) -> None:
        """Write everything to a new file and put it in the place of the old one, whole or not at all."""
        with self._lock:
            fresh = self._path.with_suffix(".new")
            file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
            try:
                written = sum(_write(file, line) for line in (self._head, *self._everything()))
                os.replace(fresh, self._path)
            except OSError:
                os.close(file)
                raise
            self.close()
            self._file, self._room = file, max(LONG_BYTES, written)

    def close(self) -> None:
        """Write no more; what was written stays."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
            self._file = -1

    def _give_up(self, error: OSError) -> None:
        self.trouble = f"{self._path} cannot be written ({error.strerror}): from now on nothing is kept."
        self.close()
        with suppress(OSError):
            self._path.unlink()


def _write(file: int, line: Json) -> int:
    data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
    done = 0
    while done < len(data):
        done += os.write(file, data[done:])
    return done


def in_parts(name: str, table: dict[str, object]) -> Iterator[Json]:
    """Return a table as lines of moderate length."""
    keys = list(table)
    for start in range(0, len(keys), AT_ONCE):
        yield {name: {key: table[key] for key in keys[start : start + AT_ONCE]}}
