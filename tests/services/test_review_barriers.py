"""From reports to flags: this module is the tests of what a closed period decides."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from nudges.domain.barriers.flag_views import FlagVerdict
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.barriers.flag_moves import agree_over
from nudges.services.barriers.review_barriers import Review, review_barriers
from nudges.services.keeping.forget_person import forget
from nudges.services.measuring.read_status import barriers, status
from nudges.services.own.glass_box import why
from nudges.services.own.own_home import home
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store.tables import BarrierReportRow, FlagRow, MembershipRow, NoticeRow
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
    people_csv,
)
from tests.services.periods import DISCOURAGES, LAST_DAY, NEXT, close, say

pytestmark = pytest.mark.once


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


def test_small_teams_are_never_flagged(house: House) -> None:
    few = [a_person(f"U0FEW{number}", team="Few", department=f"D{number}", place=f"P{number}") for number in range(6)]
    house.directory.everybody = [*everybody(), *few]
    sync_people(house.core)
    import_people(house.core, people_csv(house.directory.everybody))
    review_barriers(house.core)
    say(house, [one.person_id for one in few[:5]], is_under_nudge=False)
    assert close(house).raised == 0
