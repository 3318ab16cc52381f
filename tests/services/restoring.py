"""Backups put back: this module restores over a house, opens it again and tells what holds it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nudges.errors import StorageError
from nudges.services.core import Core
from nudges.services.keeping.identity import claim_identity
from nudges.services.keeping.restore import Restored, restore
from nudges.store import instance
from nudges.store.engine import Database
from nudges.store.marker import Marker
from tests.services.house import TEAM, House, open_house


def path_of(house: House) -> Path:
    found = house.core.db.sqlite_path
    assert found is not None
    return found


def back(house: House, backup: Path, **options: Any) -> Restored:
    """Restore over the database of a closed house."""

    def on(database: Database, workspace_id: str) -> Core:
        return replace(house.core, db=database, workspace_id=workspace_id)

    values: dict[str, Any] = {"key": house.core.key, "clock": house.clock, "core_on": on} | options
    return restore(path_of(house), backup, **values)


def reopened(house: House) -> House:
    """Start on what is in the database's place now; nothing is forgotten at Slack."""
    again = open_house(house.folder.parent, house.clock.now)
    again.messenger.standing = house.messenger.standing
    claim_identity(again.core, workspace_name="Test", marker=Marker(path_of(again)))
    return again


def hold_reason(house: House) -> str:
    with house.core.db.reading() as session:
        here = instance.workspace(session, TEAM)
    assert here is not None
    return here.hold_reason


def refused(house: House, backup: Path, error: type[StorageError], said: str, **options: Any) -> None:
    before = path_of(house).read_bytes()
    with pytest.raises(error, match=said):
        back(house, backup, **options)
    assert path_of(house).read_bytes() == before
    assert not list(path_of(house).parent.glob("*.restoring*"))
    assert not list(path_of(house).parent.glob("*.before-restore-*"))
