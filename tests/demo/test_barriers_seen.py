"""The whole company, week by week: this module is the owner who asks `/nudge barriers`, and starts a play by a tap.

It takes minutes, so it runs with `NUDGER_SOAK=1` only; `pytest -s` shows what the owner read.
"""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.blocks.actions import ActionId, CallbackId
from bot.demo import screen
from bot.demo.screen import Control
from bot.sandbox.records import Message
from bot.texts import text
from nudges.domain.plays.choosing import OWN
from tests.acceptance.running import wait_until
from tests.demo.six_weeks import BEGINS, Lived, lived, walk

OWNER, LEADER = "U0PRIYA", "U0MEERA"
WEEKS = 14
TOO_EARLY = 3  # weeks after which nothing may be seen yet
EARLY, CONFIRMED = text("flag.grade_early"), text("flag.grade_confirmed")
NAMED = text("barrier.manager_discourages")
SAID = {word: [text(f"flag.helped.{word}_{weeks}") for weeks in (4, 8)] for word in ("better", "unclear", "worse")}
TEAM, PLACE, DEPARTMENT = "Technical support Bengaluru", "Berlin", "Engineering"

pytestmark = [
    pytest.mark.skipif(os.environ.get("NUDGER_SOAK") != "1", reason="minutes long: set NUDGER_SOAK=1"),
    pytest.mark.timeout(3_600),
]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with lived(tmp_path_factory.mktemp("demo"), weeks=1, is_whole=True) as found:
        yield found


def answers(life: Lived, person: str) -> list[Message]:
    return [one for one in life.slack.state.dm_with(person).after("") if one.only_for == person]


def asked(life: Lived, person: str) -> Message:
    """Return what `/nudge barriers` answers to somebody."""
    before = len(answers(life, person))
    life.slack.do.command(person, "/nudge", "barriers")
    wait_until(lambda: len(answers(life, person)) > before)
    return answers(life, person)[-1]


def words(message: Message) -> str:
    texts = [str((block.get("text") or {}).get("text", "")) for block in message.blocks or []]
    return "\n".join(text for text in texts if text) or message.text


def card_of(life: Lived, told: Message, group: str) -> str:
    """Return the words of one group's card; empty where it has none."""
    texts = [str((block.get("text") or {}).get("text", "")) for block in told.blocks or []]
    return next((one for one in texts if group in one.partition("\n")[0]), "")


def start_play(life: Lived, group: str) -> None:
    """Take the flag and start the first play that is ours and sends a note, with the buttons of its card."""
    press(life, ActionId.FLAG_TAKE, group)
    press(life, ActionId.FLAG_START, group)
    form = screen.open_form(life.slack, OWNER)
    assert form is not None
    assert form.callback_id == CallbackId.FLAG_PLAY_FORM
    plays = next(one for one in form.controls if one.options)
    key = next(str(option["value"]) for option in plays.options if option["value"] != OWN)
    assert life.slack.do.submit(OWNER, form.view_id, screen.chosen(plays, key)).outcome.ok


def press(life: Lived, action: ActionId, group: str) -> None:
    told = asked(life, OWNER)
    control = under(life, told, action, group)
    assert control is not None, f"no {action} under the card of {group}"
    assert life.slack.do.click(OWNER, ts=told.ts, block_id=control.block_id, action_id=control.action_id).ok


def under(life: Lived, told: Message, action: ActionId, group: str) -> Control | None:
    """Return the button of that name below the card of that group."""
    is_theirs = False
    for block in told.blocks or []:
        text = str((block.get("text") or {}).get("text", ""))
        is_theirs = group in text if block["type"] == "section" else is_theirs
        for control in screen.message_controls(life.slack, OWNER, told.ts) if is_theirs else ():
            if control.block_id == block.get("block_id") and control.name == action:
                return control
    return None


def test_what_was_planted_is_seen_early_played_confirmed_and_measured(life: Lived) -> None:
    cards: dict[int, dict[str, str]] = {}
    is_played = False
    for week in range(1, WEEKS + 1):
        if week > 1:
            walk(life.slack, BEGINS + timedelta(weeks=week))
        told = asked(life, OWNER)
        cards[week] = {group: card_of(life, told, group) for group in (TEAM, PLACE, DEPARTMENT)}
        print(f"--- after week {week}\n{words(told)}")
        assert NAMED not in words(asked(life, LEADER)), "a leader read of a sensitive kind"
        if not is_played and NAMED in cards[week][TEAM]:
            start_play(life, TEAM)
            is_played = True
    weeks = {group: [week for week in cards if cards[week][group]] for group in (TEAM, PLACE, DEPARTMENT)}
    assert all(found and found[0] > TOO_EARLY for found in weeks.values()), weeks
    assert EARLY in cards[weeks[TEAM][0]][TEAM], "the team shows by what it does, before anybody may be quoted"
    assert all(any(CONFIRMED in cards[week][group] for week in weeks[group]) for group in (PLACE, DEPARTMENT))
    assert any("*Play:*" in cards[week][TEAM] for week in weeks[TEAM])
    told_of = {
        word: sum(one in card for one in SAID[word] for card in (c[TEAM] for c in cards.values())) for word in SAID
    }
    assert told_of["better"] + told_of["unclear"], "nobody looked back at the play"
    assert not told_of["worse"], "its cure was planted with it"
