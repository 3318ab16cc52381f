"""Several workspaces in one sandbox, each by its own token: this module tests that none sees or slows another."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from bot.sandbox.delivery import Envelope
from bot.sandbox.errors import Impossible
from bot.sandbox.faults import Faults
from bot.sandbox.in_process import InProcessClient
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import BOT_TOKEN, HANG_SECONDS, LATE_HEADER, Slack
from tests.sandbox.helpers import a_user, call, called, posted, some_people

TWO = "xoxb-two"


@pytest.fixture
def two(slack: Slack) -> Slack:
    return slack.add_workspace("T0TWO", people=[a_user("U0ANA", name="another-ana"), a_user("U0EVA")], token=TWO)


def test_the_token_decides_which_workspace_a_call_is_about(slack: Slack, two: Slack) -> None:
    assert [called(slack, "auth.test", token=token)["team_id"] for token in (BOT_TOKEN, TWO)] == ["T0SANDBOX", "T0TWO"]
    assert called(two, "auth.test", token=BOT_TOKEN)["team_id"] == "T0SANDBOX"
    posted(slack, "U0EVA", token=TWO)
    assert call(slack, "chat.postMessage", channel="U0EVA", text="x")["error"] == "channel_not_found"
    assert (len(slack.posted()), len(two.posted())) == (0, 1)


def test_a_team_id_beside_a_workspaces_own_token_changes_nothing(slack: Slack, two: Slack) -> None:
    members = called(slack, "users.list", token=TWO, team_id="T0SANDBOX")["members"]
    assert {member["id"] for member in members if member["id"].startswith("U0E")} == {"U0EVA"}


def test_one_id_in_two_workspaces_is_two_people_with_a_conversation_each(slack: Slack, two: Slack) -> None:
    one, other = posted(slack)["channel"], posted(slack, token=TWO)["channel"]
    assert one != other
    assert call(slack, "conversations.history", channel=other)["error"] == "channel_not_found"
    assert called(slack, "users.info", user="U0ANA", token=TWO)["user"]["name"] == "another-ana"


def test_a_workspace_has_a_bot_of_its_own_and_the_app_is_the_same(slack: Slack, two: Slack) -> None:
    home, other = (called(slack, "auth.test", token=token) for token in (BOT_TOKEN, TWO))
    assert home["user_id"] != other["user_id"]
    assert home["bot_id"] != other["bot_id"]
    assert slack.state.app.app_id == two.state.app.app_id


def test_one_app_hears_all_workspaces_and_each_event_names_its_own(slack: Slack, two: Slack) -> None:
    heard: list[Envelope] = []
    slack.delivery.connect(heard.append)
    slack.do.message("U0ANA", "hello")
    two.do.message("U0ANA", "hello")
    two.do.command("U0EVA", "/nudge", "help")
    assert [envelope.payload["team_id"] for envelope in heard] == ["T0SANDBOX", "T0TWO", "T0TWO"]
    assert heard[1].payload["authorizations"][0]["team_id"] == "T0TWO"
    assert len({envelope.id for envelope in heard}) == 3
    assert heard[0].payload["event_id"] != heard[1].payload["event_id"]


def test_a_response_url_leads_back_to_its_own_workspace(slack: Slack, two: Slack) -> None:
    heard: list[Envelope] = []
    slack.delivery.connect(heard.append)
    two.do.command("U0EVA", "/nudge", "help")
    key = heard[0].payload["response_url"].rsplit("/", 1)[1]
    assert slack.respond(key, {"text": "Here you are"}).status == 200
    dm = two.state.channels[two.state.dms["U0EVA"]]
    assert [message.text for message in dm.newest_first()] == ["Here you are"]


def test_where_the_app_is_not_installed_nothing_reaches_it(slack: Slack) -> None:
    heard: list[Envelope] = []
    slack.delivery.connect(heard.append)
    three = slack.add_workspace("T0THREE", people=some_people())
    assert three.do.message("U0ANA", "hello").error == "not_installed"
    assert three.do.command("U0ANA", "/nudge").error == "not_installed"
    assert heard == []


def test_a_workspace_is_added_once_and_found_by_its_id(slack: Slack, two: Slack) -> None:
    assert slack.workspace("T0TWO") is two
    with pytest.raises(Impossible):
        slack.add_workspace("T0TWO")
    with pytest.raises(Impossible):
        slack.workspace("T0NONE")


@pytest.mark.parametrize(
    "faults",
    [{"rate_limit": 1.0}, {"server_error": 1.0}, {"hang": 1.0}, {"post_limit_per_s": 1.0, "post_retry_after": 2}],
)
def test_faults_and_limits_of_one_workspace_leave_the_other_alone(slack: Slack, faults: dict[str, Any]) -> None:
    slack.add_workspace("T0TWO", people=some_people(), token=TWO, faults=Faults(**faults))
    for _ in range(3):
        slack.call("chat.postMessage", {"channel": "U0ANA", "text": "x"}, TWO)
        posted(slack)
    assert slack.call("chat.postMessage", {"channel": "U0ANA", "text": "x"}, TWO).status >= 400


def test_a_workspace_can_hang_for_every_method(slack: Slack, two: Slack) -> None:
    two.set_faults(hang=1.0, methods=["*"])
    status, headers, _ = slack.call("users.list", {}, TWO)
    assert (status, headers[LATE_HEADER]) == (504, str(HANG_SECONDS))
    assert two.posted() == []
    with pytest.raises(TimeoutError):
        InProcessClient(slack, token=TWO).chat_postMessage(channel="U0ANA", text="x")


def test_a_hanging_workspace_does_not_delay_another_over_http(server: SandboxServer) -> None:
    two = server.slack.add_workspace("T0TWO", people=some_people(), token=TWO, faults=Faults(hang=1.0))
    hanging = WebClient(token=TWO, base_url=server.api_url, retry_handlers=[], timeout=1)
    client = WebClient(token=BOT_TOKEN, base_url=server.api_url, retry_handlers=[], timeout=5)
    with pytest.raises(TimeoutError):
        hanging.chat_postMessage(channel="U0ANA", text="x")
    started = time.monotonic()
    client.chat_postMessage(channel="U0ANA", text="x")
    assert time.monotonic() - started < 3
    assert (len(server.slack.posted()), len(two.posted())) == (1, 0)


def test_requests_of_the_page_may_name_a_workspace(server: SandboxServer, page: httpx.Client) -> None:
    added = page.post("/ui/workspaces", json={"id": "T0TWO", "people": 3, "token": TWO}).json()
    assert (added["people"], added["installation"]) == (5, "T0TWO")  # with Slackbot and the app's own bot
    assert server.slack.workspace("T0TWO").state.base_url == server.url
    page.post("/ui/faults", json={"workspace": "T0TWO", "rate_limit": 1.0})
    assert page.get("/ui/faults", params={"workspace": "T0TWO"}).json()["rate_limit"] == 1.0
    assert page.get("/ui/faults").json()["rate_limit"] == 0.0
    assert page.post("/ui/message", json={"workspace": "T0TWO", "person": "U0TWO0000001", "text": "hi"}).json()["error"]
    assert page.get("/ui/view", params={"workspace": "T0TWO", "person": "U0TWO0000001"}).json()["dm"]["messages"]
    assert page.get("/ui/people", params={"workspace": "T0NONE"}).status_code == 400
    assert [one["id"] for one in page.get("/ui/workspaces").json()["workspaces"]] == ["T0SANDBOX", "T0TWO"]
