"""From reports to flags: this module is the tests of what a closed period decides, and who hears of it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from nudges.domain.barriers.flag_views import FlagVerdict
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.answers.record_response import record_barrier
from nudges.services.barriers.flag_moves import agree_over
from nudges.services.barriers.review_barriers import Review, review_barriers
from nudges.services.keeping.forget_person import forget
from nudges.services.measuring.read_status import barriers, status
from nudges.services.own.glass_box import why
from nudges.services.own.own_home import home
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store.tables import AuditRow, BarrierReportRow, FlagRow, MembershipRow, NoticeRow
from tests.builders import a_person
from tests.fakes import utc
from tests.services.house import (
    ADMIN,
    ANA,
    AUTHOR,
    BERLIN,
    BILLING,
    BOSS,
    House,
    a_text,
    everybody,
    live_once,
    people_csv,
    visit,
)

pytestmark = pytest.mark.once

DISCOURAGES = BarrierKind.MANAGER_DISCOURAGES
NOON = "2027-01-12 12:00"
LAST_DAY = "2027-01-31 23:59"  # the first period began on Monday 4 January
NEXT = "2027-02-01 00:00"
REMEDY = "remedies:\n  manager_discourages: [{do: Ask Dana to post first, by: owner, within: 7d}]\n"


@pytest.fixture(scope="session")
def open_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first period is open, everybody's place in it is frozen, and a tip has gone out to nine people."""
    folder = tmp_path_factory.mktemp("open") / "house"
    live_once(furnished_house, folder, live)
    return folder


def live(house: House) -> None:
    house.run(a_text(more=REMEDY, segments="billing"))
    house.walk(NOON)


