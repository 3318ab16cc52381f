"""Who looked at what: this module holds that each command that shows something of people writes down who asked."""

import pytest

from bot.listeners.access import COMMANDS
from nudges.store import audit
from tests.bot.office import ADMIN, ANA, TEAM, Office

LOOKS = {
    "results": "results find-an-expert",
    "people": "people customer-service",
    "barriers": "barriers",
    "needs": "needs",
    "stories": "stories",
    "plan": "plan find-an-expert",
}
ONE_S_OWN = {
    "help",
    "pause",
    "stop",
    "start",
    "why",
    "fewer",
    "usual",
    "hours",
    "topics",
    "find",
    "my-data",
    "forget-me",
}
TEXTS_AND_SENDING = {"status", "campaigns", "campaign", "check", "preview", "edit", "health"}  # nobody's answers
CHANGES = {"publish", "approve", "correct", "recall", "pause_campaign", "resume_campaign", "needs_decision"}


def written(office: Office) -> list[tuple[str, str]]:
    with office.core.db.reading() as session:
        return [(actor_id, action) for _, actor_id, action, _ in audit.lines(session, TEAM)]


def test_every_command_is_one_of_these() -> None:
    assert set(COMMANDS) == LOOKS.keys() | ONE_S_OWN | TEXTS_AND_SENDING | CHANGES


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_at_people_is_written_down(office: Office, name: str) -> None:
    before = len(written(office))
    office.command(ADMIN, LOOKS[name])
    office.idle()
    assert (ADMIN, name) in written(office)[before:]


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_who_may_not_look_sees_nothing_and_so_writes_nothing(office: Office, name: str) -> None:
    before = written(office)
    office.command(ANA, LOOKS[name])
    office.idle()
    assert written(office) == before
