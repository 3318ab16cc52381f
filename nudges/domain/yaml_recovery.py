"""Reading on past a line that is not YAML: this module leaves the faulty piece out and parses the rest.

A piece is a nudge, or a block that starts at the left margin. What was left out is remembered, so that nothing in it
counts as missing.
"""

import re
from typing import NamedTuple

from nudges.domain.source import Report, Source
from nudges.domain.yaml_nodes import MapNode, Node, NotYaml, ScalarNode, parse

ATTEMPTS_MAX = 30
PARSED_MAX = 2_000_000  # characters parsed in all attempts together, so that a large faulty file takes no seconds
_TOP = re.compile(r"[^\s#]")
_TOP_KEY = re.compile(r"[\"']?(\w+)")
_ENTRY = re.compile(r" *- ")
_NAME = re.compile(r"\b(?:tip|story|quiz)\s*:\s*[\"']?([\w-]+)")


class Parsed(NamedTuple):
    """The tree as far as it could be read; the top keys and nudge names that were lost with faulty pieces."""

    root: Node | None
    lost_keys: frozenset[str] = frozenset()
    lost_names: frozenset[str] = frozenset()


def parse_all(source: Source, report: Report) -> Parsed:
    """Return the tree of what can be read, with a finding for every piece that cannot."""
    lines = list(source.lines)
    keys: set[str] = set()
    names: set[str] = set()
    for _ in range(min(ATTEMPTS_MAX, 1 + PARSED_MAX // (len(source.text) + 1))):
        outcome = parse(Source(source.file, "\n".join(lines)), report)
        if not isinstance(outcome, NotYaml):
            return Parsed(_without_emptied(outcome, keys, names), frozenset(keys), frozenset(names))
        first, end = _piece(lines, outcome.line - 1)
        if not any(line.strip() for line in lines[first:end]):
            break
        lost = "\n".join(lines[first:end])
        names |= set(_NAME.findall(lost))
        if _TOP.match(lines[first]):
            keys |= {match[1] for match in (_TOP_KEY.match(lines[first]),) if match} or {"*"}
        else:
            names.add("*")
        lines[first:end] = [""] * (end - first)
    return Parsed(None)


def _piece(lines: list[str], at: int) -> tuple[int, int]:
    at = min(max(at, 0), len(lines) - 1)
    top = next((number for number in range(at, -1, -1) if _TOP.match(lines[number])), 0)
    end = next((number for number in range(at + 1, len(lines)) if _TOP.match(lines[number])), len(lines))
    if not lines[top].startswith("nudges") or at == top:
        return top, end
    entries = [number for number in range(top + 1, end) if _ENTRY.match(lines[number])]
    indent = min((len(lines[number]) - len(lines[number].lstrip(" ")) for number in entries), default=0)
    starts = [number for number in entries if lines[number][indent] == "-"]
    start = next((number for number in reversed(starts) if number <= at), None)
    if start is None:
        return at, at + 1
    return start, next((number for number in starts if number > start), end)


def _without_emptied(root: Node | None, keys: set[str], names: set[str]) -> Node | None:
    # `nudges:` may stand there with nothing left below it.
    if not isinstance(root, MapNode) or not names:
        return root
    kept = tuple(
        (name, value)
        for name, value in root.entries
        if name.text != "nudges" or not isinstance(value, ScalarNode) or not value.is_empty
    )
    if len(kept) < len(root.entries):
        keys.add("nudges")
    return root._replace(entries=kept)
