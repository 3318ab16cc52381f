"""What goes wrong, and that it goes wrong the same way again: this module tests the fault switches."""

from typing import Any

import pytest
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler

from bot.sandbox.errors import AnswerLost
from bot.sandbox.faults import Faults
from bot.sandbox.in_process import InProcessClient
from bot.sandbox.workspace import BOT_TOKEN, LATE_HEADER, Slack
from tests.sandbox.helpers import TUESDAY, StoppedClock, call, called, posted, some_people


def a_slack(seed: int = 1, *, real: StoppedClock | None = None, **faults: Any) -> Slack:
    return Slack(people=some_people(), real=real or StoppedClock(), seed=seed, faults=Faults(**faults))


def try_post(slack: Slack, number: int) -> str:
    metadata = {"event_type": "t", "event_payload": {"delivery_id": str(number)}}
    try:
        status, _, body = slack.call(
            "chat.postMessage", {"channel": "U0ANA", "text": "x", "metadata": metadata}, BOT_TOKEN
        )
    except AnswerLost as lost:
        return str(lost)
    return f"{status} {'html' if isinstance(body, str) else body.get('error', 'ok')}"


def test_a_lost_answer_leaves_the_message() -> None:
    slack = a_slack(lost_answer=1.0)
    with pytest.raises(AnswerLost):
        posted(slack)
    assert len(slack.posted()) == 1


def test_a_late_acceptance_comes_when_its_time_has_come() -> None:
    real = StoppedClock()
    slack = a_slack(real=real, late_acceptance=1.0, late_seconds=30)
    with pytest.raises(AnswerLost):
        posted(slack)
    assert slack.posted() == []
    slack.clock.advance_to(TUESDAY + 3_600)
    assert [message.at for message in slack.posted()] == [TUESDAY + 30]


def test_a_late_answer_says_how_late() -> None:
    slack = a_slack(late_answer=1.0, late_seconds=9)
    status, headers, _ = slack.call("chat.postMessage", {"channel": "U0ANA", "text": "x"}, BOT_TOKEN)
    assert (status, headers[LATE_HEADER]) == (200, "9")
    with pytest.raises(TimeoutError):
        InProcessClient(slack, timeout=5).chat_postMessage(channel="U0ANA", text="x")
    assert InProcessClient(slack, timeout=10).chat_postMessage(channel="U0ANA", text="x")["ok"]


def test_a_server_error_stores_the_message_half_of_the_time() -> None:
    slack = a_slack(server_error=1.0)
    answers = [try_post(slack, number) for number in range(100)]
    assert set(answers) == {"503 html"}
    assert 30 < len(slack.posted()) < 70


def test_an_answer_that_is_no_json_hides_a_message() -> None:
    slack = a_slack(not_json=1.0)
    assert try_post(slack, 1) == "200 html"
    assert len(slack.posted()) == 1


def test_a_rate_limit_stores_nothing_and_says_when_to_come_back() -> None:
    slack = a_slack(rate_limit=1.0, retry_after=7)
    status, headers, body = slack.call("chat.postMessage", {"channel": "U0ANA", "text": "x"}, BOT_TOKEN)
    assert (status, headers["retry-after"], body) == (429, "7", {"ok": False, "error": "ratelimited"})
    assert slack.posted() == []


def test_the_bucket_lets_through_what_it_holds_and_fills_on_real_time() -> None:
    real = StoppedClock()
    slack = a_slack(real=real, post_limit_per_s=2)
    assert [try_post(slack, number) for number in range(3)] == ["200 ok", "200 ok", "429 ratelimited"]
    slack.clock.advance_to(TUESDAY + 3_600)
    assert try_post(slack, 4) == "429 ratelimited"
    real.at += 0.5
    assert try_post(slack, 5) == "200 ok"


def test_a_lagging_history_hides_what_is_young() -> None:
    real = StoppedClock()
    slack = a_slack(real=real, history_lag=60)
    channel = posted(slack)["channel"]
    assert called(slack, "conversations.history", channel=channel)["messages"] == []
    real.at += 61
    assert len(called(slack, "conversations.history", channel=channel)["messages"]) == 1


def test_a_failing_history_says_so_and_a_short_page_is_short() -> None:
    slack = a_slack(history_error=1.0)
    channel = posted(slack)["channel"]
    posted(slack)
    assert call(slack, "conversations.history", channel=channel)["error"] == "internal_error"
    slack.set_faults(history_error=0, history_page=1)
    page = called(slack, "conversations.history", channel=channel)
    assert (len(page["messages"]), page["has_more"]) == (1, True)


def test_the_same_seed_gives_the_same_faults() -> None:
    mix: dict[str, Any] = {
        "lost_answer": 0.2,
        "server_error": 0.2,
        "rate_limit": 0.1,
        "late_acceptance": 0.1,
        "not_json": 0.1,
    }
    one, same, other = a_slack(5, **mix), a_slack(5, **mix), a_slack(6, **mix)
    runs = [[try_post(slack, number) for number in range(200)] for slack in (one, same, other)]
    assert runs[0] == runs[1] != runs[2]
    assert [message.delivery_id for message in one.posted()] == [message.delivery_id for message in same.posted()]


def test_faults_befall_posts_only_unless_told_otherwise() -> None:
    slack = a_slack(lost_answer=1.0)
    called(slack, "auth.test")
    slack.set_faults(methods=["auth.test"])
    with pytest.raises(AnswerLost):
        call(slack, "auth.test")


@pytest.mark.parametrize("values", [{"lost_answr": 1}, {"lost_answer": 1.5}, {"late_seconds": -1}, {"rate_limit": "x"}])
def test_an_impossible_switch_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        a_slack().set_faults(**values)


def test_the_sdks_own_retry_would_post_twice() -> None:
    slack = a_slack(lost_answer=1.0)
    client = InProcessClient(slack)
    client.retry_handlers = [ConnectionErrorRetryHandler()]
    with pytest.raises(ConnectionError):
        client.chat_postMessage(channel="U0ANA", text="x")
    assert len(slack.posted()) == 2
