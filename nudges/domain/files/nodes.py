"""Looking into a tree of nodes: this module finds what stands under keys, wherever a step may be missing."""

from collections.abc import Sequence

from nudges.domain.files.yaml_nodes import ENTRIES_MAX, ListNode, MapNode, Node, ScalarNode


def at(node: Node | None, *keys: str) -> Node | None:
    """Return what stands under these keys, or None where a step is missing."""
    for key in keys:
        node = node.get(key) if isinstance(node, MapNode) else None
    return node


def items(node: Node | None) -> Sequence[Node]:
    """Return the entries of a list; none where it is no list or was refused for its length."""
    return node.items if isinstance(node, ListNode) and len(node.items) <= ENTRIES_MAX else ()


def blocks(node: Node | None) -> tuple[MapNode, ...]:
    """Return the entries of a list that are blocks of keys."""
    return tuple(item for item in items(node) if isinstance(item, MapNode))


def named(node: Node | None) -> Sequence[tuple[ScalarNode, Node]]:
    """Return the keys and values of a block; none where it is no block or was refused for its length."""
    return node.entries if isinstance(node, MapNode) and len(node.pairs) <= ENTRIES_MAX else ()


def entries(node: Node | None) -> tuple[tuple[str, MapNode], ...]:
    """Return the names and blocks of a block of blocks; what is something else is left out."""
    return tuple((name.text.strip(), value) for name, value in named(node) if isinstance(value, MapNode))
