"""Kept connections: what a server does to them, and what may be said of a post then."""

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from bot.slack_api.connections import AnswerLost, Connections, NotConnected

OK = json.dumps({"ok": True}).encode()


def whole(body: bytes, *more: str) -> bytes:
    head = "\r\n".join(("HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *more))
    return f"{head}\r\n\r\n".encode() + body


class Server:
    """Answers each connection with what was prepared for it, one answer a request, and closes it then."""

    def __init__(self, *connections: list[bytes]) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/api/chat.postMessage"
        self.requests: list[bytes] = []
        self.closed = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._serve, args=(connections,), daemon=True)
        self._thread.start()

    def _serve(self, connections: tuple[list[bytes], ...]) -> None:
        with suppress(OSError):  # a test that is over closes what nobody connected to any more
            for answers in connections:
                with self.listening.accept()[0] as connected, connected.makefile("rb") as reading:
                    for answer in answers:
                        head = b"".join(iter(reading.readline, b"\r\n"))
                        self.requests.append(head + reading.read(4))
                        connected.sendall(answer)
                self.closed.release()


@contextmanager
def connected(*answers: list[bytes]) -> Iterator[tuple[Server, Connections]]:
    server, connections = Server(*answers), Connections(timeout_s=5)
    yield server, connections
    connections.close()
    server.listening.close()


def post(server: Server, connections: Connections) -> str:
    return connections.post(server.url, content=b"a=b1", headers={}).text


def test_a_connection_that_the_server_closed_while_idle_is_not_used_again() -> None:
    with connected([whole(OK)], [whole(OK)]) as (server, connections):
        post(server, connections)
        assert server.closed.acquire(timeout=5)
        assert json.loads(post(server, connections)) == {"ok": True}
        assert len(server.requests) == 2


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", b"nonsense\r\n\r\n"])
def test_a_request_whose_answer_breaks_off_may_have_arrived_and_is_not_sent_again(answer: bytes) -> None:
    with connected([answer], [whole(OK)]) as (server, connections):
        with pytest.raises((AnswerLost, ConnectionError)) as raised:
            post(server, connections)
        assert not isinstance(raised.value, NotConnected)
        assert len(server.requests) == 1


def test_nobody_listening_is_surely_not_posted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/"
    with pytest.raises(NotConnected):
        Connections(timeout_s=1).post(url, content=b"", headers={})


def test_a_packed_answer_is_read() -> None:
    with connected([whole(gzip.compress(OK), "Content-Encoding: gzip")]) as (server, connections):
        assert json.loads(post(server, connections)) == {"ok": True}


def test_through_a_proxy_the_whole_address_is_asked_for() -> None:
    server = Server([whole(OK)])
    connections = Connections(timeout_s=5, proxy=server.url.replace("http://", "http://ana:secret@"))
    connections.post("http://slack.test/api/auth.test?x=1", content=b"a=b1", headers={})
    assert server.requests[0].startswith(b"POST http://slack.test/api/auth.test?x=1 HTTP/1.1")
    assert b"Proxy-Authorization: Basic YW5hOnNlY3JldA==" in server.requests[0]
    connections.close()
    server.listening.close()


def test_a_tunnel_that_is_refused_is_surely_not_posted() -> None:
    server = Server([b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"])
    connections = Connections(timeout_s=5, proxy=server.url)
    with pytest.raises(NotConnected):
        connections.post("https://slack.test/api/auth.test", content=b"", headers={})
    server.listening.close()
