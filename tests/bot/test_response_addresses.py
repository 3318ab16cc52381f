"""Answers at a click's own address: they go out once, over a kept connection, and say whether they were taken."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from bot.slack_api import ResponseAddresses


class Heard(BaseHTTPRequestHandler):
    """Notes what came, and over which connection; answers as the address says."""

    protocol_version = "HTTP/1.1"
    bodies: ClassVar[list[Any]] = []
    connections: ClassVar[set[Any]] = set()

    def do_POST(self) -> None:
        self.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.connections.add(self.client_address)
        self.send_response(int(self.path.strip("/")))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def slack() -> Iterator[str]:
    Heard.bodies.clear()
    Heard.connections.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Heard)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_answers_go_out_over_one_connection_and_are_taken(slack: str) -> None:
    addresses = ResponseAddresses()
    assert addresses.post(f"{slack}/200", {"text": "Grüße", "blocks": [{"type": "divider"}]})
    assert addresses.post(f"{slack}/200", {"text": "again"})
    addresses.close()
    assert [one["text"] for one in Heard.bodies] == ["Grüße", "again"]
    assert len(Heard.connections) == 1


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_what_is_refused_is_said_and_never_sent_again(slack: str, status: int) -> None:
    addresses = ResponseAddresses()
    assert not addresses.post(f"{slack}/{status}", {"text": "x"})
    addresses.close()
    assert len(Heard.bodies) == 1


def test_where_nobody_answers_nothing_was_taken() -> None:
    addresses = ResponseAddresses()
    assert not addresses.post("http://127.0.0.1:9/", {"text": "x"})
    addresses.close()
