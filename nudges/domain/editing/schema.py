"""Playbooks and company.yaml as JSON Schema for editors: this module makes it from the types that the loader reads by.

What one value looks like is in schema_scalars.py, rules over people in schema_rules.py, the words about each key in
guide_playbook.py and guide_company.py.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic.fields import FieldInfo

from nudges.domain.checks.finding_codes import ADVICE, TITLES
from nudges.domain.checks.playbook_checks import RESERVED_NAMES
from nudges.domain.checks.quiz_checks import ORDER_MIN
from nudges.domain.editing import schema_scalars as scalars
from nudges.domain.editing.guides import Guide, guide_of
from nudges.domain.editing.key_order import keys_in_order
from nudges.domain.editing.schema_rules import RULE, rule_schema
from nudges.domain.editing.schema_scalars import Schema
from nudges.domain.editing.schema_sharing import share_repeats
from nudges.domain.files.nudge_shapes import KINDS
from nudges.domain.people.segments import Rule
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.fields import Sort, Words
from nudges.domain.playbooks.playbook import (
    AfterNudge,
    FixedDay,
    Held,
    HowTo,
    Part,
    Pick,
    Playbook,
    Quiz,
    TryIt,
    When,
    Workshop,
)
from nudges.domain.plays.models import Plays

DRAFT = "http://json-schema.org/draft-07/schema#"
_HOW_NUDGES_START = f"A nudge starts with its kind and its name: {': ..., '.join(KINDS)}: ..."
_HOW_WHEN_IS_WRITTEN = "Write week, day and at; or after and days."


@dataclass(frozen=True)
class Vocabulary:
    """The names that a company has given: an editor offers them, and knows no others where `is_known`."""

    segments: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    zones: tuple[str, ...] = ()
    is_known: bool = False


# What a reference refers to; `after` names a nudge of the same file, which a schema cannot know.
_REFERS: Mapping[str, str] = {
    "AudienceRule.segments": "segments",
    "Pilot.segment": "segments",
    "Playbook.personal_wins": "segments",
    "TryIt.channel": "channels",
    "Company.briefs": "segments",
    "Publishing.reviewers": "channels",
}


def playbook_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of a playbook of this company."""
    written = _Writer(vocabulary).part(Playbook)
    return share_repeats({"$schema": DRAFT, **written})


def company_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of company.yaml; the names it defines itself are offered, and others are taken as well."""
    own = Vocabulary(vocabulary.segments, vocabulary.channels, vocabulary.languages, vocabulary.zones)
    written = _Writer(own).part(Company)
    rule = {"definitions": {"rule": rule_schema(own.segments)}}
    return share_repeats({"$schema": DRAFT, **written, **rule})


def plays_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of plays.yaml."""
    return share_repeats({"$schema": DRAFT, **_Writer(vocabulary).part(Plays)})


