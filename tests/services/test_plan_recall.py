"""Questions that come back to people: this module is the tests of the job, from an answer to the next message."""

from datetime import timedelta

import pytest

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import Feedback, ResponseKind
from nudges.domain.measuring.views import Verdict
from nudges.domain.recall.recall import Ending
from nudges.scheduler import LONGEST_STEP
from nudges.services.answers.plan_recall import Returning, plan_recall
from nudges.services.answers.record_response import message_state, record_answer, record_feedback, record_known
from nudges.services.authoring.publish import update
from nudges.services.delivery.steer import pause_campaigns, resume_campaigns
from nudges.services.own.learning_view import Learned, learned
from nudges.services.own.preferences import pause, start, stop
from nudges.store import rollups
from nudges.store.campaigns import CampaignStatus
from nudges.store.tables import CampaignRow, DeliveryRow, RecallCardRow, ResponseRow
from tests.fakes import utc
from tests.services.house import ADMIN, ANA, AUTHOR, BILLING, HOUR, TUESDAY_AT_TEN, House, a_quiz_text, a_text

THURSDAY = '{week: 1, day: thu, at: "10:00"}'
AGAIN = """    again:
      - question: Somebody was charged twice. Whom do you ask before all others?
"""


def a_returning_quiz(key: str = "quiz", when: str = TUESDAY_AT_TEN, *, more: str = "", returns: int = 6) -> str:
    return a_quiz_text(key, when, returns=returns) + more


def begin(house: House, *nudges: str, answer: str = "mail", people: tuple[str, ...] = (ANA,), **texts: str) -> None:
    """Publish, post the first quiz on Tuesday, and let people answer it an hour later."""
    house.run(a_text("find-an-expert", *(nudges or (a_returning_quiz(),)), segments="billing", **texts))
    house.walk("2027-01-12 11:00")
    for person_id in people:
        found = house.delivery("quiz", person_id)
        assert record_answer(house.core, person_id, found.delivery_id, answer).verdict is Verdict.RECORDED


def returns(house: House, person_id: str = ANA) -> list[DeliveryRow]:
    found = [row for row in house.rows(person_id=person_id) if row.occurrence > 1]
    return sorted(found, key=lambda row: row.due_at)


def card(house: House, person_id: str = ANA, nudge_key: str = "quiz") -> RecallCardRow:
    (row,) = house.rows(RecallCardRow, person_id=person_id, nudge_key=nudge_key)
    assert isinstance(row, RecallCardRow)
    return row


def live_on(house: House, weeks: int, answer: str = "channel") -> None:
    """Let weeks pass in which every return is answered a day later."""
    for day in range(weeks * 7):
        tomorrow = f"{house.clock.now + timedelta(days=1):%Y-%m-%d %H:%M}"
        house.walk(tomorrow, rarest=HOUR if day % 7 else LONGEST_STEP)
        for row in returns(house):
            if row.status == DeliveryStatus.SENT:
                record_answer(house.core, ANA, row.delivery_id, answer)


def test_a_missed_question_comes_back_the_next_working_day_in_other_words(house: House) -> None:
    begin(house, a_returning_quiz(more=AGAIN))
    house.walk("2027-01-13 12:00")
    (back,) = returns(house)
    assert (back.status, back.occurrence, back.local_due) == ("sent", 2, "2027-01-13T10:00")
    message = message_state(house.core, ANA, back.delivery_id).message
    assert message is not None and message.review is not None
    assert message.question.startswith("Somebody was charged twice")
    assert message.review.is_reworded and f"{message.review.met_on}" == "2027-01-12"


def test_a_right_answer_comes_back_later_and_in_the_end_it_is_learned(house: House) -> None:
    begin(house, answer="channel")
    assert (card(house).due_at - card(house).answered_at) == timedelta(days=3)
    live_on(house, 8)
    assert card(house).ended == Ending.LEARNED
    gaps = [later.due_at - sooner.due_at for sooner, later in zip(returns(house), returns(house)[1:], strict=False)]
    assert gaps == sorted(gaps) and 3 <= len(returns(house)) <= 6
    count = len(returns(house))
    live_on(house, 5)
    assert len(returns(house)) == count


