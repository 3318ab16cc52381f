"""The Web API, the clock and the page's API over HTTP: this module tests the server with slack_sdk and httpx."""

import http.client
import queue
import threading
import time
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.page_json import PersonFacts
from bot.sandbox.run import build_server, facts_of, run_sandbox
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import BOT_TOKEN, Slack
from tests.sandbox.helpers import TUESDAY, a_home, a_section, some_buttons, some_people, wait_until


def test_the_sdk_posts_updates_and_reads(client: WebClient, slack: Slack) -> None:
    assert client.auth_test()["user_id"] == "U0SANDBOX"
    metadata = {"event_type": "nudge", "event_payload": {"delivery_id": "d1"}}
    sent = client.chat_postMessage(channel="U0ANA", text="Hello", blocks=[a_section()], metadata=metadata)
    client.chat_update(channel=sent["channel"], ts=sent["ts"], text="Changed")
    history = client.conversations_history(channel=sent["channel"], include_all_metadata=True, limit=15, oldest="0")
    assert history["messages"][0]["text"] == "Changed"
    assert history["messages"][0]["metadata"] == metadata
    assert client.conversations_open(users=["U0ANA"])["channel"]["id"] == sent["channel"]
    assert client.views_publish(user_id="U0ANA", view=a_home())["view"]["type"] == "home"
    assert [post.delivery_id for post in slack.posted()] == ["d1"]


def test_the_sdk_follows_the_pages_of_users(client: WebClient) -> None:
    found = [user["id"] for page in client.users_list(limit=3) for user in page["members"]]
    assert len(found) == len(set(found)) == 7


def test_a_refusal_reaches_the_sdk_with_its_messages(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="U0ANA", text="x", blocks=[{"type": "banner"}])
    assert refused.value.response["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0/type]" in refused.value.response["response_metadata"]["messages"][0]


def test_a_rate_limit_is_429_with_retry_after(client: WebClient, slack: Slack) -> None:
    slack.set_faults(rate_limit=1.0, retry_after=3)
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="U0ANA", text="x")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "3"


def test_a_lost_answer_closes_the_connection(client: WebClient, slack: Slack) -> None:
    slack.set_faults(lost_answer=1.0)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        client.chat_postMessage(channel="U0ANA", text="x")
    assert len(slack.posted()) == 1
    slack.set_faults(lost_answer=0)
    assert client.chat_postMessage(channel="U0ANA", text="y")["ok"]


def test_a_late_answer_times_out(slack: Slack, server: SandboxServer) -> None:
    slack.set_faults(late_answer=1.0, late_seconds=2)
    client = WebClient(token=BOT_TOKEN, base_url=server.api_url, retry_handlers=[], timeout=1)
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel="U0ANA", text="x")
    assert len(slack.posted()) == 1


def test_a_server_error_is_html(client: WebClient, slack: Slack) -> None:
    slack.set_faults(server_error=1.0)
    with pytest.raises(SlackApiError) as failed:
        client.chat_postMessage(channel="U0ANA", text="x")
    assert failed.value.response.status_code == 503


def test_hundreds_of_posts_a_second_are_no_effort(server: SandboxServer, slack: Slack) -> None:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    started = time.perf_counter()
    with httpx.Client(base_url=server.url, trust_env=False, headers=headers) as client:
        for number in range(300):
            client.post("/api/chat.postMessage", json={"channel": "U0ANA", "text": str(number)}).raise_for_status()
    assert len(slack.posted()) == 300
    assert time.perf_counter() - started < 10  # half a second on a quiet machine


def test_a_body_that_is_no_json_is_refused_kindly(page: httpx.Client) -> None:
    for path in ("/ui/click", "/clock", "/response/x"):
        assert page.post(path, content=b"{").status_code == 400
    assert page.post("/api/auth.test", content=b"{").json() == {"ok": False, "error": "not_authed"}


# The page


