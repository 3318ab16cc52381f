"""From reports to proposals: this module is the tests of closed periods, thresholds and what must not show."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.barriers.barriers import (
    Belonging,
    Grade,
    Proposal,
    Report,
    Scope,
    ScopeType,
    belonging_of,
    period_bounds,
    period_of,
    proposals,
)
from nudges.domain.measuring.disclosure import may_show
from nudges.domain.people.people import PersonKind
from nudges.domain.people.teams import teams_of
from nudges.domain.playbooks.playbook import BarrierKind
from tests.builders import a_person

MANAGER, SHARING = BarrierKind.MANAGER_DISCOURAGES, BarrierKind.NOT_COMFORTABLE_SHARING
EPOCH = datetime(2027, 1, 11, tzinfo=UTC)
TEAM_A = Scope(ScopeType.TEAM, "a")
SERVICE = Scope(ScopeType.DEPARTMENT, "Service")


def a_team(name: str, size: int, *, department: str = "", place: str = "") -> dict[str, Belonging]:
    """Return a team of that size."""
    return {f"{name}{number}": Belonging(name, department, place) for number in range(size)}


def said(name: str, count: int, kind: BarrierKind = MANAGER, playbook: str = "p") -> list[Report]:
    """Return the reports of the first so many people of a team."""
    return [Report(f"{name}{number}", kind, playbook) for number in range(count)]


def found(
    reports: list[Report], start: dict[str, Belonging], end: dict[str, Belonging] | None = None, k: int = 5
) -> list[Proposal]:
    """Return the proposals of a period in which nobody moved unless `end` says so."""
    return proposals(reports, at_start=start, at_end=start if end is None else end, k=k)


def test_five_of_a_team_raise_a_flag_and_four_do_not() -> None:
    team = a_team("a", 9)
    assert found(said("a", 5), team) == [Proposal(TEAM_A, MANAGER, Grade.CONFIRMED, "5-9", "p")]
    assert found(said("a", 4), team) == []


def test_one_person_counts_once_however_often_they_say_it() -> None:
    assert found(said("a", 4) + said("a", 4, playbook="q") + said("a", 1), a_team("a", 20)) == []


@pytest.mark.parametrize(("size", "flags"), [(6, 0), (7, 1)])
def test_two_members_at_least_must_have_said_nothing(size: int, flags: int) -> None:
    assert len(found(said("a", 5), a_team("a", size))) == flags


def test_a_company_may_ask_for_more_than_five() -> None:
    assert found(said("a", 7), a_team("a", 12), k=8) == []
    assert len(found(said("a", 8), a_team("a", 12), k=8)) == 1


def test_each_kind_is_counted_by_itself() -> None:
    assert found(said("a", 3) + said("a", 3, SHARING), a_team("a", 9)) == []


def test_a_department_must_stand_out_from_the_rest_of_the_company() -> None:
    service = a_team("a", 20, department="Service") | a_team("b", 20, department="Service")
    others = a_team("c", 160, department="Sales")
    reports = said("a", 4) + said("b", 4)
    assert [flag.scope for flag in found(reports + said("c", 8), service | others)] == [
        SERVICE,
        Scope(ScopeType.TEAM, "c"),
    ], "20 % here, 5 % elsewhere: four times as many"
    assert SERVICE not in [flag.scope for flag in found(reports + said("c", 9), service | others)]


def test_where_nobody_else_said_it_five_are_enough_and_without_a_rest_none_are() -> None:
    service = a_team("a", 20, place="Porto") | a_team("b", 20, place="Porto")
    reports = said("a", 3) + said("b", 2)
    assert [flag.scope.type for flag in found(reports, service | a_team("c", 5))] == [ScopeType.PLACE]
    assert found(reports, service) == []


def test_a_departments_flag_absorbs_those_of_its_teams() -> None:
    people = a_team("a", 9, department="Service") | a_team("b", 9, department="Service")
    company = people | a_team("c", 9, department="Sales")
    assert [flag.scope for flag in found(said("a", 6) + said("b", 5), company)] == [SERVICE]
    reports = said("a", 6) + said("c", 6)
    assert {flag.scope.type for flag in found(reports, company)} == {ScopeType.TEAM}


@pytest.mark.parametrize("elsewhere", [0, 4])
def test_where_one_team_speaks_the_flag_names_the_team_and_nobody_around_it(elsewhere: int) -> None:
    around = a_team("a", 9, department="Service", place="Porto") | a_team("b", 9, department="Service", place="Porto")
    company = around | a_team("c", 90)
    assert [flag.scope for flag in found(said("a", 5) + said("b", elsewhere), company)] == [TEAM_A]


def test_who_moved_came_or_left_counts_only_where_they_stood_at_both_ends() -> None:
    start = a_team("a", 9, department="Service")
    moved = start | {"a0": Belonging("b", "Service")}
    left = {key: value for key, value in start.items() if key != "a0"}
    for end in (moved, left):
        assert found(said("a", 5), start, end) == []
        assert len(found(said("a", 6), start, end)) == 1
    assert found(said("a", 5), left, start) == []


def test_names_written_in_two_ways_are_one_group() -> None:
    start = {f"x{n}": Belonging(" Billing" if n % 2 else "billing") for n in range(9)}
    assert len(found([Report(f"x{n}", MANAGER) for n in range(5)], start)) == 1


def test_the_evidences_playbook_is_named_only_when_it_is_one() -> None:
    team = a_team("a", 12)
    assert found(said("a", 5), team)[0].playbook == "p"
    assert found([*said("a", 5), Report("a6", MANAGER, "q")], team)[0].playbook == ""
    assert found([*said("a", 5), Report("a6", MANAGER)], team)[0].playbook == ""


def test_people_who_are_not_members_count_nowhere() -> None:
    assert found([Report(f"ghost{n}", MANAGER) for n in range(9)], a_team("a", 9)) == []


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


@st.composite
def companies(draw: st.DrawFn) -> tuple[dict[str, Belonging], dict[str, Belonging], list[Report]]:
    """Give teams in departments and places, a few movers and leavers, and any reports, all-of-a-team included."""
    start: dict[str, Belonging] = {}
    reports: list[Report] = []
    for team in range(draw(st.integers(1, 6))):
        department = draw(st.sampled_from(["Service", "Sales"]))
        place = draw(st.sampled_from(["Lisbon", "Porto", ""]))
        size = draw(st.integers(1, 12))
        start |= a_team(f"t{team}-", size, department=department, place=place)
        for kind in (MANAGER, SHARING):
            reports += said(f"t{team}-", draw(st.integers(0, size)), kind, draw(st.sampled_from(["", "p"])))
    end = dict(start)
    for key in draw(st.lists(st.sampled_from(sorted(start)), max_size=3)):
        end[key] = Belonging("t0-", "Service", "Porto")
    return start, end, reports


def _members(scope: Scope, start: dict[str, Belonging], end: dict[str, Belonging]) -> set[str]:
    return {key for key in start if getattr(start[key], scope.type) == scope.scope_id == getattr(end[key], scope.type)}


@settings(max_examples=300, deadline=None)
@given(companies())
def test_what_fewer_than_k_people_say_changes_nothing_that_shows_of_them(
    company: tuple[dict[str, Belonging], dict[str, Belonging], list[Report]],
) -> None:
    start, end, reports = company
    shown = found(reports, start, end)
    for scope in {Scope(type_, getattr(one, type_)) for one in start.values() for type_ in list(ScopeType)[1:]}:
        members = _members(scope, start, end)
        for kind in (MANAGER, SHARING):
            mine = {report.person_key for report in reports if report.kind == kind} & members
            if len(mine) >= 5:
                continue
            rest = [one for one in reports if one.kind != kind or one.person_key not in members]
            without = found(rest, start, end)
            assert _about(scope, kind, shown) == _about(scope, kind, without) == []


def _about(scope: Scope, kind: BarrierKind, shown: list[Proposal]) -> list[Proposal]:
    return [proposal for proposal in shown if proposal.scope == scope and proposal.kind == kind]


@settings(max_examples=300, deadline=None)
@given(companies())
def test_every_flag_stands_on_enough_people_and_leaves_some_unnamed(
    company: tuple[dict[str, Belonging], dict[str, Belonging], list[Report]],
) -> None:
    start, end, reports = company
    for proposal in found(reports, start, end):
        members = _members(proposal.scope, start, end)
        mine = {report.person_key for report in reports if report.kind == proposal.kind} & members
        assert may_show(members=len(members), reporters=len(mine), k=5)
        assert proposal.band in ("5-9", "10-19", "20-49", "50+")
    assert found(list(reversed(reports)), start, end) == found(reports, start, end), "order tells nothing"
