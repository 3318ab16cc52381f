"""Nodes in, typed parts out: this module reads a tree by the annotations of the types in playbook.py and company.py."""

from collections.abc import Callable, Mapping, Set
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from nudges.domain.checks.findings import Code
from nudges.domain.editing.examples import example_of
from nudges.domain.files import scalar_values as values
from nudges.domain.files.nudge_shapes import KINDS, model_of_nudge, model_of_when
from nudges.domain.files.rule_reading import read_rule
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean, nearest
from nudges.domain.files.value_readers import (
    FAULTY,
    Reader,
    bounded,
    list_reader,
    map_reader,
    no_value,
    scalar_reader,
    word_reader,
    words_reader,
)
from nudges.domain.files.yaml_nodes import MapNode, Node, ScalarNode, scalar_of
from nudges.domain.people.segments import Rule
from nudges.domain.playbooks.fields import Sort, Words
from nudges.domain.playbooks.playbook import Part, When
from nudges.domain.times.hours import Weekday, WorkingWeek

_BY_TYPE: Mapping[object, Callable[[str], object]] = {
    int: values.read_whole,
    float: values.read_share,
    bool: values.read_switch,
    date: values.read_date,
    time: values.read_time,
    timedelta: values.read_duration,
    Weekday: values.read_day,
    WorkingWeek: values.read_week,
}
_BY_SORT: Mapping[Sort, Callable[[str], object]] = {
    Sort.NAME: values.read_name,
    Sort.REFERENCE: values.read_reference,
    Sort.PERSON_ID: values.read_person_id,
    Sort.OWNER: values.read_owner,
    Sort.CHANNEL_ID: values.read_channel_id,
    Sort.CHANNEL_NAME: values.read_channel_name,
    Sort.LINK: values.read_link,
    Sort.ZONE: values.read_zone,
    Sort.COUNTRY: values.read_country,
    Sort.COUNTRY_OR_DEFAULT: values.read_country_or_default,
    Sort.CALENDAR: values.read_reference,
    Sort.LANGUAGE: values.read_language,
    Sort.AMOUNT: values.read_amount,
    Sort.RULE_CODE: values.read_rule_code,
    Sort.FORMAT: values.read_format,
}


class PartRead(NamedTuple):
    """The fields of a part that could be read, and whether that is all of them."""

    values: dict[str, Any]
    is_whole: bool


def read_part(model: type[Part], node: Node, key: str, report: Report) -> Any:
    """Return the part, or FAULTY."""
    read = read_fields(model, node, key, report)
    if report.is_lenient:
        return FAULTY if _is_wanting(model, read) else model.model_construct(**read.values)
    return _built(model, read.values) if read.is_whole else FAULTY


def read_fields(
    model: type[Part], node: Node, key: str, report: Report, *, lost: frozenset[str] = frozenset()
) -> PartRead:
    """Return what could be read of a part, with a finding for each key that is unknown, missing or faulty.

    Keys that were lost with a piece of the file that is not YAML are not missing; `*` stands for any of them.
    """
    if not isinstance(node, MapNode):
        names = ", ".join(f"`{name}`" for name in list(_fields(model))[:3])
        fix = f"Write the keys {names} below {key}, indented."
        report.add(Code.WRONG_SHAPE, node, f"{_capital(key)} is a block of keys, and here stands something else.", fix)
        return PartRead({}, is_whole=False)
    shape = _shape(model)
    found: dict[str, Any] = {}
    is_sound = True
    for word, (name, value) in node.pairs.items():
        read = shape.readers.get(word)
        if read is None:
            continue
        if value.__class__ is ScalarNode and value.is_empty:
            no_value(scalar_of(name), report)
            result: Any = FAULTY
        else:
            result = read(value, word, report)
        found[word] = result
        is_sound = is_sound and result is not FAULTY
    if is_sound and len(found) == len(node.pairs) and shape.required <= found.keys():
        return PartRead(found, is_whole=True)
    return _read_rest(model, node, key, report, found=found, lost=lost)


def _read_rest(
    model: type[Part], node: MapNode, key: str, report: Report, *, found: dict[str, Any], lost: frozenset[str]
) -> PartRead:
    """Return what could be read, after noting which keys are unknown and which are missing."""
    fields = _fields(model)
    strangers = [(name, value) for name, value in node.entries if name.text not in fields]
    free = fields.keys() - found.keys()
    meant = {_unknown(name, value, key, fields, free, report) for name, value in strangers}
    missing = [name for name, field in fields.items() if field.is_required and name not in found.keys() | meant | lost]
    for name in missing if "*" not in lost else ():
        report.add(Code.MISSING_KEY, node, f"{_capital(key)} has no `{name}`.", f"Add `{example_of(name)}`.")
    sound = {name: value for name, value in found.items() if value is not FAULTY}
    return PartRead(sound, is_whole=not (strangers or missing) and len(sound) == len(found))


def _built(model: type[Part], values: dict[str, Any]) -> Part:
    # Each value was read by the type and the bounds of its field; checking them once more would take a third of the
    # time that a large file takes.
    part, fill = model.__new__(model), object.__setattr__
    shape = _shape(model)
    named = {shape.names.get(key, key): value for key, value in values.items()} if shape.names else values
    fill(part, "__dict__", shape.defaults | named)
    fill(part, "__pydantic_fields_set__", set(named))
    fill(part, "__pydantic_extra__", None)
    fill(part, "__pydantic_private__", None)
    return part


