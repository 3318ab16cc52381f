"""What counts as said: this module is the tests of weights, of asking back, and of what is behaviour and no kind."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.barriers.evidence import (
    SAID,
    WEEKS_A_PERIOD,
    Heard,
    ask_id_of,
    heard_in,
    may_ask,
    week_counted,
)
from nudges.domain.forecasts.reactions import read_reactions
from nudges.domain.playbooks.playbook import BarrierKind
from tests.fakes import utc
from tests.soak import times

NOW = utc("2027-01-12 12:00")
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("score", "is_asked", "weight"),
    [(0.34, False, 0.0), (0.35, True, 0.0), (0.49, True, 0.0), (0.5, True, 0.3), (0.74, True, 0.3), (0.75, True, 0.6)],
)
def test_a_guess_is_asked_back_from_a_third_on_and_weighs_less_than_a_tap(
    score: float, is_asked: bool, weight: float
) -> None:
    heard = Heard(BarrierKind.NO_TIME, score)
    assert (heard.is_worth_asking, heard.weight) == (is_asked, weight)
    assert heard.weight < SAID


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("My boss hates it when we post there", "en", "manager_discourages"),
        ("Ich habe einfach keine Zeit dafür", "de-AT", "no_time"),
        ("I can't log in since Monday", "de", "access_or_it_problem"),  # a German account, written in English
        ("No tengo tiempo para eso", "", "no_time"),
    ],
)
def test_words_are_heard_in_the_language_they_are_written_in(text: str, language: str, kind: str) -> None:
    heard = heard_in(text, language)
    assert heard is not None
    assert (heard.kind, heard.is_worth_asking) == (kind, True)


@pytest.mark.parametrize("text", ["", "Thanks, that was lovely", "👍", "See you tomorrow"])
def test_kind_words_sound_like_nothing(text: str) -> None:
    heard = heard_in(text, "en")
    assert heard is None or not heard.is_worth_asking


def test_nobody_is_asked_twice_within_a_week() -> None:
    assert may_ask(None, NOW)
    assert not may_ask(NOW, NOW + timedelta(days=7) - timedelta(seconds=1))
    assert may_ask(NOW, NOW + timedelta(days=7))


@given(week=st.integers(0, 2000), late=st.integers(0, 3))
@settings(max_examples=times(200, 10_000))
def test_the_week_that_is_kept_always_lies_in_its_period(week: int, late: int) -> None:
    period = week // WEEKS_A_PERIOD + late
    assert week_counted(week, period) // WEEKS_A_PERIOD == period


def test_the_same_text_gives_the_same_question_and_another_person_another() -> None:
    def an_id(person_id: str = "U0ANA", text_id: str = "Ev1") -> str:
        return ask_id_of(key=b"k" * 32, workspace_id="T", person_id=person_id, text_id=text_id)

    assert an_id() == an_id()
    assert len({an_id(), an_id("U0BEN"), an_id(text_id="Ev2")}) == 3


def test_a_script_may_let_people_write_and_confirm() -> None:
    head = "person,playbook,nudge,reaction,value,after\n"
    lines = "U0ANA,p,n,write,My boss hates it,1h\nU0ANA,p,n,confirm,right,2h\nU0BEN,p,n,confirm,no_time,2h\n"
    reactions, faults = read_reactions(head + lines)
    assert not faults
    assert [one.kind.is_response for one in reactions] == [False] * 3, "it is said beside a nudge and answers none"
    assert len(read_reactions(head + "U0ANA,p,n,write,,1h\nU0ANA,p,n,confirm,perhaps,1h\n")[1]) == 2


WRITING = ("add_report", "BarrierReportRow", "keep_evidence")


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Give every piece of the modules that could write evidence, with the module."""
    for path in (path for folder in ("nudges", "bot") for path in (ROOT / folder).rglob("*.py")):
        text = path.read_text("utf-8")
        if any(name in text for name in WRITING):
            yield from ((path.relative_to(ROOT).as_posix(), node) for node in ast.walk(ast.parse(text)))


def test_only_what_people_say_themselves_is_written_down_as_a_kind() -> None:
    """Stopping, silence, wrong answers and less use are behaviour; nothing that reads them may write evidence."""
    found = list(nodes())
    stored = {name for name, node in found if isinstance(node, ast.Attribute) and node.attr == "add_report"}
    assert stored == {"nudges/services/barriers/keep_evidence.py"}
    rows = {name for name, node in found if isinstance(node, ast.Name) and node.id == "BarrierReportRow"}
    assert rows == {"nudges/store/evidence.py"}
    callers = {
        name
        for name, node in found
        if isinstance(node, ast.ImportFrom) and node.module == "nudges.services.barriers.keep_evidence"
        if {one.name for one in node.names} & {"report", "hear"}
    }
    assert callers == {"nudges/services/barriers/ask_back.py", "nudges/services/answers/record_response.py"}
