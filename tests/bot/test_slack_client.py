"""The posting client: this module holds that it keeps connections alive and never posts twice by itself."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from slack_sdk import WebClient

from bot.slack_api import SlackMessenger, web_client
from nudges.domain.delivery.messages import Message
from nudges.errors import OutcomeUnknown, TemporaryFailure

MESSAGE = Message("a" * 32, "tip", "Ask in the channel first.")


class CountingServer(ThreadingHTTPServer):
    """A server that counts connections and requests, and can drop the connection instead of answering."""

    daemon_threads = True
    connections = 0
    requests = 0
    is_dropping = False

    def get_request(self):  # type: ignore[no-untyped-def]
        """Count a connection."""
        self.connections += 1
        return super().get_request()


class Answer(BaseHTTPRequestHandler):
    """Every request is a post that succeeds."""

    protocol_version = "HTTP/1.1"
    server: CountingServer

    def do_POST(self) -> None:
        """Answer as chat.postMessage, or drop the connection after reading the request."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests += 1
        if self.server.is_dropping:
            self.close_connection = True
            return
        body = json.dumps({"ok": True, "channel": "D1", "ts": f"1.{self.server.requests:06}"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[CountingServer]:
    server = CountingServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def messenger(server: CountingServer) -> Iterator[SlackMessenger]:
    base_url = f"http://127.0.0.1:{server.server_port}/api/"
    messenger = SlackMessenger(web_client(token="xoxb-test", base_url=base_url, timeout_s=5))
    yield messenger
    messenger.close()


def test_posts_share_one_connection(server: CountingServer, messenger: SlackMessenger) -> None:
    receipts = [messenger.send("U1", MESSAGE) for _ in range(5)]
    assert len({receipt.message_ts for receipt in receipts}) == 5
    assert (server.requests, server.connections) == (5, 1)


def test_a_lost_answer_is_unknown_and_posted_only_once(server: CountingServer, messenger: SlackMessenger) -> None:
    server.is_dropping = True
    with pytest.raises(OutcomeUnknown):
        messenger.send("U1", MESSAGE)
    assert server.requests == 1


def test_a_refused_connection_is_surely_not_posted() -> None:
    messenger = SlackMessenger(web_client(token="xoxb-test", base_url="http://127.0.0.1:9/api/", timeout_s=2))
    with pytest.raises(TemporaryFailure):
        messenger.send("U1", MESSAGE)
    messenger.close()


def test_the_sdks_own_client_would_post_twice_and_is_refused(server: CountingServer) -> None:
    server.is_dropping = True
    default = WebClient(token="xoxb-test", base_url=f"http://127.0.0.1:{server.server_port}/api/", timeout=5)
    with pytest.raises(Exception, match=r"."):
        default.chat_postMessage(channel="U1", text="A tip.")
    assert server.requests == 2
    with pytest.raises(ValueError, match="retry handlers"):
        SlackMessenger(default)  # type: ignore[arg-type]
