"""Mending and taking back: this module is the tests of corrections and recalls, their pace and their books."""

from datetime import timedelta

import pytest

from nudges.domain.delivery.deliveries import SkipReason
from nudges.domain.delivery.responses import Feedback
from nudges.domain.measuring.views import Verdict
from nudges.errors import ContentRefused, MessageGone, OutcomeUnknown, PlaybookRefused, TemporaryFailure
from nudges.scheduler import next_instant
from nudges.services.answers.record_response import message_state, record_answer, record_feedback
from nudges.services.authoring.publish import update
from nudges.services.delivery.change_messages import change_due, sweep_recalls
from nudges.services.delivery.order_changes import order_correction, order_recall, preview_correction, preview_recall
from nudges.services.delivery.send_deliveries import Step
from nudges.services.keeping.forget_person import forget
from nudges.store.tables import AuditRow, DeliveryRow, MessageChangeRow, MessageWorkRow
from tests.services.house import ADMIN, ANA, AUTHOR, BILLING, TUESDAY_AT_TEN, House, a_quiz_text, a_text

pytestmark = pytest.mark.once

NAME = "find-an-expert"
LATER = '{week: 2, day: tue, at: "10:00"}'


def a_long_text(words: str = "Stuck on") -> str:
    """Return a playbook for nine people: a tip this week and one the next."""
    return a_text(segments="billing", first_tip=TUESDAY_AT_TEN, later_tip=LATER).replace("Stuck on", words)


@pytest.fixture
def sent(house: House) -> House:
    """Return a house in which nine people have the first tip, and Ana found it useful."""
    house.run(a_long_text())
    house.walk("2027-01-12 12:00")
    record_feedback(house.core, ANA, house.delivery().delivery_id, Feedback.USEFUL)
    return house


def mend(house: House, words: str = "Lost in") -> None:
    house.write(a_long_text(words))
    update(house.core, NAME, AUTHOR)


def work(house: House, limit: int = 20) -> list[Step]:
    """Change messages until nothing waits."""
    done: list[Step] = []
    while attempts := change_due(house.core, limit=limit):
        done += [attempt.step for attempt in attempts]
    return done


def states(house: House) -> list[str]:
    return sorted(row.state for row in house.rows(MessageChangeRow))


def test_a_correction_shows_both_words_and_changes_what_was_sent(sent: House) -> None:
    mend(sent)
    view = preview_correction(sent.core, NAME, "first-tip")
    assert (view.messages, view.before.split()[0], view.after.split()[0]) == (9, "Stuck", "Lost")
    order_correction(sent.core, NAME, "first-tip", AUTHOR, version=view.version)
    assert work(sent, limit=2) == [Step.POSTED] * 9
    assert {message.body.split()[0] for _, message in sent.messenger.updated} == {"Lost"}
    mine = next(message for _, message in sent.messenger.updated if message.feedback)
    assert mine.feedback == "useful"
    outcome = message_state(sent.core, ANA, sent.delivery().delivery_id)
    assert outcome.message is not None and outcome.message.body.startswith("Lost in")
    assert sent.books().is_balanced
    sent.tick()
    (notice,) = sent.messenger.sent_to(AUTHOR)
    assert notice.notice_key == "notice.correct_done"
    assert {"total": "9", "refused": "0"}.items() <= dict(notice.notice_values).items()
    assert sent.rows(AuditRow, action="correct")[0].subject == "find-an-expert first-tip"


def test_without_a_mended_text_there_is_nothing_to_correct(sent: House) -> None:
    with pytest.raises(PlaybookRefused, match="Nothing to correct") as refused:
        preview_correction(sent.core, NAME, "first-tip")
    assert "--update" in refused.value.hint
    with pytest.raises(PlaybookRefused, match="There are: first-tip, later-tip"):
        preview_correction(sent.core, NAME, "no-such")


def test_what_was_shown_is_what_is_ordered(sent: House) -> None:
    mend(sent)
    shown = preview_correction(sent.core, NAME, "first-tip")
    mend(sent, "At sea over")
    with pytest.raises(PlaybookRefused, match="another text since"):
        order_correction(sent.core, NAME, "first-tip", AUTHOR, version=shown.version)


def test_a_busy_slack_is_waited_for_and_a_restart_goes_on(sent: House) -> None:
    mend(sent)
    order_correction(sent.core, NAME, "first-tip", AUTHOR)
    wait = TemporaryFailure(slack_code="ratelimited", retry_after=timedelta(seconds=30))
    sent.messenger.change_answers.extend([None, wait, OutcomeUnknown(slack_code="late")])
    first = change_due(sent.core, limit=3)
    assert [one.step for one in first] == [Step.POSTED, Step.LIMITED, Step.REFUSED]
    assert work(sent) == [Step.POSTED] * 6
    assert next_instant(sent.core) <= sent.clock.now + timedelta(seconds=30)
    sent.clock.advance(seconds=31)
    assert work(sent) == [Step.POSTED] * 2
    assert states(sent) == ["done"] * 9
    assert work(sent) == []


