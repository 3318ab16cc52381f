"""The list of needs on its way out: this module posts to a receiver here, and to addresses not to be reached."""

import hashlib
import hmac
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bot.needs_webhook import POST_ID, SIGNATURE, STAMP, NeedsWebhook, needs_webhook
from bot.settings import Settings, read_settings
from nudges.errors import SettingsError
from nudges.ports import NotTaken
from tests.fakes import FixedClock, utc

SECRET = "s" * 32
BODY = '{"needs":[{"tool":"Büro"}]}'.encode()
CLOCK = FixedClock(utc("2027-02-01 10:00"))


@dataclass
class Receiver:
    """What came, and what is answered."""

    port: int = 0
    status: int = 204
    location: str = ""
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/needs?from=nudger"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    here = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.came.append((self.path, dict(self.headers), body))
            self.send_response(here.status)
            if here.location:
                self.send_header("Location", here.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


def webhook(url: str, *, inward: bool = True) -> NeedsWebhook:
    return NeedsWebhook(url, SECRET, CLOCK, reaches_inward=inward)


def test_a_post_is_signed_so_that_only_we_can_have_made_it(receiver: Receiver) -> None:
    webhook(receiver.url).post(BODY, post_id="p1")
    path, headers, body = receiver.came[0]
    signed = f"v1:{headers[STAMP]}:".encode() + BODY
    assert (path, body, headers[POST_ID]) == ("/needs?from=nudger", BODY, "p1")
    assert headers[SIGNATURE] == "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers[STAMP] == str(int(CLOCK().timestamp()))
    assert headers["Host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize("status", [302, 400, 500])
def test_whatever_is_no_success_is_not_taken_and_nothing_is_followed(receiver: Receiver, status: int) -> None:
    receiver.status, receiver.location = status, receiver.url
    with pytest.raises(NotTaken, match=str(status)):
        webhook(receiver.url).post(BODY, post_id="p1")
    assert len(receiver.came) == 1


def test_a_machine_that_does_not_answer_is_not_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        with pytest.raises(NotTaken, match="cannot be reached"):
            webhook(f"http://127.0.0.1:{taken.getsockname()[1]}/").post(BODY, post_id="p1")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.7", "192.168.1.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.7]", "0.0.0.0",
     "[fd00::1]", "100.64.0.1", "2130706433"],
)  # fmt: skip
def test_nothing_inside_is_reached_unless_the_admin_says_so(receiver: Receiver, host: str) -> None:
    with pytest.raises(NotTaken, match=r"own machine or network|Nobody knows"):
        webhook(f"https://{host}:{receiver.port}/", inward=False).post(BODY, post_id="p1")
    assert receiver.came == []


def test_a_name_with_one_address_inside_is_not_reached(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: answers)
    with pytest.raises(NotTaken, match="own machine or network"):
        webhook(f"https://it.example.com:{receiver.port}/", inward=False).post(BODY, post_id="p1")


def test_the_connection_goes_to_the_address_that_was_looked_at(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answered(host: str, port: int | None, *_args: object, **_more: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port or 0))]

    found = webhook(f"http://it.example.com:{receiver.port}/")
    monkeypatch.setattr("bot.needs_webhook.socket.getaddrinfo", answered)
    found.post(BODY, post_id="p1")
    assert [one for one in asked if one != "127.0.0.1"] == ["it.example.com"], "asked once"
    assert receiver.came[0][1]["Host"] == f"it.example.com:{receiver.port}"


def settings_of(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def test_the_settings_make_a_webhook_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert needs_webhook(settings_of(monkeypatch), CLOCK) is None
    settings = settings_of(monkeypatch, NUDGER_NEEDS_URL="https://it.example.com/n", NUDGER_NEEDS_SECRET=SECRET)
    assert needs_webhook(settings, CLOCK) == NeedsWebhook("https://it.example.com/n", SECRET, CLOCK)
    assert SECRET in settings.secrets


@pytest.mark.parametrize(
    "values",
    [
        {"NUDGER_NEEDS_URL": "http://it.example.com/n"},
        {"NUDGER_NEEDS_URL": "http://127.0.0.1/n"},
        {"NUDGER_NEEDS_URL": "https://me:pass@it.example.com/n"},
        {"NUDGER_NEEDS_URL": "https:///n"},
        {"NUDGER_NEEDS_URL": "https://it.example.com/n", "NUDGER_NEEDS_SECRET": "short"},
        {"NUDGER_NEEDS_URL": "https://it.example.com/n", "NUDGER_NEEDS_INWARD": "maybe"},
    ],
)
def test_an_unsafe_address_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="NUDGER_NEEDS"):
        settings_of(monkeypatch, **{"NUDGER_NEEDS_SECRET": SECRET} | values)
