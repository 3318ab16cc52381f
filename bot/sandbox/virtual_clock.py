"""Virtual time is real time plus an offset that only grows: this module is the sandbox's clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

UNFOLLOWED_SECONDS = 2.0  # an app that follows the clock has asked again by then
SILENT_SECONDS = 180.0  # an app that took a move over and went away must not block the clock for ever
NEXT_MOVE_DAYS = 31
DAY_SECONDS = 86_400.0

Kind = Literal["to", "next"]


@dataclass(frozen=True, slots=True)
class Move:
    """A walk of the clock asked for on the page; the app that follows carries it out."""

    n: int = 0
    target: float | None = None
    kind: Kind | None = None
    person: str | None = None  # whose page asked; "next" is theirs
    moving: bool = False
    next_at: float | None = None
    note: str | None = None
    asked_real: float = 0.0
    heard_real: float | None = None


class VirtualClock:
    """The one owner of virtual time; every method is safe from any thread."""

    def __init__(self, *, start: float | None = None, real: Callable[[], float] = time.time) -> None:
        self.real = real
        self._offset = 0.0 if start is None else start - real()
        self._move = Move()
        self.on_change: Callable[[], None] = lambda: None  # told under the lock, before anybody else can know
        # Asked without the lock before a step: whoever lives here does what is due and says how far it may go.
        self.before_step: Callable[[float], float] = lambda wanted: wanted
        self._lock = threading.Lock()

    def now(self) -> float:
        return self.real() + self._offset

    @property
    def offset(self) -> float:
        return self._offset

    @property
    def move(self) -> Move:
        return self._move

    def bring_back(self, facts: dict[str, Any]) -> None:
        """Go on as a kept clock was: time has passed meanwhile, and a walk under way waits for who follows it."""
        self._offset = float(facts.get("offset", self._offset))
        # As if just heard: who followed is starting again too, and takes longer for it than a stranger may.
        self._move = replace(Move(**facts.get("move", {})), asked_real=self.real(), heard_real=self.real())

    def advance_to(self, instant: float) -> None:
        """Move virtual now to this instant; an earlier one changes nothing."""
        with self._lock:
            self._offset = max(self._offset, instant - self.real())
            self._move = replace(self._move, heard_real=self.real())
            self.on_change()

    def begin_move(self, *, target: float | None, kind: Kind, person: str | None = None) -> Move | None:
        """Ask for a walk to the target (31 days on for `next`); None while another walk is under way."""
        with self._lock:
            if self._move.moving:
                return None
            goal = self.now() + NEXT_MOVE_DAYS * DAY_SECONDS if target is None else target
            number, asked = self._move.n + 1, self.real()
            self._move = Move(n=number, target=goal, kind=kind, person=person, moving=True, asked_real=asked)
            self.on_change()
            return self._move

    def hear(self, seen: int) -> Move | None:
        """Return the move the follower has not seen yet, noting that somebody follows."""
        with self._lock:
            if not self._move.moving or self._move.n <= seen:
                return None
            self._move = replace(self._move, heard_real=self.real())
            return self._move

    def end_move(self, n: int, *, next_at: float | None, note: str | None) -> None:
        with self._lock:
            if n == self._move.n:
                self._move = replace(self._move, moving=False, next_at=next_at, note=note)
                self.on_change()

    def carry_out_unfollowed(self) -> bool:
        """Make a move that no app took over; return whether anything changed."""
        with self._lock:
            move = self._move
            if not move.moving or not self._is_unfollowed(move):
                return False
            self._move = replace(move, moving=False, note="No app follows the clock.")
            if move.kind == "to" and move.target is not None:
                self._offset = max(self._offset, move.target - self.real())
            self.on_change()
            return True

    def _is_unfollowed(self, move: Move) -> bool:
        if move.heard_real is None:
            return self.real() - move.asked_real > UNFOLLOWED_SECONDS
        return self.real() - move.heard_real > SILENT_SECONDS
