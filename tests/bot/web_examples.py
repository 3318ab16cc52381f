"""A tiny app behind the web side, and requests signed as Slack signs them: this module is for the web tests."""

import asyncio
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
import slack_bolt
import uvicorn
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from starlette.applications import Starlette

from bot.web import Readiness, web_app
from nudges.clock import system_clock

T = TypeVar("T")
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def a_bolt_app() -> slack_bolt.App:
    """Return an app without listeners that asks nobody who it is."""
    who = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="UBOT")
    return slack_bolt.App(
        signing_secret="not used: the guard verifies",
        client=WebClient(base_url="http://127.0.0.1:9/api/", retry_handlers=[]),
        authorize=lambda: who,
        process_before_response=True,
    )


def a_readiness(**changes: Any) -> Readiness:
    """Return the readiness of a process that is well."""
    values: dict[str, Any] = {
        "is_database_reachable": True,
        "is_connected": True,
        "last_tick_at": NOW,
        "tick": timedelta(seconds=30),
        "now": NOW,
    }
    return Readiness(**(values | changes))


def an_app(bolt: slack_bolt.App | None = None, **changes: Any) -> Starlette:
    """Return the web side of a small app."""
    values: dict[str, Any] = {
        "signing_secret": SECRET,
        "is_http": True,
        "readiness": a_readiness,
        "metrics": lambda: b"nudger_unknown 0.0\n",
    }
    return web_app(bolt or a_bolt_app(), **(values | changes))


def run_alone(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine gives, on a loop of its own; a browser under test may own this thread's."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


T = TypeVar("T")


class Client:
    """Asks the application without a network; shows what a server would answer, faults included."""

    def __init__(self, app: Starlette, host: str) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(host, 50000))

    def request(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        return run_alone(self._request(method, path, **kwargs))

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return self.request("GET", path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> httpx.Response:
        return self.request("POST", path, **kwargs)

    async def _request(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://nudger.test") as client:
            return await client.request(method, path, **kwargs)


def a_client(app: Starlette, *, host: str = "127.0.0.1") -> Client:
    """Return a client on this application that calls from a host."""
    return Client(app, host)


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Serve the application on a free port and give its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=5))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def signed(body: bytes, content_type: str = JSON, *, secret: str = SECRET, age_s: float = 0) -> dict[str, str]:
    """Return the headers with which Slack sends these bytes."""
    timestamp = str(int(system_clock().timestamp() - age_s))
    base = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={digest}",
    }


def event_body(event_id: str = "Ev1", **event: Any) -> bytes:
    """Return the body of an event."""
    inner = {"type": "app_home_opened", "user": "UANA", "channel": "D1", "tab": "home", "event_ts": "1.0"} | event
    body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": event_id, "event": inner}
    return json.dumps(body).encode()


def command_body(text: str) -> bytes:
    """Return the body of `/nudge <text>`."""
    fields = {"command": "/nudge", "text": text, "team_id": "T1", "user_id": "UANA", "channel_id": "C1"}
    return urlencode(fields | {"response_url": "https://hooks.slack.com/commands/1", "trigger_id": "1.2"}).encode()


def click_body(action_id: str = "useful") -> bytes:
    """Return the body of a tap on a button."""
    payload = {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "acme"},
        "user": {"id": "UANA", "team_id": "T1"},
        "actions": [{"type": "button", "block_id": "b", "action_id": action_id, "value": "v", "action_ts": "1.0"}],
        "container": {"type": "message", "message_ts": "1.0", "channel_id": "D1"},
        "trigger_id": "1.2",
    }
    return urlencode({"payload": json.dumps(payload)}).encode()
