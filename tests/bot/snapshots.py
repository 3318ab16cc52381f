"""Snapshots: this module compares with the JSON in tests/snapshots (NUDGER_UPDATE_SNAPSHOTS=1 writes it)."""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "snapshots"


def assert_snapshot(name: str, value: Any) -> None:
    """Fail when the value differs from the snapshot of this name."""
    path = FOLDER / f"{name}.json"
    built = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("NUDGER_UPDATE_SNAPSHOTS") == "1":
        path.write_text(built, "utf-8")
    assert path.exists(), f"no snapshot {path.name}; NUDGER_UPDATE_SNAPSHOTS=1 writes it"
    assert built == path.read_text("utf-8"), f"{path.name} differs; look, then NUDGER_UPDATE_SNAPSHOTS=1 renews it"