@dataclass(frozen=True)
class _Writer:
    """Writes types as schemas with the names of one company."""

    vocabulary: Vocabulary

    def part(self, model: type[Part], *, start: Schema | None = None) -> Schema:
        """Return the schema of a block of keys; `start` stands in the place of a nudge's kind and name."""
        fields = {name: model.fields_by_key()[name] for name in keys_in_order(model) if name not in KINDS}
        properties = {**(start or {}), **{name: self._field(model, name, info) for name, info in fields.items()}}
        required = [*(start or {}), *(name for name, info in fields.items() if info.is_required())]
        title = " ".join(re.findall("[A-Z][a-z]+", model.__name__)).lower()
        block: Schema = {"type": "object", "title": title, "properties": properties, "additionalProperties": False}
        return {**block, **({"required": required} if required else {}), **_SHAPES.get(model, {})}

    def _field(self, model: type[Part], name: str, info: FieldInfo) -> Schema:
        guide = guide_of(model, name)
        place = f"{model.__name__}.{name}"
        written = self._marked(info.annotation, tuple(info.metadata), _REFERS.get(place, ""))
        return {**_described(guide), **written, **_FIELDS.get(place, {})}

    def _marked(self, annotation: Any, marks: tuple[object, ...], refers: str) -> Schema:
        if get_origin(annotation) is Annotated:
            inner, *more = get_args(annotation)
            return self._marked(inner, (*marks, *more), refers)
        for mark in marks:
            if isinstance(mark, Words):
                return scalars.text_schema(mark)
            if isinstance(mark, Sort):
                return self._sort(mark, refers)
        return self._plain(annotation, marks, refers)

    def _sort(self, sort: Sort, refers: str) -> Schema:
        names: tuple[str, ...] = getattr(self.vocabulary, refers) if refers else ()
        if sort is Sort.REFERENCE and names and self.vocabulary.is_known:
            return scalars.choice_schema(list(names))
        offered = {Sort.REFERENCE: names, Sort.LANGUAGE: self.vocabulary.languages}.get(sort, ())
        if sort is Sort.ZONE and self.vocabulary.zones:
            return {"enum": list(self.vocabulary.zones)}
        return {**scalars.of_sort(sort), **({"examples": list(offered)} if offered else {})}

    def _plain(self, annotation: Any, marks: tuple[object, ...], refers: str) -> Schema:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin in (Union, UnionType):
            return self._union(arguments, marks, refers)
        if origin is tuple:
            return {"type": "array", "items": self._marked(arguments[0], (), refers), **_counts(marks)}
        if origin is not None and issubclass(origin, Mapping):
            return self._mapping(arguments[0], arguments[1], refers)
        if annotation in (int, float):
            return _bounded(annotation, marks)
        simple = scalars.of_type(annotation)
        if simple is not None:
            return dict(simple)
        if issubclass(annotation, StrEnum):
            return scalars.choice_schema([word.value for word in annotation])
        return self.part(annotation)

    def _union(self, arguments: tuple[Any, ...], marks: tuple[object, ...], refers: str) -> Schema:
        kept = tuple(argument for argument in arguments if argument is not type(None))
        if len(kept) == 1:
            return self._marked(kept[0], marks, refers)
        if kept[: len(KINDS)] == tuple(KINDS.values()):
            return self._nudge()
        if kept == get_args(When):
            return self._when()
        if kept == get_args(Rule):
            return dict(RULE)
        words = next(list(get_args(kind)) for kind in kept if get_origin(kind) is Literal)
        other = self._marked(next(kind for kind in kept if get_origin(kind) is not Literal), (), refers)
        return {"if": {"type": "array"}, "then": other, "else": {"enum": words}}

    def _mapping(self, key: Any, value: Any, refers: str) -> Schema:
        written = self._marked(value, (), "")
        if isinstance(key, type) and issubclass(key, StrEnum):
            return _named({word.value: "" for word in key}, written)
        sort = next(mark for mark in get_args(key)[1:] if isinstance(mark, Sort | Words))
        if refers and self.vocabulary.is_known:
            return _named(dict.fromkeys(getattr(self.vocabulary, refers), ""), written)
        offered = self._offered(sort, refers)
        pattern = scalars.key_pattern(sort) if isinstance(sort, Sort) else None
        names = {"propertyNames": {"pattern": pattern, "errorMessage": _KEY_MESSAGE}} if pattern else {}
        return {**_named(offered, written), **names, "additionalProperties": written}

    def _offered(self, sort: object, refers: str) -> dict[str, str]:
        if refers:
            return dict.fromkeys(getattr(self.vocabulary, refers), "")
        if sort is Sort.RULE_CODE:
            return {code.value: TITLES[code] for code in sorted(ADVICE) if code.value >= "PB100"}
        return dict.fromkeys(self.vocabulary.languages, "") if sort is Sort.LANGUAGE else {}

    def _nudge(self) -> Schema:
        # One after the other, so that an editor speaks of the kind that is meant and not of all three.
        starts = {word: _start(word) for word in KINDS}
        schema: Schema = {
            "type": "object",
            "title": "nudge",
            "properties": starts,
            "required": ["tip"],
            "errorMessage": _HOW_NUDGES_START,
        }
        for word, model in reversed(tuple(KINDS.items())):
            block = self.part(model, start={word: starts[word]})
            schema = {"if": {"type": "object", "required": [word]}, "then": block, "else": schema}
        return schema

    def _when(self) -> Schema:
        fixed, following = self.part(FixedDay), self.part(AfterNudge)
        either: Schema = {
            "type": "object",
            "title": "when",
            "properties": {**fixed["properties"], **following["properties"]},
            "required": ["week"],
            "errorMessage": _HOW_WHEN_IS_WRITTEN,
        }
        rest = {"if": _has("after", "days", "if"), "then": following, "else": either}
        return {"if": _has("week", "day"), "then": fixed, "else": rest}


