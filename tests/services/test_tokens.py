"""Stored tokens: sealed at rest, renewed by one in time, and what a crash in the worst moment comes to."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from nudges.domain.people.installations import NOT_RENEWABLE, TOKEN_EXPIRED, Grant, Tokens
from nudges.errors import InstallationStopped, TemporaryFailure
from nudges.ports import RenewalRefused
from nudges.services.keeping.back_up import back_up
from nudges.services.workspaces.installing import complete_installation, reseal_tokens
from nudges.services.workspaces.token_box import TokenBox, TokenUnreadable
from nudges.services.workspaces.tokens import StoredToken
from nudges.store import installations, instance
from nudges.store.engine import Database
from tests.acceptance.running import wait_until
from tests.fakes import FixedClock, utc
from tests.places import PLACES

SECRET = b"a-secret-key-that-is-long-enough"
HERE, THERE = "T0HERE", "T0THERE"
TWELVE_HOURS = timedelta(hours=12)


class FakeSlack:
    """Renews as Slack does: each refresh token works once, and a second use is refused."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.good = {"xoxe-1-canary-0"}
        self.before_answer: Callable[[], None] = lambda: None
        self.failure: Exception | None = None
        self._lock = threading.Lock()

    def renew(self, refresh_token: str) -> Tokens:
        with self._lock:
            self.asked.append(refresh_token)
            if refresh_token not in self.good:
                raise RenewalRefused("Slack said invalid_refresh_token.", slack_code="invalid_refresh_token")
            self.good.remove(refresh_token)
            number = len(self.asked)
            self.good.add(f"xoxe-1-canary-{number}")
        self.before_answer()
        if self.failure is not None:
            raise self.failure
        return Tokens(f"xoxe.xoxb-canary-{number}", f"xoxe-1-canary-{number}", TWELVE_HOURS)


class Scene:
    """One installed workspace, its clock and its Slack."""

    def __init__(self, db: Database, *keys: str) -> None:
        self.db = db
        self.clock = FixedClock(utc("2027-01-12 09:00"))
        self.slack = FakeSlack()
        self.box = TokenBox(SECRET, keys)
        self.watch = [0.0]
        complete_installation(self.db, self.clock, self.box, a_grant())

    def token(self, box: TokenBox | None = None) -> StoredToken:
        """Return the token as another process would have it."""
        database = self.db.of_workspace(HERE)
        return StoredToken(
            database, self.clock, HERE, box=box or self.box, renewal=self.slack, watch=lambda: self.watch[0]
        )

    def hold_reason(self) -> str:
        with self.db.reading() as session:
            here = instance.workspace(session, HERE)
        return here.hold_reason if here else ""

    def hold(self, reason: str) -> None:
        with self.db.begin() as session:
            instance.hold(session, HERE, reason=reason, now=self.clock())


def a_grant(workspace_id: str = HERE, access: str = "xoxe.xoxb-canary-0", refresh: str = "xoxe-1-canary-0") -> Grant:
    return Grant(
        workspace_id=workspace_id,
        workspace_name="Here",
        enterprise_id="",
        is_org=False,
        app_id="A0",
        bot_user_id="U0BOT",
        scopes="chat:write",
        installed_by="U0ANA",
        tokens=Tokens(access, refresh, TWELVE_HOURS if refresh else None),
    )


@pytest.fixture
def scene(db: Database) -> Scene:
    return Scene(db)


def test_a_token_serves_until_two_hours_before_its_end_and_is_then_another(scene: Scene) -> None:
    token = scene.token()
    scene.clock.advance(hours=9, minutes=59)
    assert token() == "xoxe.xoxb-canary-0" and scene.slack.asked == []
    scene.clock.advance(minutes=1)
    assert token() == "xoxe.xoxb-canary-1"
    assert token() == "xoxe.xoxb-canary-1" and len(scene.slack.asked) == 1


@pytest.mark.parametrize("is_over", [False, True])
def test_of_fifty_who_need_it_at_once_one_renews(scene: Scene, is_over: bool) -> None:
    scene.clock.advance(hours=13 if is_over else 11)
    processes = [scene.token() for _ in range(5)]

    def use(number: int) -> str:
        try:
            return processes[number % 5]()
        except TemporaryFailure:
            return "again"

    with ThreadPoolExecutor(max_workers=50) as pool:
        got = list(pool.map(use, range(50)))
    assert scene.slack.asked == ["xoxe-1-canary-0"]
    assert set(got) <= {"xoxe.xoxb-canary-1", "again" if is_over else "xoxe.xoxb-canary-0"}
    scene.watch[0] += 10
    assert {process() for process in processes} == {"xoxe.xoxb-canary-1"}