class _Shape(NamedTuple):
    """What reading a part asks for at every block: readers by key, keys that must stand, values of those left out."""

    readers: dict[str, Reader]
    required: frozenset[str]
    defaults: dict[str, Any]  # frozen all through, so that parts may share them
    names: dict[str, str]  # of fields that are called otherwise than their keys


@lru_cache(maxsize=256)
def _shape(model: type[Part]) -> _Shape:
    fields, infos = _fields(model), model.model_fields.items()
    readers = {name: field.read for name, field in fields.items()}
    required = frozenset(name for name, field in fields.items() if field.is_required)
    left_out = {name: info.get_default(call_default_factory=True) for name, info in infos if not info.is_required()}
    return _Shape(readers, required, left_out, {info.alias: name for name, info in infos if info.alias})


def read_leniently(model: type[Part], read: PartRead) -> Any:
    """Return the part of an accepted text: stricter rules and keys that are no more count for nothing; else None."""
    return None if _is_wanting(model, read) else model.model_construct(**read.values)


def _is_wanting(model: type[Part], read: PartRead) -> bool:
    return any(field.is_required and name not in read.values for name, field in _fields(model).items())


class _Field(NamedTuple):
    read: Reader
    is_required: bool


@lru_cache(maxsize=256)
def _fields(model: type[Part]) -> dict[str, _Field]:
    return {
        name: _Field(_field_reader(info), info.is_required())
        for name, info in model.fields_by_key().items()
        if name != "kind" or get_origin(info.annotation) is not Literal
    }


def _field_reader(info: FieldInfo) -> Reader:
    annotation: Any = info.annotation
    return _marked_reader(annotation, tuple(info.metadata))


def _unknown(
    name: ScalarNode, value: Node, key: str, fields: Mapping[str, _Field], free: Set[str], report: Report
) -> str | None:
    # What a misspelt key holds is read all the same, so that its own faults show at once.
    if report.is_full:
        return None
    sentence = f"`{name.text[:60]}` is not a key of {key}."
    meant = nearest(name.text, fields)
    # Keys that stand there already are no help to whoever looks for another.
    offered = fields if meant else [field for field in fields if field in free]
    report.add(Code.UNKNOWN_KEY, name, sentence, did_you_mean(name.text, offered))
    if meant is None or meant not in free:
        return None
    if not isinstance(value, ScalarNode) or not value.is_empty:
        fields[meant].read(value, meant, report)
    return meant


@lru_cache(maxsize=512)
def _marked_reader(annotation: Any, marks: tuple[object, ...] = ()) -> Reader:
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _marked_reader(inner, (*marks, *(mark for mark in more if isinstance(mark, Sort | Words))))
    for mark in marks:
        if isinstance(mark, Words):
            return words_reader(mark)
        if isinstance(mark, Sort):
            return scalar_reader(_BY_SORT[mark])
    read = _reader(annotation)
    return bounded(read, marks) if marks else read


def _reader(annotation: Any) -> Reader:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _union_reader(arguments)
    if origin is tuple:
        return list_reader(_marked_reader(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return map_reader(_marked_reader(arguments[0]), _marked_reader(arguments[1]))
    if annotation in _BY_TYPE:
        return scalar_reader(_BY_TYPE[annotation])
    if issubclass(annotation, StrEnum):
        return word_reader(annotation)
    return lambda node, key, report: read_part(annotation, node, f"`{key}`", report)


def _union_reader(arguments: tuple[Any, ...]) -> Reader:
    kept = tuple(argument for argument in arguments if argument is not type(None))
    if len(kept) == 1:
        return _marked_reader(kept[0])
    if kept[: len(KINDS)] == tuple(KINDS.values()):
        return _read_nudge
    if kept == get_args(When):
        return _read_when
    if kept == get_args(Rule):
        return _read_segment
    words = next(get_args(kind) for kind in kept if get_origin(kind) is Literal)
    other = _marked_reader(next(kind for kind in kept if get_origin(kind) is not Literal))
    return _literal_or(words, other)


def _literal_or(words: tuple[str, ...], other: Reader) -> Reader:
    def read(node: Node, key: str, report: Report) -> Any:
        if not isinstance(node, ScalarNode):
            return other(node, key, report)
        if node.text.strip() in words:
            return node.text.strip()
        fix = f"Write `{key}: {words[0]}` or `{key}: [one, another]`."
        report.add(Code.WRONG_SHAPE, node, f"`{key}` takes a list or the word {words[0]}.", fix)
        return FAULTY

    return read


def _read_nudge(node: Node, key: str, report: Report) -> Any:
    shape = model_of_nudge(node, report)
    if shape is None:
        return FAULTY
    part = read_part(shape.model, shape.node, shape.title, report)
    return FAULTY if shape.is_faulty else part


def _read_when(node: Node, key: str, report: Report) -> Any:
    model = model_of_when(node, report)
    return FAULTY if model is None else read_part(model, node, f"`{key}`", report)


def _read_segment(node: Node, key: str, report: Report) -> Any:
    rule = read_rule(node, report)
    return FAULTY if rule is None else rule


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text != "company.yaml" else text
