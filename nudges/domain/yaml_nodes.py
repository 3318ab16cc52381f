"""YAML as a tree that knows where everything stands: this module is PyYAML's events made into nodes.

Scalars stay text, whatever they look like; what playbooks do without (anchors, tags, merge keys, several documents)
is refused; size, depth and number of nodes have limits.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import yaml

from nudges.domain.findings import Code
from nudges.domain.source import At, Report, Source
from nudges.domain.yaml_faults import explain

DEPTH_MAX = 20
NODES_MAX = 100_000
ENTRIES_MAX = 5_000  # of one list or block; more is refused where it is read
MERGE_KEY = "<<"
TEXT_MAX = 5_000  # a text that long is refused anyway, so it is not put together any further
# The C parser is many times faster; the pure one gives the same events where libyaml is missing.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ScalarNode(NamedTuple):
    """A text with its place; `is_plain` when written without quotes and not as a block."""

    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    style: str

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()


class ListNode(NamedTuple):
    """A list with its place."""

    items: tuple["Node", ...]
    line: int
    column: int


class MapNode(NamedTuple):
    """Keys and values in their order; no key stands twice."""

    entries: tuple[tuple[ScalarNode, "Node"], ...]
    line: int
    column: int

    def get(self, key: str) -> "Node | None":
        """Return the value of this key, or None."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None

    def key(self, key: str) -> ScalarNode | None:
        """Return the key itself, which knows where it stands, or None."""
        return next((name for name, _ in self.entries if name.text == key), None)


Node: TypeAlias = ScalarNode | ListNode | MapNode


class NotYaml(NamedTuple):
    """The text is not YAML; the line that is to blame."""

    line: int


def parse(source: Source, report: Report) -> Node | NotYaml | None:
    """Return the tree of the only document, or None when there is none; faults go to the report."""
    builder = _Builder(source, report)
    loader = _LOADER(source.text)
    try:
        while builder.take(loader.get_event()):
            pass
    except yaml.YAMLError as error:
        blamed = explain(error, source, report, builder.bracket).line
        builder.refuse_aliases(besides=blamed)
        return NotYaml(blamed)
    finally:
        loader.dispose()
    builder.refuse_aliases(besides=0)
    if not builder.is_complete:
        return None
    if builder.root is None or (isinstance(builder.root, ScalarNode) and builder.root.is_empty):
        report.add(Code.EMPTY_FILE, At(1, 1), "There is nothing in this file.", "Write a playbook or delete the file.")
        return None
    return builder.root


class _Open:
    """A list or map that is still being filled."""

    __slots__ = ("has_bracket", "is_map", "items", "key", "place", "seen")

    def __init__(self, place: At, *, is_map: bool, has_bracket: bool) -> None:
        self.place = place
        self.has_bracket = has_bracket
        self.is_map = is_map
        self.items: list[Node] = []
        self.key: ScalarNode | None = None
        self.seen: dict[str, tuple[ScalarNode, Node]] = {}


