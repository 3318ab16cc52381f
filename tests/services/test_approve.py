"""A second person: this module is the tests of asking, agreeing and declining, and of versions that are kept."""

from datetime import date

import pytest
from sqlalchemy import text as sql

from nudges.domain.playbooks.playbook import Playbook
from nudges.errors import ApprovalImpossible, ApprovalOver, NotAllowed, PlaybookRefused
from nudges.services.answers.record_response import message_state
from nudges.services.authoring.approve import approve, decline
from nudges.services.authoring.ask_approval import COMMAND_LINE
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.publish import publish, update
from nudges.services.authoring.read_approvals import waiting, waiting_for
from nudges.services.measuring.read_status import campaign
from nudges.store import campaigns
from nudges.store.tables import AuditRow, CampaignRow, CampaignVersionRow
from tests.services.house import ADMIN, ANA, AUTHOR, BOSS, COMPANY, TEAM, House, a_text

pytestmark = pytest.mark.once

NAME, SECOND, LEE = "find-an-expert", "U0SECOND", "U0BERLIN7"
BREAKS_ON_SQLITE = "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'crash'); END"
BREAKS_ON_POSTGRESQL = "ALTER TABLE audit ADD CONSTRAINT broken CHECK (false) NOT VALID"


@pytest.fixture
def strict(house: House) -> House:
    """Return a house in which every publishing wants a second person; one of the readers is an approver."""
    house.write(f"{COMPANY}\napprovers: [{LEE}]\npublishing: {{approval: true}}\n", "company")
    house.write(a_text(segments="billing"))
    return house


def say_yes(house: House, by: str = ADMIN) -> None:
    (question,) = waiting(house.core)
    approve(house.core, question.approval_id, question.content_hash, by)


def test_it_waits_sends_nothing_and_asks_everybody_who_may_agree(strict: House) -> None:
    done = publish(strict.core, NAME, AUTHOR)
    assert (done.is_waiting, done.asked, done.audience) == (True, (LEE, ADMIN, SECOND), 9)
    strict.walk("2027-01-13 12:00")
    assert strict.states() == {}
    assert {one.person_id for one in strict.messenger.standing} == {LEE, ADMIN, SECOND}
    assert campaign(strict.core, NAME).status == "waiting"


def test_a_yes_lets_it_run_and_tells_the_author(strict: House) -> None:
    publish(strict.core, NAME, AUTHOR)
    say_yes(strict, LEE)
    strict.walk("2027-01-12 12:00")
    assert strict.states() == {"sent": 9}
    (notice,) = strict.messenger.sent_to(AUTHOR)
    assert (notice.notice_key, dict(notice.notice_values)["by"]) == ("notice.approved", LEE)
    assert [line.actor_id for line in strict.rows(AuditRow, action="approve_publish")] == [LEE]
    (version,) = strict.rows(CampaignVersionRow)
    assert (version.approved_by, version.written_by, version.audience) == (LEE, AUTHOR, 9)


def test_nobody_agrees_to_their_own_and_an_admin_needs_another_too(strict: House) -> None:
    publish(strict.core, NAME, ADMIN)
    (question,) = waiting(strict.core)
    for person_id in (ADMIN, AUTHOR, BOSS, "", ANA, COMMAND_LINE):
        with pytest.raises(NotAllowed):
            approve(strict.core, question.approval_id, question.content_hash, person_id)
        with pytest.raises(NotAllowed):
            decline(strict.core, question.approval_id, person_id, "no")
    say_yes(strict, SECOND)


def test_the_command_line_waits_for_a_person_in_slack(strict: House) -> None:
    assert publish(strict.core, NAME, COMMAND_LINE).is_waiting
    say_yes(strict)
    assert strict.rows(CampaignRow)[0].status == "live"


def test_with_nobody_else_it_is_refused_and_says_how_to_add_one(strict: House) -> None:
    alone = COMPANY.replace("[U0AMIR, U0SECOND]", "[U0PRIYA]")
    strict.write(f"{alone}\napprovers: [U0GONE]\npublishing: {{approval: true}}\n", "company")
    with pytest.raises(ApprovalImpossible, match="nobody but you") as refused:
        publish(strict.core, NAME, AUTHOR)
    assert "approvers:" in refused.value.hint
    assert strict.rows(CampaignRow) == strict.rows(CampaignVersionRow) == []


def test_what_was_agreed_to_is_what_runs_whatever_the_file_says_since(strict: House) -> None:
    publish(strict.core, NAME, AUTHOR)
    strict.write(a_text(segments="billing").replace("Stuck on", "Lost in"))
    view = waiting_for(strict.core, NAME)
    assert view is not None and view.is_edited_since
    say_yes(strict)
    strict.walk("2027-01-12 12:00")
    assert strict.messenger.sent_to(ANA)[0].body.startswith("Stuck on")


def test_an_edit_published_in_between_needs_a_new_yes(strict: House) -> None:
    publish(strict.core, NAME, AUTHOR)
    (first,) = waiting(strict.core)
    strict.write(a_text(segments="billing").replace("Stuck on", "Lost in"))
    publish(strict.core, NAME, AUTHOR)
    with pytest.raises(ApprovalOver):
        approve(strict.core, first.approval_id, first.content_hash, ADMIN)
    (second,) = waiting(strict.core)
    with pytest.raises(ApprovalOver):
        approve(strict.core, second.approval_id, first.content_hash, ADMIN)
    approve(strict.core, second.approval_id, second.content_hash, ADMIN)
    strict.walk("2027-01-12 12:00")
    assert strict.messenger.sent_to(ANA)[0].body.startswith("Lost in")
    assert len(strict.rows(CampaignRow)) == 1


