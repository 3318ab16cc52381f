"""One workspace that is stuck, refused or gone: this module is the tests that `nudger run` goes on for the others.

What is stuck stays so for a minute and more; whoever waited for it would not be done in half of that.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.sandbox.workspace import Slack
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.scheduler import JOBS
from nudges.store import installations, instance, reports
from tests.acceptance.running import RunningApp, start_app, wait_until
from tests.acceptance.small_company import TUESDAY_NOON
from tests.acceptance.test_many_workspaces import CLIENT, TWO, Browser, a_second, hold_of, is_served, let_run

OWN = "T0SANDBOX"
STUCK_S, FAIR_S = 60.0, 30.0

Trouble = Callable[[RunningApp, Slack], Any]

SYNC = next(job for job in JOBS if job.name == "sync_people")

TROUBLES: dict[str, Trouble] = {
    "posting hangs": lambda _app, two: two.set_faults(hang=1.0, methods=["chat.postMessage", "conversations.open"]),
    "429 for ever": lambda _app, two: two.set_faults(rate_limit=1.0, retry_after=600, methods=["*"]),
    "directory is slow": lambda _app, two: two.set_faults(
        late_answer=1.0, late_seconds=STUCK_S, methods=["users.list"]
    ),
    "token is revoked": lambda app, _two: app.slack.oauth.revoke(TWO),
}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[RunningApp]:
    waits = {"nudger_timeout_s": STUCK_S, "nudger_lease_s": STUCK_S, "nudger_settle_s": 3 * STUCK_S}
    running = start_app(tmp_path, "http", nudger_public_url="http://127.0.0.1:1", **waits, **CLIENT)
    yield running
    running.server.stop()  # first, so that whatever hangs there is let go
    running.stop()


def due(app: RunningApp, workspace_id: str) -> int:
    """Return how many deliveries are due at noon on Tuesday and not out."""
    with app.nudger.offices.database.reading() as session:
        return reports.waiting_due(session, workspace_id, TUESDAY_NOON)[0]


def statuses(app: RunningApp, workspace_id: str) -> set[str]:
    with app.nudger.offices.database.reading() as session:
        return {one.value for one in DeliveryStatus if reports.count_where(session, workspace_id, one)}


def is_at_a_job(app: RunningApp, workspace_id: str) -> bool:
    return any(one.jobs.locked() for one in app.nudger.crew.rounds() if one.core.workspace_id == workspace_id)


def with_a_wave(app: RunningApp) -> Slack:
    """Let both workspaces have the same messages before them."""
    second = a_second(app)
    Browser(app).installs(TWO)
    wait_until(lambda: is_served(app, TWO))
    app.publish("find-an-expert")
    let_run(app, TWO)
    wait_until(lambda: due(app, OWN) and due(app, TWO))
    return second


@pytest.mark.parametrize("trouble", TROUBLES)
def test_one_workspace_that_is_stuck_does_not_delay_another(app: RunningApp, trouble: str) -> None:
    second = with_a_wave(app)
    wave = due(app, OWN)
    TROUBLES[trouble](app, second)
    app.nudger.crew.ask(SYNC)
    if trouble == "directory is slow":
        wait_until(lambda: is_at_a_job(app, TWO))
    began = monotonic()

    app.nudger.offices.clock.advance(TUESDAY_NOON)  # type: ignore[attr-defined]
    wait_until(lambda: due(app, OWN) == 0 and len(app.slack.posted()) > 0)

    took = monotonic() - began
    print(f"\n{trouble}: {wave} messages of the other in {took:.1f} s")
    assert took < FAIR_S
    assert trouble != "directory is slow" or is_at_a_job(app, TWO)  # still
    assert trouble == "directory is slow" or second.posted() == []
    second.set_faults(hang=0.0, rate_limit=0.0, late_answer=0.0)


def test_once_a_workspace_has_left_nothing_more_goes_out_and_what_was_on_its_way_is_recorded(app: RunningApp) -> None:
    second = with_a_wave(app)
    second.set_faults(late_answer=1.0, late_seconds=2.0)  # so that some are on their way
    app.nudger.offices.clock.advance(TUESDAY_NOON)  # type: ignore[attr-defined]
    wait_until(lambda: len(second.posted()) > 0)
    began = app.nudger.offices.clock()

    assert all(outcome.ok for outcome in app.slack.oauth.uninstall(TWO))

    out = len(second.posted())
    with app.nudger.offices.database.reading() as session:
        assert installations.tokens(session, TWO) is None
        here = instance.workspace(session, TWO)
        assert here is not None and here.ended_at is not None and (here.ended_at - began).total_seconds() < 60
    wait_until(lambda: TWO not in {core.workspace_id for core in app.nudger.crew.cores()})
    wait_until(lambda: "sending" not in statuses(app, TWO), FAIR_S)
    assert hold_of(app, TWO).startswith("slack:")
    with app.nudger.offices.database.reading() as session:
        sent = reports.count_where(session, TWO, DeliveryStatus.SENT)
    assert sent == out == len(second.posted()) > 0
    assert (app.nudger.offices.clock() - began).total_seconds() < 60
