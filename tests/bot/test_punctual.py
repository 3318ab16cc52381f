"""Posts that leave in time or never: what a process does that was stopped between its claim and its post."""

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from bot.slack_api import SlackMessenger, web_client
from nudges.deadline import did_in_time, leaving_within, steady
from nudges.errors import TemporaryFailure
from tests.bot.examples import a_tip_message


class Slack(BaseHTTPRequestHandler):
    """Takes every post, and counts them."""

    protocol_version = "HTTP/1.1"
    posts: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        self.posts.append(self.rfile.read(int(self.headers["Content-Length"])))
        answer = b'{"ok": true, "channel": "D0ANA", "ts": "1.000100"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def messenger() -> Iterator[SlackMessenger]:
    Slack.posts.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Slack) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        messenger = SlackMessenger(
            web_client(token="xoxb-1", base_url=f"http://127.0.0.1:{server.server_port}/api/", timeout_s=5)
        )
        yield messenger
        messenger.close()
        server.shutdown()
        thread.join()


def test_a_post_whose_claim_has_run_out_does_not_leave(messenger: SlackMessenger) -> None:
    message = a_tip_message()
    # Surely not posted: it may be tried again.
    with leaving_within(-0.001, since=steady()), pytest.raises(TemporaryFailure):
        messenger.send("U0ANA", message)
    assert Slack.posts == []


def test_a_kept_connection_is_no_way_round_it(messenger: SlackMessenger) -> None:
    message = a_tip_message()
    with leaving_within(30, since=steady()):
        messenger.send("U0ANA", message)
    with leaving_within(-0.001, since=steady()), pytest.raises(TemporaryFailure):
        messenger.send("U0ANA", message)
    assert len(Slack.posts) == 1


def acts_in_time() -> bool:
    return did_in_time(bytes, b"x")


def test_the_time_is_the_threads_own_and_ends_with_the_post() -> None:
    with leaving_within(-1, since=steady()):
        others: list[bool] = []
        thread = threading.Thread(target=lambda: others.append(acts_in_time()))
        thread.start()
        thread.join()
        assert (acts_in_time(), others) == (False, [True])
    assert acts_in_time()


def test_a_process_that_is_stopped_before_it_sets_the_time_does_not_get_it_anew() -> None:
    with leaving_within(30, since=steady() - 31):  # asked for half a minute ago and more, and set only now
        assert not acts_in_time()


def test_no_other_thread_gets_its_turn_between_the_look_at_the_clock_and_the_write() -> None:
    steps: list[str] = []
    with leaving_within(30, since=steady()):
        sys.settrace(lambda frame, _event, _of: steps.append(frame.f_code.co_name))
        try:
            assert did_in_time(bytes, b"x")
        finally:
            sys.settrace(None)
    assert steps == ["did_in_time"]
