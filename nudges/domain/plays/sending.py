"""What a play sends by itself: this module is whom it goes to, and the playbook of one nudge that carries it.

So it goes the way of all nudges: outbox, hours, caps, stops, books and pause need know nothing of plays. Nothing in the
text or its name tells of a flag, and managers are reached only as many together: one alone would be pointed at.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.barriers.flags import members_of
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person
from nudges.domain.people.segments import AllOf, HasValue, Rule, matches
from nudges.domain.playbooks.comparing import plain
from nudges.domain.plays.models import NoteWords, Receivers, Sends
from nudges.domain.stories.story_playbook import rule_in_yaml

NUDGE_KEY, SEGMENT = "note", "readers"
LEAST_TOGETHER = 3
_LASTS = timedelta(days=28)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Carrier:
    """The texts of the campaign that carries what a play sends."""

    playbook: str
    text: str
    company_text: str


def readers_rule(to: Receivers, scope: Scope, everybody: Sequence[Person], k: int) -> Rule | None:
    """Return the rule for who gets it; None where too few would, or where nothing tells managers from others.

    The area of a team is the department that most of it is in, so that the team is not singled out.
    """
    area = _area(scope, everybody)
    readers = [person for person in everybody if person.kind not in NEVER_SENDABLE]
    if to is Receivers.EVERYBODY:
        return area if area is not None and _count(area, readers) >= k else None
    leading = _leading(everybody)
    if leading is None:
        return None
    candidates = [AllOf((area, leading)), leading] if area is not None else [leading]
    return next((rule for rule in candidates if _count(rule, readers) >= LEAST_TOGETHER), None)


def carrier(sends: Sends, rule: Rule, *, number: int, owner_id: str, tool: str, starts_on: date) -> Carrier:
    """Return the playbook that carries the note, and the company file with nothing but its readers."""
    name = f"note-{number}"
    first = next(day for day in (starts_on + timedelta(days=step) for step in range(3)) if day.weekday() < 5)
    when = {"week": 1, "day": _DAYS[first.weekday()], "at": "10:00", "window": "5h", "valid_for": "10d"}
    nudge: dict[str, object] = {"tip": NUDGE_KEY, "stage": "show", "when": when, "text": _words(sends)}
    told = {code: {"text": _words(words)} for code, words in sends.translations.items() if code != sends.language}
    content = {
        "playbook": name,
        "title": sends.title,
        "language": sends.language,
        "languages": list(told),
        "tool": tool or "-",
        "owner": owner_id,
        "audience": {"segments": [SEGMENT]},
        "ends_on": (starts_on + _LASTS).isoformat(),
        "nudges": [nudge | {"translations": told}],
    }
    return Carrier(name, _yaml(content), _yaml({"segments": {SEGMENT: rule_in_yaml(rule)}}))


def _words(note: Sends | NoteWords) -> str:
    return f"*{note.title.replace('*', '')}*\n{note.text}"


def _area(scope: Scope, everybody: Sequence[Person]) -> Rule | None:
    if scope.type is ScopeType.PLACE:
        return HasValue("place", (scope.scope_id,))
    if scope.type is ScopeType.DEPARTMENT:
        return HasValue("department", (scope.scope_id,))
    named = [person.department for person in members_of(scope, everybody) if person.department.strip()]
    return HasValue("department", (max(sorted(set(named)), key=named.count),)) if named else None


def _leading(everybody: Sequence[Person]) -> Rule | None:
    """Return the rule for those who lead: by the roles, else the titles, that leaders have and hardly anybody else."""
    leader_ids = {person.manager_id for person in everybody if person.manager_id}
    for field in ("role", "title"):
        words = _words_of_leaders(field, everybody, leader_ids)
        if words:
            return HasValue(field, words)
    return None


def _words_of_leaders(field: str, everybody: Iterable[Person], leader_ids: set[str]) -> tuple[str, ...]:
    people = [person for person in everybody if person.kind not in NEVER_SENDABLE and plain(getattr(person, field))]
    led = [plain(getattr(person, field)) for person in people if person.person_id in leader_ids]
    words = {plain(getattr(person, field)) for person in people}
    everyone = [plain(getattr(person, field)) for person in people]
    return tuple(sorted(word for word in words if 2 * led.count(word) > everyone.count(word)))


def _count(rule: Rule, people: Iterable[Person]) -> int:
    return sum(matches(rule, person, {}) for person in people)


def _yaml(content: object) -> str:
    # JSON is YAML, and quotes everything: no word can be read as anything but text.
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
