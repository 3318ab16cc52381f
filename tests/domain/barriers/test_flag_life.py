"""How flags live: this module is the tests of their moves, of what is due, and of what comes back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_digest import digest
from nudges.domain.barriers.flag_life import (
    COMES_BACK_WITHIN,
    DISMISSED_FOR,
    LASTS_IN_REMEDY,
    Life,
    Move,
    comes_back,
    fewest_in,
    has_not_helped,
    leads_to,
    moved,
    waits_too_long,
    working_day_after,
)
from nudges.domain.barriers.flag_views import Act, FlagCard, HistoryLine, Next, NextThing, StepView, acts_for, what_next
from nudges.domain.barriers.flags import SETTLED, UNSETTLED, FlagState
from nudges.domain.times.hours import WorkingWeek
from nudges.domain.times.workdays import WorkCalendar
from tests.fakes import utc
from tests.soak import times

MONDAY = utc("2027-02-01 10:00")
CALENDAR = WorkCalendar("Europe/Lisbon", WorkingWeek.parse("09:00-17:00 mon-fri"))
DAY = timedelta(days=1)
OPEN = Life(FlagState.OPEN, Grade.CONFIRMED, MONDAY, MONDAY)
EARLY = replace(OPEN, grade=Grade.EARLY, probability=0.35)


def a_life(*moves: Move, life: Life = OPEN) -> Life:
    """Return the life after these moves, a day apart."""
    for number, move in enumerate(moves, start=1):
        after = moved(life, move, MONDAY + DAY * number)
        assert after is not None, move
        life = after
    return life


def test_a_flag_goes_from_open_to_resolved_by_way_of_its_owners_word() -> None:
    life = a_life(Move.ACKNOWLEDGED, Move.PLAY_STARTED, Move.STEP_DONE, Move.SEEMS_OVER, Move.RESOLVED)
    assert (life.state, life.started_at) == (FlagState.RESOLVED, MONDAY + 2 * DAY)


@pytest.mark.parametrize(
    ("life", "move"),
    [
        (OPEN, Move.PLAY_STARTED),
        (OPEN, Move.RESOLVED),  # nobody has proposed it
        (OPEN, Move.EXPIRED),  # it is confirmed
        (OPEN, Move.CONFIRMED),
        (a_life(Move.ACKNOWLEDGED), Move.ACKNOWLEDGED),
        (a_life(Move.ACKNOWLEDGED, Move.PLAY_STARTED), Move.DISMISSED),
        (a_life(Move.DISMISSED), Move.ACKNOWLEDGED),
        (a_life(Move.SEEMS_OVER), Move.SEEMS_OVER),
    ],
)
def test_what_is_not_in_the_table_cannot_be_done(life: Life, move: Move) -> None:
    assert moved(life, move, MONDAY + DAY * 9) is None


MOVES = st.lists(st.tuples(st.sampled_from(Move), st.integers(0, 20)), max_size=40)


@settings(max_examples=times(200, 10_000))
@given(moves=MOVES, is_early=st.booleans())
def test_however_it_goes_no_state_is_lost_and_no_move_is_made_outside_the_table(
    moves: list[tuple[Move, int]], is_early: bool
) -> None:
    life, now, proposed = (EARLY if is_early else OPEN), MONDAY, False
    for move, days in moves:
        now += DAY * days
        wanted, after = leads_to(life, move), moved(life, move, now)
        assert (after is None) == (wanted is None)
        if after is None:
            continue
        assert after.state == wanted
        assert after.moved_at == (life.moved_at if after.state == life.state else now)
        assert not (life.grade is Grade.CONFIRMED and after.grade is Grade.EARLY), "what was certain stays so"
        if after.state is FlagState.RESOLVED and life.state in UNSETTLED:
            assert proposed, "resolved is agreed to, never claimed"
        if life.state in SETTLED and after.state in UNSETTLED:
            assert move is Move.REOPENED
        if after.state is FlagState.IN_REMEDY:
            assert after.started_at is not None
        proposed = after.over_at is not None
        life = after


def test_after_five_working_days_somebody_else_is_asked() -> None:
    assert not waits_too_long(OPEN, CALENDAR, utc("2027-02-08 23:00"))
    assert waits_too_long(OPEN, CALENDAR, utc("2027-02-09 00:30"))
    assert not waits_too_long(EARLY, CALENDAR, utc("2027-03-09 10:00"))
    assert not waits_too_long(a_life(Move.ACKNOWLEDGED), CALENDAR, utc("2027-03-09 10:00"))
    asked_anew = replace(OPEN, asked_at=utc("2027-02-09 10:00"))
    assert not waits_too_long(asked_anew, CALENDAR, utc("2027-02-12 10:00"))


def test_the_fifth_working_day_leaves_out_the_weekend() -> None:
    assert working_day_after(date(2027, 2, 1), CALENDAR) == date(2027, 2, 8)
    never = WorkCalendar("Europe/Lisbon", WorkingWeek(()))
    assert working_day_after(date(2027, 2, 1), never) == date(2027, 2, 6)


def test_a_play_of_twelve_weeks_without_an_end_has_not_helped() -> None:
    life = a_life(Move.ACKNOWLEDGED, Move.PLAY_STARTED)
    assert life.started_at is not None
    assert not has_not_helped(life, life.started_at + LASTS_IN_REMEDY - DAY)
    assert has_not_helped(life, life.started_at + LASTS_IN_REMEDY)
    assert not has_not_helped(a_life(Move.SEEMS_OVER, life=life), life.started_at + LASTS_IN_REMEDY)


def back(life: Life, later: timedelta, **values: object) -> bool | None:
    usual: dict[str, object] = {"grade": life.grade, "probability": life.probability, "has_more_people": False}
    return comes_back(life, now=life.moved_at + later, **(usual | values))  # type: ignore[arg-type]


def test_what_was_resolved_comes_back_with_its_history_for_twelve_weeks() -> None:
    over = a_life(Move.SEEMS_OVER, Move.RESOLVED)
    assert back(over, COMES_BACK_WITHIN) is True
    assert back(over, COMES_BACK_WITHIN + DAY) is None


def test_what_was_dismissed_rests_eight_weeks_unless_something_is_new() -> None:
    dismissed = a_life(Move.DISMISSED, life=EARLY)
    assert back(dismissed, DAY) is False
    assert back(dismissed, DISMISSED_FOR) is True
    assert back(dismissed, DAY, probability=0.46) is True
    assert back(dismissed, DAY, grade=Grade.CONFIRMED) is True
    assert back(dismissed, DAY, has_more_people=True) is True


def test_a_band_tells_its_fewest() -> None:
    assert [fewest_in(band) for band in ("5-9", "50+", "")] == [5, 50, 0]


def acts(life: Life, *, is_owner: bool = False, may_steer: bool = False) -> set[Act]:
    return set(acts_for(life, is_owner=is_owner, may_steer=may_steer, has_steps=True))


def test_only_its_owner_acts_for_a_flag_and_others_take_it_or_pass_it_on() -> None:
    taken = a_life(Move.ACKNOWLEDGED)
    assert acts(OPEN, is_owner=True) == {Act.TAKE, Act.DISMISS, Act.ASSIGN}
    assert acts(OPEN, may_steer=True) == {Act.TAKE, Act.ASSIGN}
    assert acts(taken, may_steer=True) == {Act.ASSIGN}
    assert acts(taken, is_owner=True) == {Act.START, Act.DISMISS, Act.ASSIGN}
    assert acts(a_life(Move.PLAY_STARTED, life=taken), is_owner=True) == {Act.STEP, Act.ASSIGN}
    assert acts(OPEN) == acts(a_life(Move.DISMISSED), is_owner=True, may_steer=True) == set()


@settings(max_examples=times(100, 10_000))
@given(moves=st.lists(st.sampled_from(Move), max_size=12))
def test_every_button_that_is_shown_can_be_pressed(moves: list[Move]) -> None:
    life = OPEN
    for move in moves:
        life = moved(life, move, MONDAY) or life
    stands_for = {
        Act.TAKE: Move.ACKNOWLEDGED, Act.ASSIGN: Move.ASSIGNED, Act.START: Move.PLAY_STARTED,
        Act.STEP: Move.STEP_DONE, Act.OVER: Move.RESOLVED, Act.NOT_OVER: Move.NOT_OVER, Act.DISMISS: Move.DISMISSED,
    }  # fmt: skip
    assert all(leads_to(life, stands_for[act]) for act in acts(life, is_owner=True, may_steer=True))


STEPS = (
    StepView(1, "Look", "U0PRIYA", date(2027, 2, 5), date(2027, 2, 4)),
    StepView(2, "Ask", "U0PRIYA", date(2027, 2, 19)),
)


def test_a_flag_says_what_it_waits_for_and_until_when() -> None:
    assert what_next(OPEN, (), CALENDAR, MONDAY) == Next(NextThing.TO_BE_TAKEN, date(2027, 2, 8))
    assert what_next(EARLY, (), CALENDAR, MONDAY) == Next(NextThing.TO_BE_TAKEN)
    running = a_life(Move.ACKNOWLEDGED, Move.PLAY_STARTED)
    assert what_next(running, STEPS, CALENDAR, MONDAY) == Next(NextThing.A_STEP, date(2027, 2, 19), STEPS[1])
    assert what_next(running, STEPS[:1], CALENDAR, MONDAY) == Next(NextThing.THE_MEASURE)
    assert what_next(a_life(Move.SEEMS_OVER), (), CALENDAR, MONDAY).what is NextThing.TO_BE_AGREED
    assert what_next(a_life(Move.DISMISSED), (), CALENDAR, MONDAY) == Next(NextThing.NOTHING)


def a_card(flag_id: int, next_: Next, *history: HistoryLine) -> FlagCard:
    return FlagCard(
        flag_id, "team", "Billing Lisbon", "no_time", "confirmed", "5-9", MONDAY, "U0PRIYA", "open",
        next=next_, history=history,
    )  # fmt: skip


def test_a_week_in_which_nothing_waits_and_nothing_moved_is_not_told() -> None:
    today, since = date(2027, 2, 15), utc("2027-02-08 10:00")
    calm = a_card(1, Next(NextThing.THE_MEASURE), HistoryLine(since + DAY, Move.STEP_DONE, "U0PRIYA"))
    later = a_card(2, Next(NextThing.A_STEP, date(2027, 2, 28)))
    assert digest([calm, later], owner_id="U0PRIYA", today=today, since=since) is None
    late = a_card(3, Next(NextThing.TO_BE_TAKEN, date(2027, 2, 8)))
    came = a_card(4, Next(NextThing.THE_MEASURE), HistoryLine(since + DAY, Move.MEASURED))
    told = digest([calm, later, late, came], owner_id="U0PRIYA", today=today, since=since)
    assert told is not None
    assert ([card.flag_id for card in told.cards], told.due, told.late, told.moved) == ([3, 4], 0, 1, 1)
    assert digest([late], owner_id="U0AMIR", today=today, since=since) is None


def test_a_flag_of_today_and_the_weeks_message_do_not_come_together() -> None:
    today, since = date(2027, 2, 15), utc("2027-02-08 10:00")
    late = a_card(3, Next(NextThing.TO_BE_TAKEN, date(2027, 2, 8)))
    fresh = a_card(5, Next(NextThing.TO_BE_TAKEN), HistoryLine(since + 7 * DAY, Move.OPENED))
    assert digest([late, fresh], owner_id="U0PRIYA", today=today, since=since) is None
    told = digest([late, fresh], owner_id="U0PRIYA", today=today + DAY, since=since + DAY)
    assert told is not None
    assert [card.flag_id for card in told.cards] == [3], "the other was told in a message of its own"
