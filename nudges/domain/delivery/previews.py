"""A nudge looked at before it is sent: this module is whose eyes it is seen with, and each state it can come to."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from nudges.domain.delivery.messages import Message, compose, with_state
from nudges.domain.delivery.responses import Answered, DeliveryState, Feedback
from nudges.domain.people.audiences import first_segment
from nudges.domain.people.people import Person
from nudges.domain.people.segments import (
    ATTRIBUTE_PREFIX,
    FIELDS,
    AllOf,
    AnyOf,
    HasValue,
    InSegment,
    Rule,
    Segments,
    matches,
)
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.languages import in_language, language_for
from nudges.domain.playbooks.playbook import DEFAULT_WINDOW, AroundSession, FixedDay, Nudge, Playbook, Quiz
from nudges.domain.playbooks.timetable import earliest_days, minutes_of
from nudges.domain.times.schedule_words import DAY_NAMES, around_in_words, condition_in_words, in_words
from nudges.domain.times.workdays import zone_of

EXAMPLE_ID = "U0EXAMPLE"
EXAMPLE_NAME = "Ana"
# No delivery has such an id: theirs are 32 hex digits.
_ID = re.compile(r"preview/(\w[\w-]{0,59})/(\w[\w.-]{0,79})/([a-z]{2,3}(?:-[A-Za-z]{2,4})?|)")
_DEEPEST = 20
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class PreviewState(StrEnum):
    """What the reader has done with the nudge so far."""

    FRESH = "fresh"
    ANSWERED = "answered"
    WRONG = "wrong"
    SCENE = "scene"
    USEFUL = "useful"
    REPORTED = "reported"


ANSWERED = (PreviewState.ANSWERED, PreviewState.WRONG, PreviewState.SCENE)


@dataclass(frozen=True)
class Reader:
    """Whose eyes it is: a person of the directory or an example; `is_new` when nothing was ever sent to them."""

    person: Person
    segment: str
    is_real: bool = False
    is_new: bool = True


@dataclass(frozen=True)
class PreviewId:
    """Stands where a delivery's id would: which nudge, in which language. Nothing is ever stored under it."""

    playbook: str
    nudge: str
    language: str = ""

    def encode(self) -> str:
        """Return the id as a message carries it."""
        return f"preview/{self.playbook}/{self.nudge}/{self.language}"

    @classmethod
    def decode(cls, text: str) -> "PreviewId | None":
        """Return the id read back, or None for anything else, a delivery's id included."""
        match = _ID.fullmatch(text)
        return cls(match[1], match[2], match[3]) if match else None


def example_reader(playbook: Playbook, company: Company, segment: str, language: str = "") -> Reader:
    """Return somebody who could be in the segment; nobody's own data is used."""
    rule = company.segments.get(segment)
    person = Person(EXAMPLE_ID, first_name=EXAMPLE_NAME, language=language or playbook.language)
    fitted = _fitted(person, rule, company.segments, _DEEPEST) if rule else person
    believable = _with_place(fitted, company)
    return Reader(believable if rule is None or matches(rule, believable, company.segments) else fitted, segment)


def real_reader(playbook: Playbook, company: Company, person: Person, *, is_new: bool, segment: str = "") -> Reader:
    """Return this person as the campaign would see them; outside the audience they read the segment's words."""
    own = first_segment(playbook, company, person)
    return Reader(person, own or segment or playbook.audience.segments[0], is_real=True, is_new=is_new)


def message_in(
    state: PreviewState, *, playbook: Playbook, nudge: Nudge, company: Company, reader: Reader
) -> Message | None:
    """Return the nudge in this state as the reader sees it; None for a state that this kind of nudge has not."""
    choice_key = _choice_key(nudge, state)
    if state in ANSWERED and not (choice_key or _tap(nudge, state)):
        return None
    language = language_for(reader.person, playbook, nudge)
    message = compose(
        delivery_id=PreviewId(playbook.playbook, nudge.key, language).encode(),
        playbook=playbook,
        nudge=nudge,
        person=reader.person,
        company=company,
        segment=reader.segment,
        is_first=reader.is_new and nudge.key == first_nudge(playbook),
    )
    done = DeliveryState(
        answer=Answered(choice_key, state is PreviewState.ANSWERED, _NEVER) if choice_key else None,
        scene=_scene_answer(nudge, choice_key) if state is PreviewState.SCENE else None,
        feedback=Feedback.USEFUL.value if state is PreviewState.USEFUL else "",
        tapped=_tap(nudge, state),
        has_reported=state is PreviewState.REPORTED,
    )
    return with_state(message, in_language(nudge, language), done)


