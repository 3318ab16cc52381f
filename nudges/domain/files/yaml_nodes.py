"""YAML as a tree that knows where everything stands: this module is the nodes that the loader works on."""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

ENTRIES_MAX = 5_000  # of one list or block; more is refused where it is read


class ScalarNode(NamedTuple):
    """A text with its place; `style` is empty when written without quotes and not as a block."""

    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    style: str

    @property
    def is_empty(self) -> bool:
        return not self.text or self.text.isspace()


class ListNode(NamedTuple):
    """A list with its place; it is filled while the file is read."""

    items: "list[Node]"
    line: int
    column: int
    has_bracket: bool = False


class MapNode(NamedTuple):
    """Keys and values in their order, with its place; no key stands twice. It is filled while the file is read.

    A key is kept as the parser's event until somebody asks where it stands: of thousands hardly one is ever looked at.
    """

    pairs: "dict[str, tuple[Any, Node]]"
    line: int
    column: int
    has_bracket: bool = False

    @property
    def entries(self) -> "list[tuple[ScalarNode, Node]]":
        return [(scalar_of(key), value) for key, value in self.pairs.values()]

    def get(self, key: str) -> "Node | None":
        """Return the value of this key, or None."""
        pair = self.pairs.get(key)
        return None if pair is None else pair[1]

    def key(self, key: str) -> ScalarNode | None:
        """Return the key itself, which knows where it stands, or None."""
        pair = self.pairs.get(key)
        return None if pair is None else scalar_of(pair[0])


Node: TypeAlias = ScalarNode | ListNode | MapNode


def scalar_of(event: Any) -> ScalarNode:
    """Return the node of a parser's scalar event; a node is returned as it is."""
    if event.__class__ is ScalarNode:
        return event
    start, end = event.start_mark, event.end_mark
    places = (start.line + 1, start.column + 1, end.line + 1, end.column + 1)
    return ScalarNode(event.value, *places, event.style or "")


def scalar_at(place: "Node", text: str, *, style: str = "") -> ScalarNode:
    """Return a scalar that stands for something the author left out, where another node begins."""
    return ScalarNode(text, place.line, place.column, place.line, place.column, style)


def walk(node: Node) -> Iterator[ScalarNode]:
    """Yield every scalar value under this node, keys left out, in the order of the file."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from walk(item)
    else:
        for _, value in node.pairs.values():
            yield from walk(value)
