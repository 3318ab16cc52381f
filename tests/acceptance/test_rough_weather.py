"""Slack at its worst: this module tells twice, drops sockets, loses answers and forges, and counts what is left."""

import hashlib
import hmac
import json
import time
from collections import Counter
from urllib.parse import urlencode

import httpx
import pytest

from bot.sandbox.workspace import SIGNING_SECRET
from nudges.services.people.sync_people import sync_people
from tests.acceptance.acting import Someone, shown
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import TRANSPORTS, RunningApp, wait_until
from tests.acceptance.small_company import ADMIN, BILLING, ORDERS, TUESDAY_NOON

TIP, QUIZ = "Stuck on a billing question", "Where do you ask first?"
MAIL, CHANNEL = "A mail to the lead", "#ask-billing"


@pytest.fixture(params=TRANSPORTS)
def on_tuesday(request: pytest.FixtureRequest, start: StartApp) -> RunningApp:
    """An app of the test's own on Tuesday, tip and quiz being out."""
    app = start(transport=request.param)
    app.publish("find-an-expert")
    app.walk_to(TUESDAY_NOON)
    return app


def answers_of(person: Someone) -> str:
    """Return what is stored of a person's answers."""
    return person.asks("my-data").partition("What you tapped")[2]


def test_whatever_slack_tells_twice_counts_once(on_tuesday: RunningApp) -> None:
    app, maya = on_tuesday, Someone(on_tuesday, "U0MAYA")
    app.slack.set_faults(duplicate_event=1.0, duplicate_interaction=1.0)
    assert maya.click(MAIL, QUIZ).ok
    assert maya.click("Useful", TIP).ok
    maya.sees("only you learn the answer")
    maya.sees("Thanks, marked useful")
    maya.reports("no_time", under=TIP)
    assert maya.types("Thanks for this").ok
    wait_until(lambda: heard(app, "block_actions") >= 6 and heard(app, "view_submission") >= 2)
    app.slack.set_faults(duplicate_event=0.0, duplicate_interaction=0.0)
    told = answers_of(maya)
    assert (told.count("useful"), told.count("mail")) == (1, 1)
    assert len([one for one in maya.got() if not one["blocks"]]) == 1


@pytest.mark.parametrize("on_tuesday", ["socket"], indirect=True)
def test_a_socket_that_breaks_before_the_ack_loses_nothing(on_tuesday: RunningApp) -> None:
    app, bea = on_tuesday, Someone(on_tuesday, "U0BEA")
    app.slack.set_faults(drop_before_ack=1.0)
    outcome = bea.click(MAIL, QUIZ)
    app.slack.set_faults(drop_before_ack=0.0)
    assert not outcome.ok, "Slack shows its own error, and the person presses again"
    wait_until(lambda: app.slack.delivery.transport() is not None)
    if CHANNEL in shown(bea.message(QUIZ)) and "*Your answer:*" not in shown(bea.message(QUIZ)):
        bea.click(MAIL, QUIZ)
    bea.sees("only you learn the answer")
    assert answers_of(bea).count("mail") == 1


@pytest.mark.parametrize("on_tuesday", ["socket"], indirect=True)
def test_after_every_socket_broke_the_app_comes_back_by_itself(on_tuesday: RunningApp) -> None:
    on_tuesday.slack.set_faults(drop_socket=True)
    wait_until(lambda: on_tuesday.slack.delivery.transport() is not None)
    assert wait_until(lambda: Someone(on_tuesday, "U0CARL").click("Useful", TIP).ok)


def heard(app: RunningApp, kind: str) -> int:
    """Return how many payloads of a kind reached the app."""
    return sum(record.what.endswith(kind) and record.ok for record in app.slack.calls.after(0))


def test_lost_late_and_broken_answers_neither_lose_nor_double_a_nudge(start: StartApp) -> None:
    app = start(nudger_timeout_s=1.0, nudger_lease_s=1.0, nudger_settle_s=3.0)
    app.slack.set_faults(
        lost_answer=0.2, late_acceptance=0.1, server_error=0.1, not_json=0.1, rate_limit=0.1, late_seconds=1.5
    )
    app.publish("find-an-expert")
    app.walk_to(TUESDAY_NOON)
    counted = Counter(one.delivery_id for one in app.slack.posted() if one.delivery_id)
    assert set(counted.values()) == {1}
    assert {len(app.posted_to(person)) for person in BILLING + ORDERS} == {2}
    app.slack.set_faults(lost_answer=0, late_acceptance=0, server_error=0, not_json=0, rate_limit=0)
    said = Someone(app, ADMIN).asks("status")
    assert f"= {len(counted)} sent" in said


def test_a_busy_slack_does_not_keep_the_directory_from_being_read(start: StartApp) -> None:
    app = start()
    app.slack.set_faults(rate_limit=0.5, methods=["users.list"])
    report = sync_people(app.nudger.core)
    assert report.people == len(app.slack.state.users)
    assert "ratelimited" in [asked.error for asked in app.slack.asked if asked.method == "users.list"]


def test_a_message_slack_refuses_for_good_stops_that_person_only(start: StartApp) -> None:
    app = start()
    app.publish("find-an-expert")
    app.slack.deactivate("U0MAYA")
    app.walk_to(TUESDAY_NOON)
    assert app.posted_to("U0MAYA") == []
    assert len(app.posted_to("U0BEA")) == 2
    assert "balance" not in Someone(app, ADMIN).asks("status")


def signed(body: bytes, *, secret: str = SIGNING_SECRET, age: int = 0) -> dict[str, str]:
    """Return the headers of a request as Slack signs it."""
    stamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


def test_forged_stale_and_malformed_requests_are_refused_and_change_nothing(start: StartApp) -> None:
    app = start(transport="http")
    app.publish("find-an-expert")
    fields = {"command": "/nudge", "text": "pause all", "user_id": ADMIN, "team_id": "T0SANDBOX", "trigger_id": "1"}
    body = urlencode(fields).encode()
    url = f"http://127.0.0.1:{app.settings.nudger_port}/slack/events"
    wrong = [
        signed(body, secret="guessed"),
        signed(body, age=600),
        signed(body + b"x"),
        {},
        {"X-Slack-Signature": "v0=\u00e9", "X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Signature": "", "X-Slack-Request-Timestamp": "9" * 400},
    ]
    with httpx.Client(trust_env=False) as client:
        for headers in wrong:
            encoded = {name: value.encode("utf-8") for name, value in headers.items()}
            assert client.post(url, content=body, headers=encoded).status_code == 401
        assert client.post(url, content=json.dumps({"type": "url_verification"}), headers={}).status_code == 401
    assert "running" in Someone(app, ADMIN).asks("campaigns"), "nothing was paused"
