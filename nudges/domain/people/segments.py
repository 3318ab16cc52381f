"""Rules over people: this module is what a segment means; each rule can match and describe itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from nudges.domain.people.fact_rules import (
    Answered,
    DidNotAnswer,
    InChannel,
    InUserGroup,
    JoinedWithin,
    QuizBelow,
    Sampled,
    Used,
)
from nudges.domain.people.people import Person
from nudges.domain.playbooks.comparing import plain as plain

FIELDS = ("department", "place", "country", "region", "role", "title", "team", "manager", "language", "kind")
ATTRIBUTE_PREFIX = "attribute:"  # a column of people.csv that we do not know ourselves: "attribute:shift"


@dataclass(frozen=True)
class HasValue:
    """The person's field has one of these values; letter case and outer spaces do not matter."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class AllOf:
    """Every rule holds."""

    rules: tuple["Rule", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one rule holds."""

    rules: tuple["Rule", ...]


@dataclass(frozen=True)
class Not:
    """The rule does not hold."""

    rule: "Rule"


@dataclass(frozen=True)
class InSegment:
    """The person is in another segment."""

    name: str


FactRule = Answered | DidNotAnswer | QuizBelow | Used | JoinedWithin | InUserGroup | InChannel | Sampled
Rule = HasValue | AllOf | AnyOf | Not | InSegment | FactRule
Segments = Mapping[str, Rule]


def matches(rule: Rule, person: Person, segments: Segments) -> bool:
    """Return whether the rule holds for this person; KeyError for a segment that is not defined."""
    match rule:
        case HasValue(field, values):
            return plain(value_of(person, field)) in _plain_values(values)
        case AllOf(rules):
            return all(matches(part, person, segments) for part in rules)
        case AnyOf(rules):
            return any(matches(part, person, segments) for part in rules)
        case Not(inner):
            return not matches(inner, person, segments)
        case InSegment(name):
            return matches(segments[name], person, segments)
        case _:
            return rule.holds(person)


def describe(rule: Rule, segments: Segments) -> str:
    """Return the rule in words that follow a person's name: "works in Sales; and is not intern or contractor"."""
    match rule:
        case HasValue(field, values):
            return _has_in_words(field, values)
        case AllOf(rules):
            return "; and ".join(_inner(part, segments, rule) for part in rules) or "is anybody"
        case AnyOf(rules):
            return "; or ".join(_inner(part, segments, rule) for part in rules) or "is nobody"
        case Not(inner):
            return _opposite(inner, segments)
        case InSegment(name):
            return f"is in segment {name} ({describe(segments[name], segments)})"
        case _:
            return rule.words(is_so=True)


def kinds_named(rule: Rule, segments: Segments) -> frozenset[str]:
    """Return the kinds of account that the rule asks for: guests are nudged only where a rule says so."""
    match rule:
        case HasValue("kind", values):
            return _plain_values(values)
        case AllOf(rules) | AnyOf(rules):
            return frozenset().union(*(kinds_named(part, segments) for part in rules))
        case InSegment(name):
            return kinds_named(segments[name], segments)
        case _:  # `not: {kind: guest}` names guests in order to leave them out
            return frozenset()


def segments_named(rule: Rule) -> frozenset[str]:
    """Return the names of the other segments that the rule itself mentions."""
    return frozenset(leaf.name for leaf in leaves(rule) if isinstance(leaf, InSegment))


def leaves(rule: Rule, segments: Segments | None = None) -> Iterator[Rule]:
    """Give the rules that join no others; with `segments`, those of the segments it names in their place."""
    match rule:
        case AllOf(rules) | AnyOf(rules):
            for part in rules:
                yield from leaves(part, segments)
        case Not(inner):
            yield from leaves(inner, segments)
        case InSegment(name) if segments is not None:
            yield from leaves(segments[name], segments)
        case _:
            yield rule


def value_of(person: Person, field: str) -> str:
    """Return the person's value of a field of FIELDS or of `attribute:name`; empty when not known."""
    if field.startswith(ATTRIBUTE_PREFIX):
        return _attribute(person, field.removeprefix(ATTRIBUTE_PREFIX))
    if field == "manager":
        return person.manager_id
    value: str = getattr(person, field)
    return value


def _attribute(person: Person, name: str) -> str:
    if name in person.attributes:
        return person.attributes[name]
    return next((value for key, value in person.attributes.items() if plain(key) == plain(name)), "")


@lru_cache(maxsize=4096)
def _plain_values(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain(value) for value in values)


_HAS = {
    "department": ("works in", "does not work in"),
    "place": ("is based in", "is not based in"),
    "country": ("is in", "is not in"),
    "region": ("is in the region", "is not in the region"),
    "role": ("is", "is not"),
    "title": ("has the title", "does not have the title"),
    "team": ("is in the team", "is not in the team"),
    "manager": ("reports to", "does not report to"),
    "language": ("has the language", "does not have the language"),
    "kind": ("has an account of the kind", "does not have an account of the kind"),
}


def _has_in_words(field: str, values: tuple[str, ...]) -> str:
    name = field.removeprefix(ATTRIBUTE_PREFIX)
    verb = _HAS[field][0] if field in _HAS else f"has {name}"
    return f"{verb} {' or '.join(values)}"


def _has_not_in_words(field: str, values: tuple[str, ...]) -> str:
    name = field.removeprefix(ATTRIBUTE_PREFIX)
    verb = _HAS[field][1] if field in _HAS else f"does not have {name}"
    return f"{verb} {' or '.join(values)}"


def _opposite(rule: Rule, segments: Segments) -> str:
    match rule:
        case HasValue(field, values):
            return _has_not_in_words(field, values)
        case AnyOf(rules) if rules:  # none of these reads better than not any of these
            return describe(AllOf(tuple(Not(part) for part in rules)), segments)
        case AllOf() | AnyOf():
            return f"is not somebody who ({describe(rule, segments)})"
        case Not(inner):
            return describe(inner, segments)
        case InSegment(name):
            return f"is not in segment {name} ({describe(segments[name], segments)})"
        case _:
            return rule.words(is_so=False)


def _inner(part: Rule, segments: Segments, parent: AllOf | AnyOf) -> str:
    words = describe(part, segments)
    # Brackets only where "and" and "or" would run into each other.
    reads_on = isinstance(parent, AllOf) and isinstance(part, Not) and isinstance(part.rule, AnyOf)
    return f"({words})" if len(parent.rules) > 1 and _is_joined(part) and not reads_on else words


def _is_joined(rule: Rule) -> bool:
    match rule:
        case AllOf(rules) | AnyOf(rules) | Not(AnyOf(rules)):
            return len(rules) > 1
        case Not(Not(inner)):
            return _is_joined(inner)
        case _:
            return False
