"""From a rule to somebody it holds for: this module draws the values that a segment asks for.

Rules about what people did (answered, used a tool) cannot be drawn: nobody has done anything yet.
"""

import random
from collections.abc import Mapping

from nudges.domain.people.segments import AllOf, AnyOf, HasValue, InSegment, Not, Rule, Segments, plain

Values = dict[str, str]
TRAITS = ("department", "place", "country", "region", "role", "title", "team", "manager", "language")
ATTRIBUTE = "attribute:"


def fulfil(rule: Rule, values: Values, segments: Segments, luck: random.Random) -> Values:
    """Return the values with those changed that the rule asks for; where two parts disagree the later one wins."""
    match rule:
        case HasValue(field, wanted):
            is_there = plain(values.get(field, "")) in {plain(value) for value in wanted}
            return values if is_there or not wanted else {**values, field: luck.choice(wanted)}
        case AllOf(rules):
            # What must not be comes last: otherwise a later part could bring it back.
            for part in sorted(rules, key=lambda part: isinstance(part, Not)):
                values = fulfil(part, values, segments, luck)
            return values
        case AnyOf(rules) if rules:
            return fulfil(luck.choice(rules), values, segments, luck)
        case InSegment(name) if name in segments:
            return fulfil(segments[name], values, segments, luck)
        case Not(HasValue(field, refused)) if plain(values.get(field, "")) in {plain(value) for value in refused}:
            return {**values, field: ""}
        case _:
            return values


def pools(segments: Segments) -> Mapping[str, tuple[str, ...]]:
    """Return by field every value that any segment speaks of, in the order of the file."""
    found: dict[str, dict[str, None]] = {}
    for rule in segments.values():
        for field, value in _spoken_of(rule):
            found.setdefault(field, {})[value] = None
    return {field: tuple(values) for field, values in found.items()}


def _spoken_of(rule: Rule) -> list[tuple[str, str]]:
    match rule:
        case HasValue(field, values):
            return [(field, value) for value in values]
        case AllOf(rules) | AnyOf(rules):
            return [pair for part in rules for pair in _spoken_of(part)]
        case Not(inner):
            return _spoken_of(inner)
        case _:
            return []
