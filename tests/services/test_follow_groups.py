"""Flags from what groups do: this module lives through a made-up company's weeks, and replays them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert

from nudges.domain.barriers.flag_life import Move
from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.detection.detector import CONFIRMED, EARLY, LOW_RESPONSE, Flag, detect
from nudges.domain.detection.history import History
from nudges.domain.detection.placing import groups_from
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import weekly_counts
from nudges.store.tables import (
    BarrierReportRow,
    DeliveryRow,
    FlagEventRow,
    FlagRow,
    MembershipRow,
    NoticeRow,
    ResponseRow,
    UsageRow,
    WeeklyCountRow,
    WeekRow,
)
from tests.builders import a_person
from tests.detection.organisation import USUAL, Organisation, organisation
from tests.detection.records import history_of
from tests.fakes import utc
from tests.services.house import TEAM, House, everybody, people_csv, visit

pytestmark = pytest.mark.once

FIRST = date(2027, 1, 4)  # the Monday on which the first period began
SMALL = replace(
    USUAL,
    teams=36,
    departments=3,
    places=3,
    weeks=20,
    moves=0.0,
    holidays=False,
    feast_weeks=0,
    standing=0.15,
    told=0.06,
)
COMPANY = organisation(41, SMALL)


def monday(week: int) -> datetime:
    """Return the beginning of a week, an hour late: in summer Lisbon is ahead of UTC."""
    return utc((FIRST + timedelta(days=7 * week)).isoformat() + " 01:00")


def live(house: House, company: Organisation) -> None:
    """Let the company's people come, and its weeks pass, with the weekly look at each end."""
    weeks = company.team_of.shape[1]
    house.clock.now = monday(0)
    known = [
        a_person(
            f"e{number}",
            team=f"t{team}",
            department=f"d{company.department_of[team]}",
            place=f"p{company.place_of[team]}",
            country="",
            manager_id="",
        )
        for number, team in enumerate(company.team_of[:, 0])
    ]
    house.directory.everybody = [*everybody()[-6:], *known]
    sync_people(house.core)
    import_people(house.core, people_csv(known))
    review_barriers(house.core)
    for week in range(weeks):
        happen(house, company, week)
        house.clock.now = monday(week + 1)
        review_barriers(house.core)


def happen(house: House, company: Organisation, week: int) -> None:
    """Put a week into the tables: what was sent on Wednesday, answered on Thursday, used, and said."""
    sent_at = monday(week) + timedelta(days=2)
    plain = {"workspace_id": TEAM, "campaign_id": 1, "nudge_key": f"n{week}"}
    asked = [f"e{person}" for person in np.nonzero(company.asked[:, week])[0]]
    answered = [f"e{person}" for person in np.nonzero(company.answered[:, week])[0]]
    deliveries = [
        {
            **plain,
            "delivery_id": f"{one}-{week}",
            "person_id": one,
            "status": "sent",
            "sent_at": sent_at,
            "created_at": sent_at,
        }
        for one in asked
    ]
    after = {"kind": "feedback", "value": "useful", "responded_at": sent_at + timedelta(days=1)}
    responses = [{**plain, **after, "delivery_id": f"{one}-{week}", "person_id": one} for one in answered]
    used = [
        {
            "workspace_id": TEAM,
            "person_id": f"e{person}",
            "week_on": monday(week).date(),
            "active_days": int(days),
            "tool": "",
        }
        for person, days in enumerate(company.active_days[:, week])
        if company.active_days.any()
    ]
    said = [
        {"workspace_id": TEAM, "person_hash": hashed(house, f"e{one.person}"), "kind": one.kind, "period": week // 4,
         "playbook": str(number), "weight": 1.0, "week": week}
        for number, one in enumerate(company.reports)
        if one.week == week and one.is_button
    ]  # fmt: skip
    with house.core.db.begin() as session:
        for table, rows in (
            (DeliveryRow, deliveries),
            (ResponseRow, responses),
            (UsageRow, used),
            (BarrierReportRow, said),
        ):
            if rows:
                session.execute(insert(table), rows)


