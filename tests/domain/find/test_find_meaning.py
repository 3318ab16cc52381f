"""Words and meaning together: what is compared, how it is joined, and when an answer is sure."""

from nudges.domain.find.index import Passage, bag_of, index_of
from nudges.domain.find.meaning import NEUTRAL, joined, nearness, sense_of, texts_of
from nudges.domain.find.ranking import SURE, Hit, rank
from tests.find_corpus import found, questions


def test_a_nudge_is_compared_by_what_it_is_about_and_by_the_whole() -> None:
    passage = Passage("share", "en", (("share file", 1.5), ("Share a file", 2.0), ("Invite them.", 1.0), ("Job", 0.2)))

    assert sense_of(passage).texts == ("share file. Share a file", "Share a file. Invite them.")


def test_the_nearest_language_of_each_text_counts() -> None:
    senses = [sense_of(Passage("share", language, ((language, 2.0),))) for language in ("en", "de")]
    likeness = {"en": 0.1, "en. ": 0.6, "de": 0.5, "de. ": 0.2}

    assert nearness(senses, likeness) == {"share": 0.55}


def test_a_question_of_the_authors_finds_by_words_and_by_meaning() -> None:
    about, odd = "See who opened a file", "Did the customer look at it"
    asked = [Passage("opened", "en", ((about, 2.0),), (odd,)), Passage("other", "en", (("Book a room", 2.0),))]

    senses = [sense_of(passage) for passage in asked]
    near = nearness(senses, {**dict.fromkeys(texts_of(senses), 0.1), odd: 0.9})

    assert rank(index_of(map(bag_of, asked)), "customer")[0].name == "opened"
    assert near["opened"] > 0.6 > near["other"]


def test_meaning_alone_finds_and_moves_what_words_found() -> None:
    hits = [Hit("by-words", 0.3, 2), Hit("by-chance", 0.29, 1)]

    ranked = joined(hits, {"by-words": 0.6, "by-chance": 0.0, "by-meaning": 0.7, "neither": 0.1})

    assert [hit.name for hit in ranked] == ["by-words", "by-meaning", "by-chance"]


def test_without_meaning_the_words_decide_as_before() -> None:
    hits = [Hit("one", 0.3, 2), Hit("two", 0.2, 1)]

    assert joined(hits, {}) == hits
    assert joined(hits, dict.fromkeys(("one", "two"), NEUTRAL)) == hits


def test_one_word_that_matches_well_is_not_sure() -> None:
    assert not Hit("lunch", SURE * 2, 1).is_sure
    assert Hit("share", SURE, 2).is_sure


def test_few_texts_that_no_nudge_answers_are_taken_for_questions_by_words_alone() -> None:
    sure = [one.words for one in questions("none") if (hits := found(one, by_meaning=False)) and hits[0].is_sure]

    assert len(sure) <= 4, sure
