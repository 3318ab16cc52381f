"""Values as they are written: this module sets texts, quotes and what stands in brackets, for `fmt`."""

import re
from typing import Any

import yaml

from nudges.domain.editing.layout_shapes import Shape, is_switch, item_of, order_of, under

STEP = 2
_TIME = re.compile(r"\d{1,2}:\d{2}")
# What YAML takes for a number, a date or a switch and what people mean as such alike.
_PLAIN_VALUE = re.compile(r"0|[1-9]\d{0,8}|\d{1,9}\.\d{1,6}|\d{4}-\d{2}-\d{2}|true|false")
_OTHER_NUMBER = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0[xo][0-9a-fA-F]+")
_INDICATOR = re.compile(r"[|>][+-]?([1-9])")
_RESOLVER: Any = yaml.resolver.Resolver()  # carries no types
_TEXT = "tag:yaml.org,2002:str"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Lines:
    """The lines of a text and the pieces that nodes take of them."""

    def __init__(self, text: str) -> None:
        self.all = text.split("\n")

    def raw(self, node: yaml.Node) -> str:
        """Return a node as it is written, its later lines as they are."""
        start, end = node.start_mark, node.end_mark
        if start.line == end.line:
            return self.all[start.line][start.column : end.column]
        first, last = self.all[start.line][start.column :], self.all[end.line][: end.column]
        return "\n".join([first, *self.all[start.line + 1 : end.line], last])

    def after(self, node: yaml.Node) -> str:
        """Return the rest of the line on which a node ends."""
        return self.all[node.end_mark.line][node.end_mark.column :].rstrip()

    def last_of(self, node: yaml.Node) -> int:
        """Return the number of the last line that belongs to a value; empty lines below a text do not."""
        last: int = node.end_mark.line
        if not is_block_text(node):
            return last
        if node.end_mark.column == 0:
            last -= 1
        keeps_all = "+" in self.all[node.start_mark.line][node.start_mark.column :].split("#")[0]
        while not keeps_all and last > node.start_mark.line and not self.all[last].strip():
            last -= 1
        return last


def tree_of(text: str) -> yaml.Node | None:
    """Return the tree of a text that has no fault of YAML, each node with where it begins and ends."""
    return yaml.compose(text, Loader=_LOADER)


def is_block_text(node: yaml.Node) -> bool:
    """Return whether this is a text below `|` or `>`."""
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def leaf_lines(lines: Lines, node: yaml.Node, shape: Shape, *, indent: int, was: int) -> list[str]:
    """Return a value as lines, the first without its indentation; `indent` is its key's column, and `was` the old."""
    if is_block_text(node):
        return _block_text(lines, node, indent=indent, was=was)
    if node.start_mark.line == node.end_mark.line:
        return [_on_one_line(lines, node, shape)]
    first, *rest = lines.raw(node).split("\n")
    if isinstance(node, yaml.ScalarNode):
        return [first.rstrip(), *(_indented(line.lstrip(" "), indent + STEP) for line in rest)]
    least = min((len(line) - len(line.lstrip(" ")) for line in rest if line.strip()), default=0)
    return [first.rstrip(), *(_indented(line[least:].rstrip(), indent + STEP) for line in rest)]


def needs_quotes(text: str, shape: Shape) -> bool:
    """Return whether a text without quotes means something else to some YAML parser, or nearly does."""
    if not text or is_switch(shape):
        return False
    if _TIME.fullmatch(text) or "#" in text or text.endswith(":"):
        return True
    if _PLAIN_VALUE.fullmatch(text):
        return False
    is_text: bool = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT
    return not is_text or _OTHER_NUMBER.fullmatch(text) is not None


def quoted(text: str) -> str:
    """Return the text in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _block_text(lines: Lines, node: yaml.Node, *, indent: int, was: int) -> list[str]:
    start = node.start_mark
    head = lines.all[start.line][start.column :].rstrip()
    body = lines.all[start.line + 1 : lines.last_of(node) + 1]
    fixed = _INDICATOR.match(head) or re.match(r"[|>]([1-9])", head)
    if fixed is not None:
        old, new = was + int(fixed[1]), indent + int(fixed[1])
    else:
        old, new = next((len(line) - len(line.lstrip(" ")) for line in body if line.strip()), 0), indent + STEP
    return [head, *(_indented(line[old:], new) for line in body)]


def _indented(line: str, indent: int) -> str:
    return " " * indent + line if line else ""


def _on_one_line(lines: Lines, node: yaml.Node, shape: Shape) -> str:
    raw = lines.raw(node)
    if isinstance(node, yaml.ScalarNode):
        return quoted(raw) if _is_plain(node) and needs_quotes(raw, shape) else raw
    if isinstance(node, yaml.SequenceNode):
        item = item_of(shape)
        return f"[{', '.join(_on_one_line(lines, one, item) for one in node.value)}]"
    return _block_on_one_line(lines, node, shape)


def _block_on_one_line(lines: Lines, node: yaml.Node, shape: Shape) -> str:
    entries = _joined_at_commas(lines, node.value)
    keys = [key.value for key, _, _ in entries]
    written = {}
    for key, value, rest in entries:
        whole = _on_one_line(lines, value, under(shape, keys, key.value))
        text = quoted(", ".join([value.value, *rest])) if rest else whole
        written[key.value] = f"{lines.raw(key)}: {text}".rstrip()
    return "{" + ", ".join(written[key] for key in order_of(shape, keys)) + "}"


def _joined_at_commas(
    lines: Lines, entries: list[tuple[yaml.Node, yaml.Node]]
) -> list[tuple[yaml.Node, yaml.Node, list[str]]]:
    # `{reply: Yes, indeed}` is one text to our loader, as to its author; in quotes it is one to everybody.
    joined: list[tuple[yaml.Node, yaml.Node, list[str]]] = []
    for key, value in entries:
        is_alone = _is_plain(key) and _is_plain(value) and not value.value and lines.after(key)[:1] in (",", "}")
        if is_alone and joined and _is_plain(joined[-1][1]) and joined[-1][1].value:
            joined[-1][2].append(key.value)
        else:
            joined.append((key, value, []))
    return joined


def _is_plain(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style
