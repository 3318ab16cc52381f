"""The last five hundred calls in both directions: this module is the panel's memory."""

from __future__ import annotations

from collections import deque
from itertools import count
from typing import Any

from bot.sandbox.records import CallRecord, Json
from bot.sandbox.state import State

KEPT = 500
SUMMARY_LENGTH = 120


class CallLog:
    """Written under the state's lock; numbers never repeat, so a page can ask for what is new."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._numbers = count(1)
        self._records: deque[CallRecord] = deque(maxlen=KEPT)

    def add(self, **facts: Any) -> None:
        clock = self._state.clock
        with self._state.lock:
            self._records.append(CallRecord(n=next(self._numbers), at=clock.now(), real_at=clock.real(), **facts))
        self._state.tell("calls")

    def after(self, n: int) -> list[CallRecord]:
        with self._state.lock:
            return [record for record in self._records if record.n > n]


def summary_of(args: Json) -> str:
    """Return a line that tells calls apart: where to, then the text."""
    named = [str(args[key]) for key in ("channel", "user", "user_id", "users", "ts", "view_id") if args.get(key)]
    view = args.get("view")
    if isinstance(view, dict):
        named.append(str(view.get("callback_id") or view.get("type")))
    text = " ".join(str(args.get("text") or "").split())
    line = " ".join(named) + (f" \u201c{text}\u201d" if text else "")
    return line if len(line) <= SUMMARY_LENGTH else f"{line[: SUMMARY_LENGTH - 1]}\u2026"
