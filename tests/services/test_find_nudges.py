"""Looking something up: who may read what, in which language, and that nothing of it is kept."""

import json
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from nudges.domain.find.views import FoundRef
from nudges.services.delivery.order_changes import order_recall
from nudges.services.delivery.steer import pause_campaigns
from nudges.services.own.find_nudges import find_nudges, further, show_found
from nudges.store.tables import Row
from tests.services.house import ADMIN, ANA, BERLIN, BOSS, House, a_quiz_text, a_text

CANARY = "zanzibarian"
SHARE = """
  - tip: {key}
    when: {{week: 1, day: tue, at: "10:00"}}
    text: |
      A supplier needs your plan. Invite their address to the file instead of mailing a copy.
    try_it: {{label: Which partners are allowed, link: "https://intranet.example.com/partners"}}
    fallback: Share a file with a partner outside the company
    translations:
      de:
        text: Ein Lieferant braucht deinen Plan. Lade seine Adresse zur Datei ein.
        label: Welche Partner erlaubt sind
        fallback: Eine Datei mit einem Partner teilen
"""


@pytest.fixture
def open_house(house: House) -> House:
    """Return the company with one running playbook, on its first Monday."""
    house.run(a_text("find-an-expert", SHARE.format(key="share-it"), a_quiz_text(), segments="customer-service"))
    house.at("2027-01-11 09:00")
    return house


def keys(house: House, words: str, person_id: str = ANA) -> list[str]:
    return [one.ref.nudge_key for one in find_nudges(house.core, person_id, words).results]


def test_a_question_in_other_words_finds_the_nudge_and_marks_what_matched(open_house: House) -> None:
    found = find_nudges(open_house.core, ANA, "how do I give a docment to an external agency?")

    assert found.results[0].ref.nudge_key == "share-it"
    assert "supplier" in {piece for piece, is_match in found.results[0].snippet if is_match}


def test_each_reads_results_in_their_own_language(open_house: House) -> None:
    with open_house.core.db.begin() as session:
        session.execute(sql("UPDATE people SET language = 'de' WHERE person_id = :id"), {"id": ANA})

    found = find_nudges(open_house.core, ANA, "Dokument an Dienstleister schicken")

    assert found.results[0].title == "Eine Datei mit einem Partner teilen"


def test_only_the_audience_finds_it(open_house: House) -> None:
    assert keys(open_house, "share a file", ANA) and not keys(open_house, "share a file", BOSS)
    assert not keys(open_house, "share a file", "U0NOBODY")


def test_what_is_recalled_paused_or_still_to_come_is_not_found(open_house: House) -> None:
    ref = find_nudges(open_house.core, ANA, "share a file").results[0].ref
    order_recall(open_house.core, "find-an-expert", "share-it", ADMIN)
    after_recall = keys(open_house, "share a file")
    quiz = keys(open_house, "double charge")
    pause_campaigns(open_house.core, ADMIN, "find-an-expert")

    assert "share-it" not in after_recall and quiz == ["first-quiz"]
    assert not keys(open_house, "double charge")
    assert show_found(open_house.core, ANA, ref) is None


def test_the_comparison_group_finds_nothing_of_what_it_is_spared(house: House) -> None:
    house.run(a_text("spared", SHARE.format(key="share-it"), more="holdout: 50%"), "spared")
    house.at("2027-01-11 09:00")
    spared = {row.person_id for row in house.rows(_audience()) if row.is_held_out}

    assert spared and not keys(house, "share a file", sorted(spared)[0])
    assert {keys(house, "share a file", id_)[0] for id_ in (ANA, *BERLIN) if id_ not in spared} <= {"share-it"}


