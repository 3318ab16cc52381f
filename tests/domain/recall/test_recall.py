"""Questions that come back: this module is the tests of a card, of the days it may take, and of how well it sticks."""

import random
import statistics
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.playbooks.company import Caps
from nudges.domain.recall import recall
from nudges.domain.recall.recall import Card, Ending, Grade, answered, chance, ending, grade, is_learned, urgency
from nudges.domain.recall.recall_slots import Taken, has_room, reviews_a_week, slot
from nudges.domain.times.hours import WorkingWeek
from nudges.domain.times.workdays import WorkCalendar
from tests.bench_recall import RUNGS, ladder, learn, ours, rungs_for
from tests.fakes import utc
from tests.learners import CURVES, KNEW, ease

MET = utc("2027-01-12 10:30")
DAY = timedelta(days=1)
LISBON = WorkCalendar("Europe/Lisbon", WorkingWeek.parse("09:00-17:00 mon-fri"))
CAPS = Caps(day=1, week=3)
TEN = time(10)
TUESDAY = date(2027, 1, 12)


def lived(*answers: str) -> Card:
    """Return the card after these answers, each given on the day it came back: right, wrong, guess, sure or error."""
    card, now = None, MET
    for word in answers:
        said = {"guess": "guess", "sure": "sure", "error": "sure"}.get(word, "")
        card = answered(card, is_right=word not in ("wrong", "error"), confidence=said, now=now)
        now = card.due_at
    assert card is not None
    return card


def gap(card: Card) -> int:
    return (card.due_at - card.answered_at).days


@pytest.mark.parametrize(
    ("is_right", "confidence", "expected"),
    [
        (False, "", Grade.AGAIN),
        (False, "guess", Grade.AGAIN),
        (False, "sure", Grade.AGAIN),
        (True, "guess", Grade.HARD),
        (True, "", Grade.GOOD),
        (True, "think_so", Grade.GOOD),
        (True, "sure", Grade.EASY),
    ],
)
def test_an_answer_is_graded_by_its_rightness_and_by_how_sure_the_person_was(
    is_right: bool, confidence: str, expected: Grade
) -> None:
    assert grade(is_right=is_right, confidence=confidence) is expected


def test_the_worse_an_answer_went_the_sooner_the_question_comes_back() -> None:
    gaps = [gap(lived("right", word)) for word in ("wrong", "guess", "right", "sure")]
    assert gaps == sorted(gaps)
    assert gaps[0] == 1 < gaps[2]


def test_a_sure_error_weighs_more_than_a_plain_one_and_goes_first() -> None:
    plain, sure = lived("wrong"), lived("error")
    assert sure.difficulty > plain.difficulty
    assert lived("error", "right").stability < lived("wrong", "right").stability
    assert urgency(sure, MET) < urgency(plain, MET)
    assert not lived("error", "wrong").is_sure_error


def test_of_two_questions_the_less_remembered_goes_first() -> None:
    later = MET + 30 * DAY
    assert urgency(lived("wrong"), later) < urgency(lived("sure"), later)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["", "guess", "think_so", "sure"])), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_whatever_is_answered_the_next_day_is_whole_near_and_the_same_each_time(said: list[tuple[bool, str]]) -> None:
    def live() -> Card:
        card, now = None, MET
        for is_right, confidence in said:
            card = answered(card, is_right=is_right, confidence=confidence, now=now)
            now = card.due_at
        assert card is not None
        return card

    card = live()
    assert card == live()
    assert DAY <= card.due_at - card.answered_at <= recall.LONGEST
    assert (card.due_at - card.answered_at) % DAY == timedelta(0)
    assert 0 < chance(card, card.due_at) <= 1


def test_the_hour_of_an_answer_changes_nothing() -> None:
    early = answered(lived("right"), is_right=True, now=MET + timedelta(days=2, hours=-2))
    late = answered(lived("right"), is_right=True, now=MET + timedelta(days=2, hours=5))
    assert (early.stability, gap(early)) == (late.stability, gap(late))


def test_a_question_right_several_times_is_learned_and_a_missed_one_is_not() -> None:
    assert not is_learned(lived("sure"))
    assert is_learned(lived("sure", "sure", "sure", "sure"))
    assert not is_learned(lived("sure", "sure", "sure", "wrong"))


def test_a_right_answer_is_left_alone_for_three_days_and_a_wrong_one_is_not() -> None:
    right, wrong = lived("right"), lived("wrong")
    assert right.due_at - right.answered_at >= timedelta(days=3)
    assert wrong.due_at - wrong.answered_at < timedelta(days=3)


