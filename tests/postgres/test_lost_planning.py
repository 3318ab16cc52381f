"""Planning that a crash takes: this module is the tests that it is done again, and that nothing sent stands on it.

Planning does not wait for the disk. Here the server's log writer stands still while people are planned for, so that a
crash right after takes all that nobody waited for.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.store import deliveries
from tests.databases import PostgresServer
from tests.fakes import utc
from tests.services.house import TEAM, House, a_text

WRITER = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'"
RECOVERY_S = 20


@pytest.fixture
def crash(server: PostgresServer) -> Iterator[Callable[[], None]]:
    """Let the log writer stand still, and give what kills it, at which the server starts anew from its disk."""
    writer = log_writer(server)
    os.kill(writer, signal.SIGSTOP)

    def kill() -> None:
        os.kill(writer, signal.SIGKILL)
        until = time.monotonic() + RECOVERY_S
        while time.monotonic() < until:
            with suppress(psycopg.Error, ValueError):
                if log_writer(server) != writer:
                    return
            time.sleep(0.05)
        raise TimeoutError(server.log)

    yield kill
    with suppress(ProcessLookupError):
        os.kill(writer, signal.SIGCONT)


def log_writer(server: PostgresServer) -> int:
    [(found,)] = server.run(WRITER)
    return int(str(found))


def planned(house: House) -> dict[str, str]:
    return {row.delivery_id: row.status for row in house.rows()}


def test_what_a_crash_took_is_planned_again_under_the_same_ids(house: House, crash: Callable[[], None]) -> None:
    house.run(a_text(segments="billing"))
    plan_deliveries(house.core)
    before = planned(house)
    crash()
    assert before and not planned(house)  # nobody had waited for the disk
    plan_deliveries(house.core)
    assert planned(house) == before


def test_what_was_claimed_has_taken_its_planning_to_the_disk(house: House, crash: Callable[[], None]) -> None:
    house.run(a_text(segments="billing"))
    plan_deliveries(house.core)
    before = planned(house)
    with house.core.db.begin() as session:
        (claimed,) = deliveries.claim_due(session, TEAM, now=utc("2027-01-12 12:00"), limit=1)
    crash()
    assert planned(house) == before | {claimed.delivery_id: DeliveryStatus.SENDING}
    plan_deliveries(house.core)
    assert planned(house).keys() == before.keys()