class _Builder:
    """Takes events one by one; `take` returns False when reading must stop."""

    def __init__(self, source: Source, report: Report) -> None:
        self._source = source
        self._report = report
        self._open: list[_Open] = []
        self._nodes = 0
        self._documents = 0
        self._aliases: list[ScalarNode] = []
        self.is_complete = False
        self.root: Node | None = None

    @property
    def bracket(self) -> At | None:
        """Where the outermost [ or { opens that is not closed yet, or None."""
        return next((part.place for part in self._open if part.has_bracket), None)

    def take(self, event: yaml.Event) -> bool:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.CollectionStartEvent):
            return self._start(event)
        if isinstance(event, yaml.CollectionEndEvent):
            return self._end()
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if isinstance(event, yaml.DocumentStartEvent):
            return self._document(event)
        self.is_complete = isinstance(event, yaml.StreamEndEvent)
        return not self.is_complete

    def _scalar(self, event: yaml.ScalarEvent) -> bool:
        start: Any = event.start_mark
        end: Any = event.end_mark
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        node = ScalarNode(
            event.value, start.line + 1, start.column + 1, end.line + 1, end.column + 1, event.style or ""
        )
        return self._place(node)

    def _start(self, event: yaml.CollectionStartEvent) -> bool:
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        is_map, has_bracket = isinstance(event, yaml.MappingStartEvent), bool(event.flow_style)
        self._open.append(_Open(_at(event.start_mark), is_map=is_map, has_bracket=has_bracket))
        if len(self._open) <= DEPTH_MAX:
            return True
        sentence = f"The file is nested more than {DEPTH_MAX} levels deep, so reading stopped here."
        self._report.add(Code.TOO_BIG, _at(event.start_mark), sentence, "Take the innermost levels out.")
        return False

    def _end(self) -> bool:
        done = self._open.pop()
        line, column = done.place
        if done.is_map:
            return self._place(MapNode(tuple(done.seen.values()), line, column))
        return self._place(ListNode(tuple(done.items), line, column))

    def refuse_aliases(self, *, besides: int) -> None:
        """Note every alias, except on the line where something else is to blame: there it is bold text most often."""
        for alias in self._aliases:
            if alias.line != besides:
                sentence = f"`{_short(alias.text)}` is read as a YAML alias, which playbooks do not use."
                fix = "Write the value out; for bold text at the start of a line put the whole text in quotes."
                self._report.add(Code.ANCHOR, alias, sentence, fix)

    def _alias(self, event: yaml.AliasEvent) -> bool:
        place = _at(event.start_mark)
        self._aliases.append(ScalarNode(f"*{event.anchor}", *place, *place, "*"))
        return self._place(self._aliases[-1])

    def _document(self, event: yaml.DocumentStartEvent) -> bool:
        self._documents += 1
        if self._documents == 1:
            return True
        sentence = "A second document starts here; one file is one playbook."
        fix = "Delete the line `---`, or move what follows into a file of its own."
        self._report.add(Code.SEVERAL_DOCUMENTS, _at(event.start_mark), sentence, fix)
        self.is_complete = True  # the first document can be checked all the same
        return False

    def _place(self, node: Node) -> bool:
        self._nodes += 1
        if self._nodes > NODES_MAX:
            sentence = f"The file holds more than {NODES_MAX:,} values, so reading stopped here."
            self._report.add(Code.TOO_BIG, node, sentence, "Split the playbook into several files.")
            return False
        if not self._open:
            self.root = node
            return True
        parent = self._open[-1]
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = self._checked_key(node)
        else:
            self._put(parent, parent.key, node)
            parent.key = None
        return True

    def _checked_key(self, node: Node) -> ScalarNode:
        if isinstance(node, ScalarNode):
            return node
        sentence = "A key must be a word, and here a list or a block stands in its place."
        fix = "Write `key: value`; a text that starts with { or [ needs quotes."
        self._report.add(Code.BAD_KEY, node, sentence, fix)
        inner = node.items[0] if isinstance(node, ListNode) and len(node.items) == 1 else None
        name = inner.text if isinstance(inner, ScalarNode) else ""
        return ScalarNode(name, node.line, node.column, node.line, node.column, "" if name else "?")

    def _put(self, parent: _Open, key: ScalarNode, node: Node) -> None:
        if key.style == "?" or self._is_rest_of_text(parent, key, node):
            return
        first = parent.seen.get(key.text)
        if first is not None:
            sentence = f"`{_short(key.text)}` stands twice here; the first is on line {first[0].line}."
            self._report.add(Code.DUPLICATE_KEY, key, sentence, "Keep one of the two and delete the other.")
        elif key.text == MERGE_KEY and not key.style:
            sentence = "`<<` would merge another block in, which playbooks do not use."
            self._report.add(Code.MERGE_KEY, key, sentence, "Write the keys out here.")
        else:
            parent.seen[key.text] = (key, node)

    def _is_rest_of_text(self, parent: _Open, key: ScalarNode, value: Node) -> bool:
        # In { } YAML ends a text at its first comma and takes the rest for a key of its own, without a colon. No key
        # of ours ever stands without one, so the text is put together again as its author meant it.
        if not isinstance(value, ScalarNode) or value.text or value.style or key.style or not parent.seen:
            return False
        after = self._source.text[self._source.offset_of(key.end_line, key.end_column) :][:200].lstrip()
        name, (first, text) = next(reversed(parent.seen.items()))
        if after[:1] not in (",", "}") or not isinstance(text, ScalarNode) or text.style or not text.text:
            return False
        if len(text.text) > TEXT_MAX:
            return False
        whole = text._replace(text=f"{text.text}, {key.text}", end_line=key.end_line, end_column=key.end_column)
        parent.seen[name] = (first, whole)
        sentence = f"The text of `{_short(name)}` holds a comma; inside {{ }} YAML would end it there."
        fix = f'Put it in quotes: {_short(name)}: "{whole.text[:300]}".'
        self._report.add(Code.COMMA_IN_BRACES, text, sentence, fix)
        return True

    def _refuse_properties(self, event: yaml.NodeEvent) -> None:
        place = _at(event.start_mark)
        if event.anchor is not None:
            sentence = f"`&{event.anchor}` is read as a YAML anchor, which playbooks do not use."
            fix = "Delete it; a text that starts with & needs quotes."
            self._report.add(Code.ANCHOR, place, sentence, fix)
        if getattr(event, "tag", None) is not None:
            sentence = "A word that starts with ! is read as a YAML tag, which playbooks do not use."
            self._report.add(Code.TAG, place, sentence, "Delete it; a text that starts with ! needs quotes.")


def walk(node: Node) -> Iterator[ScalarNode]:
    """Yield every scalar value under this node, keys left out, in the order of the file."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from walk(item)
    else:
        for _, value in node.entries:
            yield from walk(value)


def _at(mark: Any) -> At:
    # Every event of a parser has its marks; the type stubs allow for hand-made events without.
    return At(mark.line + 1, mark.column + 1)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
