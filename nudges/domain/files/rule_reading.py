"""Segment rules as people write them: this module is the reading of `{all: [{department: X}, {not: ...}]}`.

Several keys in one block mean all of them, a list of values means any of them. A column of people.csv that Nudger
does not know by itself is written under `attribute`. The words and what they take stand in `rule_words`.
"""

from nudges.domain.checks.findings import Code
from nudges.domain.files.fact_reading import read_block, read_named
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import ListNode, MapNode, Node, ScalarNode
from nudges.domain.people.people import PersonKind
from nudges.domain.people.rule_words import BY_WORD, Takes
from nudges.domain.people.segments import ATTRIBUTE_PREFIX, FIELDS, AllOf, AnyOf, HasValue, InSegment, Not, Rule

_EXAMPLE = "Write it as {department: Sales}, or join rules with all, any and not."


def read_rule(node: Node, report: Report) -> Rule | None:
    """Return the rule, or None when it is faulty, which the report then says."""
    if not isinstance(node, MapNode):
        report.add(Code.WRONG_SHAPE, node, "A rule is a block of `field: value`.", _EXAMPLE)
        return None
    if not node.entries:
        report.add(Code.BAD_RULE, node, "This rule is empty, so it says nothing about anybody.", _EXAMPLE)
        return None
    rules = [_read_entry(key, value, report) for key, value in node.entries]
    sound = tuple(rule for rule in rules if rule is not None)
    if len(sound) < len(rules) or _is_only_exceptions(node, report):
        return None
    return sound[0] if len(sound) == 1 else AllOf(sound)


def _is_only_exceptions(node: MapNode, report: Report) -> bool:
    if [key.text for key, _ in node.entries] != ["except"]:
        return False
    fix = f"Put a rule beside it: {BY_WORD['except'].example}, or write `not`."
    report.add(Code.BAD_RULE, node, "`except` leaves people out, and nothing here says out of whom.", fix)
    return True


def _read_entry(key: ScalarNode, value: Node, report: Report) -> Rule | None:
    if key.text not in BY_WORD:
        fix = did_you_mean(key.text, BY_WORD)
        if not fix.startswith(("Did", "Type")):
            fix += f" A column of your own in people.csv is written `attribute: {{{key.text[:30]}: ...}}`."
        report.add(Code.UNKNOWN_KEY, key, f"`{key.text[:60]}` is not a word of rules.", fix)
        return None
    if isinstance(value, ScalarNode) and value.is_empty:
        report.add(Code.NO_VALUE, key, f"`{key.text}` has no value.", f"Write it as {BY_WORD[key.text].example}.")
        return None
    match BY_WORD[key.text].takes:
        case Takes.RULES:
            return _read_joined(key, value, report)
        case Takes.RULE:
            inner = read_rule(value, report)
            return Not(inner) if inner is not None else None
        case Takes.EXCEPTIONS:
            inner = _read_joined(key, value, report) if isinstance(value, ListNode) else read_rule(value, report)
            return Not(inner) if inner is not None else None
        case Takes.SEGMENTS:
            names = _values(key, value, report)
            return _any_of([InSegment(name) for name in names])
        case Takes.ATTRIBUTES:
            return _read_attributes(value, report)
        case Takes.VALUES | Takes.KINDS:
            return _read_field(key, value, report)
        case Takes.NUDGES | Takes.GROUPS | Takes.CHANNELS:
            return read_named(key.text, _values(key, value, report), _scalars(value), report)
        case _:
            return read_block(key, value, report)


def _read_joined(key: ScalarNode, value: Node, report: Report) -> Rule | None:
    if not isinstance(value, ListNode):
        fix = f"Write {key.text}: [{{department: Sales}}, {{country: PT}}]."
        report.add(Code.WRONG_SHAPE, value, f"`{key.text}` takes a list of rules.", fix)
        return None
    if not value.items:
        report.add(Code.BAD_RULE, key, f"`{key.text}` joins no rules at all.", _EXAMPLE)
        return None
    rules = tuple(rule for rule in (read_rule(item, report) for item in value.items) if rule is not None)
    if len(rules) < len(value.items):
        return None
    return AllOf(rules) if key.text == "all" else AnyOf(rules)


def _read_attributes(value: Node, report: Report) -> Rule | None:
    if not isinstance(value, MapNode) or not value.entries:
        fix = "Write attribute: {shift: [night, late]}, with the column's name in people.csv."
        report.add(Code.WRONG_SHAPE, value, "`attribute` takes the name of a column and its values.", fix)
        return None
    rules: list[Rule] = []
    for name, wanted in value.entries:
        if name.text in FIELDS:
            fix = f"Write `{name.text}: ...` without `attribute`."
            report.add(Code.BAD_RULE, name, f"`{name.text}` is a field of its own.", fix)
            continue
        values = _values(name, wanted, report)
        rules += [HasValue(ATTRIBUTE_PREFIX + name.text, values)] if values else []
    if len(rules) < len(value.entries):
        return None
    return rules[0] if len(rules) == 1 else AllOf(tuple(rules))


def _read_field(key: ScalarNode, value: Node, report: Report) -> Rule | None:
    values = _values(key, value, report)
    if not values or (key.text == "kind" and not _are_kinds(value, report)):
        return None
    return HasValue(key.text, values)


def _are_kinds(value: Node, report: Report) -> bool:
    kinds = [kind.value for kind in PersonKind]
    unknown = [node for node in _scalars(value) if node.text not in kinds]
    for node in unknown:
        sentence = f"`{node.text[:60]}` is not a kind of account."
        report.add(Code.UNKNOWN_WORD, node, sentence, did_you_mean(node.text, kinds))
    return not unknown


def _values(key: ScalarNode, value: Node, report: Report) -> tuple[str, ...]:
    if isinstance(value, MapNode):
        sentence = f"`{key.text[:60]}` takes a value or a list of values."
        report.add(Code.WRONG_SHAPE, value, sentence, f"Write `{key.text[:60]}: [one, another]`.")
        return ()
    nodes = value.items if isinstance(value, ListNode) else (value,)
    if not nodes:
        sentence = f"`{key.text[:60]}` has an empty list, so nobody fits."
        report.add(Code.BAD_COUNT, value, sentence, "Name at least one value, or take the rule out.")
        return ()
    texts = tuple(node.text.strip() for node in nodes if isinstance(node, ScalarNode) and not node.is_empty)
    if len(texts) < len(nodes):
        sentence = f"The list of `{key.text[:60]}` holds something that is not a plain value."
        report.add(Code.WRONG_SHAPE, value, sentence, f"Write `{key.text[:60]}: [one, another]`.")
        return ()
    return texts


def _scalars(value: Node) -> list[ScalarNode]:
    nodes = value.items if isinstance(value, ListNode) else (value,)
    return [node for node in nodes if isinstance(node, ScalarNode)]


def _any_of(rules: list[InSegment]) -> Rule | None:
    if not rules:
        return None
    return rules[0] if len(rules) == 1 else AnyOf(tuple(rules))
