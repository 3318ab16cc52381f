"""Telling a copy from the original: this module is a small file beside a SQLite database, renewed at each start."""

import json
from pathlib import Path


class Marker:
    """A small file beside a SQLite database that tells a copy from the original."""

    def __init__(self, database_path: Path) -> None:
        self._database_path = database_path
        self._path = database_path.with_name(database_path.name + ".instance")

    def read(self) -> dict[str, object] | None:
        """Return what was written at the last start, or None."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def write(self, *, instance_id: str, epoch: int) -> None:
        """Remember this start."""
        body = {"instance_id": instance_id, "epoch": epoch, "inode": self.inode()}
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_text(json.dumps(body), encoding="utf-8")
        fresh.replace(self._path)

    def inode(self) -> int:
        """Return the database file's number on its disk; a copy has another."""
        return self._database_path.stat().st_ino
