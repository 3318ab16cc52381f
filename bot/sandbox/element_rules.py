"""Rules that tie an element's fields together: this module knows what a single field cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.limits import Problem, limits_of, measured
from bot.sandbox.records import Json

SELECTS = ("static_select", "multi_static_select")
INPUT_LENGTH = 3_000


def element_problems(element: Json, pointer: str) -> Iterator[Problem]:
    """Yield what does not fit together inside one element."""
    yield from measured(element.get("action_id"), limits_of("common", "element.action_id"), f"{pointer}/action_id")
    if isinstance(element.get("placeholder"), dict):
        limit = limits_of("common", "element.placeholder.text")
        yield from measured(element["placeholder"].get("text"), limit, f"{pointer}/placeholder/text")
    if element["type"] in SELECTS and bool(element.get("options")) == bool(element.get("option_groups")):
        yield Problem("must provide either options or option_groups", pointer)
    if element["type"] == "image" and bool(element.get("image_url")) == bool(element.get("slack_file")):
        yield Problem("must provide either image_url or slack_file", pointer)
    if element["type"] == "plain_text_input":
        yield from _lengths(element, pointer)
    yield from _initial_choices(element, pointer)


def _lengths(element: Json, pointer: str) -> Iterator[Problem]:
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(most, int) and not 1 <= most <= INPUT_LENGTH:
        yield Problem(f"must be between 1 and {INPUT_LENGTH}", f"{pointer}/max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Problem("must not be more than max_length", f"{pointer}/min_length")


def _initial_choices(element: Json, pointer: str) -> Iterator[Problem]:
    """What is chosen at first must be among what can be chosen."""
    known = _values(element.get("options"))
    for group in _objects(element.get("option_groups")):
        known |= _values(group.get("options"))
    chosen = _values([element.get("initial_option")]) | _values(element.get("initial_options"))
    if "external" not in element["type"] and chosen - known:
        yield Problem("initial options must be among the options", pointer)


def _values(options: Any) -> set[str]:
    return {str(option.get("value")) for option in _objects(options)}


def _objects(values: Any) -> list[Json]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
