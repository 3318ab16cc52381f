"""A hundred thousand people and two hundred workspaces: this module tests that size costs neither time nor memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from bot.sandbox.people import Crowd
from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import StoppedClock, a_user, call, called, some_people

MANY = 100_000
PAGE = 1_000
ODD_ONES = 2  # Slackbot and the app's own bot


def pages(slack: Slack, limit: int = PAGE) -> list[list[str]]:
    found, cursor = [], ""
    while True:
        answer = called(slack, "users.list", limit=limit, cursor=cursor)
        found.append([member["id"] for member in answer["members"]])
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            return found


def test_a_hundred_thousand_people_are_listed_once_each_in_little_time() -> None:
    started = time.perf_counter()
    found = pages(Slack(people=Crowd(MANY)))
    assert time.perf_counter() - started < 15
    ids = [one for page in found for one in page]
    assert (len(ids), len(set(ids))) == (MANY + ODD_ONES, MANY + ODD_ONES)
    assert {len(page) for page in found[:-1]} == {PAGE}


def test_one_of_a_crowd_takes_up_no_more_room_than_an_id() -> None:
    slack = Slack()
    tracemalloc.start()
    slack.state.users.welcome(Crowd(10_000))
    called(slack, "users.list", limit=1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000 * 300


def test_a_page_far_on_costs_no_more_than_the_first() -> None:
    slack = Slack(people=Crowd(MANY))
    slack.state.users.page("", 1)
    started = time.perf_counter()
    for number in range(1_000):
        slack.state.users.page(f"U0CROWD{number * 100:07d}", 10)
    assert time.perf_counter() - started < 2


def test_one_of_the_crowd_is_a_person_like_any_other() -> None:
    slack = Slack(people=Crowd(50))
    assert called(slack, "chat.postMessage", channel="U0CROWD0000003", text="Hello")["ok"]
    assert called(slack, "users.info", user="U0CROWD0000003")["user"]["tz"] == "America/New_York"
    slack.deactivate("U0CROWD0000003")
    assert call(slack, "chat.postMessage", channel="U0CROWD0000003", text="x")["error"] == "channel_not_found"


def test_a_newcomer_is_on_the_next_page_and_a_removed_person_is_not() -> None:
    slack = Slack(people=some_people(), real=StoppedClock())
    assert "U0AAA" not in pages(slack)[0]
    slack.state.users["U0AAA"] = a_user("U0AAA")
    del slack.state.users["U0BEN"]
    assert pages(slack)[0][0] == "U0AAA"
    assert "U0BEN" not in pages(slack)[0]


def test_a_large_workspace_wants_a_limit() -> None:
    assert call(Slack(people=Crowd(2_000)), "users.list")["error"] == "limit_required"


@pytest.mark.parametrize("workspaces", [200])
def test_two_hundred_workspaces_of_five_people_start_at_once(workspaces: int) -> None:
    started = time.perf_counter()
    slack = Slack()
    for number in range(workspaces):
        team = f"T0W{number:03d}"
        slack.add_workspace(team, people=Crowd(5, prefix=f"U{team}"), token=f"xoxb-{team}")
    for number in range(workspaces):
        person = f"UT0W{number:03d}0000001"
        assert called(slack, "chat.postMessage", token=f"xoxb-T0W{number:03d}", channel=person, text="x")["ok"]
    assert time.perf_counter() - started < 10
    assert {len(one.posted()) for one in slack.workspaces.all()[1:]} == {1}