def hashed(house: House, person_id: str) -> str:
    return person_hash(key=house.core.key, workspace_id=TEAM, person_id=person_id)


@dataclass(frozen=True)
class Lived:
    """The company after its weeks, and its history as the replay sees it."""

    house: House
    history: History
    flags: list[Flag]


@pytest.fixture(scope="module")
def lived(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with visit(furnished_house, tmp_path_factory.mktemp("lived") / "house", monday(0)) as house:
        live(house, COMPANY)
        history = history_of(COMPANY)
        yield Lived(house, history, list(detect(history)))


def test_the_weeks_are_counted_as_the_replay_counts_them(lived: Lived) -> None:
    with lived.house.core.db.reading() as session:
        counts = weekly_counts.counts(session, TEAM)
    stored = groups_from(counts, first=0, weeks=SMALL.weeks)
    for mine, theirs in zip(stored, lived.history.groups, strict=True):
        kept = [place for place, name in enumerate(theirs.ids) if name in mine.ids]
        places = [mine.ids.index(theirs.ids[place]) for place in kept]
        for name in ("members", "asked", "answered", "usable", "used"):
            assert (getattr(mine, name)[places] == getattr(theirs, name)[kept]).all(), name
        assert len(kept) == len(mine.ids)


def test_silence_raises_the_same_flags_in_the_same_weeks_as_the_replay(lived: Lived) -> None:
    named = {(flag.scope_type, flag.scope_id) for flag in lived.flags if flag.by_reports}
    wanted = first_weeks(flag for flag in lived.flags if flag.category == LOW_RESPONSE)
    found = {
        (row.scope_type, row.scope_id): (row.opened_at - monday(0)) // timedelta(days=7) - 1
        for row in lived.house.rows(FlagRow)
        if row.why and row.why[0][0] == "share" and row.heard_in is None
    }
    assert found
    assert {group: week for group, week in wanted.items() if group in found} == found
    # What is missing has been named, or a whole that was named speaks for it.
    assert {group for group in wanted if group not in found} <= named | parts_of(named)


def first_weeks(flags: Iterator[Flag]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for flag in flags:
        found.setdefault((flag.scope_type, flag.scope_id), flag.week)
    return found


def parts_of(named: set[tuple[str, str]]) -> set[tuple[str, str]]:
    inside = {f"d{number}": COMPANY.department_of for number in range(SMALL.departments)}
    inside |= {f"p{number}": COMPANY.place_of for number in range(SMALL.places)}
    return {
        ("team", f"t{team}")
        for scope_type, scope_id in named
        if scope_type != "team"
        for team in range(SMALL.teams)
        if inside[scope_id][team] == int(scope_id[1:])
    }


def test_both_grades_and_the_way_from_one_to_the_other_are_stored(lived: Lived) -> None:
    rows = lived.house.rows(FlagRow, kind=LOW_RESPONSE)
    assert {row.grade for row in rows} <= {EARLY, CONFIRMED}
    assert CONFIRMED in {row.grade for row in rows}
    opened = {row.flag_id: row.detail for row in lived.house.rows(FlagEventRow, what=Move.OPENED.value)}
    assert EARLY in opened.values()
    confirmed = {row.flag_id for row in lived.house.rows(FlagEventRow, what=Move.CONFIRMED.value)}
    assert confirmed
    assert {opened[flag_id] for flag_id in confirmed if flag_id in opened} == {EARLY}


def test_every_flag_says_why_in_steps(lived: Lived) -> None:
    for row in lived.house.rows(FlagRow):
        keys = [key for key, _ in row.why]
        assert keys[0] in ("share", "said")
        assert set(keys) <= {"share", "in_a_row", "mostly", "likes", "use", "said", "times"}


def test_no_flag_is_about_fewer_than_five(lived: Lived) -> None:
    sizes = {(row.scope_type, row.scope_id): row.members for row in lived.house.rows(WeeklyCountRow)}
    assert lived.house.rows(FlagRow)
    assert all(sizes[(row.scope_type, row.scope_id)] >= 5 for row in lived.house.rows(FlagRow))
    assert min(sizes.values()) >= 5


def test_a_week_is_looked_at_once(lived: Lived) -> None:
    before = len(lived.house.rows(FlagRow)), len(lived.house.rows(NoticeRow)), len(lived.house.rows(WeekRow))
    review = review_barriers(lived.house.core)
    assert (review.closed, review.raised, review.resolved) == (0, 0, 0)
    assert (len(lived.house.rows(FlagRow)), len(lived.house.rows(NoticeRow)), len(lived.house.rows(WeekRow))) == before


@pytest.fixture
def weeks_old(furnished_house: Path, tmp_path: Path) -> Iterator[House]:
    with visit(furnished_house, tmp_path / "house", monday(0)) as house:
        yield house


def test_what_people_report_counts_as_no_answer(weeks_old: House) -> None:
    live(weeks_old, organisation(5, replace(SMALL, teams=3, weeks=2, in_departments=0, in_places=0)))
    before = weeks_old.rows(WeeklyCountRow)
    with weeks_old.core.db.begin() as session:
        session.execute(WeekRow.__table__.delete())  # type: ignore[attr-defined]
        session.execute(WeeklyCountRow.__table__.delete())  # type: ignore[attr-defined]
        silent = [
            row for row in session.query(DeliveryRow) if session.get(ResponseRow, (row.delivery_id, "feedback")) is None
        ]
        session.add_all(
            ResponseRow(
                delivery_id=row.delivery_id, kind="barrier", workspace_id=TEAM, campaign_id=1, nudge_key=row.nudge_key,
                person_id=row.person_id, responded_at=monday(0) + timedelta(days=3),
            )
            for row in silent
        )  # fmt: skip
    assert silent
    review_barriers(weeks_old.core)
    assert [values(row) for row in weeks_old.rows(WeeklyCountRow)] == [values(row) for row in before]


def values(row: WeeklyCountRow) -> tuple[object, ...]:
    return (row.week, row.scope_type, row.scope_id, row.members, row.asked, row.answered, row.usable, row.used)


def test_usage_that_is_imported_late_is_put_beside_its_week(weeks_old: House) -> None:
    company = organisation(6, replace(SMALL, teams=3, weeks=2, in_departments=0, in_places=0))
    late = replace(company, active_days=company.active_days * 0)
    live(weeks_old, late)
    assert {row.usable for row in weeks_old.rows(WeeklyCountRow)} == {0}
    with weeks_old.core.db.begin() as session:
        days = company.active_days[:, 0]
        session.execute(
            insert(UsageRow),
            [
                {
                    "workspace_id": TEAM,
                    "person_id": f"e{one}",
                    "week_on": FIRST,
                    "active_days": int(days[one]),
                    "tool": "",
                }
                for one in range(len(days))
            ],
        )
    weeks_old.clock.now = monday(3)
    review_barriers(weeks_old.core)
    first = weeks_old.rows(WeeklyCountRow, week=0)
    assert first
    assert all(row.usable == 5 * row.members and row.used > 0 for row in first)


def test_whoever_moves_counts_nowhere_until_the_next_period(weeks_old: House) -> None:
    company = organisation(7, replace(SMALL, teams=2, weeks=1, in_departments=0, in_places=0))
    live(weeks_old, company)
    size = {row.scope_id: row.members for row in weeks_old.rows(WeeklyCountRow, week=0, scope_type="team")}
    mover = next(one for one in weeks_old.directory.everybody if one.team in size)
    moved = [replace(one, team="t99") if one == mover else one for one in weeks_old.directory.everybody if one.team]
    import_people(weeks_old.core, people_csv(moved))
    weeks_old.clock.now = monday(2)
    review_barriers(weeks_old.core)
    after = {row.scope_id: row.members for row in weeks_old.rows(WeeklyCountRow, week=1, scope_type="team")}
    assert after.get(mover.team, 0) in (size[mover.team] - 1, 0)
    assert len(weeks_old.rows(MembershipRow, period=0)) == company.team_of.shape[0]
