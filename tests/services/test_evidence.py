"""Words, guesses and taps: this module is the tests of what is asked back, what is kept, and what is let go."""

import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.simulation.reacting import Deed, Post, perform
from nudges.domain.barriers.evidence import Answering, AskAnswer
from nudges.domain.forecasts.reactions import ReactionKind
from nudges.errors import StorageError
from nudges.services.answers.record_response import record_barrier
from nudges.services.barriers import ask_back
from nudges.services.barriers.ask_back import Answered, answer, take_words
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.prune_history import prune_history
from nudges.services.measuring.export import export
from nudges.services.measuring.read_status import status
from nudges.services.measuring.results import results
from nudges.store.tables import (
    AskBackRow,
    BarrierReportRow,
    ReplyRow,
    Row,
)
from tests.fakes import utc
from tests.services.house import ANA, AUTHOR, BILLING, House, visit
from tests.services.saying import BOSS_WORDS, DISCOURAGES, NO_TIME, NOON, asked, said, writes


@pytest.fixture
def house(said_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(said_folder, tmp_path / "said", utc(NOON)) as house:
        yield house


# ---- words


def test_words_are_a_guess_until_the_person_says_yes(house: House) -> None:
    ask = asked(house)
    assert ask.kind == DISCOURAGES
    assert said(house) == [(DISCOURAGES, 0.6)]
    assert answer(house.core, ANA, ask.ask_id, AskAnswer.RIGHT) == Answered(Answering.COUNTED, DISCOURAGES)
    assert said(house) == [(DISCOURAGES, 1.0)]


def test_something_else_forgets_the_guess_and_keeps_the_words_for_their_thirty_days(house: House) -> None:
    ask = asked(house)
    assert answer(house.core, ANA, ask.ask_id, AskAnswer.SOMETHING_ELSE).what is Answering.CHOOSE
    assert said(house) == []
    assert [row.text for row in house.rows(ReplyRow)] == [BOSS_WORDS]


def test_between_us_is_stored_for_nobody(house: House) -> None:
    ask = asked(house)
    assert answer(house.core, ANA, ask.ask_id, AskAnswer.BETWEEN_US).what is Answering.ERASED
    assert house.rows(BarrierReportRow) == house.rows(ReplyRow) == []
    (left,) = house.rows(AskBackRow)
    assert (left.kind, left.playbook, left.reply_id) == ("", "", None)


@pytest.mark.parametrize("first", list(AskAnswer))
@pytest.mark.parametrize("second", list(AskAnswer))
def test_only_the_first_answer_counts(house: House, first: AskAnswer, second: AskAnswer) -> None:
    ask = asked(house)
    answer(house.core, ANA, ask.ask_id, first)
    before = said(house)
    assert answer(house.core, ANA, ask.ask_id, second) == Answered(Answering.LATE)
    assert said(house) == before


def test_nobody_answers_for_another(house: House) -> None:
    ask = asked(house)
    assert answer(house.core, BILLING[1], ask.ask_id, AskAnswer.RIGHT).what is Answering.LATE
    assert said(house) == [(DISCOURAGES, 0.6)]


def test_a_text_is_asked_about_once_and_a_person_once_a_week(house: House) -> None:
    assert writes(house) is not None
    assert writes(house) is None  # Slack tells it again
    assert writes(house, "I have no time for this at all", event="Ev2") is None
    house.clock.advance(days=6)
    assert writes(house, "I have no time for this at all", event="Ev3") is None
    house.clock.advance(days=1)
    assert writes(house, "I have no time for this at all", event="Ev4") is not None


def test_what_was_tapped_before_is_neither_guessed_nor_asked_again(house: House) -> None:
    record_barrier(house.core, ANA, "", DISCOURAGES)
    assert writes(house) is None
    assert said(house) == [(DISCOURAGES, 1.0)]


def test_words_without_a_barrier_leave_only_themselves(house: House) -> None:
    assert writes(house, "Thanks, that was lovely") is None
    assert house.rows(BarrierReportRow) == house.rows(AskBackRow) == []


def test_a_form_with_words_alone_is_asked_back_or_left_to_the_list(house: House) -> None:
    tip = house.delivery().delivery_id
    form = {"delivery_id": tip, "form_id": "V1", "language": "en"}
    ask = take_words(house.core, ANA, BOSS_WORDS, **form)
    assert ask is not None
    answer(house.core, ANA, ask.ask_id, AskAnswer.RIGHT)
    assert [(row.kind, row.playbook) for row in house.rows(BarrierReportRow)] == [(DISCOURAGES, "find-an-expert")]
    assert take_words(house.core, ANA, "I have no time at all", **form) is None  # asked today already
    assert len(house.rows(ReplyRow)) == 1, "what leads to nothing is not kept either"
    assert take_words(house.core, BILLING[1], BOSS_WORDS, **form) is None, "the nudge is not theirs"


def test_a_form_asks_about_words_that_say_something_else_than_what_was_picked(house: House) -> None:
    form = {"form_id": "V1", "language": "en"}
    assert record_barrier(house.core, ANA, "", DISCOURAGES, BOSS_WORDS, **form).ask is None
    other = record_barrier(house.core, BILLING[1], "", NO_TIME, BOSS_WORDS, **form).ask
    assert other is not None
    answer(house.core, BILLING[1], other.ask_id, AskAnswer.BETWEEN_US)
    assert sorted(said(house)) == [(DISCOURAGES, 1.0), (NO_TIME, 1.0)]
    assert len(house.rows(ReplyRow)) == 1


def test_whoever_is_forgotten_takes_words_guesses_and_questions_along(house: House) -> None:
    ask = asked(house)
    forget(house.core, ANA)
    assert house.rows(BarrierReportRow) == house.rows(AskBackRow) == house.rows(ReplyRow) == []
    assert answer(house.core, ANA, ask.ask_id, AskAnswer.RIGHT).what is Answering.LATE
    assert writes(house, event="Ev9") is None


def test_of_old_periods_nothing_is_left(house: House) -> None:
    for person_id in BILLING[:3]:
        record_barrier(house.core, person_id, "", NO_TIME)
    writes(house, person_id=BILLING[3])
    house.clock.now = utc("2027-04-27 10:00")  # in the fifth period
    assert prune_history(house.core).reports == 4
    assert prune_history(house.core).reports == 0
    assert house.rows(BarrierReportRow) == house.rows(AskBackRow) == []


# ---- words are nowhere else


def test_words_stand_in_replies_alone(house: House, caplog: pytest.LogCaptureFixture) -> None:
    canary = "My boss hates it when we post zyxomma there"
    with caplog.at_level("DEBUG"):
        ask = asked(house, canary)
        record_barrier(house.core, BILLING[1], house.delivery(person_id=BILLING[1]).delivery_id, NO_TIME, canary)
        answer(house.core, ANA, ask.ask_id, AskAnswer.RIGHT)
        house.walk("2027-02-02 10:00")
    holding = {name for name in Row.metadata.tables if "zyxomma" in str(raw(house, name))}
    assert holding == {"replies"}
    assert "zyxomma" not in " ".join(str(record.__dict__) for record in caplog.records)
    assert "zyxomma" not in repr([one.message for one in house.messenger.standing])
    shown = (export(house.core, AUTHOR, ""), status(house.core, AUTHOR), results(house.core, AUTHOR, "find-an-expert"))
    assert "zyxomma" not in repr(shown)
    house.clock.advance(days=30, seconds=1)
    prune_history(house.core)
    assert "zyxomma" not in str(raw(house, "replies"))


def test_an_error_of_the_database_does_not_tell_the_log_what_was_typed(house: House) -> None:
    with house.core.db.begin() as session:
        session.execute(text("DROP TABLE replies"))
    with pytest.raises(StorageError) as caught:
        asked(house, BOSS_WORDS)
    told = "".join(traceback.format_exception(caught.value))
    assert "INSERT INTO replies" in told, "else the test looks at nothing"
    assert BOSS_WORDS not in told


def raw(house: House, name: str) -> list[tuple[object, ...]]:
    with house.core.db.reading() as session:
        return [tuple(row) for row in session.execute(text(f"SELECT * FROM {name}"))]


def test_rehearsed_people_write_and_confirm_as_a_script_says(house: House) -> None:
    post = Post(house.delivery().delivery_id, ANA, "find-an-expert", "find-an-expert", "first-tip", utc(NOON), "1.0")
    wrote, yes = Deed(post, ReactionKind.WRITE, BOSS_WORDS), Deed(post, ReactionKind.CONFIRM, "right")
    assert perform(house.core, wrote)
    assert perform(house.core, yes)
    assert said(house) == [(DISCOURAGES, 1.0)]
    assert not perform(house.core, yes)
    assert wrote.told == "write", "the trace does not repeat words"


def test_a_rehearsed_person_may_pick_another_kind(house: House) -> None:
    asked(house)
    assert ask_back.confirm(house.core, ANA, "policy_worry")
    assert said(house) == [("policy_worry", 1.0)]
    assert not ask_back.confirm(house.core, ANA, "right")
