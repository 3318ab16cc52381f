"""The demo company holds what it promises: this module is its checks, people file and directory side by side."""

import csv
import io
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.company import CSV_COLUMNS, DemoCompany, demo_company
from bot.sandbox.company_places import PLACES
from bot.sandbox.records import AppIdentity

Row = dict[str, str]


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return demo_company()


@pytest.fixture(scope="module")
def rows(company: DemoCompany) -> dict[str, Row]:
    return {row["slack_id"]: row for row in csv.DictReader(io.StringIO(company.people_csv))}


def _is_employee(user: dict[str, Any]) -> bool:
    unusual = ("deleted", "is_bot", "is_restricted", "is_stranger", "is_invited_user")
    return user["id"] != "USLACKBOT" and not any(user.get(key) for key in unusual)


def _reports(rows: dict[str, Row], company: DemoCompany) -> Counter[str]:
    active = {user["id"] for user in company.users if _is_employee(user)}
    return Counter(row["manager"] for row in rows.values() if row["manager"] and row["slack_id"] in active)


def test_one_seed_gives_one_company_and_another_seed_another() -> None:
    assert demo_company(seed=7) == demo_company(seed=7)
    assert demo_company(seed=7).users != demo_company(seed=8).users


def test_two_calls_share_nothing_that_one_could_change() -> None:
    demo_company().users[0]["profile"]["title"] = "changed"
    assert all(user["profile"].get("title") != "changed" for user in demo_company().users)


@pytest.mark.parametrize("size", [200, 233, 400, 1_000, 4_000])
def test_a_company_has_as_many_employees_as_asked_for(size: int) -> None:
    assert sum(_is_employee(user) for user in demo_company(size=size).users) == size


@pytest.mark.parametrize("size", [0, 199, 4_001])
def test_a_size_out_of_reach_is_refused_with_the_limits(size: int) -> None:
    with pytest.raises(ValueError, match="200 to 4000"):
        demo_company(size=size)


def test_ids_are_unique_and_the_workspace_is_the_sandbox_s(company: DemoCompany) -> None:
    ids = [user["id"] for user in company.users]
    assert len(set(ids)) == len(ids)
    assert company.team_id == AppIdentity().team_id
    assert Counter(user["team_id"] == company.team_id for user in company.users)[False] == 1  # the stranger


def test_every_unusual_kind_of_account_is_there(company: DemoCompany) -> None:
    users = company.users
    assert any(user["id"] == "USLACKBOT" and not user["is_bot"] for user in users)
    assert sum(user["is_bot"] for user in users) == 2
    assert sum(user["deleted"] for user in users) >= 5
    assert sum(bool(user.get("is_stranger")) for user in users) == 1
    assert sum(bool(user.get("is_invited_user")) for user in users) == 1
    assert {user["is_ultra_restricted"] for user in users if user.get("is_restricted")} == {True, False}


def test_fields_are_sometimes_absent_null_or_empty_as_slack_sends_them(company: DemoCompany) -> None:
    employees = [user for user in company.users if _is_employee(user)]
    assert {user.get("tz", "absent") for user in employees} >= {None, "", "absent", "Europe/Lisbon"}
    assert {user["profile"].get("title", "absent") for user in employees} >= {None, "", "absent"}
    assert any("real_name" not in user for user in employees)
    assert any("first_name" not in user["profile"] for user in employees)
    assert any("locale" not in user for user in employees)
    assert all(user["profile"]["real_name"] for user in employees)


def test_people_live_in_ten_places_nine_countries_and_at_least_eight_real_zones(
    company: DemoCompany, rows: dict[str, Row]
) -> None:
    zones = {user["tz"] for user in company.users if _is_employee(user) and user.get("tz")}
    assert {row["place"] for row in rows.values()} == {place.name for place in PLACES}
    assert len({row["country"] for row in rows.values()}) == 9
    assert len({ZoneInfo(zone).key for zone in zones}) >= 8


