"""What people do with a nudge: this module is the tests that each thing counts once, and only for its owner."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nudges.domain.barriers.evidence import heard_in
from nudges.domain.delivery.responses import Feedback
from nudges.domain.measuring.views import Outcome, Verdict
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.errors import StorageError
from nudges.services.answers import record_response as record
from nudges.services.authoring.watch_playbooks import watch_playbooks
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.prune_history import prune_history
from nudges.services.own.preferences import fewer
from nudges.store import instance
from nudges.store.engine import open_database
from nudges.store.tables import BarrierReportRow, ReplyRow, ResponseRow, SeenEventRow
from tests.fakes import Lost, utc
from tests.services.house import ANA, BILLING, House, a_quiz_text, a_text, live_once, visit

BEN = BILLING[1]


@pytest.fixture(scope="session")
def sent_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quiz has gone out to nine people."""
    folder = tmp_path_factory.mktemp("sent") / "house"
    live_once(furnished_house, folder, live)
    return folder


def live(house: House) -> None:
    house.run(a_text("find-an-expert", a_quiz_text(), segments="billing"))
    house.at("2027-01-12 09:00")
    house.at("2027-01-12 10:00")


@pytest.fixture
def sent(sent_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(sent_folder, tmp_path / "sent", utc("2027-01-12 10:00")) as house:
        yield house


def quiz(house: House, person_id: str = ANA) -> str:
    return house.delivery("first-quiz", person_id).delivery_id


Act = Callable[[House, str, str], Outcome]
ACTS: dict[str, Act] = {
    "answer": lambda house, person, delivery: record.record_answer(house.core, person, delivery, "channel"),
    "feedback": lambda house, person, delivery: record.record_feedback(house.core, person, delivery, Feedback.USEFUL),
    "try it": lambda house, person, delivery: record.record_try_it(house.core, person, delivery),
    "barrier": lambda house, person, delivery: record.record_barrier(house.core, person, delivery, BarrierKind.NO_TIME),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_click_counts_once_however_often_it_comes(sent: House, name: str) -> None:
    delivery = quiz(sent)
    assert [ACTS[name](sent, ANA, delivery).verdict for _ in range(3)] == ["recorded", "repeated", "repeated"]
    assert len(sent.rows(ResponseRow)) == 1


@pytest.mark.parametrize("name", ACTS)
def test_another_person_s_message_is_not_answered(sent: House, name: str) -> None:
    outcome = ACTS[name](sent, BEN, quiz(sent))
    assert outcome == Outcome(Verdict.NOT_YOURS)
    assert sent.rows(ResponseRow) == sent.rows(BarrierReportRow) == []


@pytest.mark.parametrize("name", ACTS)
def test_a_message_nobody_knows_is_gone(sent: House, name: str) -> None:
    assert ACTS[name](sent, ANA, "0" * 32) == Outcome(Verdict.GONE)
    assert sent.rows(ResponseRow) == []


@pytest.mark.parametrize("name", ACTS)
def test_parallel_double_clicks_count_once(sent: House, name: str) -> None:
    delivery = quiz(sent)
    with ThreadPoolExecutor(8) as pool:
        clicks = [pool.submit(ACTS[name], sent, ANA, delivery) for _ in range(8)]
        verdicts = [click.result(30).verdict for click in clicks]
    assert sorted(verdicts) == ["recorded", *["repeated"] * 7]
    assert len(sent.rows(ResponseRow)) == 1


def test_the_first_answer_stays_and_is_shown_with_its_reply(sent: House) -> None:
    delivery = quiz(sent)
    record.record_answer(sent.core, ANA, delivery, "mail")
    first = record.message_state(sent.core, ANA, delivery).message
    assert first is not None
    assert first.answer is not None
    assert (first.answer.text, first.answer.is_right) == ("A mail to the lead", False)
    assert record.record_answer(sent.core, ANA, delivery, "channel").verdict == Verdict.REPEATED
    assert record.message_state(sent.core, ANA, delivery).message == first


def test_a_choice_that_does_not_exist_is_gone(sent: House) -> None:
    assert record.record_answer(sent.core, ANA, quiz(sent), "made-up").verdict == Verdict.GONE
    assert sent.rows(ResponseRow) == []


def test_a_click_on_a_message_whose_answer_was_lost_counts(house: House) -> None:
    house.run(a_text("find-an-expert", a_quiz_text(), segments="billing"))
    house.at("2027-01-12 09:00")
    house.messenger.always = Lost()
    house.at("2027-01-12 10:00")
    assert record.record_answer(house.core, ANA, quiz(house), "channel").verdict == Verdict.RECORDED


def test_a_message_keeps_its_introduction_when_it_is_shown_again(sent: House) -> None:
    record.record_feedback(sent.core, ANA, quiz(sent), Feedback.USEFUL)
    message = record.message_state(sent.core, ANA, quiz(sent)).message
    assert message is not None
    assert message.is_first


def test_nothing_is_half_stored_when_the_database_is_too_slow(sent: House) -> None:
    heard_in("no time at all")  # the lists of words are read from disk once, and not while the clock runs here
    delivery, other = quiz(sent), open_database(sent.core.db.url).of_workspace(sent.core.workspace_id)
    is_held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with other.begin() as session:
            instance.mark_ticked(session, "T0TEST", sent.clock())
            is_held.set()
            assert may_go.wait(10)

    with ThreadPoolExecutor() as pool:
        holding = pool.submit(hold)
        assert is_held.wait(5)
        threading.Timer(2.1, may_go.set).start()
        with pytest.raises(StorageError, match="slow"):
            record.record_barrier(sent.core, ANA, delivery, BarrierKind.NO_TIME, "no time at all")
        holding.result(10)
    other.close()
    assert sent.rows(ResponseRow) == sent.rows(BarrierReportRow) == sent.rows(ReplyRow) == []
    assert record.record_barrier(sent.core, ANA, delivery, BarrierKind.NO_TIME).verdict == Verdict.RECORDED


def test_a_barrier_is_kept_under_a_hash_and_the_row_beside_the_delivery_does_not_say_which(sent: House) -> None:
    record.record_barrier(sent.core, ANA, quiz(sent), BarrierKind.MANAGER_DISCOURAGES, "he laughs at it")
    (report,), (reply,), (response,) = (sent.rows(table) for table in (BarrierReportRow, ReplyRow, ResponseRow))
    assert report.playbook == "find-an-expert"
    assert report.person_hash == reply.person_hash
    assert ANA not in report.person_hash
    assert (response.kind, response.value) == ("barrier", "")


def test_a_barrier_told_on_home_belongs_to_no_playbook(sent: House) -> None:
    told = [record.record_barrier(sent.core, ANA, "", BarrierKind.NO_TIME).verdict for _ in range(2)]
    assert told == [Verdict.RECORDED, Verdict.REPEATED]
    assert [report.playbook for report in sent.rows(BarrierReportRow)] == [""]


def test_two_different_barriers_of_one_person_both_count(sent: House) -> None:
    for kind in (BarrierKind.NO_TIME, BarrierKind.LACKS_SKILL):
        assert record.record_barrier(sent.core, ANA, quiz(sent), kind).verdict == Verdict.RECORDED
    assert len(sent.rows(BarrierReportRow)) == 2


def test_a_forged_click_on_a_message_to_an_owner_stores_nothing(sent: House) -> None:
    sent.write("playbook: [", "find-an-expert")
    watch_playbooks(sent.core)
    sent.tick()
    (notice,) = [one for one in sent.messenger.standing if one.message.kind == "notice"]
    outcome = record.record_feedback(sent.core, notice.person_id, notice.delivery_id, Feedback.USEFUL)
    assert outcome.verdict == Verdict.GONE
    assert sent.rows(ResponseRow) == []


# ---- what people type


def test_an_event_is_taken_once(house: House) -> None:
    first, second = (record.record_reply(house.core, ANA, "Ev1", "thank you") for _ in range(2))
    assert (first.is_new, second.is_new) == (True, False)
    assert [reply.text for reply in house.rows(ReplyRow)] == ["thank you"]


@pytest.mark.parametrize(
    ("typed", "word"),
    [("stop", "stop"), (" STOP! ", "stop"), ("Help.", "help"), ("start", "start"), ("'stop'", "stop")],
)
def test_a_word_we_act_on_is_named_and_not_kept(house: House, typed: str, word: str) -> None:
    assert record.record_reply(house.core, ANA, "Ev1", typed).word == word
    assert house.rows(ReplyRow) == []


def test_a_sentence_with_such_a_word_in_it_is_a_reply(house: House) -> None:
    assert record.record_reply(house.core, ANA, "Ev1", "please stop by my desk").word == ""
    assert len(house.rows(ReplyRow)) == 1


def test_a_very_long_text_is_cut(house: House) -> None:
    record.record_reply(house.core, ANA, "Ev1", "x" * 10_000)
    assert len(house.rows(ReplyRow)[0].text) == 3000


def test_words_go_after_thirty_days_and_event_ids_after_a_day(house: House) -> None:
    record.record_reply(house.core, ANA, "Ev1", "thank you")
    house.clock.advance(hours=24)
    prune_history(house.core)
    assert (len(house.rows(SeenEventRow)), len(house.rows(ReplyRow))) == (1, 1)
    house.clock.advance(hours=2)
    prune_history(house.core)
    assert (len(house.rows(SeenEventRow)), len(house.rows(ReplyRow))) == (0, 1)
    house.clock.advance(days=28)
    prune_history(house.core)
    assert len(house.rows(ReplyRow)) == 1
    house.clock.advance(days=1)
    prune_history(house.core)
    assert house.rows(ReplyRow) == []


def test_nothing_is_kept_of_what_a_forgotten_person_does(sent: House) -> None:
    delivery = quiz(sent)
    forget(sent.core, ANA)
    assert record.record_feedback(sent.core, ANA, delivery, Feedback.USEFUL).verdict == Verdict.GONE
    assert record.record_barrier(sent.core, ANA, "", BarrierKind.NO_TIME, "words").verdict == Verdict.GONE
    assert record.record_reply(sent.core, ANA, "Ev1", "are you there?").is_new
    assert sent.rows(ResponseRow) == sent.rows(BarrierReportRow) == sent.rows(ReplyRow) == []


def test_three_in_a_row_that_are_not_for_somebody_are_answered_with_a_choice(house: House) -> None:
    keys = ("one", "two", "three")
    tips = {key: f'{{week: {week}, day: tue, at: "10:00"}}' for week, key in enumerate(keys, start=1)}
    house.run(a_text("find-an-expert", segments="billing", **tips))
    house.walk("2027-01-27 12:00")
    offered = []
    for key in keys:
        delivery_id = house.delivery(key).delivery_id
        record.record_feedback(house.core, ANA, delivery_id, Feedback.NOT_FOR_ME)
        message = record.message_state(house.core, ANA, delivery_id).message
        offered.append(message is not None and message.is_weary)
    assert offered == [False, False, True]
    fewer(house.core, ANA)
    again = record.message_state(house.core, ANA, house.delivery("three").delivery_id).message
    assert again is not None
    assert not again.is_weary, "they have been heard"