@pytest.fixture
def open_period(open_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(open_folder, tmp_path / "open", utc(NOON)) as house:
        yield house


def say(house: House, people: Iterable[str], kind: BarrierKind = DISCOURAGES, *, is_under_nudge: bool = True) -> None:
    """Let these people report, under a nudge of the playbook or on Home."""
    if is_under_nudge and not house.rows(person_id=ANA, status="sent"):
        house.walk(NOON)
    for person_id in people:
        delivery_id = house.delivery(person_id=person_id).delivery_id if is_under_nudge else ""
        record_barrier(house.core, person_id, delivery_id, kind)


def close(house: House, at: str = NEXT) -> Review:
    house.clock.now = utc(at)
    return review_barriers(house.core)


def test_five_of_a_team_raise_a_flag_with_the_playbook_s_remedy_and_its_owner_hears(open_period: House) -> None:
    say(open_period, BILLING[:5])
    assert close(open_period) == Review(closed=1, raised=1)
    (flag,) = open_period.rows(FlagRow)
    assert (flag.scope_type, flag.scope_id, flag.kind, flag.band) == ("team", "Billing Lisbon", DISCOURAGES, "5-9")
    assert (flag.owner_id, flag.state, flag.grade) == (AUTHOR, "open", "confirmed")
    assert flag.remedies == [{"do": "Ask Dana to post first", "by": AUTHOR, "due_on": "2027-02-08"}]
    assert open_period.messenger.sent_to(AUTHOR) == []  # it is midnight
    open_period.at("2027-02-01 09:00")
    (notice,) = open_period.messenger.sent_to(AUTHOR)
    values = dict(notice.notice_values)
    assert (notice.notice_key, values["scope"], values["band"]) == ("notice.flag_raised", "Billing Lisbon", "5-9")
    assert values["remedy"] == "Ask Dana to post first"


def everything_shown(house: House) -> str:
    """Return all that anybody can be shown or told."""
    viewers = (ADMIN, AUTHOR, BOSS, ANA)
    views = [(barriers(house.core, one), status(house.core, one), home_of(house, one)) for one in viewers]
    told = [(one.person_id, one.message) for one in house.messenger.standing if one.message.kind == "notice"]
    return repr((views, why(house.core, ANA), told))


def home_of(house: House, person_id: str) -> object:
    """Return a person's Home without the count of what is stored about themselves, their own looks among it."""
    return replace(home(house.core, person_id), stored=())


def test_four_of_a_team_leave_everything_as_if_they_had_said_nothing(open_period: House) -> None:
    open_period.clock.now = utc(NEXT)
    silent = everything_shown(open_period)
    open_period.clock.now = utc("2027-01-12 12:00")
    say(open_period, BILLING[:4])
    open_period.clock.now = utc(NEXT)
    assert everything_shown(open_period) == silent
    assert close(open_period) == Review(closed=1)
    open_period.at("2027-02-01 09:00")
    assert open_period.rows(FlagRow) == open_period.rows(NoticeRow) == []
    assert barriers(open_period.core, ADMIN).flags == ()


def test_nothing_is_decided_at_the_click_nor_before_the_period_ends(open_period: House) -> None:
    say(open_period, BILLING[:7])
    assert open_period.rows(FlagRow) == []
    assert close(open_period, LAST_DAY) == Review()
    assert open_period.rows(FlagRow) == open_period.rows(NoticeRow) == []


def test_a_team_in_which_nearly_everybody_said_it_is_not_shown(open_period: House) -> None:
    say(open_period, BILLING[:8])  # of nine: whoever is left would be known to have kept silent
    close(open_period)
    assert open_period.rows(FlagRow, scope_type="team") == []


def test_closing_a_period_twice_decides_it_once(open_period: House) -> None:
    say(open_period, BILLING[:5])
    close(open_period)
    assert close(open_period) == Review()
    open_period.clock.advance(days=1)
    assert review_barriers(open_period.core) == Review()
    assert len(open_period.rows(FlagRow)) == len(open_period.rows(NoticeRow)) == 1


def test_the_manager_concerned_never_sees_it_and_never_hears_of_it(open_period: House) -> None:
    say(open_period, BILLING[:5])
    close(open_period)
    open_period.at("2027-02-01 10:00")
    assert barriers(open_period.core, BOSS).flags == ()
    assert status(open_period.core, BOSS).open_flags == 0
    assert len(barriers(open_period.core, "U0TOP").flags) == 1  # one level up, and leads another large team as well
    assert len(barriers(open_period.core, ADMIN).flags) == 1
    assert open_period.messenger.sent_to(BOSS) == []


def test_a_flag_about_the_owner_s_own_team_goes_to_an_admin(house: House) -> None:
    house.run(a_text(more=REMEDY, segments="billing").replace("owner: U0PRIYA", f"owner: {BOSS}"))
    review_barriers(house.core)
    say(house, BILLING[:5])
    close(house)
    (flag,) = house.rows(FlagRow)
    assert (flag.owner_id, flag.remedies[0]["by"]) == (ADMIN, ADMIN)


def test_a_flag_does_not_end_with_an_owner_who_has_left(open_period: House) -> None:
    open_period.directory.everybody = [one for one in everybody() if one.person_id not in (AUTHOR, ADMIN)]
    sync_people(open_period.core)
    say(open_period, BILLING[:5])
    close(open_period)
    open_period.at("2027-02-01 10:00")
    assert open_period.rows(FlagRow)[0].owner_id == "U0SECOND"
    assert len(open_period.messenger.sent_to("U0SECOND")) == 1


def test_an_owner_who_came_to_lead_the_team_meanwhile_is_not_told(open_period: House) -> None:
    say(open_period, BILLING[:5])
    close(open_period)
    moved = [replace(one, manager_id=AUTHOR) if one.person_id in BILLING else one for one in everybody()]
    import_people(open_period.core, people_csv(moved))
    open_period.at("2027-02-01 10:00")
    assert open_period.messenger.sent_to(AUTHOR) == []


def test_the_company_s_remedy_serves_when_the_evidence_comes_from_several_places(open_period: House) -> None:
    say(open_period, BILLING[:3])
    say(open_period, BILLING[3:6], is_under_nudge=False)
    close(open_period)
    assert open_period.rows(FlagRow)[0].remedies[0]["do"] == "Send the managers' kit"


def test_a_team_without_a_name_is_that_of_its_manager(house: House) -> None:
    review_barriers(house.core)
    say(house, BERLIN[:5], BarrierKind.NO_TIME, is_under_nudge=False)
    close(house)
    flags = {(flag.scope_type, flag.scope_id) for flag in house.rows(FlagRow)}
    assert ("team", "manager:U0DIETER") in flags or ("place", "Berlin") in flags


def test_a_department_must_stand_out_from_the_rest_of_the_company(house: House) -> None:
    review_barriers(house.core)
    # Six of twenty-one, in different teams, and one of the few others: less than four times the rate.
    say(house, (*BILLING[:3], *BERLIN[:3], AUTHOR), BarrierKind.NO_TIME, is_under_nudge=False)
    assert close(house).raised == 0


def test_a_department_that_stands_out_is_flagged_and_absorbs_its_teams(house: House) -> None:
    review_barriers(house.core)
    say(house, (*BILLING[:5], *BERLIN[:5]), BarrierKind.NO_TIME, is_under_nudge=False)
    close(house)
    (flag,) = house.rows(FlagRow)
    assert (flag.scope_type, flag.scope_id, flag.band) == ("department", "Customer service", "10-19")


def test_a_late_report_goes_to_the_next_period(open_period: House) -> None:
    say(open_period, BILLING[:4])
    open_period.clock.now = utc(NEXT)
    say(open_period, BILLING[4:5])
    assert close(open_period).raised == 0
    assert {row.period for row in open_period.rows(BarrierReportRow)} == {0, 1}


def test_a_clock_set_back_puts_nothing_into_a_decided_period(open_period: House) -> None:
    close(open_period)
    open_period.clock.now = utc(LAST_DAY)
    say(open_period, BILLING[:1], is_under_nudge=False)
    assert {row.period for row in open_period.rows(BarrierReportRow)} == {1}


def test_whoever_moved_within_the_period_does_not_count(open_period: House) -> None:
    say(open_period, BILLING[:5])
    moved = [replace(one, team="Other") if one.person_id == ANA else one for one in everybody()]
    import_people(open_period.core, people_csv(moved))
    close(open_period)
    assert open_period.rows(FlagRow, scope_type="team") == []


def test_somebody_forgotten_in_the_period_takes_their_report_with_them(open_period: House) -> None:
    say(open_period, BILLING[:5])
    forget(open_period.core, ANA)
    assert close(open_period).raised == 0


def test_a_flag_that_was_raised_stays_when_a_reporter_is_forgotten(open_period: House) -> None:
    say(open_period, BILLING[:5])
    close(open_period)
    before = open_period.rows(FlagRow)
    forget(open_period.core, ANA)
    assert open_period.rows(FlagRow) == before


def test_one_unsettled_flag_stands_for_a_group_and_a_kind(open_period: House) -> None:
    say(open_period, BILLING[:5])
    close(open_period)
    say(open_period, BILLING[:5], is_under_nudge=False)
    assert close(open_period, "2027-03-01 00:00") == Review(closed=1)
    assert len(open_period.rows(FlagRow)) == 1


def test_after_two_quiet_periods_its_owner_agrees_that_it_is_over_and_new_reports_open_it_again(
    open_period: House,
) -> None:
    say(open_period, BILLING[:5])
    # What was said counts for three periods; then two more must be quiet.
    for day in ("2027-02-01", "2027-03-01", "2027-03-29", "2027-04-26"):
        assert close(open_period, f"{day} 00:00").resolved == 0
    assert close(open_period, "2027-05-24 00:00") == Review(closed=1, resolved=1)
    (flag,) = barriers(open_period.core, AUTHOR).flags
    assert (flag.state, flag.is_over) == ("open", True)
    assert agree_over(open_period.core, AUTHOR, flag.flag_id).verdict is FlagVerdict.DONE
    assert barriers(open_period.core, ADMIN).flags == ()
    say(open_period, BILLING[:5], is_under_nudge=False)
    assert close(open_period, "2027-06-21 00:00").raised == 1
    (again,) = barriers(open_period.core, AUTHOR).flags
    assert (again.flag_id, again.state, again.is_over) == (flag.flag_id, "open", False)


def test_a_period_that_nobody_saw_begin_does_not_make_a_flag_quiet(open_period: House) -> None:
    say(open_period, BILLING[:5])
    close(open_period)
    with open_period.core.db.begin() as session:
        session.execute(text("DELETE FROM memberships WHERE period = 1"))
    close(open_period, "2027-03-01 00:00")
    close(open_period, "2027-03-29 00:00")
    assert open_period.rows(FlagRow)[0].state == "open"


def test_an_outage_over_the_end_of_a_period_does_not_lose_it(open_period: House) -> None:
    say(open_period, BILLING[:5])
    assert close(open_period, "2027-03-10 00:00") == Review(closed=2, raised=1)


def test_before_the_people_file_came_no_period_is_frozen(house: House) -> None:
    with house.core.db.begin() as session:
        session.execute(text("UPDATE people SET department = '', place = '', team = '', manager_id = ''"))
    review_barriers(house.core)
    assert house.rows(MembershipRow) == []
    import_people(house.core, people_csv(everybody()))
    review_barriers(house.core)
    assert house.rows(MembershipRow) != []


def test_a_larger_k_of_the_company_holds(house: House) -> None:
    house.write((house.folder / "company.yaml").read_text("utf-8") + "\nk: 6\n", "company")
    house.run(a_text(segments="billing"))
    review_barriers(house.core)
    say(house, BILLING[:5])
    assert close(house).raised == 0


def test_looking_at_flags_is_written_down(open_period: House) -> None:
    barriers(open_period.core, ADMIN)
    assert [(row.actor_id, row.action) for row in open_period.rows(AuditRow)][-1] == (ADMIN, "barriers")


def test_the_log_names_neither_group_nor_kind(open_period: House, caplog: pytest.LogCaptureFixture) -> None:
    say(open_period, BILLING[:5])
    with caplog.at_level("DEBUG"):
        close(open_period)
    told = " ".join(str(record.__dict__) for record in caplog.records)
    assert "Billing" not in told
    assert DISCOURAGES not in told


def test_small_teams_are_never_flagged(house: House) -> None:
    few = [a_person(f"U0FEW{number}", team="Few", department=f"D{number}", place=f"P{number}") for number in range(6)]
    house.directory.everybody = [*everybody(), *few]
    sync_people(house.core)
    import_people(house.core, people_csv(house.directory.everybody))
    review_barriers(house.core)
    say(house, [one.person_id for one in few[:5]], is_under_nudge=False)
    assert close(house).raised == 0
