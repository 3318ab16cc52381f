"""From an older way of writing playbooks to the newest: this module is the table of steps and what they are made of.

A step takes a text from one format to the next; it moves the author's own words and keeps comments. A later change of
the format is one function here, and `FORMAT` in fields.py one higher.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import yaml

from nudges.domain.editing.layout import laid_out
from nudges.domain.editing.layout_leaves import tree_of
from nudges.domain.playbooks.fields import FORMAT
from nudges.domain.playbooks.playbook import Part

FIRST = 1  # what a file is written in that does not say
Lift = Callable[[str, type[Part]], str]
LIFTS: Mapping[int, Lift] = {}  # by the format they start from
_FORMAT_KEY = "format"


class NewerFormat(ValueError):
    """The file is written in a way that this Nudger does not know yet."""


def lifted(text: str, model: type[Part], *, lifts: Mapping[int, Lift] = LIFTS, newest: int = FORMAT) -> str:
    """Return the text in the newest format, as it is when it is there already; NewerFormat when it is past it."""
    present = format_of(text)
    if present > newest:
        raise NewerFormat(f"it is written in format {present}, and this Nudger knows formats up to {newest}")
    for number in range(present, newest):
        text = lifts[number](text, model)
    return text if present == newest else laid_out(with_format(text, newest), model)


def format_of(text: str) -> int:
    """Return the format a text says it follows; the first where it does not say, or says no number."""
    said = next((value.value for key, value in _pairs(text) if key.value == _FORMAT_KEY), "")
    return int(said) if said.isascii() and said.isdecimal() else FIRST


def with_format(text: str, number: int) -> str:
    """Return the text saying that it follows this format."""
    said = next((value for key, value in _pairs(text) if key.value == _FORMAT_KEY), None)
    if said is None:
        return f"{text.rstrip()}\n{_FORMAT_KEY}: {number}\n"
    return _replaced(text, [(said, str(number))])


def renamed(text: str, path: Sequence[str], new: str) -> str:
    """Return the text with a key called otherwise wherever it stands; `*` in the path stands for any entry or key."""
    root = tree_of(text)
    keys = _keys_at(root, tuple(path)) if root is not None else ()
    return _replaced(text, [(key, new) for key in keys])


def _pairs(text: str) -> list[tuple[yaml.Node, yaml.Node]]:
    root = tree_of(text)
    return list(root.value) if isinstance(root, yaml.MappingNode) else []


def _keys_at(node: yaml.Node, path: tuple[str, ...]) -> Iterator[yaml.Node]:
    name, *rest = path
    if isinstance(node, yaml.SequenceNode) and name == "*":
        for item in node.value:
            yield from _keys_at(item, tuple(rest))
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        if name not in ("*", key.value):
            continue
        if rest:
            yield from _keys_at(value, tuple(rest))
        else:
            yield key


def _replaced(text: str, changes: Sequence[tuple[yaml.Node, str]]) -> str:
    lines = text.split("\n")
    for node, new in reversed(changes):
        start, end = node.start_mark, node.end_mark
        line = lines[start.line]
        lines[start.line] = line[: start.column] + new + line[end.column :]
    return "\n".join(lines)
