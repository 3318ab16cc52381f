"""Words, guesses and taps: this module is the tests of what is kept of them, what counts, and what is let go."""

import traceback
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.simulation.reacting import Deed, Post, perform
from nudges.domain.barriers.evidence import Answering, AskAnswer, AskBack
from nudges.domain.delivery.responses import Feedback
from nudges.domain.forecasts.reactions import ReactionKind
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.errors import StorageError
from nudges.services.answers.record_response import record_barrier, record_feedback, record_reply
from nudges.services.barriers import ask_back
from nudges.services.barriers.ask_back import Answered, answer, take_words
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.barriers.take_back import take_back
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.prune_history import prune_history
from nudges.services.measuring.export import export
from nudges.services.measuring.read_status import status
from nudges.services.measuring.results import results
from nudges.services.own.glass_box import my_data
from nudges.services.own.preferences import stop
from nudges.store import evidence
from nudges.store.tables import (
    AskBackRow,
    BarrierReportRow,
    FlagRow,
    ReplyRow,
    ResponseRow,
    Row,
)
from tests.fakes import utc
from tests.services.house import ANA, AUTHOR, BILLING, TEAM, House, a_text, live_once, visit

NOON, NEXT = "2027-01-12 12:00", "2027-02-01 00:00"  # the first period began on Monday 4 January
BOSS_WORDS = "My boss hates it when we post there"
NO_TIME = BarrierKind.NO_TIME
DISCOURAGES = BarrierKind.MANAGER_DISCOURAGES


@pytest.fixture(scope="session")
def said_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first period is open, everybody's place in it is frozen, and a tip has gone out."""
    folder = tmp_path_factory.mktemp("said") / "house"

    def live(house: House) -> None:
        house.run(a_text(segments="billing"))
        review_barriers(house.core)
        house.walk(NOON)

    live_once(furnished_house, folder, live)
    return folder


@pytest.fixture
def house(said_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(said_folder, tmp_path / "said", utc(NOON)) as house:
        yield house


def writes(house: House, words: str = BOSS_WORDS, person_id: str = ANA, event: str = "Ev1") -> AskBack | None:
    return record_reply(house.core, person_id, event, words, "en").ask


def asked(house: House, words: str = BOSS_WORDS, person_id: str = ANA) -> AskBack:
    found = writes(house, words, person_id)
    assert found is not None
    return found


def said(house: House) -> list[tuple[str, float]]:
    return [(row.kind, row.weight) for row in house.rows(BarrierReportRow)]


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


# ---- what counts


def close(house: House) -> None:
    house.clock.now = utc(NEXT)
    review_barriers(house.core)


def test_guesses_never_raise_a_flag_however_many(house: House) -> None:
    for person_id in BILLING[:6]:
        writes(house, person_id=person_id, event=f"Ev-{person_id}")
    assert len(said(house)) == 6
    close(house)
    assert house.rows(FlagRow) == []


def test_four_taps_and_a_guess_are_four(house: House) -> None:
    for person_id in BILLING[:4]:
        record_barrier(house.core, person_id, "", DISCOURAGES)
    writes(house, person_id=BILLING[4])
    close(house)
    assert house.rows(FlagRow) == []


def test_five_confirmed_texts_count_like_five_taps(house: House) -> None:
    for person_id in BILLING[:5]:
        ask = record_reply(house.core, person_id, f"Ev-{person_id}", BOSS_WORDS, "en").ask
        assert ask is not None
        answer(house.core, person_id, ask.ask_id, AskAnswer.RIGHT)
    close(house)
    assert [row.kind for row in house.rows(FlagRow) if row.scope_type == "team"] == [DISCOURAGES]


def test_stopping_silence_and_not_for_me_are_never_a_kind(house: House) -> None:
    for person_id in BILLING:
        record_feedback(house.core, person_id, house.delivery(person_id=person_id).delivery_id, Feedback.NOT_FOR_ME)
        stop(house.core, person_id)
    house.walk("2027-03-02 10:00")
    assert house.rows(BarrierReportRow) == []
    assert {row.kind for row in house.rows(FlagRow)} <= {"low_response"}


def test_the_week_is_kept_and_no_day(house: House) -> None:
    record_barrier(house.core, ANA, "", NO_TIME)
    (row,) = house.rows(BarrierReportRow)
    assert (row.period, row.week) == (0, 1)
    close(house)
    house.clock.now = utc("2027-01-31 23:00")  # a clock set back: late words go to the next period
    record_barrier(house.core, BILLING[1], "", NO_TIME)
    assert [(one.period, one.week) for one in house.rows(BarrierReportRow)] == [(0, 1), (1, 4)]


# ---- taking back, and time


def test_what_was_said_in_the_heat_of_the_moment_can_be_taken_back(house: House) -> None:
    tip = house.delivery().delivery_id
    record_barrier(house.core, ANA, tip, DISCOURAGES)
    record_barrier(house.core, ANA, "", DISCOURAGES)
    record_barrier(house.core, ANA, "", NO_TIME)
    assert take_back(house.core, ANA, DISCOURAGES)
    assert said(house) == [(NO_TIME, 1.0)]
    assert house.rows(ResponseRow) == [], "no stop rule of a pilot counts it any more"
    assert not take_back(house.core, ANA, DISCOURAGES)
    assert not take_back(house.core, BILLING[1], NO_TIME)


def test_what_has_closed_is_not_taken_back_and_what_it_led_to_stays(house: House) -> None:
    for person_id in BILLING[:5]:
        record_barrier(house.core, person_id, "", DISCOURAGES)
    close(house)
    before = house.rows(FlagRow)
    assert not take_back(house.core, ANA, DISCOURAGES)
    assert len(said(house)) == 5
    assert house.rows(FlagRow) == before


def test_four_are_left_when_one_of_five_takes_it_back(house: House) -> None:
    for person_id in BILLING[:5]:
        record_barrier(house.core, person_id, "", DISCOURAGES)
    take_back(house.core, ANA, DISCOURAGES)
    close(house)
    assert house.rows(FlagRow) == []


def test_my_data_shows_what_was_said_what_was_guessed_and_until_when_it_can_be_taken_back(house: House) -> None:
    writes(house)
    record_barrier(house.core, ANA, "", NO_TIME)
    mine = my_data(house.core, ANA)
    assert [(one["kind"], one["weight"], one["week"]) for one in mine["reported"]] == [
        (DISCOURAGES, 0.6, 1),
        (NO_TIME, 1.0, 1),
    ]
    assert {one["take_back_until"] for one in mine["reported"]} == {utc(NEXT)}
    assert [one["kind"] for one in mine["asked_back"]] == [DISCOURAGES]
    close(house)
    assert not any("take_back_until" in one for one in my_data(house.core, ANA)["reported"])


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


def test_a_confirmation_counts_the_week_it_was_given_in(house: House) -> None:
    ask = asked(house)
    house.clock.now = utc(NEXT) + timedelta(hours=3)
    review_barriers(house.core)
    ask_back.confirm(house.core, ANA, "right")
    with house.core.db.reading() as session:
        counted = [evidence.reports_of_period(session, TEAM, period) for period in (0, 1)]
    assert [[one.kind for one in found] for found in counted] == [[], [ask.kind]]


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
