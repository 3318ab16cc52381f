"""Socket Mode with slack_sdk's own client and a Bolt app: this module tests the websockets."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from slack_bolt import Ack, App, Respond, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from websockets.exceptions import ConnectionClosed, ConnectionClosedError
from websockets.sync.client import ClientConnection, connect

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, Slack
from tests.sandbox.helpers import a_home, a_modal, some_buttons, wait_until


def new_address(server: SandboxServer) -> str:
    return str(WebClient(token=APP_TOKEN, base_url=server.api_url).apps_connections_open(app_token=APP_TOKEN)["url"])


@contextmanager
def a_socket(server: SandboxServer) -> Iterator[ClientConnection]:
    with connect(new_address(server), proxy=None) as socket:
        assert json.loads(socket.recv(timeout=5))["type"] == "hello"
        wait_until(server.hub.is_up)
        yield socket


@pytest.fixture
def bolt(server: SandboxServer, client: WebClient) -> Iterator[App]:
    """A small app of the usual kind, connected."""
    app = App(client=client)
    handler = SocketModeHandler(app, APP_TOKEN, ping_interval=0.3)
    handler.client.web_client.base_url = server.api_url
    _listen(app)
    handler.connect()
    wait_until(server.hub.is_up)
    yield app
    _disconnect(handler.client, server)


def _disconnect(client: SocketModeClient, server: SandboxServer) -> None:
    """Let the server hang up first: the SDK's client would wait three seconds for a last message."""
    client.auto_reconnect_enabled = False
    server.hub.drop()
    wait_until(lambda: not client.is_connected())
    client.close()


def _listen(app: App) -> None:
    @app.action("go")
    def clicked(ack: Ack, body: dict[str, Any], respond: Respond, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=a_modal())
        ack()
        respond(text="Thank you", replace_original=True)

    @app.view("form")
    def submitted(ack: Ack, view: dict[str, Any]) -> None:
        value = view["state"]["values"]["why"]["text"]["value"]
        if value == "bad":
            ack(response_action="errors", errors={"why": "Too short."})
        else:
            ack()

    @app.command("/nudge")
    def commanded(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"You said {command['text']}")

    @app.event("message")
    def said(event: dict[str, Any], say: Say) -> None:
        say(f"I heard {event['text']}")

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view=a_home())


def view_of(page: httpx.Client) -> dict[str, Any]:
    view: dict[str, Any] = page.get("/ui/view", params={"person": "U0ANA"}).json()
    return view


def texts(page: httpx.Client) -> list[str]:
    return [message["text"] for message in view_of(page)["dm"]["messages"]]


def test_a_bolt_app_hears_clicks_forms_commands_and_words(bolt: App, client: WebClient, page: httpx.Client) -> None:
    sent = client.chat_postMessage(channel="U0ANA", text="Hello", blocks=[some_buttons()])
    click = {"person": "U0ANA", "source": "message", "ts": sent["ts"], "block_id": "buttons", "action_id": "go"}
    answer = page.post("/ui/click", json=click).json()
    assert (answer["ok"], answer["error"]) == (True, None)
    assert 0 < answer["ack_ms"] < 3_000
    wait_until(lambda: texts(page) == ["Thank you"])
    form = {"person": "U0ANA", "view_id": view_of(page)["modals"][0]["id"]}
    bad = page.post("/ui/submit", json={**form, "values": _why("bad")}).json()
    assert bad["errors"] == {"why": "Too short."}
    assert page.post("/ui/submit", json={**form, "values": _why("good")}).json()["ok"]
    assert view_of(page)["modals"] == []
    page.post("/ui/command", json={"person": "U0ANA", "command": "/nudge", "text": "status"})
    assert texts(page)[-1] == "You said status"
    page.post("/ui/message", json={"person": "U0ANA", "text": "stop"})
    wait_until(lambda: texts(page)[-1] == "I heard stop")
    page.post("/ui/open", json={"person": "U0ANA", "tab": "home"})
    wait_until(lambda: view_of(page)["home"])
    assert view_of(page)["app"] == {"connected": True, "transport": "socket", "name": "Nudger"}


