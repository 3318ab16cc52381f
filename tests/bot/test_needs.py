"""Needs in Slack and in the terminal: this module lists, decides and mistypes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from bot.blocks.needs import ROWS_SHOWN, decided_answer, needs_answer
from bot.cli import needs as cli
from bot.listeners.command_words import Words, read
from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.barriers.needs import Need, NeedVerdict, NeedView
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.store import needs
from tests.bot.office import ADMIN, ANA, Office
from tests.bot.test_listeners_commands import answered

NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
SKILL = BarrierKind.LACKS_SKILL


def a_need(number: int = 1, **values: object) -> NeedView:
    return NeedView(**{"number": number, "kind": SKILL.value, "tool": "Canvas", "band": "10-19",
                       "opened_at": NOON, "heard_at": NOON} | values)  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def needy(office: Office) -> Iterator[Office]:
    with office.core.db.begin() as session:
        needs.hear(session, office.core.workspace_id, [Need(SKILL, "Canvas", "5-9")], NOON)
    yield office


def test_a_need_shows_its_tool_its_band_and_the_groups_with_a_flag() -> None:
    where = (Scope(ScopeType.PLACE, "Lisbon"), Scope(ScopeType.TEAM, "Billing"))
    told = needs_answer((a_need(where=where),), "Europe/Lisbon").text
    for word in ("I don't know how", "Canvas", "10-19", "Lisbon", "Billing", "Not decided yet"):
        assert word in told
    assert "no single tool" in needs_answer((a_need(tool=""),), "Europe/Lisbon").text


def test_a_decision_is_shown_with_who_when_and_why_and_their_words_stay_text() -> None:
    decided = a_need(decision="refuse", why="<!channel> *costly*", by_id="U0LEE", decided_at=NOON)
    told = json.dumps([block.to_dict() for block in needs_answer((decided,), "Europe/Lisbon").blocks])
    assert "Refused" in told
    assert "<@U0LEE>" in told
    assert "<!channel>" not in told


def test_a_long_list_fits_into_a_message() -> None:
    answer = needs_answer(tuple(a_need(number, why="w" * 300) for number in range(1, 80)), "Europe/Lisbon")
    assert len(answer.blocks) <= 50
    assert str(79 - ROWS_SHOWN) in answer.text


@pytest.mark.parametrize("verdict", NeedVerdict)
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_outcome_has_its_words(verdict: NeedVerdict, language: str) -> None:
    assert decided_answer(verdict, "3", "adopt", language).text


def test_needs_alone_lists_and_with_words_decides() -> None:
    assert read("needs") == Words("needs")
    assert read("needs adopt 1 it is ordered") == Words("needs_decision", "adopt 1 it is ordered")


def test_a_need_is_decided_in_slack_and_shown_as_decided(needy: Office) -> None:
    assert "need 1 is adopted" in json.dumps(answered(needy, ADMIN, "needs Adopt #1 The new course is booked"))
    shown = json.dumps(answered(needy, ADMIN, "needs"))
    assert "The new course is booked" in shown
    assert f"<@{ADMIN}>" in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("needs adopt", "did not understand"),
        ("needs buy 1 because", "did not understand"),
        ("needs adopt one because", "did not understand"),
        ("needs adopt 1", "say why"),
        ("needs adopt 7 because", "no need 7"),
        ("needs adopt 99999999999999999999 because", "no need 999999999"),
    ],
)
def test_what_cannot_be_read_is_answered_with_how_to_say_it(needy: Office, text: str, said: str) -> None:
    assert said in json.dumps(answered(needy, ADMIN, text))


def test_employees_may_neither_see_nor_decide(needy: Office) -> None:
    for text in ("needs", "needs adopt 1 because"):
        assert "Canvas" not in json.dumps(answered(needy, ANA, text))
    with needy.core.db.reading() as session:
        assert needs.kept(session, needy.core.workspace_id)[0].decision == ""


def test_the_terminal_lists_decides_and_exports(needy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "make_core", lambda _: needy.core)
    run = CliRunner()
    assert "Canvas, 5-9 people): undecided" in run.invoke(cli.group, ["list"]).output
    assert run.invoke(cli.group, ["decide", "1", "defer", "--why", "After summer"]).exit_code == 0
    assert run.invoke(cli.group, ["decide", "2", "defer", "--why", "After summer"]).exit_code == 2
    table = run.invoke(cli.group, ["export"]).stdout
    assert table.splitlines()[1].startswith("1,Canvas,lacks_skill,5-9,2027-02-01,")
    assert json.loads(run.invoke(cli.group, ["export", "--format", "json"]).stdout)[0]["decision"] == "defer"
    assert "After summer" not in table


DECIDED = {
    "need_decision": {"need_decision": {"type": "radio_buttons", "selected_option": {"value": "adopt"}}},
    "need_why": {"need_why": {"type": "plain_text_input", "value": "The new course is booked"}},
}


def test_a_need_is_decided_by_button_and_the_list_is_drawn_anew(needy: Office) -> None:
    shown = json.dumps(answered(needy, ADMIN, "needs"))
    assert "need_decide.1" in shown
    needy.posts.clear()
    needy.click(ADMIN, "need_decide.1", "1")
    form = needy.client.calls[-1][1]["view"]
    assert form["callback_id"] == "need_form"
    assert "Canvas" in json.dumps(form)
    said = needy.submit(ADMIN, "need_form", metadata=form["private_metadata"], values=DECIDED)
    assert "need 1 is adopted" in said.body
    assert "The new course is booked" in json.dumps(needy.posted()[0])


@pytest.mark.parametrize(
    ("missing", "field", "said"), [("need_why", "need_why", "say why"), ("need_decision", "need_decision", "pick one")]
)
def test_a_form_with_something_left_out_says_so_at_its_field(
    needy: Office, missing: str, field: str, said: str
) -> None:
    values = {name: value for name, value in DECIDED.items() if name != missing}
    answer = json.loads(needy.submit(ADMIN, "need_form", metadata="1", values=values).body)
    assert said in answer["errors"][field]


@pytest.mark.parametrize("metadata", ["7", "x", "", "1|no address at all"])
def test_a_form_about_no_need_of_theirs_changes_nothing(needy: Office, metadata: str) -> None:
    needy.submit(ADMIN, "need_form", metadata=metadata, values=DECIDED)
    with needy.core.db.reading() as session:
        assert needs.kept(session, needy.core.workspace_id)[0].decision == ""


def test_employees_may_neither_open_the_form_nor_send_it(needy: Office) -> None:
    needy.click(ANA, "need_decide.1", "1")
    assert "Canvas" not in json.dumps(needy.client.calls, default=str)
    needy.submit(ANA, "need_form", metadata="1", values=DECIDED)
    with needy.core.db.reading() as session:
        assert needs.kept(session, needy.core.workspace_id)[0].decision == ""