def test_the_rest_finds_nothing_while_a_pilot_runs(house: House) -> None:
    pilot = "audience: {{segments: [{segments}]}}"
    body = a_text("piloted", SHARE.format(key="share-it"))
    with_pilot = body.replace(
        "audience: {segments: [customer-service]}",
        "audience: {segments: [customer-service], pilot: {segment: first-few, answers: 5, useful: 60%}}",
    )
    assert with_pilot != body, pilot
    house.run(with_pilot, "piloted", is_whole=False)
    house.at("2027-01-11 09:00")

    assert keys(house, "share a file", ANA) == ["share-it"] and not keys(house, "share a file", BERLIN[0])


def test_a_quiz_that_is_shown_says_its_answer_and_makes_no_delivery(open_house: House) -> None:
    before = len(open_house.rows())
    ref = find_nudges(open_house.core, ANA, "double charge").results[0].ref

    shown = show_found(open_house.core, ANA, ref)

    assert shown is not None and shown.answers == (("#ask-billing", "Yes. Six minutes."),)
    assert len(open_house.rows()) == before


def test_names_that_somebody_may_not_read_are_left_out_of_further_results(open_house: House) -> None:
    ref = find_nudges(open_house.core, ANA, "share a file").results[0].ref
    refs = [ref, FoundRef(ref.campaign_id, "no-such"), FoundRef(99, "share-it")]

    assert [one.ref for one in further(open_house.core, ANA, refs)] == [ref]
    assert further(open_house.core, BOSS, refs) == ()


@pytest.mark.parametrize(
    "words", ["", " ", "x", "🎉🎉🎉", "'; DROP TABLE people; --", "共有", "%_%", "\x00\ud800", "<!channel>"]
)
def test_odd_words_get_a_kind_nothing_or_a_result_and_never_a_fault(open_house: House, words: str) -> None:
    found = find_nudges(open_house.core, ANA, words)

    assert found.results or found.topics == ("Find an expert before you escalate",)


def test_a_very_long_question_takes_no_longer_than_a_short_one_deserves(open_house: House) -> None:
    started = time.perf_counter()
    for long in ("share " * 500, "x" * 3000, "shrae" * 600, "a" * 1_000_000, "ab " * 100_000):
        find_nudges(open_house.core, ANA, long)

    assert time.perf_counter() - started < 5


class Knowing:
    """Says of every text with this word in it that it is what was meant."""

    def __init__(self, word: str, *, is_ready: bool = True) -> None:
        self.word, self.is_ready = word, is_ready

    def learn(self, texts: Iterable[str]) -> None:
        """Know it all already."""

    def likeness(self, asked: str, texts: Sequence[str]) -> list[float] | None:
        return [0.8 if self.word in text else 0.0 for text in texts] if self.is_ready else None


@pytest.mark.parametrize(("is_ready", "expected"), [(True, ["share-it"]), (False, [])])
def test_what_shares_no_word_is_found_by_its_meaning_once_it_is_learnt(
    open_house: House, is_ready: bool, expected: list[str]
) -> None:
    core = replace(open_house.core, meaning=Knowing("supplier", is_ready=is_ready))

    found = find_nudges(core, ANA, "zanzibarian quux")

    assert [one.ref.nudge_key for one in found.results] == expected
    assert not found.is_sure


def test_meaning_finds_nothing_that_the_person_may_not_read(open_house: House) -> None:
    core = replace(open_house.core, meaning=Knowing("supplier"))

    assert not find_nudges(core, BOSS, "zanzibarian quux").results


def test_nothing_that_is_asked_is_stored_or_logged(open_house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        find_nudges(open_house.core, ANA, f"share a file {CANARY}")

    assert CANARY not in caplog.text
    assert CANARY not in everything_stored(open_house)


def everything_stored(house: House) -> str:
    """Return every table, and the files of the database, as text."""
    with house.core.db.reading() as session:
        tables = [
            json.dumps([list(map(str, row)) for row in session.execute(sql(f"SELECT * FROM {name}"))])
            for name in Row.metadata.tables
        ]
    files = [path.read_bytes().decode("latin-1") for path in Path(house.folder).parent.glob("*.db*")]
    return "".join([*tables, *files])


def _audience() -> type:
    from nudges.store.tables import AudienceRow

    return AudienceRow
