"""Looking back at plays: this module lives through one that helps, one that does not, and what the owner hears."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.blocks.flags import card_answer
from nudges.domain.barriers.flag_life import Move
from nudges.domain.barriers.weekly_counts import WeeklyCount
from nudges.services.barriers.flag_cards import card
from nudges.services.barriers.flag_record import make
from nudges.services.barriers.remeasure_flags import remeasure_flags
from nudges.store import flag_history, flags, weekly_counts
from nudges.store.flags import StoredFlag
from nudges.store.tables import NoticeRow
from tests.fakes import utc
from tests.services.house import AUTHOR, TEAM, House, visit

pytestmark = pytest.mark.once

FIRST = utc("2027-01-04 01:00")  # the Monday on which the first period began
START, WEEKS, SIZE, TEAMS = 12, 24, 16, 40
HELPED, IDLE, SMALL = "Team 3", "Team 5", "Team 7"


def monday(week: int) -> timedelta:
    return timedelta(weeks=week)


def counts(week: int) -> list[WeeklyCount]:
    """Return a week of forty teams: a barrier in three of them from week 4 on, which ends in one with its play."""
    rng = np.random.default_rng((6, week))
    found = []
    for number in range(TEAMS):
        name = f"Team {number}"
        is_hindered = week >= 4 and (name in (IDLE, SMALL) or (name == HELPED and week < START))
        size = 5 if name == SMALL and week < START else SIZE
        asked = size if name != SMALL else min(size, 3)
        answered = int(rng.binomial(asked, 0.1 if is_hindered else 0.42))
        found.append(WeeklyCount(week, "team", name, size, asked, answered, 0, 0, "Sales", "Lisbon"))
    return found


@pytest.fixture
def house(furnished_house: Path, tmp_path: Path) -> Iterator[House]:
    with visit(furnished_house, tmp_path / "house", FIRST + monday(START) + timedelta(days=2)) as house:
        yield house


def play(house: House, scope_id: str) -> int:
    """Return a flag whose play begins now."""
    new = StoredFlag(0, "team", scope_id, "low_response", "confirmed", "", "open", AUTHOR, (), 2, house.clock())
    with house.core.db.begin() as session:
        flag_id = flags.open_flag(session, TEAM, new)
        for move in (Move.ACKNOWLEDGED, Move.PLAY_STARTED):
            flag = next(one for one in flags.flags(session, TEAM) if one.flag_id == flag_id)
            assert make(session, house.core, flag, move, detail="fewer-and-shorter")
    return flag_id


def live_until(house: House, week: int) -> None:
    """Let weeks pass and be counted, and look back after each."""
    with house.core.db.begin() as session:
        begin = weekly_counts.last_counted(session, TEAM) + 1
    for number in range(begin, week):
        with house.core.db.begin() as session:
            weekly_counts.keep(session, TEAM, number, counts(number))
        house.clock.now = max(house.clock.now, FIRST + monday(number + 1))
        remeasure_flags(house.core)


def looks(house: House, flag_id: int) -> list[tuple[str, int]]:
    with house.core.db.reading() as session:
        events = flag_history.history(session, TEAM, [flag_id])[flag_id]
    return [(one.detail, (one.at - FIRST) // timedelta(weeks=1)) for one in events if one.what == Move.MEASURED]


def test_each_play_is_looked_back_at_after_four_and_eight_weeks_once(house: House) -> None:
    flag_id = play(house, HELPED)
    live_until(house, WEEKS)
    assert remeasure_flags(house.core) == 0
    assert [(detail[-1], week) for detail, week in looks(house, flag_id)] == [("4", START + 5), ("8", START + 9)]


def test_a_play_that_helped_is_better_and_one_that_changed_nothing_is_unclear(house: House) -> None:
    helped, idle, small = (play(house, name) for name in (HELPED, IDLE, SMALL))
    live_until(house, WEEKS)
    assert looks(house, helped)[-1][0] == "better_8"
    assert looks(house, idle)[-1][0] == "unclear_8"
    assert looks(house, small)[-1][0] == "unclear_8", "too few were asked"


def test_the_owner_hears_the_word_in_a_message_and_on_the_card(house: House) -> None:
    flag_id = play(house, HELPED)
    live_until(house, WEEKS)
    assert [row.text_key for row in house.rows(NoticeRow)] == ["notice.flag_measured"] * 2
    shown = card(house.core, AUTHOR, flag_id)
    assert shown is not None
    assert shown.effect == "better_8"
    assert "Yes, as far as figures can tell" in card_answer(shown, "Europe/Lisbon").text


def test_whoever_was_away_for_the_first_look_gets_the_second_alone(house: House) -> None:
    flag_id = play(house, HELPED)
    with house.core.db.begin() as session:
        for number in range(WEEKS):
            weekly_counts.keep(session, TEAM, number, counts(number))
    house.clock.now = FIRST + monday(WEEKS)
    assert remeasure_flags(house.core) == 1
    assert remeasure_flags(house.core) == 0
    assert [detail for detail, _ in looks(house, flag_id)] == ["better_8"]


def test_a_second_play_is_looked_back_at_anew(house: House) -> None:
    flag_id = play(house, IDLE)
    live_until(house, START + 10)
    for move in (Move.NOT_RESOLVED, Move.PLAY_STARTED):
        with house.core.db.begin() as session:
            flag = next(one for one in flags.flags(session, TEAM) if one.flag_id == flag_id)
            assert make(session, house.core, flag, move)
    shown = card(house.core, AUTHOR, flag_id)
    assert shown is not None
    assert shown.effect == "", "what was said of the first play is not said of the second"
    live_until(house, START + 16)
    assert [detail[-1] for detail, _ in looks(house, flag_id)] == ["4", "8", "4"]


def test_without_a_play_nothing_is_looked_at(house: House) -> None:
    live_until(house, START + 6)
    assert remeasure_flags(house.core) == 0
    assert house.rows(NoticeRow) == []
