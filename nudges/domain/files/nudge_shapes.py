"""Which type a block means: this module tells a tip from a story from a quiz, and a fixed day from `after`."""

from collections.abc import Mapping
from typing import NamedTuple

from nudges.domain.checks.findings import Code
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean, nearest
from nudges.domain.files.yaml_nodes import MapNode, Node, ScalarNode, scalar_at
from nudges.domain.playbooks.playbook import (
    AfterNudge,
    Challenge,
    Exclusive,
    FixedDay,
    HowTo,
    Leader,
    NudgeBase,
    Part,
    Poll,
    Quiz,
    Story,
    Tip,
    Workshop,
)

KINDS: Mapping[str, type[NudgeBase]] = {
    "tip": Tip,
    "story": Story,
    "quiz": Quiz,
    "howto": HowTo,
    "workshop": Workshop,
    "challenge": Challenge,
    "exclusive": Exclusive,
    "poll": Poll,
    "leader": Leader,
}
_EXAMPLE = "Start it with `- tip: a-name`, `- story: a-name`, or another kind: " + ", ".join(list(KINDS)[2:]) + "."
# What only one kind holds, for a nudge that does not say which it is.
_TELLING: Mapping[str, str] = {
    "options": "poll",
    "question": "quiz",
    "choices": "quiz",
    "by": "story",
    "steps": "howto",
    "video": "howto",
    "held": "workshop",
    "seats": "workshop",
    "task": "challenge",
}

_KEYS = frozenset(key for model in KINDS.values() for key in model.model_fields)


class NudgeKind(NamedTuple):
    """The kind of a nudge, the key that says so, and the nudge's name; a guess where no key says so."""

    word: str
    key: ScalarNode | None
    name: Node | None


class NudgeShape(NamedTuple):
    """A nudge's type, its block with the name under `key`, and how findings call it."""

    model: type[Part]
    node: MapNode
    title: str
    is_faulty: bool


def model_of_nudge(node: Node, report: Report) -> NudgeShape | None:
    """Return the shape of a nudge, guessed where its kind is missing or misspelt, or None when it is no block."""
    if not isinstance(node, MapNode):
        report.add(Code.WRONG_SHAPE, node, "A nudge is a block of keys, and here stands something else.", _EXAMPLE)
        return None
    kind = kind_of(node)
    named = [word for word in node.pairs if word in KINDS]
    for word in named[1:]:
        sentence = f"This nudge is a {named[0]} and a {word} at once."
        report.add(Code.NO_KIND, node.key(word) or node, sentence, "Make two nudges of it, each with its own `- `.")
    stray = node.key("key")
    if stray is not None:
        sentence = "`key` is not a key of a nudge: the name stands after its kind, as in `tip: a-name`."
        report.add(Code.UNKNOWN_KEY, stray, sentence, _EXAMPLE)
    elif kind.key is None:
        report.add(Code.NO_KIND, node, "This nudge does not say of which kind it is.", _EXAMPLE)
    if kind.key is not None and not named:
        sentence = f"`{kind.key.text[:60]}` is not a kind of nudge."
        report.add(Code.NO_KIND, kind.key, sentence, did_you_mean(kind.key.text, KINDS))
    return _shape(node, kind, is_faulty=stray is not None or len(named) != 1)


def kind_of(node: MapNode) -> NudgeKind:
    """Return which kind of nudge this is: by its key, misspelt or not, else by what the block holds."""
    given = node.pairs.keys()
    named = [word for word in given if word in KINDS]
    if named:
        fits = (
            named[0] if len(named) == 1 else max(named, key=lambda word: len(given & KINDS[word].model_fields.keys()))
        )
        return NudgeKind(fits, node.key(fits), node.get(fits))
    for name, value in node.entries:
        meant = None if name.text in _KEYS else nearest(name.text, KINDS)
        if meant is not None:
            return NudgeKind(meant, name, value)
    word = next((kind for key, kind in _TELLING.items() if key in given), "tip")
    return NudgeKind(word, None, node.get("key"))


def model_of_when(node: Node, report: Report) -> type[Part] | None:
    """Return which of the two ways `when` is written, or None when it is neither or both."""
    if not isinstance(node, MapNode):
        fix = 'Write {week: 1, day: tue, at: "10:00"} or {after: another-nudge, days: 7}.'
        report.add(Code.WRONG_SHAPE, node, "`when` is a block of keys, and here stands something else.", fix)
        return None
    given = node.pairs.keys()
    fixed, following = given & {"week", "day"}, given & {"after", "days", "if"}
    if fixed and following:
        sentence = "`when` mixes two ways: week and day count from the start, after, days and if from another nudge."
        report.add(Code.BAD_WHEN, node, sentence, "Keep either week, day and at, or after and days.")
        return None
    return AfterNudge if following else FixedDay


def _shape(node: MapNode, kind: NudgeKind, *, is_faulty: bool) -> NudgeShape:
    name = kind.name or scalar_at(node, "unnamed")
    title = f"the {kind.word} `{name.text[:60]}`" if isinstance(name, ScalarNode) and kind.name else f"the {kind.word}"
    stated = kind.key.text if kind.key else ""
    pairs = {word: pair for word, pair in node.pairs.items() if word not in KINDS and word not in ("key", stated)}
    key = kind.key._replace(text="key") if kind.key else scalar_at(node, "key")
    pairs["key"] = (key, name)
    return NudgeShape(KINDS[kind.word], node._replace(pairs=pairs), title, is_faulty)
