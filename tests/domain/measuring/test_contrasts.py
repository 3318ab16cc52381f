"""The comparison group: an interval that grows with the difference between teams, or the word that it is too early."""

import random

import pytest

from nudges.domain.measuring.contrasts import Contrast, TeamCount, contrast


def teams(*active: int, people: int = 10) -> list[TeamCount]:
    return [TeamCount(people, count) for count in active]


def test_teams_that_agree_give_a_narrow_interval_round_the_difference() -> None:
    found = contrast(teams(6, 6, 6, 7, 5, 6), teams(3, 3, 2, 4, 3, 3), 5)
    assert found is not None
    assert found.low <= 30 <= found.high
    assert found.is_clear
    assert found.high - found.low < 25


def test_teams_that_differ_leave_everything_open() -> None:
    found = contrast(teams(10, 1, 9, 2, 10, 1), teams(1, 9, 2, 8, 1, 9), 5)
    assert found is not None
    assert not found.is_clear


@pytest.mark.parametrize(
    ("reached", "spared"),
    [
        (teams(6, 6, 6, 6), teams(3, 3, 3, 3, 3)),  # four teams
        (teams(6, 6, 6, 6, 6), teams(1, 1, 1, 1, 0)),  # four people
        (teams(6, 6, 6, 6, 6), teams(10, 10, 10, 10, 10)),  # everybody alike
        (teams(), teams()),
    ],
)
def test_too_few_teams_or_people_say_nothing(reached: list[TeamCount], spared: list[TeamCount]) -> None:
    assert contrast(reached, spared, 5) is None


def test_without_a_difference_the_interval_holds_zero_in_nineteen_cases_of_twenty() -> None:
    dice = random.Random(4)

    def drawn(count: int) -> list[TeamCount]:
        rates = [dice.uniform(0.2, 0.6) for _ in range(count)]
        return [TeamCount(10, sum(dice.random() < rate for _ in range(10))) for rate in rates]

    found = [contrast(drawn(20), drawn(8), 5) for _ in range(400)]
    said = [one for one in found if isinstance(one, Contrast)]
    assert sum(one.is_clear for one in said) / len(said) < 0.08
