"""Sixteen weeks of the whole company: this module asks `/nudge barriers` each week, as the owner, and starts a play.

It takes minutes, so it runs with `NUDGER_SOAK=1` only; `pytest -s` shows what the owner read, week by week.
"""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.sandbox.records import Message
from tests.demo.six_weeks import BEGINS, Lived, lived, walk

OWNER, LEADER = "U0PRIYA", "U0MEERA"
WEEKS = 12
TEAM, PLACE, DEPARTMENT = "Technical support Bengaluru", "Berlin", "Engineering"

pytestmark = [
    pytest.mark.skipif(os.environ.get("NUDGER_SOAK") != "1", reason="minutes long: set NUDGER_SOAK=1"),
    pytest.mark.timeout(3_600),
]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with lived(tmp_path_factory.mktemp("demo"), weeks=1, is_whole=True) as found:
        yield found


def barriers(life: Lived, person: str) -> str:
    """Return what `/nudge barriers` answers to somebody."""
    life.slack.do.command(person, "/nudge", "barriers")
    answers = [one for one in life.slack.state.dm_with(person).after("") if one.only_for == person]
    return _words(answers[-1])


def test_what_was_planted_is_seen_early_by_the_owner_and_never_by_the_leader(life: Lived) -> None:
    seen = {1: barriers(life, OWNER)}
    for week in range(2, WEEKS + 1):
        walk(life.slack, BEGINS + timedelta(weeks=week))
        seen[week] = barriers(life, OWNER)
        print(f"--- after week {week}\n{seen[week]}")
        assert "manager" not in barriers(life, LEADER).lower(), "a leader read of a sensitive kind"
    for name in (TEAM, PLACE, DEPARTMENT):
        assert not any(name in seen[week] for week in (1, 2, 3)), f"{name} was shown before enough was known"
        assert any(name in text for text in seen.values()), f"{name} was never seen"


def _words(message: Message) -> str:
    texts = [str((block.get("text") or {}).get("text", "")) for block in message.blocks or []]
    return "\n".join(text for text in texts if text) or message.text