def test_a_question_ends_when_it_is_learned_used_up_or_long_ago() -> None:
    card, learnt = lived("right"), lived("sure", "sure", "sure", "sure")
    about = {"met_at": MET, "now": MET}
    assert ending(card, returned=0, most=6, **about) is None
    assert ending(learnt, returned=2, most=6, met_at=MET, now=learnt.answered_at) is Ending.LEARNED
    assert ending(card, returned=6, most=6, **about) is Ending.USED_UP
    assert ending(card, returned=0, most=6, met_at=MET - recall.SPAN, now=MET) is Ending.OVER


def place(due: str, now: str, *taken: Taken, caps: Caps = CAPS) -> str:
    found = slot(due_at=utc(due), at=TEN, calendar=LISBON, caps=caps, taken=taken, now=utc(now))
    return found.local_due if found else ""


def test_a_return_is_planned_the_day_before_at_its_hour() -> None:
    assert place("2027-01-14 10:30", "2027-01-12 12:00") == ""
    assert place("2027-01-14 10:30", "2027-01-13 12:00") == "2027-01-14T10:00"
    assert place("2027-01-14 10:30", "2027-01-14 09:00") == "2027-01-14T10:00"
    assert place("2027-01-14 10:30", "2027-01-14 11:30") == "2027-01-14T11:31"


def test_a_return_waits_for_a_working_day() -> None:
    assert place("2027-01-16 10:30", "2027-01-15 12:00") == ""
    assert place("2027-01-16 10:30", "2027-01-17 12:00") == "2027-01-18T10:00"


def test_a_return_takes_no_day_from_what_is_new() -> None:
    new = [Taken(TUESDAY + DAY * ahead) for ahead in (1, 3, 6)]
    assert place("2027-01-13 10:30", "2027-01-12 12:00", new[0]) == ""
    assert place("2027-01-14 10:30", "2027-01-13 12:00", *new) == ""
    assert place("2027-01-14 10:30", "2027-01-13 12:00", *new[:2]) == "2027-01-14T10:00"


def test_returns_are_only_a_share_of_the_week() -> None:
    returns = [Taken(TUESDAY - DAY * ago, is_review=True) for ago in (1, 4)]
    assert reviews_a_week(CAPS) == 2
    assert not has_room(TUESDAY, CAPS, returns)
    assert has_room(TUESDAY, CAPS, returns[:1])
    assert reviews_a_week(Caps(day=1, week=1)) == 1


DAYS = st.lists(st.builds(Taken, st.dates(date(2027, 1, 1), date(2027, 1, 31)), st.booleans()), max_size=12)


@given(DAYS, st.integers(1, 3), st.integers(1, 8))
@settings(max_examples=80, deadline=None)
def test_no_seven_days_hold_more_than_the_cap_after_a_return(taken: list[Taken], a_day: int, a_week: int) -> None:
    caps = Caps(day=a_day, week=a_week)
    if not has_room(TUESDAY, caps, taken):
        return
    days = [one.day for one in taken] + [TUESDAY]
    assert days.count(TUESDAY) <= caps.day
    assert all(
        sum(begin <= day < begin + 7 * DAY for day in days) <= caps.week
        for begin in (TUESDAY - DAY * back for back in range(7))
    )


# ---- how well it sticks; tests/bench_recall.py prints the whole of it


@pytest.mark.parametrize("curve", CURVES)
def test_the_made_up_learners_forget_as_the_page_says(curve: str) -> None:
    marks = {False: (0.92, 0.75, 0.78, 0.82), True: (0.85, 0.6, 0.62, 0.67)}
    for is_fast, wanted in marks.items():
        found = [[] for _ in wanted]  # type: list[list[float]]
        for number in range(200):
            draw = random.Random(number)
            memory = CURVES[curve].of(draw, draw.gauss(0, 1) + ease(draw.random() < KNEW), is_fast=is_fast)
            found[0].append(memory.recall(1))
            found[1].append(memory.recall(7))
            for place_, (asked, later) in enumerate(((7, 37), (37, 127)), start=2):
                memory.asked(asked, is_known=True)
                found[place_].append(memory.recall(later))
        assert [statistics.fmean(one) for one in found] == pytest.approx(wanted, abs=0.13)


@pytest.mark.parametrize("curve", CURVES)
def test_nine_in_ten_are_known_after_twelve_weeks_with_no_more_returns_than_the_ladder_needs(curve: str) -> None:
    about = {"seed": 300, "people": 30}
    learnt = learn(curve, ours, **about)
    climbed = [learn(curve, ladder(rungs), **about) for rungs in range(len(RUNGS) + 1)]
    # Thirty people leave a wide margin; the bench has four hundred for each law.
    assert learnt.known > 0.88
    assert learnt.returns <= rungs_for(learnt.known, climbed) + 0.25
    assert climbed[0].known < 0.65 < learnt.known
