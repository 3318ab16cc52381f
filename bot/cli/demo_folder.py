"""The folder a demo lives in: this module lets one demo in at a time and knows what a killed one has left behind."""

import json
import os
import shutil
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bot.cli.console import could_not_run
from bot.sandbox.keeping import past_of
from nudges.errors import AlreadyRunning
from nudges.store.process_lock import lock_database

FORMER_APP_S = 15.0
LOOK_S = 0.05


@dataclass(frozen=True)
class Mark:
    """What a demo notes about itself; taken away when it ends in order, so that a mark found is one of a kill."""

    url: str
    size: int
    is_set_up: bool = False  # all is published: from here on it can go on
    in_doubt_since: float | None = None  # virtual: the first kill whose doubts have not all been settled


@dataclass(frozen=True)
class LeftOver:
    """A demo that was killed and can go on."""

    mark: Mark
    last_seen: float  # real time


class DemoFolder:
    """Holds the folder until the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Take it; exit 2 when another demo has it or it cannot be written."""
        self.path = path
        self.database = path / "nudger.db"
        self.slack = path / "slack.jsonl"
        self.log = path / "nudger.log"
        self._mark = path / "demo.json"
        self._alive = path / "alive"
        self._lock = FileLock(path / "lock")
        try:
            path.mkdir(exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            mark = self._read_mark()
            where = f" at {mark.url}/" if mark else ""
            could_not_run(
                f"A demo runs in this folder already{where}. Look at that one, end it with Ctrl-C, or start this one in"
                " another folder."
            )
        except OSError as error:
            could_not_run(f"The folder {path} cannot be written ({error.strerror}). Start the demo in another folder.")

    def left_over(self) -> LeftOver | None:
        """Return the demo that was killed here, if it can go on."""
        mark = self._read_mark()
        if mark is None or not mark.is_set_up or not self.database.exists() or not past_of(self.slack).is_usable:
            return None
        return LeftOver(mark, self._alive.stat().st_mtime if self._alive.exists() else self.slack.stat().st_mtime)

    def is_marked(self) -> bool:
        """Return whether a demo was killed here, whether or not it can go on."""
        return self._mark.exists()

    def clear(self) -> None:
        """Take away all that a former demo has left."""
        for one in self.path.iterdir():
            if one.name == "lock":
                continue
            if one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            else:
                one.unlink(missing_ok=True)

    def note(self, mark: Mark) -> None:
        """Write the mark, whole or not at all."""
        fresh = self._mark.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(mark)), encoding="utf-8")
        os.replace(fresh, self._mark)

    def note_life(self) -> None:
        """Leave the present instant, which is how the next demo knows when this one was killed."""
        with suppress(OSError):  # a full disk is said elsewhere
            self._alive.touch()

    def forget(self) -> None:
        """Take the mark away: this demo has ended in order."""
        self._mark.unlink(missing_ok=True)

    def wait_for_former_app(self) -> None:
        """Return when the app of a killed demo has noticed; it takes a moment. Exit 2 when it never does."""
        if not self.database.exists():
            return None
        deadline = time.monotonic() + FORMER_APP_S
        while True:
            try:
                return lock_database(self.database).release()
            except AlreadyRunning:
                if time.monotonic() > deadline:
                    could_not_run(f"Another Nudger still works on {self.database}. End it, then start the demo again.")
            time.sleep(LOOK_S)

    def _read_mark(self) -> Mark | None:
        try:
            return Mark(**json.loads(self._mark.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
