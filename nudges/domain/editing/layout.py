"""A file in its usual shape: this module sets the order of keys, the indentation and the quotes, and keeps the rest.

It moves the author's own lines instead of writing values anew, so that comments, blank lines and ways of writing stay.
Comments above a key go with the key; those above the first key of the file, and those below the last key of a block,
stay where they are.
"""

from typing import Any, NamedTuple

import yaml

from nudges.domain.editing.layout_leaves import STEP, Lines, leaf_lines, tree_of
from nudges.domain.editing.layout_shapes import Shape, item_of, order_of, under
from nudges.domain.playbooks.playbook import Part


class _Entry(NamedTuple):
    """A key with its value: the comments above it, and its lines with their indentation."""

    key: str
    lead: list[str]
    lines: list[str]


def laid_out(text: str, model: type[Part]) -> str:
    """Return the text in its usual shape; it has been read without a fault of YAML."""
    root = tree_of(text)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return text
    lines = Lines(text)
    writer = _Writer(lines, root.start_mark.line)
    written = [*lines.all[: root.start_mark.line], *writer.block(root, model, indent=0)]
    written += [line.rstrip() for line in lines.all[writer.next_line :]]
    return "\n".join(written).rstrip("\n") + "\n"


class _Writer:
    """Goes through the file once, from top to bottom; `next_line` is the first line that is not written yet."""

    def __init__(self, lines: Lines, first: int) -> None:
        self._lines = lines
        self.next_line = first

    def block(self, node: yaml.MappingNode, shape: Shape, *, indent: int) -> list[str]:
        """Return a block of keys as lines."""
        keys = [key.value for key, _ in node.value]
        entries = [self._entry(key, value, under(shape, keys, key.value), indent=indent) for key, value in node.value]
        foot = self._foot(node.start_mark.column, indent) if entries else []
        by_key = {entry.key: entry for entry in entries}
        ordered = [by_key[key] for key in order_of(shape, keys)]
        return [*(line for entry in _with_first(ordered, entries) for line in (*entry.lead, *entry.lines)), *foot]

    def listing(self, node: yaml.SequenceNode, shape: Shape, *, indent: int) -> list[str]:
        """Return a list as lines."""
        written: list[str] = []
        for item in node.value:
            lead = self._gap(self._next_content(), indent)
            dash = self.next_line
            if item.start_mark.line > dash:
                comment = self._lines.all[dash].strip().removeprefix("-").strip()
                self.next_line = dash + 1
                lead += [" " * indent + comment] if comment else []
                lead += self._gap(item.start_mark.line, indent)
            inner = self._value(item, item_of(shape), indent=indent + STEP, was=node.start_mark.column)
            above = next(number for number, line in enumerate(inner) if line.strip()[:1] not in ("", "#"))
            lead += [f"{' ' * indent}{line.strip()}".rstrip() for line in inner[:above]]
            written += [*lead, f"{' ' * indent}- {inner[above].lstrip(' ')}", *inner[above + 1 :]]
        return [*written, *self._foot(node.start_mark.column, indent)]

    def _value(self, node: yaml.Node, shape: Shape, *, indent: int, was: int) -> list[str]:
        # The value of a list's entry; its first line stands behind the dash.
        if isinstance(node, yaml.MappingNode) and not node.flow_style:
            return self.block(node, shape, indent=indent)
        if isinstance(node, yaml.SequenceNode) and not node.flow_style:
            return self.listing(node, shape, indent=indent)
        return self._leaf("", node, shape, indent=indent - STEP, was=was)

    def _entry(self, key: yaml.Node, value: yaml.Node, shape: Shape, *, indent: int) -> _Entry:
        lead = self._gap(key.start_mark.line, indent)
        name = f"{' ' * indent}{self._lines.raw(key)}:"
        is_block = isinstance(value, yaml.CollectionNode) and not value.flow_style
        if value.start_mark.line == key.start_mark.line and not is_block:
            lines = self._leaf(name, value, shape, indent=indent, was=key.start_mark.column)
            return _Entry(key.value, lead, lines)
        self.next_line = key.start_mark.line + 1
        head = name + _comment(self._lines.after(key).lstrip().removeprefix(":"))
        if not is_block:
            gap = self._gap(value.start_mark.line, indent + STEP)
            rest = self._leaf("", value, shape, indent=indent, was=key.start_mark.column)
            return _Entry(key.value, lead, [head, *gap, " " * (indent + STEP) + rest[0].lstrip(" "), *rest[1:]])
        if isinstance(value, yaml.MappingNode):
            return _Entry(key.value, lead, [head, *self.block(value, shape, indent=indent + STEP)])
        listed = self.listing(value, shape, indent=indent + STEP) if isinstance(value, yaml.SequenceNode) else []
        return _Entry(key.value, lead, [head, *listed])

    def _leaf(self, name: str, node: yaml.Node, shape: Shape, *, indent: int, was: int) -> list[str]:
        written = leaf_lines(self._lines, node, shape, indent=indent, was=was)
        last = self._lines.last_of(node)
        if last == node.end_mark.line:
            written[-1] += _comment(self._lines.after(node).removeprefix(":" if not written[0] else ""))
        self.next_line = last + 1
        return [f"{name} {written[0]}".rstrip() if written[0] else name, *written[1:]]

    def _gap(self, until: int, indent: int) -> list[str]:
        found = [line.strip() for line in self._lines.all[self.next_line : until]]
        self.next_line = max(self.next_line, until)
        return [" " * indent + line if line else "" for line in found]

    def _foot(self, column: int, indent: int) -> list[str]:
        # Comments below a block's last line that stand deeper than what follows belong to the block.
        following = self._next_content()
        depth = _depth(self._lines.all[following]) if following < len(self._lines.all) else -1
        end = self.next_line
        for number in range(self.next_line, following):
            line = self._lines.all[number]
            if line.strip() and (_depth(line) < column or _depth(line) <= depth):
                break
            end = number + 1 if line.strip() else end
        return self._gap(end, indent)

    def _next_content(self) -> int:
        numbers = range(self.next_line, len(self._lines.all))
        return next((n for n in numbers if self._lines.all[n].strip()[:1] not in ("", "#")), len(self._lines.all))


def _comment(rest: str) -> str:
    return rest.rstrip() if rest.lstrip().startswith("#") else ""


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _with_first(ordered: list[_Entry], as_written: list[_Entry]) -> list[Any]:
    # What stood above the key that came first stays above the one that comes first now.
    if not ordered or ordered[0] is as_written[0]:
        return ordered
    old, new = as_written[0], ordered[0]
    blank = [line for line in new.lead if not line]
    comments = [line for line in new.lead if line]
    changed = {old.key: old._replace(lead=blank + old.lead), new.key: new._replace(lead=comments)}
    return [changed.get(entry.key, entry) for entry in ordered]
