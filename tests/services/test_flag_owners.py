"""Who hears of a flag: this module is the tests of its owner, its remedy and all who must not see it."""

from dataclasses import replace

import pytest

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.measuring.read_status import barriers, status
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store.tables import AuditRow, FlagRow
from tests.services.house import (
    ADMIN,
    AUTHOR,
    BERLIN,
    BILLING,
    BOSS,
    House,
    a_text,
    everybody,
    people_csv,
)
from tests.services.periods import DISCOURAGES, REMEDY, close, say

pytestmark = pytest.mark.once


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
