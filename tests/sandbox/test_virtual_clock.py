"""Virtual time only moves forward, in walks that an app may follow: this module tests the sandbox's clock."""

import httpx
import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.virtual_clock import DAY_SECONDS, VirtualClock
from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import TUESDAY, StoppedClock, some_people


@pytest.fixture
def real() -> StoppedClock:
    return StoppedClock(1_000.0)


def test_a_clock_starts_where_told_and_goes_on_with_real_time(real: StoppedClock) -> None:
    clock = VirtualClock(start=TUESDAY, real=real)
    real.at += 5
    assert clock.now() == TUESDAY + 5
    assert VirtualClock(real=real).offset == 0


def test_the_clock_never_goes_back(real: StoppedClock) -> None:
    clock = VirtualClock(start=TUESDAY, real=real)
    clock.advance_to(TUESDAY + 60)
    clock.advance_to(TUESDAY)
    assert clock.now() == TUESDAY + 60


def test_a_walk_is_heard_once_and_ends(real: StoppedClock) -> None:
    clock = VirtualClock(start=TUESDAY, real=real)
    assert clock.hear(0) is None
    move = clock.begin_move(target=TUESDAY + 60, kind="to")
    assert move is not None
    heard = clock.hear(0)
    assert heard is not None
    assert (heard.n, heard.target) == (1, TUESDAY + 60)
    assert clock.hear(1) is None
    assert clock.begin_move(target=None, kind="next") is None
    clock.end_move(1, next_at=TUESDAY + 90, note="Two messages left.")
    assert (clock.move.moving, clock.move.next_at, clock.move.note) == (False, TUESDAY + 90, "Two messages left.")


def test_the_walk_to_the_next_message_has_a_month_to_find_one(real: StoppedClock) -> None:
    clock = VirtualClock(start=TUESDAY, real=real)
    move = clock.begin_move(target=None, kind="next")
    assert move is not None
    assert move.target == TUESDAY + 31 * DAY_SECONDS


def test_a_walk_nobody_follows_is_made_after_two_seconds(real: StoppedClock) -> None:
    clock = VirtualClock(start=TUESDAY, real=real)
    clock.begin_move(target=TUESDAY + DAY_SECONDS, kind="to")
    assert not clock.carry_out_unfollowed()
    real.at += 2.1
    assert clock.carry_out_unfollowed()
    assert (clock.now(), clock.move.moving) == (TUESDAY + DAY_SECONDS, False)


def test_a_walk_that_is_followed_is_left_to_its_follower(real: StoppedClock) -> None:
    clock = VirtualClock(start=TUESDAY, real=real)
    clock.begin_move(target=TUESDAY + DAY_SECONDS, kind="to")
    clock.hear(0)
    real.at += 60
    assert not clock.carry_out_unfollowed()
    real.at += 200
    assert clock.carry_out_unfollowed()


def test_without_an_app_there_is_no_next_message_to_walk_to(real: StoppedClock) -> None:
    clock = VirtualClock(start=TUESDAY, real=real)
    clock.begin_move(target=None, kind="next")
    real.at += 3
    assert clock.carry_out_unfollowed()
    assert clock.now() == TUESDAY + 3


def test_whoever_lives_here_is_asked_before_a_step_and_may_shorten_it() -> None:
    slack = Slack(people=some_people(), start=TUESDAY)
    slack.clock.before_step = lambda wanted: min(wanted, TUESDAY + 600)
    with SandboxServer(slack, port=0) as server:
        answer = httpx.post(f"{server.url}/clock", json={"now": TUESDAY + 3_600}, trust_env=False)
        assert answer.json()["offset"] == slack.clock.offset
        assert TUESDAY + 600 <= slack.clock.now() < TUESDAY + 660


def test_whoever_the_visitor_acts_as_is_theirs_and_the_diary_can_be_switched_off() -> None:
    slack = Slack(people=some_people(), start=TUESDAY)
    slack.diary.note("saved a nudge for later", at=TUESDAY, person="U0BEN")
    with SandboxServer(slack, port=0) as server:
        httpx.post(f"{server.url}/ui/message", json={"person": "U0ANA", "text": "Hello"}, trust_env=False)
        httpx.post(f"{server.url}/ui/diary", json={"is_on": False}, trust_env=False)
        told = httpx.get(f"{server.url}/ui/diary", trust_env=False).json()
    assert (told["taken"], told["is_on"]) == (["U0ANA"], False)
    assert told["entries"] == [{"at": TUESDAY, "person": "U0BEN", "text": "saved a nudge for later"}]
    assert told["names"]["U0BEN"] == "Ben"
