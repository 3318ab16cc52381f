"""Typed words, other events, and failures: what counts once, what is left alone, and what people are told."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.listeners import register
from nudges.errors import StorageError
from nudges.services.own.glass_box import my_data
from nudges.services.own.preferences import wishes_of
from nudges.store.together import Together
from tests.bot.office import ANA, BOT, TEAM, Office


@pytest.mark.parametrize("text", ["stop", "STOP", "Stop.", " stop! ", "“stop”", "*stop*"])
def test_stop_typed_in_the_conversation_stops(office: Office, text: str) -> None:
    assert office.typed(ANA, text).status == 200
    assert wishes_of(office.core, ANA).is_stopped
    assert "Stopped" in office.called("chat.postMessage")[0]["text"]


def test_words_are_kept_and_get_one_line_back_however_often_slack_tells_them(office: Office) -> None:
    for _ in range(3):
        office.typed(ANA, "I saw it on the way home", event_id="Ev-same")
    office.idle()
    assert [reply["text"] for reply in my_data(office.core, ANA)["typed"]] == ["I saw it on the way home"]
    lines = office.called("chat.postMessage")
    assert len(lines) == 1
    assert "Nobody is shown your words" in lines[0]["text"]


@pytest.mark.parametrize(
    ("text", "said"), [("help", "Type `pause`"), ("start", "back in"), ("pause", "Paused until Tue 19 Jan")]
)
def test_a_few_words_are_acted_upon(office: Office, text: str, said: str) -> None:
    office.typed(ANA, text)
    assert said in office.called("chat.postMessage")[0]["text"]
    assert my_data(office.core, ANA)["typed"] == []


@pytest.mark.parametrize(("text", "day"), [("pause 14", "Tue 26 Jan"), ("Pause 2 weeks", "Tue 26 Jan")])
def test_a_pause_may_be_typed_with_its_days(office: Office, text: str, day: str) -> None:
    office.typed(ANA, text)
    assert f"Paused until {day}" in office.called("chat.postMessage")[0]["text"]


def test_words_that_only_begin_like_a_command_change_nothing(office: Office) -> None:
    office.typed(ANA, "pause? my team needs one, and we will not stop asking")
    assert "Nobody is shown your words" in office.called("chat.postMessage")[0]["text"]
    wishes = wishes_of(office.core, ANA)
    assert (wishes.is_stopped, wishes.paused_until) == (False, None)


@pytest.mark.parametrize(
    "changes",
    [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"channel_type": "channel"}, {"user": BOT}, {"user": None}],
)
def test_what_is_not_typed_to_us_is_left_alone(office: Office, changes: dict[str, Any]) -> None:
    assert office.typed(ANA, "stop", **changes).status == 200
    office.idle()
    assert not wishes_of(office.core, ANA).is_stopped
    assert office.client.calls == []


def test_an_answer_goes_into_the_thread_in_which_they_wrote(office: Office) -> None:
    office.typed(ANA, "help", thread_ts="1.000100")
    assert office.called("chat.postMessage")[0]["thread_ts"] == "1.000100"


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "event": {"type": "team_join", "user": {"id": ANA}}, "event_id": "Ev1"},
        {"type": "event_callback", "event": {"type": "app_uninstalled"}, "event_id": "Ev2"},
        {"type": "event_callback", "event": {"type": "tokens_revoked", "tokens": {}}, "event_id": "Ev3"},
        {"type": "view_closed", "user": {"id": ANA}, "view": {"type": "modal", "callback_id": "barrier_form"}},
        {"type": "view_submission", "user": {"id": ANA}, "view": {"type": "modal", "callback_id": "unknown"}},
        {"type": "shortcut", "callback_id": "unknown", "user": {"id": ANA}, "trigger_id": "t"},
        {"type": "block_actions", "user": {"id": ANA}, "actions": [{"action_id": "x", "type": "button"}]},
        {"type": "block_actions", "user": {"id": ANA}, "actions": [{"action_id": "x", "type": "overflow"}]},
    ],
)
def test_nothing_that_slack_sends_is_a_failure(office: Office, body: dict[str, Any]) -> None:
    assert office.dispatch({"team_id": TEAM, **body}).status == 200


def test_requests_of_another_workspace_do_nothing(office: Office) -> None:
    assert office.command(ANA, "stop", team_id="T0OTHER").status == 200
    assert not wishes_of(office.core, ANA).is_stopped


class BrokenDatabase:
    """A database of which every use fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.together = Together()

    @contextmanager
    def begin(self, *_values: Any, **_names: Any) -> Iterator[Any]:
        raise self._error
        yield

    reading = begin

    def close(self) -> None:
        """Nothing is open."""


def with_broken_database(office: Office, error: Exception) -> Office:
    known = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_token="xoxb-test")
    app = App(
        signing_secret="s",
        authorize=lambda: known,
        process_before_response=True,
        request_verification_enabled=False,
    )

    def post(url: str, body: Any) -> bool:
        office.posts.append({"url": url, **body})
        return True

    core: Any = replace(office.core, db=BrokenDatabase(error))
    return replace(office, app=register(app, core, post=post))


def test_a_slow_database_is_not_acknowledged(office: Office) -> None:
    broken = with_broken_database(office, StorageError("too slow"))
    quiz = office.delivery("where-would-you-ask")
    assert broken.click(ANA, "answer_quiz.0", f"{quiz}:channel").status == 503
    assert broken.command(ANA, "stop").status == 503
    assert broken.typed(ANA, "hello").status == 503
    assert broken.submit(ANA, "forget_form").status == 503
    assert broken.posts == []


def test_the_unexpected_is_said_with_a_number_and_logged_without_words(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "canary-4711"
    broken = with_broken_database(office, RuntimeError(canary))
    with caplog.at_level(logging.DEBUG):
        assert "Something went wrong" in str(broken.command(ANA, "stop").body)
        assert "Something went wrong" in str(broken.submit(ANA, "forget_form").body)
        assert broken.click(ANA, "mark_useful", "0" * 32).status == 200
        broken.command(ANA, "why")
        posts = broken.posted(2)
        assert broken.typed(ANA, canary).status == 503
    number = posts[0]["text"].partition("number: “")[2][:8]
    assert any(getattr(record, "error_id", "") == number for record in caplog.records)
    ours = [record for record in caplog.records if record.name.startswith(("bot", "nudges"))]
    assert not any(canary in record.getMessage() for record in ours)
