"""Segments asked of the database: this module compiles a rule into a condition on people, for directories of any size.

What counts as the same value is decided in Python: the few ways of writing that occur in a column are read, compared
as `matches` compares them, and those that fit go into the condition. A property test holds `matches` and this equal.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, cast, false, func, literal, not_, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.segments import (
    ATTRIBUTE_PREFIX,
    AllOf,
    AnyOf,
    HasValue,
    InSegment,
    Not,
    Rule,
    Segments,
    kinds_named,
    plain,
)
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook
from nudges.store import people
from nudges.store.fact_conditions import fact_condition
from nudges.store.facts import Scene
from nudges.store.tables import PersonRow

Condition = ColumnElement[bool]
_SIMPLE_KEY = re.compile(r"[A-Za-z0-9_ -]+", re.ASCII)  # which every database finds again inside JSON
_PERSON_ID = col(PersonRow.person_id)


@dataclass(frozen=True)
class Asking:
    """One question to the database: the open session, where and when, and what has been read for it so far."""

    session: Session
    scene: Scene
    segments: Segments
    seen: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def here(self) -> Condition:
        """Return the condition of being in this workspace at all."""
        return col(PersonRow.workspace_id) == self.scene.workspace_id


def segment_condition(asking: Asking, name: str, company: Company) -> Condition:
    """Return who is in this segment and takes messages, as `audiences.in_segment` says it."""
    rule = company.segments.get(name)
    if rule is None:
        return false()
    return and_(asking.here, _is_sendable(rule, company), condition(asking, rule))


def audience(asking: Asking, playbook: Playbook, company: Company) -> Iterator[tuple[Person, str, bool]]:
    """Give who the playbook is for, each with their first segment and whether they lie in its pilot."""
    inside, first, early = meant(asking, playbook, company)
    for person, (segment, is_pilot) in people.those(asking.session, inside, first, case((early, 1), else_=0)):
        yield person, segment, bool(is_pilot)


def meant(asking: Asking, playbook: Playbook, company: Company) -> tuple[Condition, ColumnElement[str], Condition]:
    """Return who the playbook is for, the first of its segments that holds them, and who lies in its pilot."""
    names, pilot = playbook.audience.segments, playbook.audience.pilot
    each = [(segment_condition(asking, name, company), name) for name in names]
    first: ColumnElement[str] = case(*((one, literal(name)) for one, name in each), else_="")
    early = segment_condition(asking, pilot.segment, company) if pilot else false()
    return or_(false(), *(one for one, _ in each)), first, early


def condition(asking: Asking, rule: Rule) -> Condition:
    """Return the rule as a condition on the people of this workspace."""
    match rule:
        case HasValue(name, values) if name.startswith(ATTRIBUTE_PREFIX):
            return _has_attribute(asking, name.removeprefix(ATTRIBUTE_PREFIX), _plain(values))
        case HasValue(name, values):
            return _one_of(_column(name), _written(asking, name, _plain(values)))
        case AllOf(rules):
            return and_(true(), *(condition(asking, part) for part in rules))
        case AnyOf(rules):
            return or_(false(), *(condition(asking, part) for part in rules))
        case Not(inner):
            return not_(condition(asking, inner))
        case InSegment(name):
            return condition(asking, asking.segments[name])
        case _:
            return fact_condition(asking.session, asking.scene, rule)


def count_by_place(asking: Asking, where: Condition) -> Counter[str]:
    """Return how many of these people are at each place."""
    place = col(PersonRow.place)
    found = asking.session.execute(select(place, func.count()).where(where).group_by(place))
    return Counter({name: count for name, count in found})  # noqa: C416 - a Row is no pair to the checker


def count(asking: Asking, where: Condition) -> int:
    """Return how many people these are."""
    return asking.session.execute(select(func.count()).select_from(PersonRow).where(where)).scalar_one()


def ids(asking: Asking, where: Condition, *, limit: int) -> tuple[str, ...]:
    """Return the first of these people by their ids."""
    statement = select(_PERSON_ID).where(where).order_by(_PERSON_ID).limit(limit)
    return tuple(asking.session.execute(statement).scalars())


def _is_sendable(rule: Rule, company: Company) -> Condition:
    named = {kind for kind in PersonKind if kind.value in kinds_named(rule, company.segments)} - NEVER_SENDABLE
    return col(PersonRow.kind).in_(sorted(kind.value for kind in named | {PersonKind.MEMBER}))


def _plain(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain(value) for value in values)


def _column(name: str) -> Any:
    if name in ("title", "language"):  # the people file knows better than Slack where it says something
        own, slack = getattr(PersonRow, name), getattr(PersonRow, f"slack_{name}")
        return case((own != "", own), else_=slack)
    return col(getattr(PersonRow, "manager_id" if name == "manager" else name))


def _written(asking: Asking, name: str, wanted: frozenset[str]) -> list[str]:
    """Return the ways in which the wanted values are written in this workspace."""
    if name not in asking.seen:
        statement = select(_column(name)).distinct().where(asking.here)
        asking.seen[name] = tuple(asking.session.execute(statement).scalars())
    return [value for value in asking.seen[name] if plain(value) in wanted]


def _one_of(column: Any, values: list[str]) -> Condition:
    found: Condition = column.in_(values) if values else false()
    return found


def _has_attribute(asking: Asking, name: str, wanted: frozenset[str]) -> Condition:
    raw = cast(col(PersonRow.attributes), Text)
    if ATTRIBUTE_PREFIX not in asking.seen:
        asking.seen[ATTRIBUTE_PREFIX] = tuple(
            asking.session.execute(select(raw).distinct().where(asking.here)).scalars()
        )
    known = {text: json.loads(text) or {} for text in asking.seen[ATTRIBUTE_PREFIX]}
    keys = {key for attributes in known.values() for key in attributes if plain(key) == plain(name)}
    if len(keys) == 1 and all(_SIMPLE_KEY.fullmatch(key) for key in keys) and "" not in wanted:
        (key,) = keys
        values = {attributes[key] for attributes in known.values() if plain(attributes.get(key, "")) in wanted}
        return _one_of(func.coalesce(col(PersonRow.attributes)[key].as_string(), ""), sorted(values))
    # Rare: a column written in two ways, or one whose absence is asked for. Then whole sets of attributes are compared.
    fitting = [text for text, attributes in known.items() if plain(_attribute(attributes, name)) in wanted]
    return raw.in_(bindparam(None, fitting, expanding=True, literal_execute=True)) if fitting else false()


def _attribute(attributes: Mapping[str, str], name: str) -> str:
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if plain(key) == plain(name)), "")
