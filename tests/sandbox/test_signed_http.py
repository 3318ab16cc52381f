"""Events, clicks and commands by signed HTTP to a Bolt app: this module tests the second transport."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_bolt import Ack, App, BoltRequest, Say
from slack_sdk import WebClient

from bot.sandbox.run import build_server
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import BOT_TOKEN, SIGNING_SECRET
from tests.sandbox.helpers import called, posted, some_buttons, some_people, wait_until


class Receiver:
    """A tiny web server that hands requests to `answer` and keeps their headers."""

    def __init__(self) -> None:
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.app: App | None = None
        self.status = 200

    def answer(self, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any], str]:
        self.headers.append(headers)
        self.bodies.append(body)
        if self.app is None or self.status != 200:
            return self.status, {}, ""
        response = self.app.dispatch(BoltRequest(body=body.decode(), headers={**headers}))
        return response.status, response.first_headers(), response.body


@contextmanager
def listening(receiver: Receiver) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, text = receiver.answer(body, {key.lower(): value for key, value in self.headers.items()})
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/slack/events"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def signed(receiver: Receiver) -> Iterator[SandboxServer]:
    with (
        listening(receiver) as url,
        build_server(people=some_people(), port=0, events_url=url, strict=True) as server,
    ):
        wait_until(lambda: receiver.headers)
        yield server


def a_bolt_app(server: SandboxServer, secret: str = SIGNING_SECRET) -> App:
    client = WebClient(token=BOT_TOKEN, base_url=server.api_url)
    app = App(client=client, signing_secret=secret, process_before_response=True)

    @app.action("go")
    def clicked(ack: Ack) -> None:
        ack()

    @app.command("/nudge")
    def commanded(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"You said {command['text']}")

    @app.event("message")
    def said(event: dict[str, Any], say: Say) -> None:
        say(f"I heard {event['text']}")

    return app


def test_a_bolt_app_verifies_and_answers(signed: SandboxServer, receiver: Receiver) -> None:
    slack = signed.slack
    receiver.app = a_bolt_app(signed)
    sent = posted(slack, blocks=[some_buttons()])
    assert slack.do.click("U0ANA", ts=sent["ts"], block_id="buttons", action_id="go").ok
    assert slack.do.command("U0ANA", "/nudge", "status & more").ok
    assert slack.do.message("U0ANA", "hello").ok
    channel = slack.state.channels[sent["channel"]]
    texts = [message.text for message in channel.after("")]
    assert texts == ["Hello", "You said status &amp; more", "hello", "I heard hello"]
    assert receiver.headers[-1]["x-slack-signature"].startswith("v0=")
    assert called(slack, "auth.test")["ok"]


def test_a_wrong_secret_is_the_persons_error(signed: SandboxServer, receiver: Receiver) -> None:
    receiver.app = a_bolt_app(signed, secret="another")
    assert signed.slack.do.command("U0ANA", "/nudge").error == "http_401"


def test_an_event_that_fails_comes_again_with_its_number_and_reason(signed: SandboxServer, receiver: Receiver) -> None:
    signed.slack.delivery.retry_waits = (0.0, 0.01, 0.01)
    receiver.status = 500
    before = len(receiver.headers)
    assert signed.slack.do.message("U0ANA", "hello").error == "http_500"
    wait_until(lambda: len(receiver.headers) == before + 4)
    retries = receiver.headers[before + 1 :]
    assert [headers["x-slack-retry-num"] for headers in retries] == ["1", "2", "3"]
    assert {headers["x-slack-retry-reason"] for headers in retries} == {"http_error"}


def test_the_address_is_verified_once_and_the_panel_says_how_it_went(signed: SandboxServer) -> None:
    lines = wait_until(lambda: [call for call in signed.slack.calls.after(0) if call.what == "url_verification"])
    assert [line.ok for line in lines] == [False]  # nobody echoed the challenge


def test_a_bolt_app_echoes_the_challenge(signed: SandboxServer, receiver: Receiver) -> None:
    receiver.app = a_bolt_app(signed)
    assert signed.http is not None
    assert signed.http.verify()


def test_all_workspaces_post_to_one_address_and_each_names_itself(signed: SandboxServer, receiver: Receiver) -> None:
    two = signed.slack.add_workspace("T0TWO", people=some_people(), token="xoxb-two")
    signed.slack.do.message("U0ANA", "from home")
    two.do.message("U0ANA", "from two")
    signed.slack.oauth.uninstall("T0TWO")
    events = [json.loads(body) for body in receiver.bodies[-4:]]
    assert [(event["team_id"], event["event"]["type"]) for event in events] == [
        ("T0SANDBOX", "message"),
        ("T0TWO", "message"),
        ("T0TWO", "tokens_revoked"),
        ("T0TWO", "app_uninstalled"),
    ]


def test_an_app_that_is_away_is_the_persons_error() -> None:
    with build_server(people=some_people(), port=0, events_url="http://127.0.0.1:9/slack/events") as server:
        assert server.slack.do.command("U0ANA", "/nudge").error == "connection_failed"
