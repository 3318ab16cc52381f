"""A hidden limit of any rate and kind, kept on real time: this module tests what a workspace lets through."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.faults import Faults
from bot.sandbox.post_limits import PostLimit
from bot.sandbox.workspace import BOT_TOKEN, Slack
from tests.sandbox.helpers import TUESDAY, StoppedClock, some_people

STEP = 0.01


def accepted_in(seconds: float, faults: Faults) -> float:
    """Return posts a second taken from somebody who knocks all the time and heeds every Retry-After."""
    limit, now, free_at = PostLimit(), 1_000.0, 0.0
    end = now + seconds
    while now < end:
        if now >= free_at:
            free_at = now + limit.take(faults, now)
        now += STEP
    return limit.count.accepted / seconds


@pytest.mark.parametrize("rate", [1, 1.5, 3, 7, 13, 20])
@pytest.mark.parametrize("kind", ["bucket", "window"])
@pytest.mark.parametrize("burst", [1, 2])
def test_no_more_than_the_rate_gets_through_and_a_patient_app_gets_most_of_it(
    rate: float, kind: str, burst: float
) -> None:
    faults = Faults(post_limit_per_s=rate, post_limit_kind=kind, post_burst_s=burst, post_retry_after=1)
    reached = accepted_in(60, faults)
    assert reached <= rate * (1 + burst / 60) + 0.1
    assert reached >= rate * 0.6


def test_a_bucket_saves_up_and_then_gives_one_at_a_time() -> None:
    faults, limit = Faults(post_limit_per_s=2, post_burst_s=2), PostLimit()
    assert [limit.take(faults, 0.0) for _ in range(5)] == [0, 0, 0, 0, 1]
    assert [limit.take(faults, 0.5) for _ in range(2)] == [0, 1]


def test_a_window_is_full_until_the_next_one_begins() -> None:
    faults, limit = Faults(post_limit_per_s=2, post_limit_kind="window"), PostLimit()
    assert [limit.take(faults, at) for at in (10.0, 10.9, 10.95, 11.0, 11.01, 11.02)] == [0, 0, 1, 0, 0, 1]


def test_while_a_retry_after_runs_everything_is_refused_and_counted() -> None:
    faults, limit = Faults(post_limit_per_s=1, post_retry_after=2), PostLimit()
    assert [limit.take(faults, at) for at in (0.0, 0.1, 1.5, 2.05, 2.1)] == [0, 2, 1, 1, 0]
    assert limit.as_json() == {"accepted": 2, "refused": 3, "inside_retry_after": 2, "most_inside_one": 2}


def test_a_limit_of_less_than_one_a_second_lets_one_through_at_a_time() -> None:
    faults, limit = Faults(post_limit_per_s=0.5), PostLimit()
    assert [limit.take(faults, at) for at in (0.0, 1.0, 2.0)] == [0, 2, 0]


def test_the_server_says_when_to_come_back() -> None:
    slack = Slack(people=some_people(), real=StoppedClock(TUESDAY), faults=Faults(post_limit_per_s=1))
    slack.set_faults(post_limit_kind="window", post_burst_s=3, post_retry_after=2)
    answers = [slack.call("chat.postMessage", {"channel": "U0ANA", "text": "x"}, BOT_TOKEN) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["retry-after"] == "2"
    assert len(slack.posted()) == 3


@pytest.mark.parametrize("values", [{"post_limit_kind": "leaky"}, {"post_burst_s": 0}, {"post_retry_after": -1}])
def test_an_impossible_limit_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Slack().set_faults(**values)
