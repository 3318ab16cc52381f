"""Is this field what Block Kit says it is: this module checks objects field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from bot.sandbox.block_specs import ACCESSORIES, ACTION_ELEMENTS, ELEMENTS, INPUT_ELEMENTS, OBJECTS, Spec
from bot.sandbox.element_rules import element_problems
from bot.sandbox.limits import Problem, over_limits

Problems = Iterator[Problem]
Check = Callable[[Any, str], Iterable[Problem]]

STYLES = ("primary", "danger")
_TEXT: Spec = {"text!": "string"}
_PLAIN, _MRKDWN = frozenset({"type", "emoji"}), frozenset({"type", "verbatim"})


def fields(value: Any, spec: Spec, pointer: str, *, also: frozenset[str], loose: bool = False) -> Problems:
    """Yield what is missing, what should not be there, and what is wrong with the rest."""
    if not isinstance(value, dict):
        yield Problem("must provide an object", pointer)
        return
    shape = _shape(tuple(spec.items()))
    for name, kind, is_required in shape:
        if value.get(name) is not None:
            yield from FIELD_KINDS[kind](value[name], f"{pointer}/{name}")
        elif is_required:
            yield Problem(f"missing required field: {name}", pointer)
    if not loose and (more := value.keys() - also):
        for name in sorted(more - {name for name, *_ in shape}):
            yield Problem(f"invalid additional property: {name}", pointer)


@cache
def _shape(spec: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, bool], ...]:
    """Return name and kind of each field, and whether it must be there."""
    return tuple((name.rstrip("!"), kind, name.endswith("!")) for name, kind in spec)


def _typed(check: type | tuple[type, ...], word: str) -> Check:
    def checked(value: Any, pointer: str) -> Sequence[Problem]:
        is_right = isinstance(value, check) and (word == "flag" or not isinstance(value, bool))
        return () if is_right else (Problem(f"must be a {word}", pointer),)

    return checked


def _matching(pattern: str, words: str) -> Check:
    def checked(value: Any, pointer: str) -> Problems:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield Problem(f"must be {words}", pointer)

    return checked


def _text(value: Any, pointer: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Problems:
    if not isinstance(value, dict):
        yield Problem("must provide an object", pointer)
        return
    kind = value.get("type")
    if kind not in kinds:
        yield Problem(f"must be one of: {', '.join(kinds)}", f"{pointer}/type")
        return
    yield from fields(value, _TEXT, pointer, also=_PLAIN if kind == "plain_text" else _MRKDWN)
    yield from over_limits("composition", "text", value, pointer)


def _plain(value: Any, pointer: str) -> Problems:
    yield from _text(value, pointer, ("plain_text",))


def _style(value: Any, pointer: str) -> Problems:
    if value not in STYLES:
        yield Problem(f"must be one of: {', '.join(STYLES)}", pointer)


def _each(check: Check, *, may_be_empty: bool = False) -> Check:
    def checked(value: Any, pointer: str) -> Problems:
        if not isinstance(value, list):
            yield Problem("must provide an array", pointer)
            return
        if not value and not may_be_empty:
            yield Problem("must have at least 1 items", pointer)
        for place, part in enumerate(value):
            yield from check(part, f"{pointer}/{place}")

    return checked


def _object(name: str, limits: str) -> Check:
    def checked(value: Any, pointer: str) -> Problems:
        yield from fields(value, OBJECTS[name], pointer, also=frozenset())
        if isinstance(value, dict):
            yield from over_limits("composition", limits, value, pointer)

    return checked


def _element(allowed: frozenset[str]) -> Check:
    def checked(value: Any, pointer: str) -> Problems:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in allowed:
            yield Problem(f"unsupported type: {kind}", f"{pointer}/type")
            return
        yield from fields(value, ELEMENTS[kind], pointer, also=frozenset({"type", "action_id"}))
        yield from over_limits("elements", kind, value, pointer)
        yield from element_problems(value, pointer)

    return checked


def _context_element(value: Any, pointer: str) -> Problems:
    is_image = isinstance(value, dict) and value.get("type") == "image"
    yield from (_element(frozenset({"image"})) if is_image else _text)(value, pointer)


FIELD_KINDS: dict[str, Check] = {
    "string": _typed(str, "string"),
    "number": _typed((int, float), "number"),
    "flag": _typed(bool, "flag"),
    "object": _typed(dict, "object"),
    "list": _typed(list, "list"),
    "url": _matching(r"[a-z][a-z0-9+.-]*:\S+", "a valid URL"),
    "date": _matching(r"\d{4}-\d{2}-\d{2}", "a date (YYYY-MM-DD)"),
    "time": _matching(r"([01]\d|2[0-3]):[0-5]\d", "a time (HH:mm)"),
    "style": _style,
    "text": _text,
    "plain": _plain,
    "texts": _each(_text),
    "option": _object("option", "option"),
    "rich_option": _object("rich_option", "option"),
    "options": _each(_object("option", "option")),
    "rich_options": _each(_object("rich_option", "option")),
    "overflow_options": _each(_object("overflow_option", "option")),
    "groups": _each(_object("option_group", "option_group")),
    "confirm": _object("confirm", "confirm"),
    "objects": _each(_typed(dict, "object"), may_be_empty=True),
    "accessory": _element(ACCESSORIES),
    "input_element": _element(INPUT_ELEMENTS),
    "action_elements": _each(_element(ACTION_ELEMENTS)),
    "context_elements": _each(_context_element),
}
