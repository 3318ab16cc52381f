"""Health, readiness, metrics and what is not there: this module tests the pages of the web side."""

from datetime import timedelta

import pytest

from bot.web import SECURITY_HEADERS
from tests.bot.web_examples import NOW, a_client, a_readiness, an_app


def test_a_living_process_says_so():
    answer = a_client(an_app()).get("/healthz")
    assert (answer.status_code, answer.text) == (200, "alive\n")


def test_a_process_with_all_it_needs_is_ready():
    answer = a_client(an_app()).get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_database_reachable": False}, "database"),
        ({"is_connected": False}, "socket"),
        ({"last_tick_at": None}, "tick"),
        ({"last_tick_at": NOW - timedelta(seconds=91)}, "tick"),
    ],
)
def test_what_is_missing_is_named(changes, words):
    answer = a_client(an_app(readiness=lambda: a_readiness(**changes))).get("/readyz")
    assert answer.status_code == 503
    assert words in answer.text


def test_three_ticks_may_pass():
    late = a_readiness(last_tick_at=NOW - timedelta(seconds=90))
    assert late.obstacles == ()


def test_very_short_ticks_get_some_seconds():
    late = a_readiness(tick=timedelta(seconds=0.1), last_tick_at=NOW - timedelta(seconds=4))
    assert late.obstacles == ()


def test_several_obstacles_are_all_named():
    nothing = a_readiness(is_database_reachable=False, is_connected=False, last_tick_at=None)
    assert len(nothing.obstacles) == 3


def test_a_readiness_that_breaks_is_not_ready_and_says_nothing_of_its_trace():
    def broken():
        raise RuntimeError("password=hunter2")

    answer = a_client(an_app(readiness=broken)).get("/readyz")
    assert answer.status_code == 503
    assert "hunter2" not in answer.text


def test_metrics_are_shown_to_this_machine():
    answer = a_client(an_app()).get("/metrics")
    assert (answer.status_code, answer.text) == (200, "nudger_unknown 0.0\n")


@pytest.mark.parametrize("host", ["10.1.2.3", "::2", "testclient"])
def test_metrics_are_not_shown_to_other_machines(host):
    assert a_client(an_app(), host=host).get("/metrics").status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_proxy_on_this_machine_does_not_open_the_metrics(header):
    assert a_client(an_app()).get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_metrics_can_be_opened():
    assert a_client(an_app(metrics_for_all=True), host="10.1.2.3").get("/metrics").status_code == 200


def test_metrics_that_cannot_be_counted_are_503():
    def broken():
        raise RuntimeError("the disk is gone")

    answer = a_client(an_app(metrics=broken)).get("/metrics")
    assert answer.status_code == 503
    assert "disk" not in answer.text


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/healthz/", "/slack/events/", "/%00", "/../etc"])
def test_an_unknown_path_is_404_in_plain_words_and_leads_nowhere(path):
    answer = a_client(an_app()).get(path)
    assert answer.status_code == 404
    assert answer.text == "There is nothing at this address.\n"
    assert "location" not in answer.headers


def test_in_socket_mode_there_is_no_endpoint_for_slack():
    assert a_client(an_app(is_http=False)).post("/slack/events", content=b"{}").status_code == 404


def test_the_endpoint_is_not_a_page():
    assert a_client(an_app()).get("/slack/events").status_code == 405


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/nowhere"),
        ("GET", "/slack/events"),
        ("POST", "/slack/events"),
    ],
)
def test_every_answer_carries_the_protecting_headers(method, path):
    answer = a_client(an_app()).request(method, path)
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