def test_a_crash_between_slacks_answer_and_our_commit_holds_with_a_reason_and_installing_again_mends_it(
    scene: Scene,
) -> None:
    scene.clock.advance(hours=11)
    scene.slack.failure = KeyboardInterrupt()  # the process dies with the answer in its hands
    with pytest.raises(KeyboardInterrupt):
        scene.token()()
    scene.slack.failure = None
    after = scene.token()
    assert after() == "xoxe.xoxb-canary-0" and len(scene.slack.asked) == 1  # somebody may still be at it
    scene.clock.advance(minutes=3)
    scene.watch[0] += 10
    assert after() == "xoxe.xoxb-canary-0"  # it lives to its own end
    assert scene.hold_reason() == NOT_RENEWABLE
    scene.clock.advance(hours=1)
    scene.watch[0] += 10
    with pytest.raises(InstallationStopped):
        after()
    assert len(scene.slack.asked) == 2, "a refused token is not tried for ever"
    complete_installation(scene.db, scene.clock, scene.box, a_grant(access="xoxb-new", refresh="xoxe-1-new"))
    scene.watch[0] += 10
    assert after() == "xoxb-new" and scene.hold_reason() == ""


def test_a_process_that_slept_through_it_still_stores_its_pair_and_ends_the_hold(scene: Scene) -> None:
    scene.clock.advance(hours=11)

    def sleeps() -> None:
        scene.slack.before_answer = lambda: None
        scene.clock.advance(minutes=3)
        other = scene.token()
        other()
        assert scene.hold_reason() == NOT_RENEWABLE

    scene.slack.before_answer = sleeps
    sleeper = scene.token()
    assert sleeper() == "xoxe.xoxb-canary-1"
    assert scene.hold_reason() == ""


def test_a_lost_answer_is_asked_again_and_not_at_once(scene: Scene) -> None:
    scene.clock.advance(hours=11)
    scene.slack.failure = TemporaryFailure("lost", slack_code="no_answer")
    token = scene.token()
    for _ in range(3):
        scene.watch[0] += 10
        assert token() == "xoxe.xoxb-canary-0"
    assert len(scene.slack.asked) == 1
    scene.clock.advance(minutes=3)
    scene.watch[0] += 10
    token()
    assert len(scene.slack.asked) == 2


def test_a_renewed_token_ends_a_hold_for_its_expiry_and_no_other(scene: Scene) -> None:
    scene.hold(TOKEN_EXPIRED)
    scene.clock.advance(hours=13)
    assert scene.token()() == "xoxe.xoxb-canary-1"
    assert scene.hold_reason() == ""
    scene.hold("copied")
    scene.clock.advance(hours=13)
    scene.token()()
    assert scene.hold_reason() == "copied"


def test_an_expired_token_without_a_next_one_stops_and_a_wiped_one_too(scene: Scene) -> None:
    token = scene.token()
    assert token()
    with scene.db.begin() as session:
        installations.end(session, HERE, scene.clock())
    scene.watch[0] += 10
    with pytest.raises(InstallationStopped):
        token()
    assert token.at_hand() == ""


def test_a_sealed_token_opens_only_for_its_own_workspace_and_with_the_right_key() -> None:
    box = TokenBox(SECRET)
    sealed = box.seal(HERE, "xoxb-canary")
    assert "canary" not in sealed and box.open(HERE, sealed) == "xoxb-canary"
    for wrong in (
        lambda: box.open(THERE, sealed),
        lambda: TokenBox(b"another-secret-key-of-good-length").open(HERE, sealed),
        lambda: box.open(HERE, "xoxb-canary"),
        lambda: box.open(HERE, sealed[:-8] + "AAAAAAA="),
    ):
        with pytest.raises(TokenUnreadable):
            wrong()
    assert box.seal(HERE, "") == "" and box.open(HERE, "") == ""


def test_a_token_that_cannot_be_opened_stops_sending_and_posts_nothing(scene: Scene) -> None:
    token = scene.token(TokenBox(b"another-secret-key-of-good-length"))
    with pytest.raises(InstallationStopped) as stopped:
        token()
    assert stopped.value.slack_code == "token_unreadable"


def test_keys_change_three_times_while_tokens_are_used(scene: Scene) -> None:
    keys: tuple[str, ...] = ()
    broken: list[Exception] = []
    done = threading.Event()
    boxes = [scene.box]
    seen = [0] * 4  # which keys each process was last started with

    def use(number: int) -> None:
        while not done.is_set():
            keys_known = len(boxes)
            try:
                assert scene.token(boxes[keys_known - 1])() == "xoxe.xoxb-canary-0"
            except Exception as error:
                broken.append(error)
            seen[number] = keys_known

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for number in range(3):
        keys = (f"{number}" * 32, *keys)
        boxes.append(TokenBox(SECRET, keys))
        wait_until(lambda: min(seen) == len(boxes))  # every process is restarted before anything is sealed anew
        assert reseal_tokens(scene.db, boxes[-1]) == 1
    done.set()
    for thread in threads:
        thread.join()
    assert broken == []
    newest = TokenBox(b"the-secret-key-no-longer-opens-it", keys[:1])
    assert scene.token(newest)() == "xoxe.xoxb-canary-0"
    with pytest.raises(InstallationStopped):
        scene.token(TokenBox(SECRET))()


@pytest.mark.skipif(not PLACES.is_sqlite, reason="looks into the files")
def test_no_token_stands_in_the_database_its_log_a_backup_or_a_log_line(
    scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scene.clock.advance(hours=11)
    token = scene.token()
    assert "canary" in token()
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files)
    back_up(tmp_path / "own.db", tmp_path / "backup.db")
    for path in (*files, tmp_path / "backup.db"):
        assert b"canary" not in path.read_bytes(), path.name
    assert "canary" not in caplog.text