def test_the_people_of_interest_come_first() -> None:
    facts = {"U0BEN": PersonFacts(department="Billing", place="Lisbon", tags=("admin",))}
    slack = Slack(people=some_people())
    with (
        SandboxServer(slack, port=0, facts=facts) as server,
        httpx.Client(base_url=server.url, trust_env=False) as page,
    ):
        people = page.get("/ui/people").json()["people"]
        found = page.get("/ui/people", params={"q": "billing ben"}).json()["people"]
    assert [person["id"] for person in people[:2]] == ["U0BEN", "U0ANA"]
    assert {person["id"]: person["kind"] for person in people}["U0GONE"] == "deleted"
    assert [(person["id"], person["tags"]) for person in found] == [("U0BEN", ["admin"])]


def test_a_view_shows_messages_unread_until_seen(page: httpx.Client, client: WebClient) -> None:
    client.chat_postMessage(channel="U0ANA", text="Ask <@U0BEN>", blocks=[some_buttons()])
    person = page.get("/ui/people", params={"q": "ana"}).json()["people"][0]
    assert person["unread"] == 1
    view = page.get("/ui/view", params={"person": "U0ANA"}).json()
    message = view["dm"]["messages"][0]
    assert (message["user"], message["name"], message["ephemeral"], message["edited"]) == (
        "app",
        "Nudger",
        False,
        False,
    )
    assert message["blocks"][0]["block_id"] == "buttons"
    assert view["names"] == {"U0BEN": "Ben"}
    assert view["home"] is None
    assert view["modals"] == []
    assert view["app"] == {"connected": False, "transport": "none", "name": "Nudger"}
    assert page.get("/ui/people", params={"q": "ana"}).json()["people"][0]["unread"] == 0


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("/ui/click", {"person": "U0ANA", "source": "message", "block_id": "b", "action_id": "a"}, "missing_field"),
        ("/ui/click", {"person": "U0ANA", "source": "home", "block_id": "b", "action_id": "a"}, "unknown_view"),
        ("/ui/message", {"person": "U0NOBODY", "text": "x"}, "unknown_person"),
        ("/ui/open", {"person": "U0ANA", "tab": "about"}, "unknown_tab"),
        ("/ui/submit", {"person": "U0ANA", "view_id": "V0"}, "unknown_view"),
        ("/ui/faults", {"lost_answr": 1}, "bad_fault"),
        ("/ui/clock", {"to": "someday"}, "bad_instant"),
    ],
)
def test_an_impossible_request_of_the_page_is_told_why(
    page: httpx.Client, path: str, body: dict[str, Any], error: str
) -> None:
    answer = page.post(path, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert answer.json()["detail"].endswith(".")


def test_without_an_app_the_page_says_so(page: httpx.Client) -> None:
    answer = page.post("/ui/command", json={"person": "U0ANA", "command": "/nudge", "text": "help"})
    assert answer.json() == {"ok": False, "ack_ms": None, "error": "not_connected"}


def test_faults_are_switched_over_the_page(page: httpx.Client, slack: Slack) -> None:
    assert page.post("/ui/faults", json={"lost_answer": 0.5, "post_limit_per_s": 2}).json()["lost_answer"] == 0.5
    assert slack.dice.faults.post_limit_per_s == 2
    assert page.get("/ui/faults").json()["lost_answer"] == 0.5


def test_the_panel_asks_only_for_what_is_new(page: httpx.Client, client: WebClient) -> None:
    client.auth_test()
    first = page.get("/ui/calls").json()["calls"]
    client.chat_postMessage(channel="U0ANA", text="Hello")
    newer = page.get("/ui/calls", params={"after": first[-1]["n"]}).json()["calls"]
    assert [call["what"] for call in newer] == ["chat.postMessage"]


def test_an_open_page_hears_of_changes(server: SandboxServer, client: WebClient) -> None:
    with httpx.stream("GET", f"{server.url}/ui/stream", trust_env=False, timeout=5) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry")
        client.chat_postMessage(channel="U0ANA", text="Hello")
        wanted = 'data: {"type": "message", "person": "U0ANA"}'
        assert any(line == wanted for line in lines)


def test_the_page_and_its_headers_keep_to_themselves(page: httpx.Client) -> None:
    answer = page.get("/ui/people")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    front = page.get("/")
    assert front.status_code == 200
    assert "<script" in front.text


def test_no_other_site_acts_through_the_page(page: httpx.Client, server: SandboxServer) -> None:
    body = {"person": "U0ANA", "command": "/nudge", "text": "x"}
    assert page.post("/ui/command", json=body, headers={"Origin": "https://evil.example"}).status_code == 403
    assert page.post("/ui/command", json=body, headers={"Origin": server.url}).status_code == 200


# The clock


def test_a_follower_walks_the_clock() -> None:
    with (
        build_server(people=some_people(), port=0, start=TUESDAY) as server,
        httpx.Client(base_url=server.url, trust_env=False) as page,
    ):
        _walk_to_tomorrow(server.slack, page)


def _walk_to_tomorrow(slack: Slack, page: httpx.Client) -> None:
    assert page.post("/ui/clock", json={"to": "tomorrow", "person": "U0ANA"}).json()["ok"]
    move = page.get("/clock", params={"wait": 5, "seen": 0}).json()
    assert (move["move"], move["kind"]) == (1, "to")
    assert move["target"] == 1_791_360_000  # Wednesday 09:00 in Lisbon, an hour ahead of UTC
    assert page.post("/ui/clock", json={"to": "week"}).json()["error"] == "busy"
    page.post("/clock", json={"now": move["target"]})
    page.post("/clock", json={"move": 1, "done": True, "next_at": move["target"] + 60, "note": "Done."})
    clock = page.get("/ui/view", params={"person": "U0ANA"}).json()["clock"]
    assert clock == {"moving": False, "target": None, "kind": None, "next_at": move["target"] + 60, "note": "Done."}
    assert slack.clock.now() >= move["target"]


def test_a_follower_with_nothing_to_do_waits_as_long_as_it_says(page: httpx.Client) -> None:
    started = time.perf_counter()
    assert page.get("/clock", params={"wait": 0.2}).json()["target"] is None
    assert 0.15 < time.perf_counter() - started < 2


def test_a_move_nobody_follows_is_made_by_the_sandbox(slack: Slack, page: httpx.Client) -> None:
    goal = slack.clock.now() + 7 * 86_400
    page.post("/ui/clock", json={"to": "week"})
    wait_until(lambda: slack.clock.now() >= goal)


# Building


def test_a_sandbox_is_built_with_its_channels_and_tokens() -> None:
    server = build_server(
        people=some_people(),
        channels={"ask-billing": "C0BILLING"},
        facts=facts_of("slack_id,department,place\nU0ANA,Billing,Lisbon\n", {"U0BEN": ["admin"]}),
        port=0,
        bot_token="xoxb-other",
        start=TUESDAY,
    )
    with server:
        client = WebClient(token="xoxb-other", base_url=server.api_url)
        assert float(client.chat_postMessage(channel="U0ANA", text="x")["ts"]) >= TUESDAY
        assert server.slack.state.channels["C0BILLING"].name == "ask-billing"


def test_a_sandbox_runs_until_it_is_stopped() -> None:
    ready: queue.Queue[SandboxServer] = queue.Queue()
    running = threading.Thread(target=run_sandbox, args=(build_server(people=some_people(), port=0), ready.put))
    running.start()
    server = ready.get(timeout=5)
    assert httpx.get(f"{server.url}/ui/people", trust_env=False).status_code == 200
    server.stop()
    running.join(5)
    assert not running.is_alive()


def test_a_taken_port_is_an_error_at_once(server: SandboxServer) -> None:
    with pytest.raises(OSError, match="in use"):
        SandboxServer(Slack(), port=server.port)


def test_a_notice_is_on_everybodys_page_until_it_is_taken_back(page: httpx.Client) -> None:
    assert page.get("/ui/view", params={"person": "U0ANA"}).json()["notice"] is None
    assert page.post("/ui/notice", json={"text": "It went on.", "about": "one"}).json() == {"ok": True}
    assert page.get("/ui/view", params={"person": "U0BEN"}).json()["notice"] == {"text": "It went on.", "about": "one"}
    page.post("/ui/notice", json={"text": ""})
    assert page.get("/ui/view", params={"person": "U0ANA"}).json()["notice"] is None
