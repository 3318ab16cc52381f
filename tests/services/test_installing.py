"""Coming and going: states that work once, ends told twice or too late, and what is left after thirty days."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from nudges.domain.people.installations import REVOKED, UNINSTALLED
from nudges.services.core import Core
from nudges.services.keeping.erase_left import erase_left
from nudges.services.keeping.prune_history import prune_history
from nudges.services.workspaces.installing import (
    Begun,
    StateRefused,
    begin_installation,
    complete_installation,
    end_installation,
    redeem_state,
)
from nudges.services.workspaces.token_box import TokenBox
from nudges.store import audit, installations, instance, oauth_states
from nudges.store.engine import Database
from nudges.store.tables import Row
from tests.fakes import FixedClock, utc
from tests.services.house import House
from tests.services.test_tokens import HERE, SECRET, THERE, a_grant
from tests.store.test_tenants import fill, rows_of

ROUNDS = 2_000 if os.environ.get("NUDGER_SOAK") else 40  # of five states each


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(utc("2027-01-12 09:00"))


def accepted(db: Database, clock: FixedClock, begun: Begun) -> bool:
    try:
        redeem_state(db, clock, begun)
    except StateRefused:
        return False
    return True


def test_a_state_works_once_in_its_own_browser(db: Database, clock: FixedClock) -> None:
    begun = begin_installation(db, clock)
    assert accepted(db, clock, begun)
    assert not accepted(db, clock, begun)


def test_wrong_old_and_foreign_states_are_never_accepted(db: Database, clock: FixedClock) -> None:
    count = 0
    for number in range(ROUNDS):
        begun, other = begin_installation(db, clock), begin_installation(db, clock)
        wrong = (
            Begun(begun.state, other.browser),
            Begun(other.state, ""),
            Begun("", begun.browser),
            Begun(begun.state + "x", begun.browser),
            Begun(begun.state, begun.browser),  # used up by the first, which came from another browser
        )
        count += sum(accepted(db, clock, one) for one in wrong)
        if number % 10 == 0:
            late = begin_installation(db, clock)
            clock.advance(minutes=10)
            count += accepted(db, clock, late)
    assert count == 0


def test_of_many_who_bring_the_same_state_at_once_one_is_accepted(db: Database, clock: FixedClock) -> None:
    with ThreadPoolExecutor(max_workers=16) as pool:
        for _ in range(ROUNDS // 10):
            begun = begin_installation(db, clock)
            got = pool.map(lambda _, begun=begun: accepted(db, clock, begun), range(16))
            assert sum(got) == 1


def test_states_that_nobody_finishes_do_not_pile_up(
    db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oauth_states, "AT_ONCE", 5)
    first = begin_installation(db, clock)
    clock.advance(seconds=1)
    last = [begin_installation(db, clock) for _ in range(6)][-1]
    assert not accepted(db, clock, first) and accepted(db, clock, last)


def installed(house: House) -> Core:
    """Let the house's workspace be one that installed the app."""
    grant = a_grant(house.core.workspace_id, "xoxb-1", "")
    complete_installation(house.core.db, house.clock, TokenBox(SECRET), grant)
    return house.core


def state_of(core: Core) -> tuple[bool, str, bool]:
    """Return whether it lives, why it is held, and whether its tokens are there."""
    with core.db.reading() as session:
        here = instance.workspace(session, core.workspace_id)
        tokens = installations.tokens(session, core.workspace_id)
    assert here is not None
    return here.ended_at is None, here.hold_reason, tokens is not None


@pytest.mark.parametrize("order", [*permutations((UNINSTALLED, REVOKED)), (UNINSTALLED,), (REVOKED,), (REVOKED,) * 3])
def test_the_end_comes_in_any_order_twice_or_by_halves(house: House, order: tuple[str, ...]) -> None:
    core = installed(house)
    for reason in order:
        assert end_installation(core, reason)
    assert state_of(core) == (False, order[0], False)
    with core.db.reading() as session:
        actions = [line[2] for line in audit.lines(session, core.workspace_id)]
    assert actions.count("end_installation") == 1


def test_nothing_is_sent_after_the_end(house: House) -> None:
    from nudges.services.delivery.send_deliveries import send_due

    core = installed(house)
    end_installation(core, UNINSTALLED)
    assert send_due(core, limit=20) == []


def test_installing_again_brings_it_back_and_an_old_event_does_not_end_it(house: House) -> None:
    core = installed(house)
    happened_at = house.clock()
    house.clock.advance(minutes=5)
    end_installation(core, UNINSTALLED, happened_at)
    house.clock.advance(minutes=5)
    installed(house)
    assert state_of(core) == (True, "", True)
    assert not end_installation(core, UNINSTALLED, happened_at), "told a second time by Slack"
    assert state_of(core) == (True, "", True)
    assert end_installation(core, UNINSTALLED, house.clock() + timedelta(seconds=1))


def test_installing_again_does_not_end_a_hold_that_is_about_something_else(house: House) -> None:
    core = installed(house)
    with core.db.begin() as session:
        instance.hold(session, core.workspace_id, reason="copied", now=house.clock())
    end_installation(core, UNINSTALLED)
    installed(house)
    assert state_of(core) == (True, "copied", True)


def test_thirty_days_after_the_end_no_row_of_the_workspace_is_left_and_the_other_is_whole(
    db: Database, clock: FixedClock
) -> None:
    for workspace_id in (HERE, THERE):
        complete_installation(db, clock, TokenBox(SECRET), a_grant(workspace_id))
        with db.begin() as session:
            fill(session, workspace_id)
    before = rows_of(db, THERE)
    with db.begin() as session:
        installations.end(session, HERE, clock())
        instance.mark_ended(session, HERE, clock())
    clock.advance(days=29, hours=23)
    assert erase_left(db, clock) == []
    clock.advance(hours=2)
    assert erase_left(db, clock) == [HERE]
    assert rows_of(db, THERE) == before
    left = {name: rows for name, rows in rows_of(db, HERE).items() if rows}
    assert left == {}
    assert "words in T0HERE" not in everything(db) and HERE not in everything(db)
    assert erase_left(db, clock) == []


def everything(db: Database) -> str:
    with db.reading() as session:
        tables = [session.execute(select(table)).all() for table in Row.metadata.sorted_tables]
    return str(tables)


def test_a_workspace_that_comes_back_in_time_is_not_erased(db: Database, clock: FixedClock) -> None:
    complete_installation(db, clock, TokenBox(SECRET), a_grant())
    with db.begin() as session:
        fill(session, HERE)
        instance.mark_ended(session, HERE, clock())
    clock.advance(days=29)
    complete_installation(db, clock, TokenBox(SECRET), a_grant())
    clock.advance(days=29)
    assert erase_left(db, clock) == []


def test_the_daily_pruning_of_one_erases_the_other_that_left(house: House) -> None:
    with house.core.db.begin() as session:
        fill(session, THERE)
        instance.mark_ended(session, THERE, house.clock())
    house.clock.advance(days=31)
    prune_history(house.core)
    assert {name for name, rows in rows_of(house.core.db, THERE).items() if rows} == set()
    assert rows_of(house.core.db, house.core.workspace_id)["people"]
