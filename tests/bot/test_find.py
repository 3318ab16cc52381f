"""`/nudge find`, a question in the conversation, and "Is there a better way?": one search behind three doors."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt import BoltContext
from sqlalchemy import text as sql

from bot.blocks.actions import ActionId, CallbackId
from bot.blocks.find_values import FoundValue
from bot.listeners.answering import Desk
from bot.listeners.replies import Replies
from nudges.domain.find.views import FoundRef
from nudges.services.own.own_home import home
from tests.bot.office import ANA, RESPONSE_URL, TEAM, Office, blocks_text

CANARY = "zanzibarian"
QUESTION = "Where do I ask about a double charge?"


def message_shortcut(office: Office, person_id: str, text: str) -> None:
    office.dispatch(
        {
            "type": "message_action",
            "callback_id": CallbackId.BETTER_WAY.value,
            "user": {"id": person_id, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "test"},
            "api_app_id": "A0TEST",
            "trigger_id": "t1",
            "channel": {"id": "C0ELSEWHERE", "name": "elsewhere"},
            "message_ts": "9.9",
            "message": {"type": "message", "user": "U0SOMEBODY", "text": text, "ts": "9.9"},
            "response_url": RESPONSE_URL,
        }
    )


def buttons(body: dict[str, Any]) -> dict[str, str]:
    """Return value by action id of every button."""
    blocks = json.loads(blocks_text(body))["blocks"]
    found = [block["accessory"] for block in blocks if block.get("accessory")]
    found += [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return {button["action_id"]: button.get("value", "") for button in found}


def everything_stored(office: Office) -> str:
    with office.core.db.reading() as session:
        names = session.execute(sql("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return str([session.execute(sql(f"SELECT * FROM {name}")).all() for name in names])


def test_the_command_answers_only_the_person_with_results_that_can_be_shown(office: Office) -> None:
    office.command(ANA, "find a customer was charged twice")
    (answer,) = office.posted()
    first = buttons(answer)[f"{ActionId.FIND_SHOW}.0"]

    office.click(ANA, f"{ActionId.FIND_SHOW}.0", first)
    shown = office.posted(2)[1]

    assert answer["response_type"] == "ephemeral" and "Where do you ask first?" in answer["text"]
    assert "What works best:* #ask-billing" in blocks_text(shown) and "answer_quiz" not in blocks_text(shown)


def test_a_question_in_the_conversation_is_answered_and_not_kept(office: Office) -> None:
    office.typed(ANA, f"find {CANARY} double charge")

    (said,) = office.called("chat.postMessage")

    assert "Where do you ask first?" in blocks_text(said["text"])
    assert CANARY not in everything_stored(office) and CANARY not in blocks_text(said["text"])


def test_a_plain_question_with_a_sure_answer_is_answered(office: Office) -> None:
    office.typed(ANA, QUESTION)

    assert "Where do you ask first?" in office.called("chat.postMessage")[0]["text"]
    assert "double charge" not in everything_stored(office).replace("A customer reports a double charge", "")


def test_an_event_that_slack_repeats_is_answered_once(office: Office) -> None:
    office.typed(ANA, QUESTION, "Ev1")
    office.typed(ANA, QUESTION, "Ev1")
    office.idle()

    assert len(office.called("chat.postMessage")) == 1


@pytest.mark.parametrize(
    "told", ["My boss does not want us to ask about a double charge", "Thanks, the charge is fixed"]
)
def test_what_somebody_tells_is_kept_as_their_own_word(office: Office, told: str) -> None:
    office.typed(ANA, told)

    (said,) = office.called("chat.postMessage")

    assert ActionId.FIND_SHOW not in blocks_text(said) and told in everything_stored(office)


@pytest.mark.parametrize(
    ("typed", "said"), [("pause 14", "Paused until"), ("stop", "Stopped"), ("help", "I bring you")]
)
def test_the_words_we_act_on_are_never_looked_up(office: Office, typed: str, said: str) -> None:
    office.typed(ANA, typed)

    assert said in office.called("chat.postMessage")[0]["text"]


def test_a_better_way_is_told_privately_and_nothing_of_the_message_stays(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="nudges"), caplog.at_level(logging.DEBUG, logger="bot"):
        message_shortcut(office, ANA, f"The customer was charged twice, {CANARY}, I will mail the lead")
        (answer,) = office.posted()

    assert answer["response_type"] == "ephemeral" and "Where do you ask first?" in answer["text"]
    assert CANARY not in everything_stored(office) + caplog.text + blocks_text(answer)


def test_nothing_found_is_said_kindly_with_who_may_know(office: Office) -> None:
    office.command(ANA, "find dragonfruit smoothie")

    (answer,) = office.posted()

    assert "I found nothing that fits" in answer["text"] and "<@U0PRIYA>" in blocks_text(answer)


def test_buttons_that_we_did_not_write_get_a_kind_answer(office: Office) -> None:
    office.click(ANA, ActionId.FIND_SHOW, "9999:where-would-you-ask")
    office.click(ANA, ActionId.FIND_MORE, "'; DROP TABLE people")

    told = {one["text"] for one in office.posted(2)}

    assert any("no longer there" in one for one in told) and any("earlier time" in one for one in told)


def test_a_value_carries_as_many_results_as_fit_and_reads_back() -> None:
    refs = [FoundRef(number, "k" * 99) for number in range(30)]

    value = FoundValue.of(refs)

    assert len(value.encode()) <= 2000 and FoundValue.decode(value.encode()) == value and len(value.refs) == 10


def test_what_was_found_can_be_kept_for_home(office: Office) -> None:
    office.command(ANA, "find a customer was charged twice")
    office.click(ANA, f"{ActionId.FIND_SHOW}.0", buttons(office.posted()[0])[f"{ActionId.FIND_SHOW}.0"])
    save = buttons(office.posted(2)[1])[str(ActionId.FIND_SAVE)]

    office.click(ANA, ActionId.FIND_SAVE, save)

    assert "It waits for you in Home" in office.posted(3)[2]["text"]
    assert [one.kind for one in home(office.core, ANA).saved] == ["quiz"]


def test_what_may_not_be_read_cannot_be_kept_either(office: Office) -> None:
    office.click(ANA, ActionId.FIND_SAVE, "9999:where-would-you-ask")
    assert "It waits" not in office.posted()[0]["text"]
    assert home(office.core, ANA).saved == ()


class Noting:
    """Stands for the model, and notes that something was looked up."""

    def __init__(self, happened: list[str]) -> None:
        self.happened = happened

    def learn(self, texts: Iterable[str]) -> None:
        """Know it all already."""

    def likeness(self, asked: str, texts: Sequence[str]) -> None:
        self.happened.append("looked up")


def test_what_is_surely_a_question_is_acknowledged_before_anything_is_looked_up(office: Office) -> None:
    happened: list[str] = []
    event = {"type": "message", "channel_type": "im", "channel": "D0ANA", "user": ANA, "text": f"find {QUESTION}"}
    told = {"event_id": "Ev0ASKED", "team_id": TEAM, "event": event}
    first, again = BoltContext({}), BoltContext({})
    listener = Replies(Desk(replace(office.core, meaning=Noting(happened)), (), lambda url, body: True))

    for context in (first, again):
        listener.keep(lambda: happened.append("acknowledged"), told, context)  # type: ignore[arg-type]

    assert happened == ["acknowledged", "acknowledged"]
    assert first["is_asked"] and not again["is_asked"]
