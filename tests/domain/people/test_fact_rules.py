"""Rules beyond the people file: this module is the tests of what they mean, say, ask for and give away."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.people.behaviour import Behaviour, Score, UsageWeek
from nudges.domain.people.fact_rules import (
    Answered,
    DidNotAnswer,
    InChannel,
    InUserGroup,
    JoinedWithin,
    QuizBelow,
    Sampled,
    Used,
)
from nudges.domain.people.facts import NOTHING_WANTED, Wanted, asks_behaviour, hinges_on_behaviour, wanted_by
from nudges.domain.people.people import Person
from nudges.domain.people.samples import PRIME, is_drawn, lot_of
from nudges.domain.people.segment_counts import count_segment
from nudges.domain.people.segments import AllOf, AnyOf, HasValue, InSegment, Not, Rule, describe, matches
from tests.builders import a_company, a_person

TIP, PLAYBOOK = "find-an-expert/tip", "find-an-expert"
FOUR_WEEKS = timedelta(days=28)
LISBON = HasValue("place", ("Lisbon",))


def knowing(**facts: Any) -> Person:
    return a_person(behaviour=Behaviour(**facts))


def holds(rule: Rule, person: Person) -> bool:
    return matches(rule, person, {})


# ---- what they mean


def test_answering_one_nudge_is_answering_its_playbook_and_no_other() -> None:
    person = knowing(answered=frozenset({TIP, PLAYBOOK}))
    assert holds(Answered((TIP,)), person)
    assert holds(Answered(("other", PLAYBOOK)), person)
    assert not holds(Answered(("find-an-expert/quiz",)), person)


def test_who_was_never_sent_it_did_not_leave_it_unanswered() -> None:
    rule = DidNotAnswer((TIP,))
    assert holds(rule, knowing(sent=frozenset({TIP})))
    assert not holds(rule, knowing(sent=frozenset({TIP}), answered=frozenset({TIP})))
    assert not holds(rule, knowing())


@pytest.mark.parametrize(
    ("right", "answered", "is_below"), [(7, 10, False), (6, 10, True), (0, 1, True), (1, 1, False)]
)
def test_a_share_is_below_only_when_it_is_less(right: int, answered: int, is_below: bool) -> None:
    assert holds(QuizBelow(PLAYBOOK, 0.7), knowing(scores={PLAYBOOK: Score(right, answered)})) is is_below


def test_nobody_without_an_answer_is_below_a_share() -> None:
    assert not holds(QuizBelow(PLAYBOOK, 1.0), knowing())


def test_days_of_use_add_up_over_weeks_and_two_tools_on_one_day_are_one_day() -> None:
    person = knowing(usage=(UsageWeek("Wiki", 3, 2), UsageWeek("slack CHANNELS", 3, 4), UsageWeek("Wiki", 10, 1)))
    assert holds(Used(5, FOUR_WEEKS), person)
    assert not holds(Used(6, FOUR_WEEKS), person)
    assert holds(Used(4, FOUR_WEEKS, "Slack channels"), person)
    assert not holds(Used(5, timedelta(days=7)), person)


def test_a_week_counts_while_its_monday_lies_in_the_span() -> None:
    assert holds(Used(1, FOUR_WEEKS), knowing(usage=(UsageWeek("", 27, 1),)))
    assert not holds(Used(1, FOUR_WEEKS), knowing(usage=(UsageWeek("", 28, 1),)))


def test_who_was_there_from_the_beginning_did_not_join() -> None:
    rule = JoinedWithin(timedelta(days=30))
    assert holds(rule, knowing(here_for=timedelta(days=30)))
    assert not holds(rule, knowing(here_for=timedelta(days=31)))
    assert not holds(rule, knowing())


def test_groups_and_channels_are_two_things() -> None:
    person = knowing(groups=frozenset({"S0ONE", "#ask-billing"}))
    assert holds(InUserGroup(("S0TWO", "S0ONE")), person)
    assert holds(InChannel(("ask-billing",)), person)
    assert not holds(InChannel(("S0ONE",)), person)


def test_of_a_person_without_facts_nothing_is_known_and_nothing_breaks() -> None:
    for rule in examples():
        assert isinstance(holds(rule, a_person()), bool)


# ---- samples


@given(st.integers(0, 5000), st.floats(0, 1), st.floats(0, 1), st.text(max_size=8))
def test_a_smaller_sample_lies_inside_a_larger_one(number: int, one: float, other: float, draw: str) -> None:
    small, large = sorted((one, other))
    assert not is_drawn(f"U{number}", share=small, draw=draw) or is_drawn(f"U{number}", share=large, draw=draw)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_a_sample_is_about_as_large_as_it_says(share: float) -> None:
    drawn = sum(is_drawn(f"U{number:05}", share=share, draw="spring") for number in range(5000))
    assert abs(drawn / 5000 - share) < 0.02


def test_two_draws_know_nothing_of_each_other() -> None:
    names = [f"draw {number}" for number in range(20)]
    people = [f"U{number:05}" for number in range(4000)]
    drawn = [{one for one in people if is_drawn(one, share=0.3, draw=name)} for name in names]
    for left, right in pairwise(drawn):
        assert abs(len(left & right) / len(people) - 0.09) < 0.025


def test_the_same_person_has_the_same_lot_for_ever() -> None:
    assert (lot_of("U0ANA"), lot_of("U0BEN")) == (1658068693, 1058387202)
    assert 0 <= lot_of("ключ") < PRIME


# ---- what they say


def examples() -> list[Rule]:
    return [
        Answered((TIP,)), DidNotAnswer((TIP, "other")), QuizBelow(PLAYBOOK, 0.6), Used(3, FOUR_WEEKS, "Wiki"),
        Used(1, FOUR_WEEKS), JoinedWithin(timedelta(days=30)), InUserGroup(("S0ONE",)), InChannel(("ask-billing",)),
        Sampled(0.1), Sampled(0.025, "spring"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "words", "opposite"),
    [
        (Answered((TIP,)), f"has answered {TIP}", f"has not answered {TIP}"),
        (DidNotAnswer(("a", "b")), "left a or b unanswered", "did not leave a or b unanswered"),
        (
            QuizBelow("a", 0.6),
            "answered less than 60 % of the quizzes in a right",
            "did not answer less than 60 % of the quizzes in a right",
        ),
        (
            Used(3, FOUR_WEEKS, "Wiki"),
            "used Wiki on at least 3 days of the last 28",
            "used Wiki on fewer than 3 days of the last 28",
        ),
        (Used(1, FOUR_WEEKS), "used any tool in the last 28 days", "did not use any tool in the last 28 days"),
        (JoinedWithin(timedelta(days=30)), "joined in the last 30 days", "did not join in the last 30 days"),
        (InUserGroup(("S0A", "S0B")), "is in the user group S0A or S0B", "is not in the user group S0A or S0B"),
        (InChannel(("ask",)), "is in the channel #ask", "is not in the channel #ask"),
        (Sampled(0.1), "is one of the 10 % picked at random", "is not one of the 10 % picked at random"),
        (
            Sampled(0.025, "spring"),
            "is one of the 2.5 % picked in the draw spring",
            "is not one of the 2.5 % picked in the draw spring",
        ),
    ],
)
def test_every_rule_says_itself_with_yes_and_with_no(rule: Rule, words: str, opposite: str) -> None:
    assert describe(rule, {}) == words
    assert describe(Not(rule), {}) == opposite
    assert describe(Not(Not(rule)), {}) == words


def test_exceptions_read_as_none_of_these_and_stand_in_brackets_beside_or() -> None:
    excepted = Not(AnyOf((HasValue("role", ("intern",)), InChannel(("ask",)))))
    assert describe(AllOf((LISBON, excepted)), {}) == (
        "is based in Lisbon; and is not intern; and is not in the channel #ask"
    )
    assert describe(AnyOf((LISBON, excepted)), {}) == (
        "is based in Lisbon; or (is not intern; and is not in the channel #ask)"
    )


# ---- what they ask for and give away


def test_only_what_is_asked_for_is_wanted_also_by_way_of_other_segments() -> None:
    segments: Mapping[str, Rule] = {"quiet": AllOf((LISBON, DidNotAnswer((TIP,)))), "plain": LISBON}
    assert wanted_by([segments["plain"]], segments) == NOTHING_WANTED
    rules = [Not(InSegment("quiet")), AnyOf((Used(1, FOUR_WEEKS), Used(1, timedelta(days=7)), InChannel(("ask",))))]
    assert wanted_by(rules, segments) == Wanted(
        nudges=frozenset({TIP}), usage=FOUR_WEEKS, channels=frozenset({"ask"})
    )  # fmt: skip


@pytest.mark.parametrize("rule", examples())
def test_answers_quizzes_and_use_are_private_and_the_rest_is_not(rule: Rule) -> None:
    segments = {"inner": rule}
    is_private = isinstance(rule, Answered | DidNotAnswer | QuizBelow | Used)
    assert asks_behaviour(AllOf((LISBON, Not(InSegment("inner")))), segments) is is_private


def test_behaviour_decides_only_for_whom_nothing_else_does() -> None:
    rule = AnyOf((HasValue("place", ("Porto",)), AllOf((LISBON, Not(Answered((TIP,)))))))
    hinges = hinges_on_behaviour(rule, {})
    assert [matches(hinges, a_person(place=place), {}) for place in ("Porto", "Lisbon", "Berlin")] == [
        False,
        True,
        False,
    ]


def crowd(answered: int, others: int, *, place: str = "Lisbon") -> list[Person]:
    known = Behaviour(answered=frozenset({TIP}))
    spoken = [a_person(f"U1{place}{n}", place=place, behaviour=known) for n in range(answered)]
    return spoken + [a_person(f"U2{place}{n}", place=place) for n in range(others)]


@pytest.mark.parametrize(("answered", "others", "band"), [(12, 8, "10-19"), (5, 9, "5-9"), (4, 30, ""), (9, 0, "")])
def test_a_segment_over_behaviour_is_counted_in_bands_and_not_below_k(answered: int, others: int, band: str) -> None:
    company = a_company(segments={"spoke": AllOf((LISBON, Answered((TIP,))))})
    count = count_segment("spoke", company, crowd(answered, others))
    assert (count.people, count.band) == (None, band)


def test_known_people_beside_one_colleague_do_not_tell_what_the_colleague_did() -> None:
    """Whoever writes rules could add four known people to one colleague: the band must not hang on that one."""
    rule = AnyOf((HasValue("place", ("Porto",)), AllOf((LISBON, Answered((TIP,))))))
    company = a_company(segments={"trap": rule})
    known = crowd(0, 4, place="Porto")
    spoke, silent = (count_segment("trap", company, [*known, *crowd(n, 1 - n)]) for n in (1, 0))
    assert spoke == silent
    assert spoke.band == ""


def test_a_segment_over_nothing_private_is_counted_as_it_is() -> None:
    company = a_company(segments={"here": AllOf((LISBON, Sampled(1.0)))})
    assert count_segment("here", company, crowd(1, 2)).people == 3