_KEY_MESSAGE = "This name cannot stand here; `nudger check` says what may."


def _described(guide: Guide) -> Schema:
    return {"description": guide.description, "examples": list(guide.examples)}


def _start(word: str) -> Schema:
    guide = guide_of(KINDS[word], "key")
    named = {"description": f"{KINDS[word].__doc__} {guide.description}", "examples": list(guide.examples)}
    return {**named, **scalars.of_sort(Sort.NAME)}


def _has(*keys: str) -> Schema:
    return {"type": "object", "anyOf": [{"required": [key]} for key in keys]}


def _named(names: Mapping[str, str], written: Schema) -> Schema:
    about = {name: {"description": text} if text else {} for name, text in names.items()}
    properties = {name: {**about[name], **written} for name in names}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _counts(marks: Iterable[object]) -> Schema:
    counts: Schema = {}
    for mark in marks:
        counts |= {"minItems": mark.min_length} if isinstance(mark, MinLen) else {}
        counts |= {"maxItems": mark.max_length} if isinstance(mark, MaxLen) else {}
    return counts


def _bounded(kind: type, marks: Iterable[object]) -> Schema:
    bounds: dict[str, Any] = {}
    for mark in marks:
        bounds |= {"least": mark.ge} if isinstance(mark, Ge) else {}
        bounds |= {"most": mark.le} if isinstance(mark, Le) else {}
    write: Callable[..., Schema] = scalars.whole_schema if kind is int else scalars.share_schema
    return write(**bounds)


_RESERVED = "|".join((*RESERVED_NAMES, "[0-9]+"))
_IS_RIGHT: Schema = {"pattern": r"^\s*(?:[tT][rR][uU][eE]|[yY][eE][sS]|[oO][nN])\s*$"}
_ONE_IS_RIGHT: Schema = {
    "contains": {
        "type": "object",
        "properties": {"right": {"if": {"type": "string"}, "then": _IS_RIGHT, "else": {"const": True}}},
        "required": ["right"],
    },
    "errorMessage": "A quiz has two to five choices, one of them with `right: true`.",
}
_AN_ORDER: Schema = {
    "minItems": ORDER_MIN,
    "items": {"properties": {"right": False}},
    "errorMessage": "An order has three to five steps, listed as they belong; none of them is `right` by itself.",
}
_ONE_PLACE = "A button leads to a channel or to a link, one of the two."
_ONE_DAY = "A workshop is `on` a date, or in a week and on a day counted from the start."


def _one_of(*keys: str, message: str) -> Schema:
    return {"anyOf": [{"required": [key]} for key in keys], "errorMessage": message}


# What the loader's checks beyond single keys ask for, as far as a schema can ask it too.
_SHAPES: Mapping[type[Part], Schema] = {
    TryIt: {
        "if": {"required": ["channel"]},
        "then": {"properties": {"link": False}, "errorMessage": _ONE_PLACE},
        "else": {"required": ["link"], "errorMessage": _ONE_PLACE},
    },
    Held: {
        "if": {"required": ["on"]},
        "then": {"properties": {"week": False, "day": False}, "errorMessage": _ONE_DAY},
        "else": {"required": ["week", "day"], "errorMessage": _ONE_DAY},
    },
    Quiz: {
        "if": {"properties": {"pick": {"const": Pick.IN_ORDER.value}}, "required": ["pick"]},
        "then": {"properties": {"choices": _AN_ORDER, "scenes": False}},
        "else": {"properties": {"choices": _ONE_IS_RIGHT}},
    },
    HowTo: _one_of("steps", "video", message="A how-to has steps, a video, or both."),
    Workshop: _one_of("place", "join", message="A workshop has a place, a link to join by, or both."),
}
_FIELDS: Mapping[str, Schema] = {
    "Playbook.playbook": scalars.pattern_schema(
        rf"(?!(?:{_RESERVED})\s*$){scalars.NAME}",
        "Write a name of letters, digits, - and _, at most 60; all, me, help and numbers are taken.",
        instead={"type": "boolean"},
    ),
    "Scene.choices": _ONE_IS_RIGHT,
}
