"""A question from end to end: situations that are recognised, what they lift, and what is about no tool at all."""

from collections.abc import Sequence

import pytest

from nudges.domain.find.index import beginning_with
from nudges.domain.find.looking_up import look_up
from nudges.domain.find.ranking import FITTING, LEAST, SURE, Hit, worth_showing
from nudges.domain.find.situations import Recognised, Situation, lifts, recognised, situation_texts, situations
from tests.find_corpus import corpus, found, looked, questions, senses

FILE_READ = "See who has already opened a file"


def by_words(asked: str, texts: Sequence[str]) -> None:
    """Stand for a model that is not there."""


@pytest.mark.parametrize(
    ("asked", "language", "about"),
    [
        ("did they read it", "en", FILE_READ),
        ("hat es schon jemand gelesen?", "de", FILE_READ),
        ("olvidé mi contraseña", "es", "Set a new password"),
        ("screan shot of the eror", "en", "Add a screenshot to a ticket"),
    ],
)
def test_a_situation_is_recognised_in_the_words_of_whoever_is_in_it(asked: str, language: str, about: str) -> None:
    assert recognised(asked, language, None)[0].situation.about == about


def test_a_situation_is_recognised_by_meaning_where_no_word_is_shared() -> None:
    likeness = [0.9 if text == "did they read it" else 0.0 for text in situation_texts()]

    assert recognised("zanzibarian quux", "en", likeness)[0].situation.about == FILE_READ


def test_each_way_of_saying_it_stands_under_one_situation_only() -> None:
    texts = [text.casefold() for text in situation_texts()]

    assert len({one.about for one in situations()}) == len(situations()) > 100
    assert len(texts) - len(set(texts)) <= len(texts) // 100


def test_what_fits_a_situation_best_is_lifted_by_as_much_as_the_situation_fits() -> None:
    seen = Recognised(Situation("Vote", {}), 0.8)

    assert lifts([(seen, [Hit("a", 0.6), Hit("b", 0.3)])]) == pytest.approx({"a": 0.8, "b": 0.2})


def test_a_situation_that_no_nudge_is_about_lifts_little() -> None:
    seen = Recognised(Situation("Vote", {}), 0.8)

    assert lifts([(seen, [Hit("a", 0.03)])])["a"] == pytest.approx(0.008)


def test_a_nudge_is_found_through_the_situation_although_no_word_is_shared() -> None:
    looked_up = look_up(corpus(), senses(), "no response to my direct message", language="en", likeness=by_words)

    assert looked_up.hits[0].name == "ask-in-the-open"


@pytest.mark.parametrize("asked", ["what is for lunch in the canteen", "happy birthday", "when is the summer party"])
def test_what_is_about_no_tool_gets_nothing(asked: str) -> None:
    looked_up = look_up(corpus(), senses(), asked, language="en", likeness=by_words)

    assert looked_up.is_elsewhere and not looked_up.hits


def test_no_real_question_is_taken_for_something_else() -> None:
    taken = [one.words for one in (*questions("dev"), *questions("new")) if looked(one, by_meaning=False).is_elsewhere]

    assert not taken


def test_a_situation_alone_may_be_enough_to_show_and_to_be_sure() -> None:
    by_situation = Hit("vote", 0.1, ideas=2, lift=0.5)

    assert by_situation.is_sure and by_situation.is_fitting and worth_showing([by_situation])
    assert not Hit("vote", 0.1, lift=0.1).is_fitting and LEAST < FITTING < SURE
    assert not worth_showing([Hit("vote", 0.1, lift=0.1)])


def test_the_right_nudge_comes_first_for_most_questions_by_words_alone() -> None:
    asked = [*questions("dev"), *questions("new")]
    first = sum(bool(hits := found(one, by_meaning=False)) and hits[0].name in one.right for one in asked)

    assert first / len(asked) >= 0.75


def test_words_that_begin_so_are_found_without_looking_at_all() -> None:
    words = ("a", "cal", "call", "calling", "calm", "d")

    assert beginning_with("cal", words) == ("cal", "call", "calling", "calm")
    assert beginning_with("", words) == words
    assert beginning_with("z", words) == ()
