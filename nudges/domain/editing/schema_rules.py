"""Rules over people as JSON Schema: this module makes it from the one table of rule words."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import yaml

from nudges.domain.editing import schema_scalars as scalars
from nudges.domain.editing.schema_scalars import Schema
from nudges.domain.people.people import PersonKind
from nudges.domain.people.rule_words import BLOCKS, RULE_WORDS, BlockKey, RuleWord, Sort, Takes
from nudges.domain.people.segments import FIELDS

RULE: Schema = {"$ref": "#/definitions/rule"}
_VALUE: Schema = scalars.pattern_schema(r"\S(?:[\s\S]*\S)?", "Write a value.", instead=scalars.NUMBER_OR_SWITCH)
_NUDGE = f"{scalars.NAME}(?:/{scalars.NAME})?"
_HOW_A_RULE_IS_WRITTEN = "Write a rule such as {department: Sales}, or join rules with all, any and not."


def rule_schema(segments: tuple[str, ...]) -> Schema:
    """Return the schema of a rule, with every word it may hold; the company's segments are offered."""
    properties = {one.word: _word(one, segments) for one in RULE_WORDS}
    return {
        "type": "object",
        "description": "A rule over people; several words in one block mean all of them.",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
        "if": {"required": ["except"]},
        "then": {"minProperties": 2},
    }


def _word(one: RuleWord, segments: tuple[str, ...]) -> Schema:
    described: Schema = {"description": f"{one.description} Such as `{one.example}`.", **_examples(one)}
    if one.takes is Takes.SEGMENTS:
        described["examples"] = list(segments) or described.get("examples", [])
    return {**described, **_TAKES[one.takes]()}


def _examples(one: RuleWord) -> Schema:
    # The example shows the word in its place; an editor offers what stands behind it.
    value = yaml.load(one.example, Loader=yaml.BaseLoader)[one.word]  # noqa: S506 (its values stay texts)
    return {"examples": value if isinstance(value, list) and isinstance(value[0], str) else [value]}


def _or_list(entry: Schema) -> Schema:
    return {"if": {"type": "array"}, "then": {"minItems": 1, "items": entry}, "else": entry}


def _rules() -> Schema:
    return {"type": "array", "minItems": 1, "items": RULE, "errorMessage": "Write a list of rules: [{...}, {...}]."}


def _attributes() -> Schema:
    own = rf"^(?!(?:{'|'.join(FIELDS)})$)"
    names = {"pattern": own, "errorMessage": "This is a field of its own; write it without attribute."}
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": names,
        "additionalProperties": _or_list(_VALUE),
        "errorMessage": "Write the column's name and its values: {shift: [night, late]}.",
    }


def _block(keys: tuple[BlockKey, ...]) -> Schema:
    properties = {one.name: _key(one) for one in keys}
    required = [one.name for one in keys if one.is_required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _key(one: BlockKey) -> Schema:
    kinds: Mapping[Sort, Callable[[], Any]] = {
        Sort.TEXT: lambda: _VALUE,
        Sort.NAME: lambda: scalars.pattern_schema(scalars.NAME, "Write the name.", instead=scalars.LIKE_A_NAME),
        Sort.SHARE: _share_above_nothing,
        Sort.WHOLE: lambda: scalars.whole_schema(1, 366),
        Sort.SPAN: lambda: scalars.of_type(timedelta),
    }
    return {"description": one.description, "examples": [one.example], **kinds[one.sort]()}


def _share_above_nothing() -> Schema:
    return scalars.share_schema(is_above_nothing=True)


def _names(pattern: str, message: str, instead: Schema | None = None) -> Callable[[], Schema]:
    return lambda: _or_list(scalars.pattern_schema(pattern, message, instead=instead))


_TAKES: Mapping[Takes, Callable[[], Schema]] = {
    Takes.RULES: _rules,
    Takes.RULE: lambda: {"allOf": [RULE]},
    Takes.EXCEPTIONS: lambda: {"if": {"type": "array"}, "then": {"minItems": 1, "items": RULE}, "else": RULE},
    Takes.SEGMENTS: lambda: _or_list(_VALUE),
    Takes.VALUES: lambda: _or_list(_VALUE),
    Takes.KINDS: lambda: _or_list({"enum": [kind.value for kind in PersonKind]}),
    Takes.ATTRIBUTES: _attributes,
    Takes.NUDGES: _names(_NUDGE, "Write playbook/nudge, or a playbook's name alone.", scalars.LIKE_A_NAME),
    Takes.GROUPS: _names("S[A-Z0-9]{2,20}", "Write the id of a user group, such as S0615G0KT."),
    Takes.CHANNELS: _names(r"[^#\s](?:[\s\S]*\S)?", "Write the channel's name without #.", scalars.LIKE_A_NAME),
    Takes.SPAN: lambda: dict(scalars.SIMPLE_TYPES[timedelta]),
    Takes.SHARE_BELOW: lambda: _block(BLOCKS[Takes.SHARE_BELOW]),
    Takes.USAGE: lambda: _block(BLOCKS[Takes.USAGE]),
    Takes.SAMPLE: lambda: {
        "if": {"type": "object"},
        "then": _block(BLOCKS[Takes.SAMPLE]),
        "else": _share_above_nothing(),
    },
}
