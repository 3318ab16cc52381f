"""Kill -9 while a period is closed: this module is the tests that it is closed once, and decided as without a kill."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.answers.record_response import record_barrier
from nudges.store.tables import DeliveryRow, FlagRow, MembershipRow, NoticeRow
from tests.acceptance.failpoints import PERIOD_POINTS
from tests.acceptance.quick_process import FAILPOINT, Nursery
from tests.services.house import BILLING, House, a_text, furnish, open_house
from tests.services.period_life import NEXT

pytestmark = [pytest.mark.sqlite_only, pytest.mark.timeout(240)]
CLOSE = "tests.services.period_life:close"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first period is nearly over, and five of a team have said that their manager discourages them."""
    folder = tmp_path_factory.mktemp("period") / "house"
    furnish(folder)
    house = open_house(folder)
    house.run(a_text(segments="billing"))
    house.walk("2027-01-12 12:00")
    for person_id in BILLING[:5]:
        delivery_id = house.delivery(person_id=person_id).delivery_id
        record_barrier(house.core, person_id, delivery_id, BarrierKind.MANAGER_DISCOURAGES)
    house.core.db.close()
    return folder


def decided(house: House) -> dict[str, Any]:
    """Return what closing a period leaves behind."""
    flags = house.rows(FlagRow)
    assert len(flags) == 1, "a flag is raised once"
    return {
        "flags": [(flag.scope_type, flag.scope_id, flag.kind, flag.grade, flag.owner_id, flag.state) for flag in flags],
        "notices": sorted(row.notice_key for row in house.rows(NoticeRow)),
        "told": sorted((row.nudge_key, row.person_id) for row in house.rows(DeliveryRow, campaign_id=0)),
        "members": len(house.rows(MembershipRow)),
    }


def run(nursery: Nursery, folder: Path, *points: str) -> dict[str, Any]:
    """Close the period with a process killed at each point in turn, then with one that is left alone."""
    env = dict(os.environ) | {"LIFE_FOLDER": str(folder)}
    for point in points:
        # A point lies behind what an earlier life has committed already: such a life ends in order.
        assert nursery.call(CLOSE, env=env | {FAILPOINT: point}, cwd=folder).wait() in (-9, 0)
    assert nursery.call(CLOSE, env=env, cwd=folder).wait() == 0
    house = open_house(folder, NEXT)
    found = decided(house)
    house.core.db.close()
    return found


def test_a_kill_while_a_period_is_closed_closes_it_once(nursery: Nursery, before: Path, tmp_path: Path) -> None:
    shutil.copytree(before, tmp_path / "calm")
    calm = run(nursery, tmp_path / "calm")
    for one in PERIOD_POINTS:
        folder = tmp_path / one
        shutil.copytree(before, folder)
        env = dict(os.environ) | {"LIFE_FOLDER": str(folder), FAILPOINT: one}
        assert nursery.call(CLOSE, env=env, cwd=folder).wait() == -9, f"it never came to {one}"
        assert run(nursery, folder, *PERIOD_POINTS) == calm
