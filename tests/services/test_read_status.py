"""What admins are shown: this module is the tests that it adds up, hides small groups, and is written down."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.domain.delivery.responses import Feedback
from nudges.errors import CampaignNotFound
from nudges.services.answers.record_response import record_answer, record_feedback
from nudges.services.authoring.publish import update
from nudges.services.delivery.steer import hold_workspace, pause_campaigns
from nudges.services.measuring.read_status import campaign, campaign_list, health, segment_people, status
from nudges.services.own.preferences import pause, stop
from nudges.services.people.roles import admins_of, role_of
from nudges.store import paces
from nudges.store.tables import AuditRow, DeliveryRow
from tests.fakes import Lost
from tests.services.house import ADMIN, ANA, AUTHOR, BILLING, TUESDAY_AT_TEN, House, a_quiz_text, a_text

pytestmark = pytest.mark.once


@pytest.fixture
def sent(house: House) -> House:
    house.run(a_text("find-an-expert", a_quiz_text(), segments="customer-service"))
    house.walk("2027-01-12 12:00")
    return house


def test_the_books_add_up_line_by_line(sent: House) -> None:
    books = campaign(sent.core, "find-an-expert").books
    assert books.is_balanced
    assert books.audience == books.audience_people * books.nudges == 21
    assert books.audience == books.enqueued + sum(count for _, count in books.not_enqueued)
    assert books.enqueued == (
        books.sent + books.planned + books.retry + books.sending + books.unknown
        + sum(count for _, count in books.skipped) + books.expired + books.failed
    )  # fmt: skip
    assert (books.sent, books.planned) == (19, 2)


def test_what_is_not_due_yet_is_said(house: House) -> None:
    house.run(a_text(first_tip=TUESDAY_AT_TEN, far='{week: 9, day: tue, at: "10:00"}'))
    house.tick()
    assert campaign(house.core, "find-an-expert").books.not_enqueued == (("not_due_yet", 21),)


def answer(house: House, people: tuple[str, ...], choice: str) -> None:
    for person_id in people:
        record_answer(house.core, person_id, house.delivery("first-quiz", person_id).delivery_id, choice)


def test_answers_of_few_people_are_hidden(sent: House) -> None:
    answer(sent, BILLING[:4], "channel")
    assert campaign(sent.core, "find-an-expert").shares.quiz_right is None
    answer(sent, BILLING[4:5], "channel")
    answer(sent, tuple(f"U0BERLIN{number}" for number in range(4)), "mail")
    assert campaign(sent.core, "find-an-expert").shares.quiz_right is None  # the wrong ones are four
    answer(sent, ("U0BERLIN4",), "mail")
    shown = campaign(sent.core, "find-an-expert").shares
    assert shown.quiz_right is not None
    assert (shown.quiz_right.share, shown.quiz_right.of) == ("50-60 %", "10-19")


def test_feedback_of_few_people_is_hidden(sent: House) -> None:
    for person_id in BILLING[:4]:
        delivery = sent.delivery("first-quiz", person_id).delivery_id
        record_feedback(sent.core, person_id, delivery, Feedback.USEFUL)
    assert campaign(sent.core, "find-an-expert").shares.useful is None


def test_how_many_have_stopped_is_hidden_while_they_are_few(house: House) -> None:
    for person_id in BILLING[:4]:
        stop(house.core, person_id)
    assert status(house.core, ADMIN).stopped is None
    stop(house.core, BILLING[4])
    assert status(house.core, ADMIN).stopped == 5


def test_status_counts_what_was_sent_today_and_what_is_unknown(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    house.messenger.answers.append(Lost())
    house.at("2027-01-12 10:00")
    shown = status(house.core, ADMIN)
    assert (shown.sent_today, shown.unknown, shown.is_held) == (8, 1, False)
    assert status(house.core, ADMIN).next_at is None


def test_status_says_how_many_do_not_fit_into_their_window(house: House) -> None:
    house.run(a_text(segments="customer-service"))
    house.at("2027-01-12 07:00")
    house.tick()
    assert status(house.core, ADMIN).crowding is None
    slow = replace(house.core, posts_per_second=0.001)
    waiting = len(house.rows(DeliveryRow, status="planned"))
    found = status(slow, ADMIN).crowding
    assert found is not None and found.messages == waiting > 7
    assert 0 < found.late < waiting and found.ends_at > house.clock() + timedelta(seconds=waiting * 1000)


def test_the_pace_that_was_learnt_counts(house: House) -> None:
    house.run(a_text(segments="customer-service"))
    house.at("2027-01-12 07:00")
    house.tick()
    with house.core.db.begin() as session:
        paces.save(session, house.core.workspace_id, {"rate": 0.001}, house.clock())
    assert status(house.core, ADMIN).crowding is not None


def test_status_does_not_offer_what_a_paused_campaign_holds(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.tick()
    assert status(house.core, ADMIN).next_at is not None
    pause_campaigns(house.core, ADMIN, "all")
    assert status(house.core, ADMIN).next_at is None


def test_a_hold_is_shown_with_its_reason(house: House) -> None:
    assert hold_workspace(house.core, "app_uninstalled")
    for shown in (status(house.core, ADMIN), health(house.core)):
        assert (shown.is_held, shown.hold_reason) == (True, "app_uninstalled")


def test_a_broken_file_is_named(house: House) -> None:
    house.write("playbook: [", "broken")
    assert [file.rsplit("/", 1)[-1] for file in status(house.core, ADMIN).faults] == ["broken.yaml"]


def test_an_unknown_campaign_offers_the_nearest(house: House) -> None:
    house.run()
    with pytest.raises(CampaignNotFound, match="Did you mean find-an-expert"):
        campaign(house.core, "find-expert")


def test_all_campaigns_are_listed_the_newest_first_with_waiting_edits(house: House) -> None:
    house.run(a_text("one"), "one")
    house.run(a_text("two"), "two")
    house.write(a_text("one").replace("Stuck on", "Lost in"), "one")
    assert [(view.name, view.has_edit) for view in campaign_list(house.core)] == [("two", False), ("one", True)]
    update(house.core, "one", AUTHOR)
    assert not any(view.has_edit for view in campaign_list(house.core))


def test_a_look_at_a_segment_is_written_down(house: House) -> None:
    shown = segment_people(house.core, AUTHOR, "billing")
    assert (shown.count, shown.by_place, len(shown.sample)) == (9, (("Lisbon", 9),), 9)
    assert [(row.actor_id, row.action, row.subject) for row in house.rows(AuditRow)] == [(AUTHOR, "people", "billing")]


def test_an_unknown_segment_offers_the_nearest(house: House) -> None:
    shown = segment_people(house.core, AUTHOR, "biling")
    assert (shown.is_known, shown.nearest) == (False, "billing")


def test_health_says_since_when_the_oldest_waits(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.tick()
    house.clock.now += timedelta(days=4, hours=2)
    shown = health(house.core)
    assert shown.waiting_due == 9
    assert shown.oldest_due_at == house.delivery().due_at


def test_roles_are_read_at_each_use(house: House) -> None:
    assert [role_of(house.core, one) for one in (ADMIN, AUTHOR, ANA)] == ["admin", "author", "employee"]
    text = (house.folder / "company.yaml").read_text("utf-8")
    house.write(text.replace("admins: [U0AMIR, U0SECOND]", f"admins: [{ANA}]"), "company")
    assert [role_of(house.core, one) for one in (ADMIN, AUTHOR, ANA)] == ["employee", "author", "admin"]
    assert admins_of(house.core) == (ANA,)


def test_a_pause_that_is_over_is_none(house: House) -> None:
    assert pause(house.core, ANA, 3).paused_until == house.clock() + timedelta(days=3)
    house.clock.advance(days=3)
    assert status(house.core, ADMIN).paused is None
