"""Requests that are not Slack's, or not as Slack sends them: this module tests the guard before Bolt."""

import json
import logging
import random
import socket
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.responses import Response

from bot.web_guard import BODY_MAX, REMEMBERED_FOR, REMEMBERED_MAX, Guard, Repeats
from tests.bot.web_examples import (
    FORM,
    NOW,
    SECRET,
    a_bolt_app,
    a_client,
    an_app,
    click_body,
    command_body,
    event_body,
    run_alone,
    served,
    signed,
)
from tests.soak import IS_LONG, luck, times

EVENTS = "/slack/events"
NESTED = b'{"authorizations":[' * 900 + b"{}" + b"]}" * 900
STRANGE = ("", " ", "0", "-1", "1e9", "١٢٣", "nan", "9" * 5000, "1700000000 ", "v0=", "v0=é", "v1=" + "0" * 64, "\x01")


def an_app_that_must_not_hear():
    bolt, heard = a_bolt_app(), []
    bolt.command("/nudge")(lambda ack, body: (heard.append(body), ack()))
    bolt.event("app_home_opened")(lambda body: heard.append(body))
    bolt.action("useful")(lambda ack, body: (heard.append(body), ack()))
    return bolt, heard


@pytest.mark.parametrize("age_s", [301, -301, 10**6, -(10**6)])
def test_a_stale_or_future_request_is_401(age_s):
    body = command_body("status")
    assert a_client(an_app()).post(EVENTS, content=body, headers=signed(body, FORM, age_s=age_s)).status_code == 401


def test_another_secret_is_401():
    body = command_body("status")
    headers = signed(body, FORM, secret=SECRET[:-1])
    assert a_client(an_app()).post(EVENTS, content=body, headers=headers).status_code == 401


@pytest.mark.parametrize("secret", ["", " "])
def test_without_a_secret_everything_is_401(secret):
    body = command_body("status")
    headers = signed(body, FORM, secret=secret)
    assert a_client(an_app(signing_secret=secret)).post(EVENTS, content=body, headers=headers).status_code == 401


def test_one_byte_changed_is_401():
    body = command_body("pause 14")
    headers = signed(body, FORM)
    changed = body.replace(b"14", b"99")
    assert a_client(an_app()).post(EVENTS, content=changed, headers=headers).status_code == 401


@pytest.mark.parametrize("header", ["x-slack-signature", "x-slack-request-timestamp"])
def test_a_missing_header_is_401(header):
    body = command_body("status")
    headers = signed(body, FORM)
    del headers[header]
    assert a_client(an_app()).post(EVENTS, content=body, headers=headers).status_code == 401


@pytest.mark.parametrize("header", ["x-slack-signature", "x-slack-request-timestamp"])
@pytest.mark.parametrize("value", STRANGE)
def test_a_malformed_header_is_401(header, value):
    body = command_body("status")
    headers = {name: text.encode() for name, text in signed(body, FORM).items()} | {header: value.encode()}
    assert ask(an_app(), body, headers) == 401


@pytest.mark.parametrize("extra", [1, 4096])
def test_a_body_above_the_cap_is_413_even_when_signed(extra):
    body = b"a" * (BODY_MAX + extra)
    assert a_client(an_app()).post(EVENTS, content=body, headers=signed(body)).status_code == 413


def test_a_body_at_the_cap_is_read():
    body = b'{"type": "url_verification", "challenge": "c"}'.ljust(BODY_MAX)
    assert a_client(an_app()).post(EVENTS, content=body, headers=signed(body)).status_code == 200


def test_a_body_that_hides_its_length_is_cut_off_at_the_cap():
    assert ask(an_app(), b"a" * (3 * BODY_MAX), {"content-length": b"10"}) == 413
    assert ask(an_app(), b"", {"content-length": str(BODY_MAX + 1).encode()}) == 413


def test_thousands_of_forged_requests_are_refused_and_reach_nobody():
    bolt, heard = an_app_that_must_not_hear()
    app, chance = an_app(bolt), random.Random(luck(20260302))
    statuses = set(ask_all(app, [forged(chance) for _ in range(times(2_000, 20_000))]))
    assert statuses <= {401, 413}
    assert heard == []


@pytest.mark.timeout(1800 if IS_LONG else 180)
def test_no_forged_request_passes_the_verifier():
    """`NUDGER_SOAK=1` tries a million, and twenty thousand over HTTP."""
    guard, chance = Guard(SECRET, clock=lambda: NOW), random.Random(luck(20260304))
    passed = sum(guard.is_genuine(*as_headers(forged(chance))) for _ in range(times(5_000, 1_000_000)))
    assert passed == 0
    body = command_body("status")
    assert Guard(SECRET).is_genuine(signed(body, FORM), body), "a true one passes"


def as_headers(request: tuple[bytes, dict[str, bytes]]) -> tuple[dict[str, str], bytes]:
    body, headers = request
    return {name: value.decode("latin-1") for name, value in headers.items()}, body


def test_odd_payloads_with_a_true_signature_never_break_the_server():
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # as in bot.runner
    bolt, _ = an_app_that_must_not_hear()
    app, chance = an_app(bolt), random.Random(luck(20260303))
    bodies = [odd_body(chance) for _ in range(1000)]
    statuses = set(ask_all(app, [(body, encoded(signed(body))) for body in bodies]))
    assert statuses == {200, 400, 404}