def test_the_people_file_has_the_header_and_a_custom_attribute(company: DemoCompany, rows: dict[str, Row]) -> None:
    assert company.people_csv.splitlines()[0] == ",".join(CSV_COLUMNS)
    assert {row["shift"] for row in rows.values()} == {"early", "day", "late"}
    assert {row["working_days"] for row in rows.values()} >= {"", "sun-thu", "mon-thu"}
    assert {row["hours"] for row in rows.values()} == {"", "07:00-15:00", "12:00-20:00"}
    assert all(len(row) == len(CSV_COLUMNS) and None not in row.values() for row in rows.values())


def test_rows_and_users_belong_together_but_for_a_few_gaps(company: DemoCompany, rows: dict[str, Row]) -> None:
    users = {user["id"]: user for user in company.users}
    without_row = [user for user in company.users if _is_employee(user) and user["id"] not in rows]
    assert set(rows) <= set(users)
    assert 1 <= len(without_row) <= 10
    assert sum(users[slack_id]["deleted"] for slack_id in rows) == 2
    for slack_id, row in rows.items():
        title = users[slack_id]["profile"].get("title")
        assert not title or users[slack_id]["deleted"] or title == row["title"]


def test_everybody_but_the_chief_reports_to_somebody_with_a_row_and_lines_end_at_the_chief(
    rows: dict[str, Row],
) -> None:
    chiefs = [slack_id for slack_id, row in rows.items() if not row["manager"]]
    assert len(chiefs) == 1
    for slack_id in rows:
        steps = 0
        while rows[slack_id]["manager"]:
            slack_id, steps = rows[slack_id]["manager"], steps + 1
            assert steps <= 4


@pytest.mark.parametrize("size", [200, 400, 4_000])
def test_managers_have_three_to_forty_direct_reports(size: int) -> None:
    company = demo_company(size=size)
    rows = {row["slack_id"]: row for row in csv.DictReader(io.StringIO(company.people_csv))}
    reports = _reports(rows, company)
    assert min(reports.values()) >= 3
    assert max(reports.values()) <= 40


def test_team_sizes_reach_from_three_to_nearly_forty(company: DemoCompany, rows: dict[str, Row]) -> None:
    reports = _reports(rows, company)
    assert min(reports.values()) == 3
    assert max(reports.values()) >= 35


def test_a_team_has_one_manager_who_belongs_to_the_next_team_up(rows: dict[str, Row]) -> None:
    managers: dict[str, set[str]] = {}
    for row in rows.values():
        managers.setdefault(row["team"], set()).add(row["manager"])
    for team, leaders in managers.items():
        assert len(leaders) == 1, team
        assert not team or rows[leaders.pop()]["team"] != team


def test_the_people_whom_the_demo_speaks_of_are_where_it_says(company: DemoCompany, rows: dict[str, Row]) -> None:
    assert {key: company.tags[key] for key in ("U0AMIR", "U0PRIYA", "U0LEE", "U0DANA", "U0RUI")} == {
        "U0AMIR": ["admin"],
        "U0PRIYA": ["author"],
        "U0LEE": ["approver"],
        "U0DANA": ["sponsor"],
        "U0RUI": ["manager"],
    }
    assert rows["U0MAYA"]["team"] == "Billing Lisbon"
    assert rows["U0MAYA"]["manager"] == "U0RUI"
    assert rows["U0DANA"]["title"] == "VP Service"
    assert set(company.tags) <= {user["id"] for user in company.users}


@pytest.mark.parametrize("seed", [1, 7, 99])
def test_maya_s_team_is_large_enough_to_raise_a_flag_and_tagged(seed: int) -> None:
    company = demo_company(seed=seed, size=200)
    team = [
        row["slack_id"] for row in csv.DictReader(io.StringIO(company.people_csv)) if row["team"] == "Billing Lisbon"
    ]
    assert len(team) >= 8
    assert all("Billing Lisbon" in company.tags[slack_id] for slack_id in team)


def test_names_are_varied(company: DemoCompany) -> None:
    names = [user["profile"]["real_name"] for user in company.users if _is_employee(user)]
    assert len(set(names)) == len(names)
    assert len({name.split()[0] for name in names}) > 150