def _why(value: str) -> dict[str, Any]:
    return {"why": {"text": {"type": "plain_text_input", "value": value}}}


def test_a_bolt_app_comes_back_after_a_broken_connection(bolt: App, server: SandboxServer, page: httpx.Client) -> None:
    page.post("/ui/faults", json={"drop_socket": True})
    wait_until(lambda: not server.hub.is_up())
    wait_until(server.hub.is_up, seconds=15)
    assert page.post("/ui/command", json={"person": "U0ANA", "command": "/nudge", "text": "x"}).json()["ok"]


def test_the_sdks_builtin_client_speaks_with_the_sandbox(server: SandboxServer, slack: Slack) -> None:
    heard: list[SocketModeRequest] = []

    def take(client: Any, request: SocketModeRequest) -> None:
        heard.append(request)
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client = SocketModeClient(app_token=APP_TOKEN, web_client=WebClient(base_url=server.api_url))
    client.socket_mode_request_listeners.append(take)
    client.connect()
    wait_until(server.hub.is_up)
    assert slack.do.message("U0ANA", "hello").ok
    assert (heard[0].type, heard[0].payload["event"]["text"]) == ("events_api", "hello")
    _disconnect(client, server)


def test_a_ticket_is_good_for_one_connection(server: SandboxServer) -> None:
    address = new_address(server)
    with connect(address, proxy=None) as first, connect(address, proxy=None) as second:
        assert json.loads(first.recv(timeout=5))["type"] == "hello"
        with pytest.raises(ConnectionClosed):
            second.recv(timeout=5)


def test_a_socket_needs_the_app_token(client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client.api_call("apps.connections.open")


def test_an_envelope_without_an_ack_is_the_persons_error(server: SandboxServer, slack: Slack) -> None:
    slack.delivery.ack_seconds, slack.delivery.retry_waits = 0.1, (0.01,)
    with a_socket(server) as socket:
        assert slack.do.message("U0ANA", "hello").error == "timeout"
        first, again = (json.loads(socket.recv(timeout=5)) for _ in range(2))
    assert (first["retry_attempt"], again["retry_attempt"], again["retry_reason"]) == (0, 1, "http_timeout")
    assert first["payload"]["event_id"] == again["payload"]["event_id"]
    assert first["envelope_id"] != again["envelope_id"]
    assert first["accepts_response_payload"] is False


def test_each_payload_goes_to_one_of_the_connections(server: SandboxServer, slack: Slack) -> None:
    slack.delivery.ack_seconds, slack.delivery.retry_waits = 0.05, ()
    with a_socket(server) as one, a_socket(server) as other:
        wait_until(lambda: server.hub.count() == 2)
        slack.do.message("U0ANA", "first")
        slack.do.message("U0ANA", "second")
        texts = {json.loads(socket.recv(timeout=5))["payload"]["event"]["text"] for socket in (one, other)}
    assert texts == {"first", "second"}


def test_the_eleventh_connection_is_sent_away(server: SandboxServer) -> None:
    with ExitStack() as sockets:
        for _ in range(10):
            sockets.enter_context(a_socket(server))
        eleventh = sockets.enter_context(connect(new_address(server), proxy=None))
        assert json.loads(eleventh.recv(timeout=5))["reason"] == "too_many_websockets"


def test_a_socket_that_breaks_before_the_ack_is_the_persons_error(server: SandboxServer, slack: Slack) -> None:
    slack.set_faults(drop_before_ack=1.0)
    with a_socket(server):
        assert slack.do.command("U0ANA", "/nudge").error == "dropped"


def test_a_connection_cut_off_is_gone_without_a_closing_frame(server: SandboxServer) -> None:
    with a_socket(server) as socket:
        server.hub.cut()
        with pytest.raises(ConnectionClosedError) as closed:
            socket.recv(timeout=5)
    assert closed.value.rcvd is None
    assert not server.hub.is_up()


def test_the_app_can_be_asked_to_reconnect(server: SandboxServer) -> None:
    with a_socket(server) as socket:
        server.hub.ask_to_reconnect()
        assert json.loads(socket.recv(timeout=5))["reason"] == "refresh_requested"