def test_a_no_tells_why_and_the_next_try_takes_its_place(strict: House) -> None:
    publish(strict.core, NAME, AUTHOR)
    (question,) = waiting(strict.core)
    decline(strict.core, question.approval_id, ADMIN, " Too long ")
    with pytest.raises(ApprovalOver):
        approve(strict.core, question.approval_id, question.content_hash, ADMIN)
    assert campaign(strict.core, NAME).status == "declined"
    strict.at("2027-01-11 10:00")
    assert {"why": "Too long"}.items() <= dict(strict.messenger.sent_to(AUTHOR)[0].notice_values).items()
    assert publish(strict.core, NAME, AUTHOR).name == NAME
    say_yes(strict)
    assert strict.rows(CampaignRow)[0].status == "live"


def test_a_day_that_passed_while_it_waited_becomes_the_next_monday(strict: House) -> None:
    publish(strict.core, NAME, AUTHOR)
    strict.at("2027-01-12 10:00")
    view = waiting_for(strict.core, NAME)
    assert view is not None and view.is_moved
    say_yes(strict)
    assert strict.rows(CampaignRow)[0].starts_on == date(2027, 1, 18)


# ---- updates


def test_an_update_that_reaches_many_more_waits_and_the_old_text_runs_on(house: House) -> None:
    name = house.run(a_text(segments="billing"))
    house.write(a_text(segments="customer-service"))
    assert update(house.core, name, AUTHOR).is_waiting
    house.walk("2027-01-13 12:00")
    assert house.states() == {"sent": 9}
    (view,) = waiting(house.core)
    assert (view.kind, view.reason, view.audience, view.added) == ("update", "growth", 21, 12)
    say_yes(house)
    house.tick()
    assert house.states() == {"sent": 9, "skipped:joined_late": 12}
    assert house.books().is_balanced


def test_a_small_growth_needs_nobody(house: House) -> None:
    company = COMPANY + "publishing: {growth: 100%}\n"
    house.write(company.replace("place: Berlin", "any: [{place: Berlin}, {team: Billing Lisbon}]"), "company")
    name = house.run(a_text(segments="billing"))
    house.write(a_text(segments="berlin"))
    assert not update(house.core, name, AUTHOR).is_waiting


def test_every_text_a_campaign_ran_on_is_kept_and_old_messages_keep_their_words(house: House) -> None:
    name = house.run(a_text(segments="billing"))
    house.walk("2027-01-12 12:00")
    old = house.delivery()
    house.write(a_text(segments="billing").replace("Stuck on", "Lost in"))
    update(house.core, name, AUTHOR)
    outcome = message_state(house.core, ANA, old.delivery_id)
    assert outcome.message is not None and outcome.message.body.startswith("Stuck on")
    assert [(row.version, row.began_at is not None) for row in house.rows(CampaignVersionRow)] == [(1, True), (2, True)]
    assert old.version == 1


def test_an_update_that_breaks_halfway_leaves_the_old_version(house: House) -> None:
    name = house.run(a_text(segments="billing"))
    house.tick()
    before = house.rows(CampaignRow), house.rows(CampaignVersionRow), house.states()
    house.write(a_text(segments="billing").replace("Stuck on", "Lost in"))
    with house.core.db.begin() as session:
        session.execute(sql(BREAKS_ON_SQLITE if house.core.db.is_sqlite else BREAKS_ON_POSTGRESQL))
    with pytest.raises(Exception, match="IntegrityError"):
        update(house.core, name, AUTHOR)
    after = house.rows(CampaignRow), house.rows(CampaignVersionRow), house.states()
    assert [str(one) for one in after] == [str(one) for one in before]


def test_a_stored_text_that_a_stricter_loader_refuses_still_runs(house: House) -> None:
    name = house.run(a_text(segments="billing"))
    stricter = {"title": "title: " + "long " * 99 + "\nkey_of_old: 1", "admins": "admins: [U0AMIR]\nonce_allowed: yes"}
    with house.core.db.begin() as session:
        found = campaigns.by_name(session, TEAM, name)
        assert found is not None
        text = found.text.replace("title: Find an expert before you escalate", stricter["title"])
        company = found.company_text.replace("admins: [U0AMIR, U0SECOND]", stricter["admins"])
        campaigns.replace_text(session, found.campaign_id, text=text, company_text=company, text_hash="x", version=1)
    with house.core.db.reading() as session:
        found = campaigns.by_name(session, TEAM, name)
        assert found is not None
        playbook, kept = frozen(found)
    assert isinstance(playbook, Playbook) and set(kept.segments) == set(house.core.company().segments)
    house.walk("2027-01-12 12:00")
    assert house.states() == {"sent": 9}


def test_a_campaign_whose_text_is_lost_does_not_keep_the_others_from_being_planned(house: House) -> None:
    house.run(a_text("lost"), "lost")
    house.run(a_text(segments="billing"))
    with house.core.db.begin() as session:
        session.execute(sql("UPDATE campaigns SET text = '[', content_hash = 'lost' WHERE name = 'lost'"))
    house.at("2027-01-12 10:00")
    assert house.states("first-tip") == {"sent": 9}
    assert [one.notice_key for one in house.messenger.sent_to(ADMIN)] == ["notice.campaign_unreadable"]


def test_a_playbook_that_runs_already_is_refused_unless_a_second_run_is_meant(house: House) -> None:
    house.write(a_text(segments="billing"))
    publish(house.core, NAME, AUTHOR)
    with pytest.raises(PlaybookRefused, match="runs already as find-an-expert") as refused:
        publish(house.core, NAME, AUTHOR)
    assert "--update find-an-expert" in refused.value.hint
    assert publish(house.core, NAME, AUTHOR, is_again=True).name == "find-an-expert-2"
