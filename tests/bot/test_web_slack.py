"""Signed requests on their way to Bolt and back: this module tests Slack's endpoint with a real Bolt app."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import httpx
import pytest

from tests.bot.web_examples import (
    FORM,
    JSON,
    a_bolt_app,
    a_client,
    an_app,
    click_body,
    command_body,
    event_body,
    served,
    signed,
)

EVENTS = "/slack/events"


@pytest.fixture
def heard():
    """What the listeners of the app were told, in order."""
    return []


@pytest.fixture
def client(heard):
    bolt = a_bolt_app()

    @bolt.command("/nudge")
    def command(ack, command):
        heard.append(command["text"])
        ack(f"You said {command['text']}")

    @bolt.event("app_home_opened")
    def home_opened(event, request):
        heard.append((event["user"], request.headers.get("x-slack-retry-num")))

    @bolt.action("useful")
    def useful(ack, body):
        heard.append(body["actions"][0]["value"])
        ack()

    @bolt.action("broken")
    def broken(ack):
        heard.append("broken")
        raise RuntimeError("no")

    return a_client(an_app(bolt))


def test_a_command_is_answered(client, heard):
    body = command_body("status")
    answer = client.post(EVENTS, content=body, headers=signed(body, FORM))
    assert (answer.status_code, answer.text) == (200, "You said status")
    assert heard == ["status"]


@pytest.mark.parametrize(
    "text",
    ["preview payload-basics", "payload", "payload=%7B%7D", 'payload={"type":"x"}', "a&payload=b", "ünï payload 🎉"],
)
def test_a_command_may_speak_of_payload(client, heard, text):
    body = command_body(text)
    answer = client.post(EVENTS, content=body, headers=signed(body, FORM))
    assert answer.status_code == 200
    assert heard == [text]


def test_a_lazy_listener_may_hear_of_payload_too():
    bolt, heard, done = a_bolt_app(), [], threading.Event()

    def later(command):
        heard.append(command["text"])
        done.set()

    bolt.command("/nudge")(ack=lambda ack: ack(), lazy=[later])
    body = command_body("preview payload-basics")
    assert a_client(an_app(bolt)).post(EVENTS, content=body, headers=signed(body, FORM)).status_code == 200
    assert done.wait(5)
    assert heard == ["preview payload-basics"]


def test_an_event_reaches_its_listener_with_the_number_of_its_retry(client, heard):
    body = event_body()
    headers = signed(body) | {"x-slack-retry-num": "2", "x-slack-retry-reason": "http_timeout"}
    assert client.post(EVENTS, content=body, headers=headers).status_code == 200
    assert heard == [("UANA", ["2"])]


def test_a_header_cannot_speak_to_bolt_itself(client, heard):
    body = click_body()
    headers = signed(body, FORM) | {"x-slack-bolt-lazy-only": "1", "x-slack-bolt-lazy-function-name": "useful"}
    assert client.post(EVENTS, content=body, headers=headers).status_code == 200
    assert heard == ["v"]


def test_a_tap_reaches_its_listener(client, heard):
    body = click_body()
    assert client.post(EVENTS, content=body, headers=signed(body, FORM)).status_code == 200
    assert heard == ["v"]


def test_parts_that_are_null_do_no_harm(client, heard):
    payload = {
        "type": "block_actions",
        "team": None,
        "enterprise": None,
        "view": None,
        "message": None,
        "response_urls": None,
        "channel": None,
        "user": {"id": "UANA", "team_id": "T1"},
        "actions": [{"type": "button", "block_id": "b", "action_id": "useful", "value": "v"}],
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    assert client.post(EVENTS, content=body, headers=signed(body, FORM)).status_code == 200
    assert heard == ["v"]


def test_what_nobody_listens_to_is_404(client):
    body = click_body("unheard")
    assert client.post(EVENTS, content=body, headers=signed(body, FORM)).status_code == 404


def test_slack_finds_its_challenge(client):
    body = b'{"type": "url_verification", "token": "t", "challenge": "3eZbrw1a"}'
    answer = client.post(EVENTS, content=body, headers=signed(body, JSON))
    assert (answer.status_code, answer.json()) == (200, {"challenge": "3eZbrw1a"})


def test_a_challenge_without_signature_is_not_answered(client):
    answer = client.post(EVENTS, content=b'{"type": "url_verification", "challenge": "3eZbrw1a"}')
    assert answer.status_code == 401
    assert "3eZbrw1a" not in answer.text


@pytest.mark.parametrize("is_signed", [True, False])
def test_trying_the_certificate_has_no_effect(client, heard, is_signed):
    body = b"ssl_check=1&" + command_body("stop")
    answer = client.post(EVENTS, content=body, headers=signed(body, FORM) if is_signed else {"content-type": FORM})
    assert (answer.status_code, answer.content) == (200, b"")
    assert heard == []


def test_a_request_replayed_ten_times_has_its_effect_once_and_shows_its_answer_once(client, heard):
    body = command_body("status")
    headers = signed(body, FORM)
    answers = [client.post(EVENTS, content=body, headers=headers) for _ in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 10
    assert [answer.text for answer in answers] == ["You said status"] + [""] * 9
    assert heard == ["status"]


def test_the_same_tap_signed_anew_goes_through(client, heard):
    body = click_body()
    for age_s in (0, 60):  # far apart, so that a second that passes meanwhile does not make them one
        assert client.post(EVENTS, content=body, headers=signed(body, FORM, age_s=age_s)).status_code == 200
    assert heard == ["v", "v"]


def test_what_failed_may_be_sent_again_within_the_same_second(client, heard):
    body = click_body("broken")
    headers = signed(body, FORM)
    assert [client.post(EVENTS, content=body, headers=headers).status_code for _ in range(2)] == [500, 500]
    assert heard == ["broken", "broken"]


def test_a_repeat_waits_for_the_first_and_gets_its_status():
    bolt, heard, entered, go_on = a_bolt_app(), [], threading.Event(), threading.Event()

    @bolt.action("useful")
    def useful(ack):
        heard.append("tap")
        entered.set()
        go_on.wait(10)
        ack()

    body = click_body()
    headers = signed(body, FORM)
    with served(an_app(bolt)) as url, httpx.Client(base_url=url) as client, ThreadPoolExecutor(4) as threads:
        posts = [threads.submit(client.post, EVENTS, content=body, headers=headers) for _ in range(4)]
        assert entered.wait(10)
        go_on.set()
        assert [post.result(10).status_code for post in posts] == [200] * 4
    assert heard == ["tap"]


def test_slow_listeners_do_not_hold_up_the_health_pages():
    bolt, go_on = a_bolt_app(), threading.Event()

    @bolt.command("/nudge")
    def slow(ack):
        go_on.wait(20)
        ack()

    limits = httpx.Limits(max_connections=100)
    with (
        served(an_app(bolt)) as url,
        httpx.Client(base_url=url, limits=limits, timeout=30) as client,
        ThreadPoolExecutor(60) as threads,
    ):
        bodies = [command_body(f"status {number}") for number in range(60)]
        posts = [threads.submit(client.post, EVENTS, content=body, headers=signed(body, FORM)) for body in bodies]
        try:
            pages = [client.get(path).status_code for path in ("/healthz", "/readyz", "/metrics")]
            assert not all(post.done() for post in posts)
        finally:
            go_on.set()
        assert {post.result(20).status_code for post in posts} == {200}
    assert pages == [200, 200, 200]


def test_people_s_words_never_reach_the_log(client, caplog):
    caplog.set_level(0)
    body = command_body("the reorganisation worries me")
    client.post(EVENTS, content=body, headers=signed(body, FORM, secret="another"))
    client.post(EVENTS, content=b"[" + body, headers=signed(b"[" + body, FORM))
    assert "reorganisation" not in caplog.text