@pytest.mark.parametrize("body", [b"[]", b"null", b'{"a":', b"payload=%7B", b"payload=[]", b"[" * 100_000, NESTED])
def test_a_signed_body_that_is_no_payload_is_400_or_unheard(body):
    assert ask(an_app(), body, encoded(signed(body))) in (400, 404)


def test_garbage_on_the_wire_does_not_stop_the_server():
    with served(an_app()) as url:
        port = int(url.rpartition(":")[2])
        for garbage in (b"\x00\xff\r\n\r\n", b"POST /slack/events HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as wire:
                wire.sendall(garbage)
                assert b"500" not in wire.recv(100).split(b"\r\n")[0]


def test_a_signature_is_remembered_for_ten_minutes_and_no_longer():
    at = [NOW]
    repeats, runs = Repeats(lambda: at[0]), []
    for now in (NOW, NOW + REMEMBERED_FOR, NOW + REMEMBERED_FOR + timedelta(seconds=1)):
        at[0] = now
        run_alone(repeats.once("v0=a", counted(runs)))
    assert len(runs) == 2


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("bot.web_guard.REMEMBERED_MAX", 10)
    repeats, runs = Repeats(lambda: NOW), []
    for number in range(100):
        run_alone(repeats.once(f"v0={number}", counted(runs)))
    assert len(runs) == 100
    assert len(repeats._seen) <= 10 < REMEMBERED_MAX


def test_the_guard_never_raises_whatever_the_headers_are():
    guard = Guard(SECRET, clock=lambda: NOW)
    for value in (None, 3, b"v0=", [], "v0=" + "\ud800"):
        headers: Any = {"x-slack-signature": value, "x-slack-request-timestamp": str(int(NOW.timestamp()))}
        assert guard.is_genuine(headers, b"\xff") is False


def counted(runs: list[int]):
    async def work() -> Response:
        runs.append(1)
        return Response()

    return work


def ask(app: Any, body: bytes, headers: dict[str, bytes]) -> int:
    """Hand one raw request to the application and return the status."""
    return ask_all(app, [(body, headers)])[0]


def ask_all(app: Any, requests: list[tuple[bytes, dict[str, bytes]]]) -> list[int]:
    """Hand raw requests to the application; no client library tidies them up."""

    async def all_of_them() -> list[int]:
        return [await ask_once(app, body, headers) for body, headers in requests]

    return run_alone(all_of_them())


async def ask_once(app: Any, body: bytes, headers: dict[str, bytes]) -> int:
    pieces = [body[start : start + 65536] for start in range(0, len(body), 65536)] or [b""]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages[-1]["more_body"] = False
    statuses: list[int] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    head = [(name.encode(), value) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": EVENTS, "raw_path": EVENTS.encode(), "query_string": b""}
    await app(scope | {"headers": head, "client": ("10.0.0.1", 1), "http_version": "1.1"}, receive, send)
    return statuses[0]


def encoded(headers: dict[str, str]) -> dict[str, bytes]:
    return {name: value.encode() for name, value in headers.items()}


def forged(chance: random.Random) -> tuple[bytes, dict[str, bytes]]:
    """Return a request as somebody without the secret may send it."""
    body = chance.choice([event_body(), command_body("stop"), click_body(), chance.randbytes(50), b""])
    headers = encoded(signed(body, secret=chance.choice(["", "guess", SECRET.upper()]) or "x"))
    for _ in range(chance.randint(0, 3)):
        name = chance.choice(list(headers))
        value = chance.choice([chance.randbytes(chance.randint(0, 80)), chance.choice(STRANGE).encode()])
        headers[name] = value
    return body, headers


def odd_body(chance: random.Random) -> bytes:
    """Return a payload of Slack's with some of its parts replaced by nonsense."""
    which = chance.choice(["event", "click", "command"])
    if which == "command":
        fields = parse_qsl(command_body(chance.choice(["status", "payload"])).decode())
        chance.shuffle(fields)
        return urlencode(fields[: chance.randint(0, len(fields))]).encode()
    text = event_body() if which == "event" else dict(parse_qsl(click_body().decode()))["payload"].encode()
    payload = json.loads(text)
    for _ in range(chance.randint(0, 4)):
        spoil(payload, chance)
    dumped = json.dumps(payload)
    return dumped.encode() if which == "event" else urlencode({"payload": dumped}).encode()


def spoil(node: Any, chance: random.Random) -> None:
    """Replace, remove or add something somewhere in the payload."""
    junk = chance.choice([None, 0, "", "x", [], {}, [None], {"id": None}, True, 1.5, [[]], "\ud800"])
    while isinstance(node, dict) and node:
        name = chance.choice(list(node))
        if chance.random() < 0.4 or not isinstance(node[name], dict):
            if chance.random() < 0.3:
                del node[name]
            else:
                node[name] = junk
            node.setdefault(chance.choice(["authorizations", "view", "team", "enterprise", "user", "event"]), junk)
            return
        node = node[name]
