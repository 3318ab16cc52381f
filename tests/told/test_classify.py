"""What people tell in their own words: this module holds the guesses, the gates and the limits of the word lists."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.told.classify import LONGEST, MOST_LABELS, classify
from nudges.domain.told.languages import language_of
from nudges.domain.told.lexicon import LANGUAGES, lexicon
from nudges.domain.told.patterns import Line, Sentence, compiled, folded
from tests.told.texts import TOLD

KINDS = [kind.value for kind in BarrierKind]


def f1_of(told: tuple[tuple[str, str, set[str]], ...]) -> float:
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for language, text, kinds in told:
        found = set(classify(text, language).labels)
        right.update(found & kinds)
        wrong.update(found - kinds)
        missed.update(kinds - found)
    return sum(2 * right[kind] / max(1, 2 * right[kind] + wrong[kind] + missed[kind]) for kind in KINDS) / len(KINDS)


def test_the_kinds_of_texts_made_up_for_this_test_are_found() -> None:
    assert f1_of(TOLD) >= 0.85


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_understood(language: str) -> None:
    assert f1_of(tuple(one for one in TOLD if one[0] == language)) >= 0.75


def test_thanks_and_questions_are_no_barriers() -> None:
    flagged = [text for language, text, kinds in TOLD if not kinds and classify(text, language).labels]

    assert flagged == []


@pytest.mark.parametrize(
    ("language", "now", "not_now"),
    [
        ("en", "The login doesn't work.", "The login didn't work at first but now it's fine."),
        ("en", "My manager is against it.", "My old manager was against it, the new one loves it."),
        ("en", "Nobody answers there.", 'The article said "nobody answers there", interesting.'),
        ("en", "There are too many notifications.", "I liked the chapter on too many notifications."),
        ("en", "I have no time.", '"No time? Try one channel a week." I like that line.'),
        ("en", "My boss does not want us to use it.", "My boss does not mind, he encourages us to use it."),
        ("de", "Die Anmeldung funktioniert nicht.", "Die Anmeldung ging früher nicht, jetzt klappt alles."),
        ("de", "Der Betriebsrat hat noch nicht zugestimmt.", "Der Betriebsrat hat zugestimmt."),
        ("es", "No puedo entrar.", "Antes no podía entrar, ya está arreglado."),
        ("fr", "L'appli plante tout le temps.", "Avant l'appli plantait, depuis lundi plus de souci."),
        ("ja", "ログインできません。", "以前はログインできませんでしたが、今は問題なく使えます。"),
    ],
)
def test_what_is_over_quoted_or_well_is_no_barrier(language: str, now: str, not_now: str) -> None:
    assert classify(now, language).labels
    assert not classify(not_now, language).labels


def test_praise_that_mocks_does_not_hide_the_barrier() -> None:
    assert classify("What a fantastic login page, the login never works.", "en").labels == ("access_or_it_problem",)


def test_a_boss_who_is_quoted_is_heard() -> None:
    assert classify('My manager keeps saying "this is a waste of time".', "en").labels == ("manager_discourages",)


def test_a_question_about_leave_is_a_worry_of_its_own() -> None:
    assert classify("Is this compliant with our data protection rules?", "en").labels == ("policy_worry",)


def test_two_barriers_in_one_text_are_both_found() -> None:
    text = "I have no time, and the app crashes anyway."

    assert set(classify(text, "en").labels) == {"no_time", "access_or_it_problem"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I don't know how this works", "en"),
        ("Ich weiß nicht, wie das geht", "de"),
        ("No sé cómo funciona esto", "es"),
        ("Je ne sais pas comment ça marche", "fr"),
        ("使い方がわかりません", "ja"),
        ("", "en"),
        ("👍", "en"),
    ],
)
def test_the_language_of_a_text_is_told_by_its_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_an_unknown_language_is_guessed_from_the_words() -> None:
    assert (
        classify("Ich habe keine Zeit.", "pt").labels == classify("Ich habe keine Zeit.", "de").labels == ("no_time",)
    )


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=400), st.sampled_from([*LANGUAGES, "", "xx"]))
def test_any_text_gets_scores_between_nothing_and_one(text: str, language: str) -> None:
    guess = classify(text, language)

    assert set(guess.scores) == set(KINDS)
    assert all(0 <= score <= 1 for score in guess.scores.values())
    assert len(guess.labels) <= MOST_LABELS
    assert guess.top in {"", *KINDS}


def test_what_stands_behind_the_limit_is_not_read() -> None:
    assert classify("x" * LONGEST + ". The app crashes.", "en").labels == ()


def test_the_same_words_are_no_second_witness() -> None:
    assert not classify("The new login page looks nice.", "en").labels


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_that_is_passed_over_by_its_beginnings_would_have_found_nothing(language: str) -> None:
    sentences = [Sentence(folded(text)) for _, text, _ in TOLD[::3]]
    lines = [line for kind in lexicon(language).kinds.values() for line, _ in kind]

    for line in lines[::4]:
        thorough = Line(line.pieces, line.gap, line.barred)
        assert [line.spans(one) for one in sentences] == [thorough.spans(one) for one in sentences]


class Counting:
    """A piece of a line that counts how many signs it is asked to look through."""

    def __init__(self, piece: re.Pattern[str]) -> None:
        self.piece, self.pattern, self.signs = piece, piece.pattern, 0

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        self.signs += len(text)
        return self.piece.finditer(text)


def test_a_line_looks_once_through_a_sentence_for_each_of_its_pieces() -> None:
    line = compiled("(a|b) .. (a|c) .. (a|d) .. nowhere", {}, has_spaces=True)
    pieces = [Counting(piece) for piece in line.pieces]
    text = "a " * 1500

    Line(tuple(pieces), line.gap).spans(Sentence(text))  # type: ignore[arg-type]

    assert [piece.signs for piece in pieces] == [len(text)] * 4


def test_no_line_of_any_list_may_repeat_without_bound() -> None:
    for language in LANGUAGES:
        words = lexicon(language)
        lines = [line for kind in words.kinds.values() for line, _ in kind]
        for piece in (piece for line in lines for piece in line.pieces):
            assert not re.search(r"(?<!\\)[*+]|\{\d*,\}", piece.pattern), piece.pattern


@pytest.mark.parametrize(
    "hostile", ["boss " * 600, "a " * 1500, "x" * 3000, '("' * 1500, "上司" * 1500, "no se no " * 340]
)
def test_hostile_texts_are_classified_at_once(hostile: str) -> None:
    for language in LANGUAGES:
        classify(hostile, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_of_a_language_is_filled(language: str) -> None:
    words = lexicon(language)

    assert all(len(words.kinds[kind]) >= 9 for kind in KINDS)
    for part in ("harmless", "over", "solved", "quoted", "spoken", "cheerful", "mocking", "asking"):
        assert getattr(words, part), part


def test_a_line_with_a_group_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no group of words called boss"):
        compiled("{boss} says no", {}, has_spaces=True)


@pytest.mark.parametrize(
    ("line", "text", "is_there"),
    [
        ("no (spare |free )*time", "there is no spare time", True),
        ("no (spare |free )*time", "there is no time", True),
        ("no (spare |free )*time", "there is no bedtime", False),
        ("empty (channel|room)*", "it is empty", True),
        ("boss .. against", "my boss is firmly against it", True),
        ("boss .. against", "against my boss", False),
        ("colou?r*", "the colors", True),
        (r"error \d", "error 404", True),
        ("*programm*", "lauter Büroprogramme", True),
        ("(d' |de )outils", "plus d'outils", True),
    ],
)
def test_the_signs_of_the_lists_mean_what_is_written(line: str, text: str, is_there: bool) -> None:
    found = compiled(line, {}, has_spaces=True).spans(Sentence(folded(text)))

    assert bool(found) is is_there


def test_the_lists_are_plain_yaml_with_known_keys() -> None:
    from importlib import resources

    for language in LANGUAGES:
        source = resources.files("nudges.domain.told") / "words" / f"{language}.yaml"
        lists = yaml.safe_load(source.read_text(encoding="utf-8"))

        assert set(lists["kinds"]) == set(KINDS)
        assert all(set(lines) <= {"clear", "hint"} for lines in lists["kinds"].values())
