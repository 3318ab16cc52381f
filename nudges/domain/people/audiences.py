"""Who a playbook is for: this module is the step from a directory of people to the audience of a campaign."""

from collections.abc import Iterable

from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.segments import Rule, kinds_named, matches
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook

# Slack takes no direct message for these, whatever a rule says.
NEVER_SENDABLE = frozenset({PersonKind.BOT, PersonKind.DEACTIVATED, PersonKind.STRANGER, PersonKind.INVITED})


def audience(playbook: Playbook, company: Company, people: Iterable[Person]) -> list[Person]:
    """Return who the playbook is for: the union of its segments, in the order of `people`."""
    return [person for person in people if in_audience(playbook, company, person)]


def in_audience(playbook: Playbook, company: Company, person: Person) -> bool:
    """Return whether at least one of the playbook's segments holds this person."""
    return first_segment(playbook, company, person) != ""


def first_segment(playbook: Playbook, company: Company, person: Person) -> str:
    """Return the first of the audience's segments that holds this person, or empty; its win opens the message."""
    return next((name for name in playbook.audience.segments if in_segment(name, company, person)), "")


def in_pilot(playbook: Playbook, company: Company, person: Person) -> bool:
    """Return whether the person is one of the few who come first."""
    pilot = playbook.audience.pilot
    return pilot is not None and in_audience(playbook, company, person) and in_segment(pilot.segment, company, person)


def in_segment(name: str, company: Company, person: Person) -> bool:
    """Return whether the segment holds this person and Slack would take a message for them."""
    rule = company.segments.get(name)
    return rule is not None and is_sendable(rule, company, person) and matches(rule, person, company.segments)


def is_sendable(rule: Rule, company: Company, person: Person) -> bool:
    """Return whether this kind of account may be nudged under this rule: guests only where the rule names them."""
    if person.kind in NEVER_SENDABLE:
        return False
    return person.kind == PersonKind.MEMBER or person.kind.value in kinds_named(rule, company.segments)
