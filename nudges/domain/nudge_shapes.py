"""Which type a block means: this module tells a tip from a story from a quiz, and a fixed day from `after`."""

from collections.abc import Mapping
from typing import NamedTuple

from nudges.domain.findings import Code
from nudges.domain.playbook import AfterNudge, FixedDay, NudgeBase, Part, Quiz, Story, Tip
from nudges.domain.source import Report
from nudges.domain.suggest import did_you_mean, nearest
from nudges.domain.yaml_nodes import MapNode, Node, ScalarNode

KINDS: Mapping[str, type[NudgeBase]] = {"tip": Tip, "story": Story, "quiz": Quiz}
_EXAMPLE = "Start it with `- tip: a-name`, `- story: a-name` or `- quiz: a-name`."


_KEYS = frozenset(key for model in KINDS.values() for key in model.model_fields)


class NudgeKind(NamedTuple):
    """The kind of a nudge, the key as it is written, and the nudge's name after it."""

    word: str
    key: ScalarNode
    name: Node


class NudgeShape(NamedTuple):
    """A nudge's type, its block with the name under `key`, and how findings call it."""

    model: type[Part]
    node: MapNode
    title: str
    is_faulty: bool


def model_of_nudge(node: Node, report: Report) -> NudgeShape | None:
    """Return the shape of a nudge, guessed where its kind is misspelt, or None when nothing can be told."""
    if not isinstance(node, MapNode):
        report.add(Code.WRONG_SHAPE, node, "A nudge is a block of keys, and here stands something else.", _EXAMPLE)
        return None
    named = [name for name, _ in node.entries if name.text in KINDS]
    if len(named) > 1:
        sentence = f"This nudge is both a {named[0].text} and a {named[1].text}."
        report.add(Code.NO_KIND, named[1], sentence, "Make two nudges of it, each with its own `- `.")
        node = node._replace(entries=tuple(entry for entry in node.entries if entry[0] not in named[1:]))
    stray, kind = node.key("key"), kind_of(node)
    if stray is not None:
        sentence = "`key` is not a key of a nudge: the name stands after tip, story or quiz."
        report.add(Code.UNKNOWN_KEY, stray, sentence, _EXAMPLE)
    elif kind is None:
        report.add(Code.NO_KIND, node, "This nudge does not say whether it is a tip, a story or a quiz.", _EXAMPLE)
    if kind is not None and not named:
        sentence = f"`{kind.key.text[:60]}` is not a kind of nudge."
        report.add(Code.NO_KIND, kind.key, sentence, did_you_mean(kind.key.text, KINDS))
    return None if kind is None else _shape(node, kind, is_faulty=stray is not None or not named)


def kind_of(node: MapNode) -> NudgeKind | None:
    """Return which kind of nudge this is, misspelt or not, or None when nothing can be told."""
    for name, value in node.entries:
        if name.text in KINDS:
            return NudgeKind(name.text, name, value)
    for name, value in node.entries:
        meant = None if name.text in _KEYS else nearest(name.text, KINDS)
        if meant is not None:
            return NudgeKind(meant, name, value)
    return None


def model_of_when(node: Node, report: Report) -> type[Part] | None:
    """Return which of the two ways `when` is written, or None when it is neither or both."""
    if not isinstance(node, MapNode):
        fix = 'Write {week: 1, day: tue, at: "10:00"} or {after: another-nudge, days: 7}.'
        report.add(Code.WRONG_SHAPE, node, "`when` is a block of keys, and here stands something else.", fix)
        return None
    given = {name.text for name, _ in node.entries}
    fixed, following = given & {"week", "day"}, given & {"after", "days"}
    if fixed and following:
        sentence = "`when` mixes two ways: week and day count from the start, after and days from another nudge."
        report.add(Code.BAD_WHEN, node, sentence, "Keep either week, day and at, or after and days.")
        return None
    return AfterNudge if following else FixedDay


def _shape(node: MapNode, kind: NudgeKind, *, is_faulty: bool) -> NudgeShape:
    entries = [(name, value) for name, value in node.entries if name.text != "key"]
    renamed = tuple((name._replace(text="key") if name is kind.key else name, value) for name, value in entries)
    title = f"the {kind.word} `{kind.name.text[:60]}`" if isinstance(kind.name, ScalarNode) else f"the {kind.word}"
    return NudgeShape(KINDS[kind.word], node._replace(entries=renamed), title, is_faulty)
