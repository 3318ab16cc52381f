"""Breaking a connection without an answer: this module reaches below ASGI for that."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

BREAK = "sandbox.break"


class Breakable:
    """Gives each request a way to break its connection.

    ASGI has none: uvicorn's `send` is bound to an object that holds the transport, and that is what we abort.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
        if scope["type"] in ("http", "websocket") and transport is not None:
            scope[BREAK] = transport.abort
        await self._app(scope, receive, send)


def break_now(connection: HTTPConnection) -> None:
    abort = connection.scope.get(BREAK)
    if abort is not None:
        abort()


async def break_connection(connection: HTTPConnection) -> None:
    """Break the connection and wait until the server has noticed, so that nothing more is written to it."""
    break_now(connection)
    await asyncio.sleep(0.01)