def test_the_answer_to_a_return_is_graded_and_told_as_usual_and_counted_apart(house: House) -> None:
    begin(house)
    house.walk("2027-01-13 12:00")
    (back,) = returns(house)
    assert record_answer(house.core, ANA, back.delivery_id, "channel").verdict is Verdict.RECORDED
    again = record_answer(house.core, ANA, back.delivery_id, "mail")
    assert again.verdict is Verdict.REPEATED
    message = message_state(house.core, ANA, back.delivery_id).message
    assert message is not None and message.answer is not None and message.answer.is_right
    kinds = {row.delivery_id: row.kind for row in house.rows(ResponseRow, person_id=ANA)}
    assert kinds[back.delivery_id] == ResponseKind.REVIEW
    assert (card(house).streak, card(house).occurrence) == (1, 2)


def test_the_books_know_nothing_of_returns_and_the_counts_are_right(house: House) -> None:
    begin(house, people=BILLING)
    before = house.books()
    live_on(house, 3)
    after = house.books()
    assert after.is_balanced and (after.audience, after.sent) == (before.audience, before.sent)
    assert len(returns(house)) >= 2
    with house.core.db.reading() as session:
        assert rollups.differences(session) == 0


def test_i_know_this_one_is_honoured_at_once(house: House) -> None:
    begin(house)
    house.walk("2027-01-13 12:00")
    (back,) = returns(house)
    outcome = record_known(house.core, ANA, back.delivery_id)
    assert outcome.verdict is Verdict.RECORDED
    message = message_state(house.core, ANA, back.delivery_id).message
    assert message is not None and message.review is not None and message.review.is_known
    assert card(house).ended == Ending.KNOWN
    record_answer(house.core, ANA, back.delivery_id, "mail")  # a late tap brings nothing back
    live_on(house, 4)
    assert returns(house) == [row for row in returns(house) if row.delivery_id == back.delivery_id]
    assert record_known(house.core, BILLING[1], back.delivery_id).verdict is Verdict.NOT_YOURS
    first = house.rows(person_id=ANA, occurrence=1)[0]
    assert record_known(house.core, ANA, first.delivery_id).verdict is Verdict.GONE


def test_who_does_not_want_returns_gets_none(house: House) -> None:
    begin(house, a_returning_quiz(returns=0))
    assert house.rows(RecallCardRow) == []
    live_on(house, 2)
    assert returns(house) == []


def test_an_update_that_turns_returns_off_ends_them(house: House) -> None:
    begin(house)
    house.write(a_text("find-an-expert", a_returning_quiz(returns=0), segments="billing"))
    update(house.core, "find-an-expert", AUTHOR)
    house.walk("2027-01-19 12:00")
    assert card(house).ended == Ending.USED_UP


def test_a_return_that_nobody_answers_rests_for_a_week_and_does_not_go_on_for_ever(house: House) -> None:
    begin(house, a_returning_quiz(returns=2))
    house.walk("2027-03-15 12:00")
    first, second = returns(house)
    assert second.due_at - first.due_at >= timedelta(days=7)
    assert card(house).ended == Ending.USED_UP


def test_planning_twice_adds_nothing_and_one_question_waits_at_a_time(house: House) -> None:
    begin(house, a_returning_quiz(), a_returning_quiz("other", THURSDAY))
    house.walk("2027-01-14 11:00")
    record_answer(house.core, ANA, house.delivery("other").delivery_id, "mail")
    house.clock.now = utc("2027-01-18 12:00")  # three in the week until then leave no room sooner
    assert plan_recall(house.core).planned == 1
    assert plan_recall(house.core) == Returning()
    house.clock.advance(hours=13)
    assert plan_recall(house.core) == Returning()
    assert [row.nudge_key for row in returns(house) if row.status == DeliveryStatus.PLANNED] == ["other"]


def test_what_is_new_goes_first(house: House) -> None:
    week = {f"tip{week}-{day}": f'{{week: {week}, day: {day}, at: "10:00"}}'
            for week in (1, 2) for day in ("tue", "wed", "fri")[2 - week:]}  # fmt: skip
    tips = a_text("busy", segments="billing", **week).partition("nudges:")[2].lstrip("\n")
    begin(house, a_returning_quiz(), tips)
    for day in range(13, 23):
        house.walk(f"2027-01-{day} 12:00")
        for row in house.rows(person_id=ANA, status="sent"):  # whoever answers is not written to less
            record_feedback(house.core, ANA, row.delivery_id, Feedback.USEFUL)
    assert returns(house) == []
    states = [row.status for row in house.rows(person_id=ANA) if row.nudge_key.startswith("tip2")]
    assert states == ["sent"] * 3
    house.walk("2027-01-27 12:00")
    assert [row.local_due for row in returns(house)] == ["2027-01-26T10:00"]


