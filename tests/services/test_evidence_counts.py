"""Words, guesses and taps once a period closes: this module is the tests of what counts and what can be taken back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from nudges.domain.barriers.evidence import AskAnswer
from nudges.domain.delivery.responses import Feedback
from nudges.services.answers.record_response import record_barrier, record_feedback, record_reply
from nudges.services.barriers import ask_back
from nudges.services.barriers.ask_back import answer
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.barriers.take_back import take_back
from nudges.services.own.glass_box import my_data
from nudges.services.own.preferences import stop
from nudges.store import evidence
from nudges.store.tables import (
    BarrierReportRow,
    FlagRow,
    ResponseRow,
)
from tests.fakes import utc
from tests.services.house import ANA, BILLING, TEAM, House, visit
from tests.services.saying import BOSS_WORDS, DISCOURAGES, NEXT, NO_TIME, NOON, asked, close, said, writes


@pytest.fixture
def house(said_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(said_folder, tmp_path / "said", utc(NOON)) as house:
        yield house


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


def test_a_confirmation_counts_the_week_it_was_given_in(house: House) -> None:
    ask = asked(house)
    house.clock.now = utc(NEXT) + timedelta(hours=3)
    review_barriers(house.core)
    ask_back.confirm(house.core, ANA, "right")
    with house.core.db.reading() as session:
        counted = [evidence.reports_of_period(session, TEAM, period) for period in (0, 1)]
    assert [[one.kind for one in found] for found in counted] == [[], [ask.kind]]
