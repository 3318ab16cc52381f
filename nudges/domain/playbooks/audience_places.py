"""Where an audience is: this module tells which countries a playbook's segments name, as far as rules show."""

from typing import NamedTuple

from nudges.domain.people.segments import AllOf, AnyOf, HasValue, InSegment, Rule, Segments
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook


class Countries(NamedTuple):
    """Those that the segments name, empty when one of them may be anywhere; and those where the company works."""

    named: frozenset[str]
    of_company: frozenset[str]

    @property
    def needed(self) -> frozenset[str]:
        """The countries in which people may get the playbook."""
        return self.named or self.of_company


def countries_of(playbook: Playbook, company: Company) -> Countries:
    """Return where the playbook's people are, and where the company is."""
    named = [
        countries_in(company.segments[name], company.segments)
        for name in playbook.audience.segments
        if name in company.segments
    ]
    anywhere = not named or None in named
    own = frozenset(company.working_hours) - {"default"} | frozenset(company.holidays)
    return Countries(frozenset() if anywhere else frozenset().union(*(one for one in named if one)), own)


def countries_in(rule: Rule, segments: Segments, *, depth: int = 0) -> frozenset[str] | None:
    """Return the countries to which the rule keeps people, or None when they may be anywhere."""
    if depth > len(segments) + 20:
        return None  # segments in a circle, which is said elsewhere
    match rule:
        case HasValue("country", values):
            return frozenset(value.strip().upper() for value in values)
        case InSegment(name) if name in segments:
            return countries_in(segments[name], segments, depth=depth + 1)
        case AllOf(rules):
            found = [one for part in rules if (one := countries_in(part, segments, depth=depth + 1)) is not None]
            return frozenset.intersection(*found) if found else None
        case AnyOf(rules):
            each = [countries_in(part, segments, depth=depth + 1) for part in rules]
            return None if None in each else frozenset().union(*(one for one in each if one))
        case _:
            return None