def test_what_is_gone_is_counted_and_refused_words_stop_the_rest(sent: House) -> None:
    mend(sent)
    order_correction(sent.core, NAME, "first-tip", AUTHOR)
    sent.messenger.change_answers.extend([MessageGone(slack_code="message_not_found"), ContentRefused(slack_code="x")])
    change_due(sent.core, limit=2)
    assert states(sent) == ["failed"] * 9
    assert sent.rows(MessageWorkRow)[0].finished_at is not None


def test_an_answer_that_the_new_words_do_not_know_is_left_alone(house: House) -> None:
    house.run(a_text(NAME, a_quiz_text(), segments="billing"))
    house.walk("2027-01-12 12:00")
    record_answer(house.core, ANA, house.delivery("first-quiz").delivery_id, "mail")
    house.write(a_text(NAME, a_quiz_text().replace("key: mail", "key: letter"), segments="billing"))
    update(house.core, NAME, AUTHOR)
    order_correction(house.core, NAME, "first-quiz", AUTHOR)
    work(house)
    assert states(house) == ["done"] * 8 + ["kept"]
    delivery_id = house.delivery("first-quiz", BILLING[1]).delivery_id
    assert record_answer(house.core, BILLING[1], delivery_id, "letter").verdict is Verdict.RECORDED
    assert message_state(house.core, BILLING[1], delivery_id).message


# ---- recalls


def test_a_recalled_nudge_is_deleted_where_nobody_answered_and_marked_where_somebody_did(sent: House) -> None:
    view = preview_recall(sent.core, NAME, "first-tip")
    assert (view.messages, view.waiting) == (9, 0), "how many answered is not told"
    order_recall(sent.core, NAME, "first-tip", ADMIN)
    work(sent)
    assert [one.person_id for one in sent.messenger.standing] == [ANA]
    ((_, marked),) = sent.messenger.updated
    assert (marked.is_recalled, marked.feedback) == (True, "useful")
    sent.tick()
    (notice,) = sent.messenger.sent_to(ADMIN)
    assert {"total": "9", "refused": "0"}.items() <= dict(notice.notice_values).items()
    sent.walk("2027-01-20 12:00")
    assert sent.states("later-tip") == {"sent": 9}, "the other nudge goes on"


def test_what_waits_is_stopped_at_once_and_the_books_balance(sent: House) -> None:
    sent.walk("2027-01-15 12:00")
    assert sent.states("later-tip") == {"planned": 9}
    done = order_recall(sent.core, NAME, "later-tip", ADMIN)
    assert (done.skipped, done.messages) == (9, 0)
    assert sent.states("later-tip") == {"skipped:recalled": 9}
    assert sent.books().is_balanced
    mend(sent)
    sent.walk("2027-01-20 12:00")
    assert sent.states("later-tip") == {"skipped:recalled": 9}, "no update brings it back"


def test_a_recalled_campaign_ends_and_nothing_of_it_comes(sent: House) -> None:
    order_recall(sent.core, NAME, "", ADMIN)
    work(sent)
    sent.walk("2027-01-20 12:00")
    assert sent.books().is_balanced
    assert sent.books().skipped == {SkipReason.RECALLED: 9}
    assert len(sent.messenger.sent_to(ANA)) == 1


def test_what_was_on_its_way_is_taken_back_when_it_arrives(house: House) -> None:
    house.run(a_long_text())
    house.at("2027-01-12 08:00")
    house.messenger.before_send = lambda *_: recall_once()
    ordered: list[int] = []

    def recall_once() -> None:
        if not ordered:
            ordered.append(order_recall(house.core, NAME, "first-tip", ADMIN).work_id)

    house.at("2027-01-12 10:00")
    assert [row.status for row in house.rows(DeliveryRow, nudge_key="first-tip")].count("sent") == 1
    assert sweep_recalls(house.core) == 1
    work(house)
    assert [one for one in house.messenger.standing if one.message.kind != "notice"] == []
    assert house.books().is_balanced


def test_a_lost_deletion_is_asked_again_and_counts_as_done(sent: House) -> None:
    order_recall(sent.core, NAME, "first-tip", ADMIN)
    sent.messenger.change_answers.extend(
        [OutcomeUnknown(slack_code="lost"), MessageGone(slack_code="message_not_found")]
    )
    change_due(sent.core, limit=2)
    sent.clock.advance(minutes=5)
    work(sent)
    assert states(sent).count("done") == 8


def test_a_forgotten_person_leaves_no_trace_in_an_order(sent: House) -> None:
    order_recall(sent.core, NAME, "first-tip", ADMIN)
    forget(sent.core, ANA)
    assert len(sent.rows(MessageChangeRow)) == 8
