"""Clicks that are answered ahead of Bolt: they mean the same, and come to the same, as through it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot.blocks.actions import ActionId
from bot.listeners.buttons import BUTTONS
from nudges.services.answers.record_response import message_state
from nudges.services.own.glass_box import my_data
from tests.bot.office import ANA, RESPONSE_URL, Office

TIP, QUIZ = "ask-before-you-search", "where-would-you-ask"
LIGHT = ("answer_quiz", "answer_scene", "check_answer", "pick", "mark_useful", "mark_not_for_me", "try_it", "know_it",
         "tap", "save_nudge")  # fmt: skip


def without_bolt(office: Office) -> Office:
    """Return the office with a door behind which nobody is."""

    def refuse(_request: Any) -> Any:
        raise AssertionError("Bolt was asked")

    runner = office.app.bolt.listener_runner
    return replace(office, app=replace(office.app, bolt=SimpleNamespace(dispatch=refuse, listener_runner=runner)))


def done(office: Office) -> list[Any]:
    return list(my_data(office.core, ANA)["responses"])


def test_what_a_wave_comes_back_as_needs_no_bolt() -> None:
    assert [name for name in LIGHT if not BUTTONS[ActionId(name)].is_light] == []
    heavy = (ActionId.REPORT_BARRIER, ActionId.PUBLISH, ActionId.MY_DATA, ActionId.STOP_ME, ActionId.WHY_ME)
    assert [name for name in heavy if BUTTONS[name].is_light] == [], "these ask Slack for a form or for a Home"


@pytest.mark.parametrize(("action", "detail"), [("answer_quiz.0", ":channel"), ("mark_useful", "")])
def test_an_answer_is_stored_acknowledged_and_shown(office: Office, action: str, detail: str) -> None:
    quiz = office.delivery(QUIZ)
    assert without_bolt(office).click(ANA, action, quiz + detail).status == 200
    assert len(done(office)) == 1
    (shown,) = office.posted()
    assert shown["url"] == RESPONSE_URL and shown["replace_original"] is True and quiz in str(shown["blocks"])


def test_both_ways_show_the_same(office: Office) -> None:
    tip = office.delivery(TIP)
    office.click(ANA, "mark_useful", tip)
    light = dict(office.posted()[0])
    bolt = office.app.bolt
    request = {"team": {"id": office.core.workspace_id}, "user": {"id": ANA}, "type": "block_actions"}
    action = {"type": "button", "action_id": "mark_useful", "block_id": "b", "value": tip}
    replace(office, app=bolt).dispatch(request | {"actions": [action], "response_url": RESPONSE_URL})
    assert office.posted(2)[1] == light
    assert len(done(office)) == 1


@pytest.mark.parametrize("named", [{"id": "T0OTHER"}, None, {"id": None}, "T0OTHER"])
def test_a_click_that_is_not_surely_of_this_workspace_is_left_to_bolt(office: Office, named: Any) -> None:
    with pytest.raises(AssertionError, match="Bolt was asked"):
        without_bolt(office).click(ANA, "mark_useful", office.delivery(TIP), team=named)
    assert done(office) == []


def test_a_click_while_we_close_is_stored_and_acknowledged(office: Office) -> None:
    office.idle()
    assert office.click(ANA, "mark_useful", office.delivery(TIP)).status == 200
    assert len(done(office)) == 1
    assert office.posts == []


def test_redraws_of_one_message_that_wait_together_are_done_once_and_show_the_latest(office: Office) -> None:
    desk, tip, gate = office.app.desk, office.delivery(TIP), office.hold_posts()
    asked = _Counted()
    desk = replace(desk, owed=asked)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(desk.redraw, ANA, tip, RESPONSE_URL)
        office.until(lambda: gate.came == 1)  # it has read, and is being posted
        office.click(ANA, "mark_useful", tip)
        others = [pool.submit(desk.redraw, ANA, tip, RESPONSE_URL) for _ in range(3)]
        office.until(lambda: asked.count == 4)
        gate.set()
        assert [one.result(10) for one in (first, *others)] == [True] * 4
    office.idle()
    ours = [one for one in office.posts if "blocks" in one]
    assert len(ours) == 3, "the first, one for the three that waited, and the click's own at another desk"
    said = message_state(office.core, ANA, tip).message
    assert said is not None and said.feedback == "useful"
    assert "Useful" in str(ours[0]["blocks"]) and ours[1]["blocks"] == ours[2]["blocks"] != ours[0]["blocks"]


class _Counted(set[str]):
    """A set that counts what was put in."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self._guard = threading.Lock()

    def add(self, one: str) -> None:
        with self._guard:
            super().add(one)
            self.count += 1
