"""How many are in a segment: this module counts so that no number tells what a single person did.

A segment whose rule asks for behaviour shows nobody by name and a band instead of a number, and the band only where
the people for whom behaviour decides are many: whoever can add known people to a rule must not learn about one more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nudges.domain.measuring.disclosure import band, may_show
from nudges.domain.people.audiences import in_segment
from nudges.domain.people.facts import asks_behaviour, hinges_on_behaviour
from nudges.domain.people.people import Person
from nudges.domain.people.segments import matches
from nudges.domain.playbooks.company import Company


@dataclass(frozen=True)
class SegmentCount:
    """How many people: exactly, or where that would tell too much None and a band, empty for too few."""

    people: int | None
    band: str = ""


def count_segment(name: str, company: Company, people: Sequence[Person]) -> SegmentCount:
    """Return how many of these people are in the segment, as far as it may be shown."""
    rule = company.segments[name]
    inside = [person for person in people if in_segment(name, company, person)]
    if not asks_behaviour(rule, company.segments):
        return SegmentCount(len(inside))
    decided = hinges_on_behaviour(rule, company.segments)
    asked = sum(matches(decided, person, company.segments) for person in people)
    told = sum(matches(decided, person, company.segments) for person in inside)
    return guarded(inside=len(inside), asked=asked, told=told, k=company.k)


def guarded(*, inside: int, asked: int, told: int, k: int) -> SegmentCount:
    """Return the count of a segment that asks for behaviour.

    `asked` are those for whom behaviour decides, `told` those of them who are inside.
    """
    return SegmentCount(None, band(inside, k) if may_show(members=asked, reporters=told, k=k) else "")
