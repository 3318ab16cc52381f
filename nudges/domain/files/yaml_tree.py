"""Events in, a tree out: this module builds nodes from PyYAML's events and refuses what playbooks do without.

Scalars stay text, whatever they look like; anchors, tags, merge keys and several documents are refused; size, depth
and number of nodes have limits.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import yaml

from nudges.domain.checks.findings import Code
from nudges.domain.files.source import At, Report, Source
from nudges.domain.files.yaml_faults import explain
from nudges.domain.files.yaml_nodes import ListNode, MapNode, Node, ScalarNode, scalar_at, scalar_of

DEPTH_MAX = 20
NODES_MAX = 100_000
MERGE_KEY = "<<"
TEXT_MAX = 5_000  # a text that long is refused anyway, so it is not put together any further
_STARTS = frozenset({yaml.MappingStartEvent, yaml.SequenceStartEvent})
_ENDS = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})
# The C parser is many times faster; the pure one gives the same events where libyaml is missing.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotYaml(NamedTuple):
    """The text is not YAML; the line that is to blame."""

    line: int


def parse(source: Source, report: Report) -> Node | NotYaml | None:
    """Return the tree of the only document, or None when there is none; faults go to the report."""
    builder = _Builder(source, report)
    loader = _LOADER(source.text)
    try:
        builder.build(loader.get_event)
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


_Pairs: TypeAlias = dict[str, tuple[Any, Node]]


class _Outer(NamedTuple):
    """A list or map that is being filled, and where it goes when it is full: under which key, into what."""

    part: ListNode | MapNode
    key: Any
    pairs: _Pairs | None
    items: list[Node]


class _Builder:
    """Takes the events of one file; what is unusual goes to methods of its own, so that the usual way stays short."""

    def __init__(self, source: Source, report: Report) -> None:
        self._source = source
        self._report = report
        self._top = ListNode([], 1, 1)  # holds the root
        self._open: list[_Outer] = []
        self._documents = 0
        self._aliases: list[ScalarNode] = []
        self.is_complete = False

    @property
    def root(self) -> Node | None:
        """The whole tree, or None before there is one."""
        return self._top.items[0] if self._top.items else None

    @property
    def bracket(self) -> At | None:
        """Where the outermost [ or { opens that is not closed yet, or None."""
        return next((At(outer.part.line, outer.part.column) for outer in self._open if outer.part.has_bracket), None)

    def build(self, next_event: Callable[[], Any]) -> None:
        """Take events until the document ends or must not be read on; yaml.YAMLError where it is not YAML."""
        # One loop over local names, because it runs for every word of a file.
        scalar, starts, ends = yaml.ScalarEvent, _STARTS, _ENDS
        new, node_type, empty = tuple.__new__, ScalarNode, ""
        node: Any
        pairs: _Pairs | None = None
        items: list[Node] = self._top.items
        key: Any = None
        nodes = 0
        while True:
            event = next_event()
            kind = type(event)
            if kind is scalar:
                if event.anchor is not None or event.tag is not None:
                    self._refuse_properties(event)
                if key is None and pairs is not None:
                    key = event
                    continue
                start, end = event.start_mark, event.end_mark
                places = (start.line + 1, start.column + 1, end.line + 1, end.column + 1)
                node = new(node_type, (event.value, *places, event.style or empty))
            elif kind in starts:
                pairs, items = self._opened(event, key, pairs, items)
                if len(self._open) > DEPTH_MAX:
                    return self._refuse_depth(self._open[-1].part)
                key = None
                continue
            elif kind in ends:
                node, key, pairs, items = self._open.pop()
            elif kind is yaml.AliasEvent:
                node = self._alias(event)
            elif self._goes_on_after(event):
                continue
            else:
                return None
            nodes += 1
            if nodes > NODES_MAX:
                return self._refuse_size(node)
            if pairs is None:
                items.append(node)
            elif key is None:
                key = self._checked_key(node)
            else:
                word = key.text if key.__class__ is ScalarNode else key.value
                if word in pairs or key.style or word == MERGE_KEY or (kind is scalar and not node.text):
                    self._put_unusual(pairs, scalar_of(key), node)
                else:
                    pairs[word] = (key, node)
                key = None

    def refuse_aliases(self, *, besides: int) -> None:
        """Note every alias, except on the line where something else is to blame: there it is bold text most often."""
        for alias in self._aliases:
            if alias.line != besides:
                sentence = f"`{_short(alias.text)}` is read as a YAML alias, which playbooks do not use."
                fix = "Write the value out; for bold text at the start of a line put the whole text in quotes."
                self._report.add(Code.ANCHOR, alias, sentence, fix)

    def _opened(
        self, event: Any, key: Any, pairs: _Pairs | None, items: list[Node]
    ) -> tuple[_Pairs | None, list[Node]]:
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        place = (event.start_mark.line + 1, event.start_mark.column + 1, bool(event.flow_style))
        if type(event) is yaml.MappingStartEvent:
            part = MapNode({}, *place)
            self._open.append(_Outer(part, key, pairs, items))
            return part.pairs, items
        entries = ListNode([], *place)
        self._open.append(_Outer(entries, key, pairs, items))
        return None, entries.items

    def _alias(self, event: yaml.AliasEvent) -> ScalarNode:
        place = _at(event.start_mark)
        self._aliases.append(ScalarNode(f"*{event.anchor}", *place, *place, "*"))
        return self._aliases[-1]

    def _goes_on_after(self, event: Any) -> bool:
        if isinstance(event, yaml.StreamEndEvent):
            self.is_complete = True
            return False
        if not isinstance(event, yaml.DocumentStartEvent):
            return True
        self._documents += 1
        if self._documents == 1:
            return True
        sentence = "A second document starts here; one file is one playbook."
        fix = "Delete the line `---`, or move what follows into a file of its own."
        self._report.add(Code.SEVERAL_DOCUMENTS, _at(event.start_mark), sentence, fix)
        self.is_complete = True  # the first document can be checked all the same
        return False

    def _refuse_depth(self, part: ListNode | MapNode) -> None:
        sentence = f"The file is nested more than {DEPTH_MAX} levels deep, so reading stopped here."
        self._report.add(Code.TOO_BIG, part, sentence, "Take the innermost levels out.")

    def _refuse_size(self, node: Node) -> None:
        sentence = f"The file holds more than {NODES_MAX:,} values, so reading stopped here."
        self._report.add(Code.TOO_BIG, node, sentence, "Split the playbook into several files.")

    def _checked_key(self, node: Node) -> ScalarNode:
        if isinstance(node, ScalarNode):
            return node
        sentence = "A key must be a word, and here a list or a block stands in its place."
        fix = "Write `key: value`; a text that starts with { or [ needs quotes."
        self._report.add(Code.BAD_KEY, node, sentence, fix)
        inner = node.items[0] if isinstance(node, ListNode) and len(node.items) == 1 else None
        name = inner.text if isinstance(inner, ScalarNode) else ""
        return scalar_at(node, name, style="" if name else "?")

    def _put_unusual(self, pairs: _Pairs, key: ScalarNode, node: Node) -> None:
        if key.style == "?" or self._is_rest_of_text(pairs, key, node):
            return
        if key.text in pairs:
            first = scalar_of(pairs[key.text][0])
            sentence = f"`{_short(key.text)}` stands twice here; the first is on line {first.line}."
            self._report.add(Code.DUPLICATE_KEY, key, sentence, "Keep one of the two and delete the other.")
        elif key.text == MERGE_KEY and not key.style:
            sentence = "`<<` would merge another block in, which playbooks do not use."
            self._report.add(Code.MERGE_KEY, key, sentence, "Write the keys out here.")
        else:
            pairs[key.text] = (key, node)

    def _is_rest_of_text(self, pairs: _Pairs, key: ScalarNode, value: Node) -> bool:
        # In { } YAML ends a text at its first comma and takes the rest for a key of its own, without a colon. No key
        # of ours ever stands without one, so the text is put together again as its author meant it.
        if not isinstance(value, ScalarNode) or value.text or value.style or key.style or not pairs:
            return False
        after = self._source.text[self._source.offset_of(key.end_line, key.end_column) :][:200].lstrip()
        name, (first, text) = next(reversed(pairs.items()))
        if after[:1] not in (",", "}") or not isinstance(text, ScalarNode) or text.style or not text.text:
            return False
        if len(text.text) > TEXT_MAX:
            return False
        whole = text._replace(text=f"{text.text}, {key.text}", end_line=key.end_line, end_column=key.end_column)
        pairs[name] = (first, whole)
        sentence = f"The text of `{_short(name)}` holds a comma; inside {{ }} YAML would end it there."
        fix = f'Put it in quotes: {_short(name)}: "{whole.text[:300]}".'
        self._report.add(Code.COMMA_IN_BRACES, text, sentence, fix)
        return True

    def _refuse_properties(self, event: Any) -> None:
        place = _at(event.start_mark)
        if event.anchor is not None:
            sentence = f"`&{event.anchor}` is read as a YAML anchor, which playbooks do not use."
            fix = "Delete it; a text that starts with & needs quotes."
            self._report.add(Code.ANCHOR, place, sentence, fix)
        if event.tag is not None:
            sentence = "A word that starts with ! is read as a YAML tag, which playbooks do not use."
            self._report.add(Code.TAG, place, sentence, "Delete it; a text that starts with ! needs quotes.")


def _at(mark: Any) -> At:
    # Every event of a parser has its marks; the type stubs allow for hand-made events without.
    return At(mark.line + 1, mark.column + 1)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
