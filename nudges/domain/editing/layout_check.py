"""Whether two texts say the same: this module compares what the loader makes of them, and their comments."""

from collections.abc import Iterator
from typing import Any

import yaml

from nudges.domain.files.source import Report, Source
from nudges.domain.files.yaml_nodes import ListNode, MapNode, Node
from nudges.domain.files.yaml_recovery import parse_all

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def meaning_of(text: str) -> Any:
    """Return the values of a text, blocks without their order, each value as the text that the loader reads."""
    source = Source("", text)
    root = parse_all(source, Report(source)).root
    return None if root is None else _plain(root)


def comments_of(text: str) -> list[str]:
    """Return the comments of a text without their order."""
    rest = text.split("\n")
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.ScalarEvent):
            _blank_out(rest, event)
    return sorted(_comments(rest))


def _plain(node: Node) -> Any:
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    if isinstance(node, MapNode):
        return {name.text: _plain(value) for name, value in node.entries}
    return node.text


def _blank_out(lines: list[str], event: yaml.ScalarEvent) -> None:
    start: Any = event.start_mark  # a parser's event always has its marks
    end: Any = event.end_mark
    for number in range(start.line, min(end.line + 1, len(lines))):
        line = lines[number]
        first = start.column if number == start.line else 0
        last = end.column if number == end.line else len(line)
        head = line[first:] if number == start.line and event.style in ("|", ">") else ""
        kept = head[head.index("#") :] if " #" in head else ""
        lines[number] = line[:first] + "_" * (last - first - len(kept)) + kept + line[last:]


def _comments(lines: list[str]) -> Iterator[str]:
    for line in lines:
        at = next((n for n, sign in enumerate(line) if sign == "#" and (n == 0 or line[n - 1].isspace())), None)
        if at is not None:
            yield line[at:].rstrip()
