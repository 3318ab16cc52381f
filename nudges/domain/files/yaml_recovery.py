"""Reading on past a line that is not YAML: this module mends the line, or leaves its piece out, and parses the rest.

A mended line keeps its key and gets a stand-in for its value; nothing more is said about it. A piece is a nudge, or a
block that starts at the left margin; what was left out is remembered, so that nothing in it counts as missing.
"""

import re
from typing import NamedTuple

from nudges.domain.files.source import Report, Source
from nudges.domain.files.yaml_nodes import MapNode, Node, ScalarNode
from nudges.domain.files.yaml_tree import NotYaml, parse

ATTEMPTS_MAX = 40
PARSED_MAX = 2_000_000  # characters parsed in all attempts together, so that a large faulty file takes no seconds
LINE_MAX = 10_000
_TOP = re.compile(r"[^\s#]")
_TOP_KEY = re.compile(r"[\"']?(\w+)")
_ENTRY = re.compile(r" *- ")
_NAME = re.compile(r"\b(?:tip|story|quiz)\s*:\s*[\"']?([\w-]+)")
_KEY_AND_VALUE = re.compile(r"(?P<key> *(?:- +)?[\w-]+: +)(?P<value>[^\s|>#].*)$")
_NO_SPACE = re.compile(r"(?P<key> *(?:- +)?[A-Za-z_][\w-]*:)(?P<value>[^\s/].*)$")


class Parsed(NamedTuple):
    """The tree as far as it could be read; the top keys and nudge names that were lost with faulty pieces."""

    root: Node | None
    lost_keys: frozenset[str] = frozenset()
    lost_names: frozenset[str] = frozenset()


def parse_all(source: Source, report: Report) -> Parsed:
    """Return the tree of what can be read, with a finding for every line that cannot."""
    lines = list(source.lines)
    keys: set[str] = set()
    names: set[str] = set()
    for _ in range(min(ATTEMPTS_MAX, 1 + PARSED_MAX // (len(source.text) + 1))):
        outcome = parse(Source(source.file, "\n".join(lines)), report)
        if not isinstance(outcome, NotYaml):
            return Parsed(_without_emptied(outcome, keys, names), frozenset(keys), frozenset(names))
        at = min(max(outcome.line - 1, 0), len(lines) - 1)
        mended = None if report.is_silent(at + 1) else _mended(lines, at)
        report.silence(at + 1)
        if mended is not None:
            names |= {"*"} if _NAME.search(lines[at]) else set()
            lines[at] = mended
        elif not _leave_out(lines, at, keys, names):
            break
        else:
            _silence_emptied(lines, at, report)
    return Parsed(None)


def _silence_emptied(lines: list[str], at: int, report: Report) -> None:
    # A key whose entries were all left out is not empty in the author's file.
    above = next((number for number in range(at - 1, -1, -1) if lines[number].strip()), None)
    if above is None or not lines[above].split(" #")[0].rstrip().endswith(":"):
        return
    below = next((line for line in lines[at:] if line.strip()), "")
    if _indent(below) <= _indent(lines[above]):
        report.silence(above + 1)


def _mended(lines: list[str], at: int) -> str | None:
    line = lines[at]
    if len(line) > LINE_MAX:
        return None
    words = line.lstrip(" \t")
    if "\t" in line[: len(line) - len(words)]:
        return _indent_above(lines, at) + words
    uncut = line.replace(" #", " x", 1)
    if uncut != line and _closes(uncut) and not _closes(line.split(" #")[0]):
        return uncut
    if _ENTRY.match(line) and at + 1 < len(lines):
        moved = _under_its_list(lines, at)
        if moved != line:
            return moved if _indent(lines[at + 1]) == _indent(moved) + 2 else None
    match = _KEY_AND_VALUE.match(line) or _NO_SPACE.match(line)
    if match is None or (at == 0 and line.startswith("%")):
        return None
    return match["key"] + (" " if match["key"].endswith(":") else "") + "x" * len(match["value"])


def _closes(line: str) -> bool:
    return line.count("{") == line.count("}") and line.count("[") == line.count("]")


def _under_its_list(lines: list[str], at: int) -> str:
    earlier = {_indent(line) for line in lines[max(0, at - 200) : at] if _ENTRY.match(line)}
    own = _indent(lines[at])
    return " " * min(earlier, key=lambda indent: abs(indent - own), default=own) + lines[at].lstrip(" ")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _indent_above(lines: list[str], at: int) -> str:
    above = next((lines[number] for number in range(at - 1, -1, -1) if lines[number].strip()), "")
    deeper = 2 if above.lstrip().startswith("- ") or above.rstrip().endswith((":", "|", ">")) else 0
    return " " * (_indent(above) + deeper)


def _leave_out(lines: list[str], at: int, keys: set[str], names: set[str]) -> bool:
    first, end = _piece(lines, at)
    if not any(line.strip() for line in lines[first:end]):
        return False
    names |= set(_NAME.findall("\n".join(lines[first:end])))
    if _TOP.match(lines[first]):
        match = _TOP_KEY.match(lines[first])
        keys.add(match[1] if match else "*")
    else:
        names.add("*")
    lines[first:end] = [""] * (end - first)
    return True


def _piece(lines: list[str], at: int) -> tuple[int, int]:
    top = next((number for number in range(at, -1, -1) if _TOP.match(lines[number])), 0)
    end = next((number for number in range(at + 1, len(lines)) if _TOP.match(lines[number])), len(lines))
    if not lines[top].startswith("nudges") or at == top:
        return top, end
    entries = [number for number in range(top + 1, end) if _ENTRY.match(lines[number])]
    indent = min((_indent(lines[number]) for number in entries), default=0)
    starts = [number for number in entries if _indent(lines[number]) == indent or number == at]
    start = next((number for number in reversed(starts) if number <= at), None)
    if start is None:
        return at, at + 1
    return start, next((number for number in starts if number > start), end)


def _without_emptied(root: Node | None, keys: set[str], names: set[str]) -> Node | None:
    # `nudges:` may stand there with nothing left below it.
    if not isinstance(root, MapNode) or not names:
        return root
    nudges = root.get("nudges")
    if not isinstance(nudges, ScalarNode) or not nudges.is_empty:
        return root
    keys.add("nudges")
    return root._replace(pairs={name: pair for name, pair in root.pairs.items() if name != "nudges"})
