"""One process for everything beside others on PostgreSQL: what it must leave alone."""

from bot.rounds import Rounds
from bot.settings import Settings
from nudges.store import deliveries
from tests.work.desks import Desks

TEAM = "T0ONE"


def test_what_another_process_is_sending_is_not_taken_for_abandoned_at_a_start(desks: Desks) -> None:
    core = desks.open(TEAM, 2)
    desks.wave(TEAM, 2)
    with core.db.begin() as session:
        deliveries.claim_due(session, TEAM, now=desks.now(), limit=1)  # by another process, just now
    settings = Settings(_env_file=None, database_url=desks.database.url)  # type: ignore[call-arg]

    Rounds(settings, core).first()

    assert desks.statuses(TEAM).get("sending") == 1
