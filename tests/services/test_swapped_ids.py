"""Every service that is given a core, called for one workspace with the ids of another.

A service that takes an id or a name gets the other's; one that takes a value read before gets its own, as it would be.
Both come to the same in a database in which the other is not, and leave the other's rows as they were. A new service is
called as the rest are; a parameter that none has had yet needs its value in VALUES, and a service that belongs to no
workspace its reason in NOT_OF_ONE.
"""

import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.services.every_service import ALL, CALLED, NOT_OF_ONE, OWN, WITHIN, outcome
from tests.two_workspaces import (
    BOTH,
    CANARY,
    HERE,
    ONLY_THERE,
    THERE,
    Ids,
    furnish,
    opened,
    rows_of,
)

AT_ONCE = 12  # services to one copy of the database
# Tables in which a service adds up what is there, for all workspaces alike.
ADDED_UP = {"prune_history.prune_history": {"rollups"}}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("two")
    return folder, furnish(folder)


PARTS = [CALLED[start : start + AT_ONCE] for start in range(0, len(CALLED), AT_ONCE)]


@pytest.mark.parametrize("names", PARTS, ids=lambda names: names[0])
def test_no_service_reads_changes_or_says_anything_of_another_workspace(
    names: list[str], furnished: tuple[Path, Ids], tmp_path: Path
) -> None:
    folder, ids = furnished
    with ExitStack() as stack:
        alone, both = (stack.enter_context(opened(folder / one, tmp_path / one)) for one in ("alone", "both"))
        theirs = rows_of(both.core.db, THERE)
        for name in names:
            said, plain = outcome(name, both, ids), outcome(name, alone, ids)
            assert _places_out(said) == _places_out(plain), f"{name}: reads rows of the other"
            assert CANARY not in said.lower() and THERE not in said, f"{name}: says words of the other"
            after = rows_of(both.core.db, THERE)
            changed = {table for table in after if after[table] != theirs[table]}
            assert changed <= ADDED_UP.get(name, set()), f"{name}: changes rows of the other"
            theirs = after
        assert rows_of(both.core.db, HERE) == rows_of(alone.core.db, HERE), f"one of {names} writes what it read"


def _places_out(said: str) -> str:
    """Leave out the folders, and where objects without words of their own lie in memory."""
    return re.sub(r" at 0x[0-9a-f]+|/(alone|both)/", "", said)


def test_nothing_stands_in_the_lists_that_is_not_there() -> None:
    assert set(NOT_OF_ONE) | set(WITHIN) | set(OWN) <= set(ALL)
    assert set(WITHIN.values()) <= set(CALLED)
    assert BOTH != ONLY_THERE
