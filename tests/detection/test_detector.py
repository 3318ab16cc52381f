"""Flags raised by what groups do and say: this module is made-up companies with barriers that were planted."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from nudges.domain.detection.detector import CONFIRMED, EARLY, LOW_RESPONSE, Flag, detect
from nudges.domain.detection.history import History
from tests.detection.organisation import USUAL, Climate, Organisation, Report, organisation
from tests.detection.records import Score, history_of, score

SMALL = replace(USUAL, teams=160, weeks=40)


class Watched(NamedTuple):
    """A company, what was written down of it, and what the detector says of that."""

    company: Organisation
    history: History
    flags: list[Flag]


def watched(seed: int, climate: Climate) -> Watched:
    company = organisation(seed, climate)
    history = history_of(company)
    return Watched(company, history, list(detect(history)))


@pytest.fixture(scope="module")
def companies() -> list[Watched]:
    return [watched(seed, SMALL) for seed in range(100, 103)]


def total(companies: list[Watched], grades: tuple[str, ...]) -> Score:
    result = Score()
    for company, _, flags in companies:
        result.add(score(company, flags, grades=grades))
    return result


def test_most_barriers_are_found_and_most_flags_are_right(companies: list[Watched]) -> None:
    confirmed = total(companies, (CONFIRMED,))
    assert confirmed.recall >= 0.5
    assert confirmed.false_share <= 0.25


def test_without_usage_fewer_are_found_but_flags_are_still_right() -> None:
    companies = [watched(seed, replace(SMALL, has_usage=False)) for seed in range(100, 103)]
    confirmed = total(companies, (CONFIRMED,))
    assert confirmed.recall >= 0.35
    assert confirmed.false_share <= 0.25


def test_early_flags_find_more_and_err_more(companies: list[Watched]) -> None:
    early, confirmed = total(companies, (EARLY, CONFIRMED)), total(companies, (CONFIRMED,))
    assert early.found > confirmed.found
    assert early.false_share <= 0.45


def test_a_company_without_barriers_has_hardly_any_flags() -> None:
    calm = replace(SMALL, standing=0.0, begins=1e-9, in_departments=0, in_places=0)
    flags = watched(7, calm).flags
    confirmed = {(flag.scope_type, flag.scope_id) for flag in flags if flag.grade == CONFIRMED}
    assert len(confirmed) <= 4
    assert len({(flag.scope_type, flag.scope_id) for flag in flags}) <= 12


def test_only_the_past_is_seen(companies: list[Watched]) -> None:
    company, _, whole = companies[0]
    until = 28
    begun = list(detect(history_of(cut(company, until))))
    assert begun == [flag for flag in whole if flag.week < until]


def test_nothing_is_said_of_fewer_than_five_people(companies: list[Watched]) -> None:
    for _, history, flags in companies:
        assert flags
        for flag in flags:
            assert members(history, flag) >= 5


def test_a_named_barrier_of_a_department_speaks_for_the_silence_of_its_teams() -> None:
    broken = replace(SMALL, standing=0.0, begins=1e-9, in_departments=1, in_places=0, told=0.05)
    _, history, flags = watched(11, broken)
    named = [flag for flag in flags if flag.scope_type == "department" and flag.category != LOW_RESPONSE]
    assert named
    silent = [flag for flag in flags if flag.scope_type == "team" and flag.category == LOW_RESPONSE]
    spoken = {(flag.week, flag.scope_id) for flag in named}
    assert not [flag for flag in silent if (flag.week, department_of(history, flag)) in spoken]


def department_of(history: History, flag: Flag) -> str:
    teams, departments, _ = history.groups
    assert teams.rows is not None
    return str(departments.ids[teams.rows[teams.ids.index(flag.scope_id), flag.week]])


def members(history: History, flag: Flag) -> float:
    groups = next(one for one in history.groups if one.scope_type == flag.scope_type)
    return float(groups.members[groups.ids.index(flag.scope_id), flag.week])


def cut(company: Organisation, weeks: int) -> Organisation:
    climate: Climate = replace(company.climate, weeks=weeks)
    return replace(
        company,
        climate=climate,
        team_of=company.team_of[:, :weeks],
        asked=company.asked[:, :weeks],
        answered=company.answered[:, :weeks],
        active_days=company.active_days[:, :weeks],
        reports=[report for report in company.reports if report.week < weeks],
        holidays=[(week, place) for week, place in company.holidays if week < weeks],
    )


def test_one_loud_team_does_not_speak_for_its_department() -> None:
    quiet = {"standing": 0.0, "begins": 1e-9, "in_departments": 0, "in_places": 0}
    company = organisation(12, replace(SMALL, **quiet, noise=0.0))  # type: ignore[arg-type]
    loud = np.bincount(company.team_of[:, 0]).argmax()
    members = np.nonzero((company.team_of == loud).all(axis=1))[0][:12]
    said = [
        Report(week, int(person), "no_time", is_button=True) for week, person in zip(range(12), members, strict=True)
    ]
    named = [flag for flag in detect(history_of(replace(company, reports=said))) if flag.by_reports]
    assert {(flag.scope_type, flag.scope_id) for flag in named} == {("team", f"t{loud}")}


def test_an_early_flag_stands_until_it_was_unlikely_for_four_weeks(companies: list[Watched]) -> None:
    for _, _, flags in companies:
        early = {(flag.scope_type, flag.scope_id, flag.week) for flag in flags if flag.grade == EARLY}
        stood = {(flag.scope_type, flag.scope_id, flag.week) for flag in flags}
        over = [one for one in early if (*one[:2], one[2] + 1) not in stood and one[2] + 1 < SMALL.weeks]
        assert all((*one[:2], one[2] - 3) in stood for one in over)


def test_the_same_history_gives_the_same_flags(companies: list[Watched]) -> None:
    company, _, flags = companies[1]
    again = list(detect(history_of(company)))
    assert again == flags
    assert np.isfinite([flag.probability for flag in again]).all()
