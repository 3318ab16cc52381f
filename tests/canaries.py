"""What must never be logged, looked for in every test: this module watches the log while NUDGER_CANARIES=1 is set.

    NUDGER_CANARIES=1 .venv/bin/python -m pytest tests/bot tests/services tests/work

Our rooms log at DEBUG. A line is what the app would write. In none may stand a token, an address at which Slack takes
answers, or a word that people typed: whatever is stored as such in any test is remembered from then on.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.logs import JsonLines

TOKENS = re.compile(r"xox[a-z]-\d|xox[a-z]-[a-z]{3,}|xapp-\d|hooks\.slack\.com/|/response/\w")
KEEPS_WORDS = re.compile(r"INSERT INTO (?:replies|stories|barrier_reports|ask_backs)\b")
LEAST = 8  # characters; a shorter word stands in lines by chance


class Watch(logging.Handler):
    """Reads every line that would be written; remembers what people typed."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())
        self.words: set[str] = set()
        self.found: list[str] = []
        self.lines = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the lines in which something stands that must not."""
        if not record.name.startswith(("bot", "nudges")):
            return
        line, self.lines = self.format(record), self.lines + 1
        if TOKENS.search(line) or any(word in line for word in self.words):
            self.found.append(line)

    def note(self, statement: str, parameters: Any) -> None:
        """Remember the words that are being stored."""
        if not KEEPS_WORDS.search(statement):
            return
        for values in parameters if isinstance(parameters, list) else [parameters]:
            each = values.values() if isinstance(values, Mapping) else values
            self.words.update(one for one in each if isinstance(one, str) and len(one) >= LEAST and " " in one)


@pytest.fixture(scope="session")
def watch() -> Iterator[Watch]:
    """One watch for all tests; in the end it says how much it has read."""
    found = Watch()

    def stored(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        found.note(statement, parameters)

    event.listen(Engine, "before_cursor_execute", stored)
    yield found
    event.remove(Engine, "before_cursor_execute", stored)
    print(f"\n{found.lines} lines read, {len(found.words)} texts of people remembered")


@pytest.fixture(autouse=True)
def nothing_private_is_logged(watch: Watch) -> Iterator[None]:
    """Fail the test in which a line told something."""
    root, rooms = logging.getLogger(), [logging.getLogger(name) for name in ("bot", "nudges")]
    levels = [room.level for room in rooms]
    root.addHandler(watch)
    for room in rooms:
        room.setLevel(logging.DEBUG)
    yield
    root.removeHandler(watch)
    for room, level in zip(rooms, levels, strict=True):
        room.setLevel(level)
    found, watch.found = watch.found, []
    assert not found, f"logged: {found[:3]}"
