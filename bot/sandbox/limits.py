"""Lengths and counts from block-kit-limits.json, applied to any object: this module counts as strictly as Slack may."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from bot.sandbox.contract import load
from bot.sandbox.records import Json


class Problem(NamedTuple):
    """What is wrong and the JSON pointer of the place."""

    text: str
    pointer: str

    def __str__(self) -> str:
        return f"[ERROR] {self.text} [json-pointer:{self.pointer}]"


@cache
def limits_of(section: str, thing: str) -> Json:
    """Return the limits of one kind of block, element or object, by property path; empty when it has none."""
    data: Json = load("block-kit-limits")[section].get(thing, {})
    return data


def over_limits(section: str, thing: str, value: Json, pointer: str) -> Iterator[Problem]:
    """Yield each property that is too long, too short, too many or too few."""
    for path, limit in _paths_of(section, thing):
        if len(path) == 1:  # as most are
            if value.get(path[0]) is not None:
                yield from measured(value[path[0]], limit, f"{pointer}/{path[0]}")
            continue
        for found, place in _at(value, path, pointer):
            yield from measured(found, limit, place)


@cache
def _paths_of(section: str, thing: str) -> tuple[tuple[tuple[str, ...], Json], ...]:
    limits = limits_of(section, thing).items()
    return tuple((tuple(path.replace("[]", ".[]").split(".")), limit) for path, limit in limits)


def _at(value: Any, path: tuple[str, ...], pointer: str) -> Iterator[tuple[Any, str]]:
    if not path:
        yield value, pointer
    elif path[0] == "[]" and isinstance(value, list):
        for place, part in enumerate(value):
            # `fields[].text` means the text object's own text
            yield from _at(part, path[1:], f"{pointer}/{place}")
    elif isinstance(value, dict) and value.get(path[0]) is not None:
        yield from _at(value[path[0]], path[1:], f"{pointer}/{path[0]}")


def measured(value: Any, limit: Json, pointer: str) -> Iterator[Problem]:
    """Yield where one text, list or number breaks one limit."""
    if isinstance(value, str):
        length = length_of(value)
        if length > limit.get("max_length", length):
            yield Problem(f"must be less than {limit['max_length'] + 1} characters", pointer)
        if length < limit.get("min_length", 0):
            yield Problem(f"must be more than {limit['min_length'] - 1} characters", pointer)
    elif isinstance(value, list):
        if len(value) > limit.get("max_items", float("inf")):
            yield Problem(f"no more than {limit['max_items']} items allowed", pointer)
        if len(value) < limit.get("min_items", 0):
            yield Problem(f"must have at least {limit['min_items']} items", pointer)
    elif isinstance(value, int) and not limit.get("min", 0) <= value <= limit.get("max", float("inf")):
        yield Problem("must be a number within the limits", pointer)


def length_of(text: str) -> int:
    """Return UTF-16 units, never fewer than code points: Slack does not say which it counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
