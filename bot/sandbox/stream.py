"""Hints to fetch again, as server-sent events: this module keeps open pages fresh."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from bot.sandbox.state import State

GATHER_SECONDS = 0.05  # many changes at once become one hint each
QUIET_SECONDS = 10.0

Hint = tuple[str, str | None]


class Listener:
    """One open page: the hints it has not read."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.hints: dict[Hint, None] = {}
        self.woken = asyncio.Event()

    def add(self, hint: Hint) -> None:
        self.hints[hint] = None
        self.woken.set()


class Stream:
    """Every open page hears of every change."""

    def __init__(self, state: State) -> None:
        self._listeners: set[Listener] = set()
        self._is_open = True
        state.listeners.append(self.tell)

    def tell(self, kind: str, person: str | None) -> None:
        for listener in tuple(self._listeners):
            if not listener.loop.is_closed():
                listener.loop.call_soon_threadsafe(listener.add, (kind, person))

    def close(self) -> None:
        self._is_open = False
        self.tell("app", None)

    async def read(self) -> AsyncIterator[str]:
        """Yield events until the page goes away or the server stops."""
        listener = Listener(asyncio.get_running_loop())
        self._listeners.add(listener)
        try:
            yield "retry: 1000\n\n"
            while self._is_open:
                yield await _next(listener)
        finally:
            self._listeners.discard(listener)


async def _next(listener: Listener) -> str:
    try:
        await asyncio.wait_for(listener.woken.wait(), QUIET_SECONDS)
    except TimeoutError:
        return ": quiet\n\n"
    await asyncio.sleep(GATHER_SECONDS)
    hints, listener.hints = listener.hints, {}
    listener.woken.clear()
    return "".join(f"data: {json.dumps(_event(*hint))}\n\n" for hint in hints)


def _event(kind: str, person: str | None) -> dict[str, str]:
    return {"type": kind, "person": person} if person else {"type": kind}
