"""From a file to a campaign: this module is the tests of publishing, updating, and edits while it runs."""

from datetime import date

import pytest
from sqlalchemy import text

from nudges.errors import CampaignNotFound, PlaybookRefused
from nudges.services.authoring.approve import approve
from nudges.services.authoring.draft_plan import draft
from nudges.services.authoring.publish import publish, update
from nudges.services.authoring.read_approvals import waiting
from nudges.services.authoring.watch_playbooks import Watching, watch_playbooks
from nudges.services.delivery.steer import pause_campaigns, resume_campaigns
from nudges.store.tables import AuditRow, CampaignRow, NoticeRow
from tests.services.house import ADMIN, ANA, AUTHOR, BOSS, COMPANY, MONDAY, TUESDAY_AT_TEN, House, a_text

pytestmark = pytest.mark.once


def test_a_file_alone_sends_nothing(house: House) -> None:
    house.write(a_text())
    house.walk("2027-01-13 10:00")
    assert house.rows(CampaignRow) == house.messenger.standing == []


def test_publishing_freezes_the_text_and_the_company(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.write(a_text(segments="billing").replace("Stuck on", "Lost in"))
    house.write(COMPANY.replace("team: Billing Lisbon", "team: Nobody at all"), "company")
    house.walk("2027-01-12 12:00")
    (message,) = house.messenger.sent_to(ANA)
    assert message.body.startswith("Stuck on")


def test_it_begins_on_the_monday_after(house: House) -> None:
    house.write(a_text())
    done = publish(house.core, "find-an-expert", AUTHOR)
    assert (done.starts_on, done.audience, done.version) == (MONDAY, 21, 1)
    (line,) = house.rows(AuditRow, action="publish")
    assert (line.actor_id, line.subject) == (AUTHOR, "find-an-expert")


def test_a_second_run_has_a_name_of_its_own(house: House) -> None:
    assert [house.run() for _ in range(3)] == ["find-an-expert", "find-an-expert-2", "find-an-expert-3"]


def test_a_second_run_is_another_delivery_for_the_same_person(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.run(a_text(segments="billing"))
    house.tick()
    assert len({row.delivery_id for row in house.rows(person_id=ANA)}) == 2


@pytest.mark.parametrize("day", ["2027-01-07", "2027-01-04", "2020-01-06"])
def test_a_past_day_is_refused(house: House, day: str) -> None:
    with pytest.raises(PlaybookRefused, match="past"):
        house.run(a_text(more=f"starts_on: {day}"))
    with pytest.raises(PlaybookRefused, match="past"):
        house.run(starts_on=date.fromisoformat(day))
    assert house.rows(CampaignRow) == []


def test_today_is_not_past(house: House) -> None:
    house.run(a_text(first_tip='{week: 1, day: fri, at: "11:00"}', more="starts_on: 2027-01-08", segments="billing"))
    house.tick()
    house.at("2027-01-08 11:00")
    assert house.states() == {"sent": 9}


def test_an_empty_audience_is_refused_and_says_which_segment(house: House) -> None:
    with pytest.raises(PlaybookRefused, match="nobody is in nobody"):
        house.run(a_text(segments="nobody"))
    assert house.rows(CampaignRow) == house.rows(AuditRow, action="publish") == []


def test_nobody_known_at_all_says_how_to_get_people(house: House) -> None:
    house.directory.everybody = []
    with house.core.db.begin() as session:
        session.execute(text("DELETE FROM people"))
    with pytest.raises(PlaybookRefused, match="Nobody is known") as refused:
        house.run()
    assert "people sync" in refused.value.hint


def test_an_unknown_name_offers_the_nearest(house: House) -> None:
    house.write(a_text())
    with pytest.raises(PlaybookRefused, match="Did you mean find-an-expert"):
        publish(house.core, "find-an-expret", AUTHOR)
    with pytest.raises(PlaybookRefused, match="There are: find-an-expert"):
        draft(house.core, "something else")


def test_a_file_with_a_fault_is_refused_with_its_first_sentence(house: House) -> None:
    house.write(a_text().replace("owner:", "onwer:"))
    with pytest.raises(PlaybookRefused, match="has faults"):
        publish(house.core, "find-an-expert", AUTHOR)


def test_a_draft_tells_what_publishing_would_do_and_stores_nothing(house: House) -> None:
    house.write(a_text(first_tip=TUESDAY_AT_TEN, second_tip="{after: first-tip, days: 7}"))
    plan = draft(house.core, "find-an-expert")
    assert (plan.name, plan.audience, plan.not_sendable, plan.starts_on) == ("find-an-expert", 21, 2, MONDAY)
    assert plan.ends_on == date(2027, 1, 24)
    assert house.rows(CampaignRow) == []


def test_guests_are_meant_only_where_a_rule_names_them(house: House) -> None:
    house.run(a_text("for-guests", segments="guests"), "for-guests")
    house.tick()
    assert [row.person_id for row in house.rows()] == ["U0GUEST"]


# ---- updates


def test_an_update_gives_the_new_text_to_what_waits_and_leaves_what_was_sent(house: House) -> None:
    later = '{week: 2, day: tue, at: "10:00"}'
    name = house.run(a_text(first_tip=TUESDAY_AT_TEN, later_tip=later, segments="billing"))
    house.walk("2027-01-13 10:00")
    sent = house.delivery("first-tip")
    house.write(a_text(first_tip=TUESDAY_AT_TEN, later_tip=later, segments="billing").replace("Stuck on", "Lost in"))
    assert update(house.core, name, AUTHOR).version == 2
    house.walk("2027-01-20 10:00")
    assert [message.body.split()[0] for message in house.messenger.sent_to(ANA)] == ["Stuck", "Lost"]
    assert house.delivery("first-tip") == sent


def test_somebody_an_update_lets_in_comes_late_to_what_is_past(house: House) -> None:
    name = house.run(a_text(segments="billing"))
    house.walk("2027-01-13 10:00")
    house.write(a_text(segments="customer-service"))
    update(house.core, name, AUTHOR)
    (question,) = waiting(house.core)  # many more people than before: a second person agrees
    approve(house.core, question.approval_id, question.content_hash, ADMIN)
    house.tick()
    assert {row.reason for row in house.rows(campaign_id=1, person_id="U0BERLIN0")} == {"joined_late"}


def test_an_update_that_nobody_would_get_is_refused_and_changes_nothing(house: House) -> None:
    name = house.run()
    house.write(a_text(segments="nobody"))
    with pytest.raises(PlaybookRefused):
        update(house.core, name, AUTHOR)
    assert house.rows(CampaignRow)[0].version == 1


def test_an_update_of_a_campaign_that_does_not_exist_says_so(house: House) -> None:
    with pytest.raises(CampaignNotFound):
        update(house.core, "never-was", AUTHOR)


# ---- edits while it runs


def test_a_broken_edit_disturbs_nothing_and_its_owner_hears_once(house: House) -> None:
    name = house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    good = a_text(segments="billing")
    house.write(good.replace("owner:", "onwer:"))
    assert watch_playbooks(house.core) == Watching(faults=1)
    assert [watch_playbooks(house.core) for _ in range(3)] == [Watching()] * 3
    house.at("2027-01-12 10:00")
    assert house.states() == {"sent": 9}
    (notice,) = house.messenger.sent_to(AUTHOR)
    assert notice.notice_key == "notice.playbook_fault"
    assert house.messenger.sent_to(ADMIN) == []
    with pytest.raises(PlaybookRefused):
        update(house.core, name, AUTHOR)


def test_another_file_that_changes_tells_nobody_of_the_old_fault_again(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.write(a_text().replace("owner:", "onwer:"))
    watch_playbooks(house.core)
    house.write(a_text("other"), "other")
    assert watch_playbooks(house.core) == Watching()
    assert len(house.rows(NoticeRow)) == 1
    house.at("2027-01-11 10:00")
    assert [one.person_id for one in house.messenger.standing if one.message.kind == "notice"] == [AUTHOR]


def test_a_fault_that_was_there_at_start_is_told_too(house: House) -> None:
    (house.folder / "broken.yaml").write_text("playbook: [", "utf-8")
    house.core.library.refresh()  # read at start, before anybody watches
    assert watch_playbooks(house.core) == Watching(faults=1)
    house.tick()
    assert [message.notice_key for message in house.messenger.sent_to(ADMIN)] == ["notice.playbook_fault"]


def test_a_good_edit_is_offered_once_to_the_owner(house: House) -> None:
    name = house.run(a_text(segments="billing"))
    house.write(a_text(segments="billing").replace("Stuck on", "Lost in"))
    assert [watch_playbooks(house.core) for _ in range(2)] == [Watching(edits=1), Watching()]
    house.tick()
    (notice,) = house.messenger.sent_to(AUTHOR)
    assert dict(notice.notice_values)["campaign"] == name


def test_a_broken_company_leaves_the_last_good_one_in_force(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.write(COMPANY.replace("caps:", "cpas:"), "company")
    assert house.core.company().caps.week == 3
    assert watch_playbooks(house.core).faults == 1


def test_looking_at_an_unchanged_folder_touches_no_table(house: House) -> None:
    house.run()
    assert watch_playbooks(house.core) == Watching()
    assert house.rows(NoticeRow) == []


# ---- stop and go


def test_pausing_all_changes_those_that_run_and_is_written_down(house: House) -> None:
    names = [house.run(a_text(name), name) for name in ("one", "two")]
    assert pause_campaigns(house.core, ADMIN, "one") == ["one"]
    assert pause_campaigns(house.core, ADMIN, "all") == ["two"]
    assert resume_campaigns(house.core, BOSS, "all") == names
    assert [(line.actor_id, line.action) for line in house.rows(AuditRow)][-3:] == [
        (ADMIN, "pause"),
        (ADMIN, "pause"),
        (BOSS, "resume"),
    ]


def test_pausing_what_does_not_exist_says_so(house: House) -> None:
    with pytest.raises(CampaignNotFound):
        pause_campaigns(house.core, ADMIN, "never-was")