def test_who_rests_or_has_stopped_gets_none_until_they_begin_again(house: House) -> None:
    begin(house)
    pause(house.core, ANA, 5)
    house.walk("2027-01-16 12:00")
    assert returns(house) == []
    stop(house.core, ANA)
    house.walk("2027-01-25 12:00")
    assert returns(house) == []
    start(house.core, ANA)
    house.walk("2027-01-28 12:00")
    assert [row.status for row in returns(house)] == ["sent"]


def test_a_campaign_that_is_paused_asks_nothing_and_goes_on_later(house: House) -> None:
    begin(house)
    pause_campaigns(house.core, ADMIN, "all")
    house.walk("2027-01-20 12:00")
    assert [row for row in returns(house) if row.status == DeliveryStatus.SENT] == []
    resume_campaigns(house.core, ADMIN, "all")
    house.walk("2027-01-23 12:00")
    assert "sent" in [row.status for row in returns(house)]


def test_a_campaign_stays_live_while_questions_come_back_and_ends_then(house: House) -> None:
    begin(house)
    house.walk("2027-01-26 12:00")
    assert house.rows(CampaignRow)[0].status == CampaignStatus.LIVE
    record_known(house.core, ANA, returns(house)[0].delivery_id)
    house.walk("2027-01-28 12:00")
    assert house.rows(CampaignRow)[0].status == CampaignStatus.ENDED


def test_after_the_playbooks_last_day_nothing_comes_back(house: House) -> None:
    begin(house, more="ends_on: 2027-01-20", answer="channel")
    house.walk("2027-02-10 12:00")
    assert all(row.local_due < "2027-01-21" for row in returns(house))
    assert card(house).ended == Ending.OVER
    assert house.rows(CampaignRow)[0].status == CampaignStatus.ENDED


def test_what_follows_the_first_asking_is_not_moved_by_its_returns(house: House) -> None:
    begin(house, a_returning_quiz(), a_text(later='{after: quiz, days: 21, at: "10:00"}').partition("nudges:\n")[2])
    live_on(house, 4)
    (later,) = house.rows(person_id=ANA, nudge_key="later")
    assert (later.status, later.local_due) == ("sent", "2027-02-02T10:00")


@pytest.mark.parametrize("tap", ["known", "useful"])
def test_a_first_asking_offers_useful_and_a_return_offers_to_rest(house: House, tap: str) -> None:
    from bot.blocks.messages import message_blocks

    begin(house)
    house.walk("2027-01-13 12:00")
    wanted = returns(house)[0] if tap == "known" else house.rows(person_id=ANA, occurrence=1)[0]
    message = message_state(house.core, ANA, wanted.delivery_id).message
    assert message is not None
    shown = str([block.to_dict() for block in message_blocks(message)])
    assert ("I know this one" in shown) is (tap == "known")
    assert ("'Useful'" in shown) is (tap == "useful")


def test_a_person_sees_what_they_have_met_what_they_know_and_what_comes_back(house: House) -> None:
    begin(house, a_returning_quiz(), a_returning_quiz("other", THURSDAY))
    assert learned(house.core, BILLING[1]) == ()
    house.walk("2027-01-14 11:00")
    record_answer(house.core, ANA, house.delivery("other").delivery_id, "mail")
    record_known(house.core, ANA, returns(house)[0].delivery_id)
    (found,) = learned(house.core, ANA)
    assert (found.playbook, found.title) == ("find-an-expert", "Find an expert before you escalate")
    assert (found.met, found.known, found.coming_back) == (2, 1, 1)
    assert isinstance(found, Learned) and found.next_at == card(house, nudge_key="other").due_at


@pytest.mark.parametrize("is_answered_first", [True, False])
def test_a_question_that_is_not_for_somebody_does_not_come_back(house: House, is_answered_first: bool) -> None:
    begin(house, people=(ANA,) if is_answered_first else ())
    record_feedback(house.core, ANA, house.delivery("quiz").delivery_id, Feedback.NOT_FOR_ME)
    if not is_answered_first:
        record_answer(house.core, ANA, house.delivery("quiz").delivery_id, "mail")
    assert card(house).ended == Ending.UNWANTED
    house.walk("2027-02-12 12:00")
    assert returns(house) == []