def answered_message(message: Message, nudge: Nudge, choice_key: str, language: str) -> Message:
    """Return the message once this choice was made; `answer` stays empty when the quiz has no such choice."""
    told = in_language(nudge, language)
    is_right = isinstance(told, Quiz) and bool(told.grade(choice_key))
    return with_state(message, told, DeliveryState(answer=Answered(choice_key, is_right, _NEVER)))


def first_nudge(playbook: Playbook) -> str:
    """Return which nudge comes first; who has never had any reads the introduction with it."""
    days = earliest_days(playbook)
    order = {nudge.key: place for place, nudge in enumerate(playbook.nudges)}
    return min(playbook.nudges, key=lambda nudge: (days[nudge.key], _minute(nudge), order[nudge.key])).key


def in_order(playbook: Playbook) -> tuple[Nudge, ...]:
    """Return the nudges in the order in which they can come first."""
    days = earliest_days(playbook)
    return tuple(sorted(playbook.nudges, key=lambda nudge: (days[nudge.key], _minute(nudge))))


def when_in_words(nudge: Nudge, person: Person, company: Company) -> str:
    """Return "Week 1, Tuesday 10:00 Europe/Lisbon, within 2 h"."""
    when, zone = nudge.when, zone_of(person, company).name
    within = f"within {in_words(when.window or DEFAULT_WINDOW)}"
    if isinstance(when, FixedDay):
        return f"Week {when.week}, {DAY_NAMES[when.day]} {when.at:%H:%M} {zone}, {within}"
    if isinstance(when, AroundSession):
        return f"{around_in_words(when)}, {when.at:%H:%M} {zone}, {within}"
    days = f"{when.days} day{'' if when.days == 1 else 's'} after {when.after}"
    at = f"{when.at:%H:%M}" if when.at else "at the same time of day"
    only_if = f", {condition_in_words(when)}" if when.only_if else ""
    return f"{days}{only_if}, {at} {zone}, {within}"


def _minute(nudge: Nudge) -> int:
    return minutes_of(nudge.when.at) if nudge.when.at else 0


def _tap(nudge: Nudge, state: PreviewState) -> str:
    """Return the first thing that can be tapped for `answered`, and the last for `wrong`: another choice."""
    if not nudge.taps or state not in (PreviewState.ANSWERED, PreviewState.WRONG):
        return ""
    return nudge.taps[0 if state is PreviewState.ANSWERED else -1]


def _choice_key(nudge: Nudge, state: PreviewState) -> str:
    if not isinstance(nudge, Quiz) or state not in ANSWERED:
        return ""
    if state is PreviewState.SCENE:
        leading = [choice for choice in nudge.choices if choice.leads_to]
        return next((choice.key for choice in sorted(leading, key=lambda choice: not choice.right)), "")
    return nudge.right_answer() if state is PreviewState.ANSWERED else nudge.other_answer()


def _scene_answer(nudge: Nudge, choice_key: str) -> Answered | None:
    scene = nudge.scene_after(choice_key) if isinstance(nudge, Quiz) else None
    choices = scene.choices if scene else ()
    return next((Answered(choice.key, True, _NEVER) for choice in choices if choice.right), None)


def _fitted(person: Person, rule: Rule, segments: Segments, depth: int) -> Person:
    """Return the person with the values that the rule asks for; what it forbids or counts is left as it is."""
    if depth == 0:
        return person
    match rule:
        case HasValue(field, values) if values:
            return _with_value(person, field, values[0])
        case AllOf(rules):
            for part in rules:
                person = _fitted(person, part, segments, depth - 1)
            return person
        case AnyOf(rules) if rules:
            return _fitted(person, rules[0], segments, depth - 1)
        case InSegment(name) if name in segments:
            return _fitted(person, segments[name], segments, depth - 1)
        case _:
            return person


def _with_place(person: Person, company: Company) -> Person:
    """Return the person with a place and a team, so that texts which name them read as they will."""
    at_home = [place for place, zone in company.place_zones.items() if zone == company.default_zone]
    place = person.place or next(iter(at_home), "")
    team = person.team or f"{person.department} {place}".strip()
    return replace(person, place=place, team=team)


def _with_value(person: Person, field: str, value: str) -> Person:
    if field.startswith(ATTRIBUTE_PREFIX):
        return replace(person, attributes={**person.attributes, field.removeprefix(ATTRIBUTE_PREFIX): value})
    if field not in FIELDS or field in ("kind", "language"):
        return person
    changes: dict[str, Any] = {"manager_id" if field == "manager" else field: value}
    return replace(person, **changes)
