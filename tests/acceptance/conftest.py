"""Apps that run: this module is the fixtures of the acceptance tests, each ended with a look at Slack's contract."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.running import TRANSPORTS, RunningApp, start_app
from tests.acceptance.small_company import TUESDAY_NOON

StartApp = Callable[..., RunningApp]


@pytest.fixture(scope="session", autouse=True)
def bare_environment() -> Iterator[None]:
    """Nothing set on this machine reaches the app under test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if (name.startswith(("NUDGER_", "SLACK_")) and name != "NUDGER_SOAK") or name in ("PORT", "DATABASE_URL"):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def ending() -> Iterator[list[threading.Thread]]:
    """Threads that end apps, since saying good-bye to a socket takes seconds; all are done before the session is."""
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join()


@pytest.fixture
def start(tmp_path: Path, ending: list[threading.Thread]) -> Iterator[StartApp]:
    """Start an app of the test's own: nothing published, Friday 15:00; at the end its contract is looked at."""
    running: list[RunningApp] = []

    def begin(**facts: Any) -> RunningApp:
        running.append(start_app(tmp_path / str(len(running)), **facts))
        return running[-1]

    yield begin
    for app in running:
        ending.append(threading.Thread(target=app.stop))
        ending[-1].start()
        look_at(app)


@pytest.fixture(scope="module", params=TRANSPORTS)
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """An app that the tests of a module share, in either transport: Tuesday half past twelve, tip and quiz are out.

    Each test of a module acts as people of its own, so that none sees what another one did.
    """
    with started(tmp_path_factory.mktemp(request.param), transport=request.param) as running:
        running.publish("find-an-expert")
        running.walk_to(TUESDAY_NOON)
        yield running


@contextmanager
def started(folder: Path, **facts: Any) -> Iterator[RunningApp]:
    """Give a running app and look at its contract in the end."""
    running = start_app(folder, **facts)
    yield running
    running.stop()
    look_at(running)


def look_at(app: RunningApp) -> None:
    """Fail when the app broke Slack's contract, acknowledged late or logged an error."""
    assert app.slack.contract_faults() == []
    assert app.troubles.found == []
