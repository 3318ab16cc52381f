"""The real app against the sandbox, in process: this module starts both, walks the clock and ends them."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.bootstrap import sign_in
from bot.runner import Nudger
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.settings import Settings
from nudges.services.authoring.publish import publish
from nudges.services.people.sync_people import import_people
from tests.acceptance import small_company
from tests.acceptance.recording import RecordingSlack

PATIENCE_S = 60.0  # a busy machine is no failure
TRANSPORTS = ("socket", "http")

Found = TypeVar("Found")


@dataclass
class RunningApp:
    """One small company, its Slack, and the app connected to it."""

    slack: RecordingSlack
    server: SandboxServer
    nudger: Nudger
    playbooks: Path
    troubles: "Troubles"
    settings: Settings
    serving: threading.Thread | None = None

    def publish(self, *names: str, starts_on: datetime = small_company.MONDAY) -> None:
        """Let playbooks run, as `nudger publish --yes` does."""
        for name in names:
            publish(self.nudger.core, name, small_company.AUTHOR, starts_on=starts_on.date())

    def walk_to(self, instant: datetime) -> None:
        """Move the clock as the page does, and wait until the app has done all that was due on the way."""
        clock = self.slack.clock
        assert clock.begin_move(target=instant.timestamp(), kind="to") is not None, "the clock is moving already"
        wait_until(lambda: not clock.move.moving)
        assert clock.move.note is None, clock.move.note
        assert clock.now() >= instant.timestamp()

    def now(self) -> datetime:
        """Return the company's present instant."""
        return datetime.fromtimestamp(self.slack.clock.now(), UTC)

    def posted_to(self, person_id: str) -> list[datetime]:
        """Return when messages were posted to a person, by Slack's own books."""
        return [datetime.fromtimestamp(one.at, UTC) for one in self.slack.posted() if one.user == person_id]

    def stop(self) -> None:
        """End the app, then its Slack."""
        self.nudger.stop()
        if self.serving is not None:
            self.serving.join(PATIENCE_S)
        self.server.stop()
        self.troubles.close()


@dataclass
class Troubles(logging.Handler):
    """What the app logged as an error: in a story that goes well there is none."""

    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(level=logging.ERROR)
        for name in ("bot", "nudges"):
            logging.getLogger(name).addHandler(self)

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        if "connection is no longer active" in record.getMessage():
            return  # the library's own complaint about a socket that a test has broken
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.found.append(f"{record.name}: {record.getMessage()} {trace}")

    def close(self) -> None:
        for name in ("bot", "nudges"):
            logging.getLogger(name).removeHandler(self)
        super().close()


def start_app(folder: Path, transport: str = "socket", **changes: Any) -> RunningApp:
    """Start Slack and the app in a folder; the people file is imported and nothing published yet."""
    playbooks = small_company.write_playbooks(folder / "playbooks")
    slack = RecordingSlack(people=small_company.users(), start=small_company.PUBLISHED_AT.timestamp(), seed=1)
    slack.add_channel("C0BILLING", name="ask-billing", members=list(small_company.BILLING))
    slack.delivery.retry_waits = (0.0, 0.3, 0.6)
    port = free_port()
    events_url = f"http://127.0.0.1:{port}/slack/events" if transport == "http" else None
    server = SandboxServer(slack, port=0, events_url=events_url, facts=small_company.facts())
    slack.listen_in()
    server.start()
    settings = app_settings(folder, server, transport=transport, port=port, **changes)
    app = RunningApp(slack, server, Nudger(settings, sign_in(settings)), playbooks, Troubles(), settings)
    app.nudger.start()
    import_people(app.nudger.core, small_company.people_csv())
    if transport == "http":
        app.serving = threading.Thread(target=app.nudger.serve, name="web", daemon=True)
        app.serving.start()
        wait_until(lambda: server.http is not None and server.http.verify())
    else:
        wait_until(lambda: slack.delivery.transport() is not None)
    return app


def app_settings(folder: Path, server: SandboxServer, *, transport: str, port: int, **changes: Any) -> Settings:
    """Return the settings of an app that works quickly and settles within seconds."""
    values: dict[str, Any] = {
        "slack_bot_token": BOT_TOKEN,
        "slack_app_token": APP_TOKEN if transport == "socket" else "",
        "slack_signing_secret": SIGNING_SECRET,
        "slack_api_url": server.api_url,
        "database_url": f"sqlite:///{folder}/nudger.db",
        "nudger_playbooks": folder / "playbooks",
        "nudger_clock_url": f"{server.url}/clock",
        "nudger_port": port,
        "nudger_pace": "300/100/500",
        "nudger_tick_s": 0.5,
        "nudger_timeout_s": 5.0,
        "nudger_lease_s": 5.0,
        "nudger_settle_s": 15.0,
    }
    return Settings(_env_file=None, **values | changes)  # type: ignore[call-arg]


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], Found], seconds: float = PATIENCE_S) -> Found:
    """Return the first true answer; fail when none comes in time."""
    deadline = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < deadline, f"it did not happen within {seconds:.0f} s"
        time.sleep(0.01)
    return found
