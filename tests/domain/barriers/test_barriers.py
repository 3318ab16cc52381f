"""Periods and belonging: this module is the tests of when a period ends and who counts where."""

from datetime import UTC, datetime, timedelta

import pytest

from nudges.domain.barriers.barriers import (
    Belonging,
    belonging_of,
    period_bounds,
    period_of,
)
from nudges.domain.people.people import PersonKind
from nudges.domain.people.teams import teams_of
from tests.builders import a_person

EPOCH = datetime(2027, 1, 11, tzinfo=UTC)


def test_a_manager_belongs_to_no_team_that_they_lead() -> None:
    people = [a_person(f"U{n}") for n in range(4)]
    boss = a_person("U0BOSS", manager_id="")
    teams = teams_of([*people, boss])
    assert belonging_of(boss, teams) == Belonging("", "Customer service", "Lisbon")
    assert belonging_of(people[0], teams) == Belonging("Billing Lisbon", "Customer service", "Lisbon")


@pytest.mark.parametrize("kind", [PersonKind.BOT, PersonKind.DEACTIVATED, PersonKind.INVITED])
def test_who_cannot_say_anything_does_not_make_a_team_larger(kind: PersonKind) -> None:
    person = a_person(kind=kind)
    assert belonging_of(person, teams_of([person])) == Belonging()


def test_periods_are_four_weeks_without_gap_or_overlap() -> None:
    assert period_of(EPOCH, EPOCH) == 0
    assert period_of(EPOCH - timedelta(seconds=1), EPOCH) == -1
    for period in range(-2, 20):
        start, end = period_bounds(period, EPOCH)
        assert period_of(start, EPOCH) == period_of(end - timedelta(microseconds=1), EPOCH) == period
        assert period_bounds(period + 1, EPOCH)[0] == end
