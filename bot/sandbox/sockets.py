"""Socket Mode, the server's end: this module keeps the app's websockets and carries envelopes over them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.delivery import Ack, Envelope
from bot.sandbox.errors import DeliveryFailed, NotConnected
from bot.sandbox.faults import Dice
from bot.sandbox.records import Json
from bot.sandbox.state import State

MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0
REFRESH_SECONDS = 3_600


@dataclass(eq=False, slots=True)
class Connection:
    """One websocket of the app, and the envelopes it has not acknowledged."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop
    waiting: dict[str, Future[Ack]] = field(default_factory=dict)


class SocketHub:
    """The transport over Socket Mode: each payload goes to one of the connections, in turn."""

    name: Literal["socket"] = "socket"

    def __init__(self, state: State, dice: Dice, cut: Callable[[WebSocket], None]) -> None:
        self._state = state
        self._dice = dice
        self._cut = cut
        self._connections: list[Connection] = []
        self.opened = 0  # how many there have ever been: a new one tells that the app has come back

    def is_up(self) -> bool:
        return bool(self._connections)

    def count(self) -> int:
        return len(self._connections)

    def send(self, envelope: Envelope, timeout: float) -> Ack:
        """Send from a worker thread and wait for the ack."""
        with self._state.lock:
            if not self._connections:
                raise NotConnected
            connection = self._connections.pop(0)
            self._connections.append(connection)
            answer: Future[Ack] = Future()
            connection.waiting[envelope.id] = answer
        asyncio.run_coroutine_threadsafe(self._write(connection, envelope), connection.loop)
        try:
            return answer.result(timeout)
        except FutureTimeout:
            raise DeliveryFailed("timeout") from None
        finally:
            connection.waiting.pop(envelope.id, None)

    async def _write(self, connection: Connection, envelope: Envelope) -> None:
        try:
            await connection.socket.send_text(json.dumps(_frame(envelope)))
        except (RuntimeError, WebSocketDisconnect):
            _fail(connection)
            return
        if self._dice.happens(self._dice.faults.drop_before_ack):
            await self._close(connection)

    async def serve(self, socket: WebSocket) -> None:
        """Speak with one websocket until it closes."""
        await socket.accept()
        if not self._is_welcome(socket.query_params.get("ticket", "")):
            await socket.close(code=4001, reason="invalid ticket")
            return
        if len(self._connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        connection = Connection(socket, asyncio.get_running_loop())
        await socket.send_json(self._hello(len(self._connections) + 1))
        self._join(connection)
        try:
            while True:
                _take(connection, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            self._leave(connection)

    def _is_welcome(self, ticket: str) -> bool:
        with self._state.lock:
            made_at = self._state.tickets.pop(ticket, None)
        return made_at is not None and self._state.clock.real() - made_at <= TICKET_SECONDS

    def _hello(self, number: int) -> Json:
        return {
            "type": "hello",
            "num_connections": number,
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": REFRESH_SECONDS},
            "connection_info": {"app_id": self._state.app.app_id},
        }

    def _join(self, connection: Connection) -> None:
        with self._state.lock:
            self._connections.append(connection)
            self.opened += 1
        self._state.tell("app")

    def _leave(self, connection: Connection) -> None:
        with self._state.lock:
            if connection in self._connections:
                self._connections.remove(connection)
        _fail(connection)
        self._state.tell("app")

    def drop(self) -> None:
        """Close every connection without having asked for a reconnect."""
        for connection in tuple(self._connections):
            self._leave(connection)
            asyncio.run_coroutine_threadsafe(self._close(connection), connection.loop)

    async def _close(self, connection: Connection) -> None:
        self._leave(connection)
        with suppress(RuntimeError, WebSocketDisconnect):
            await connection.socket.close(code=1011, reason="dropped by the sandbox")

    def cut(self) -> None:
        """Break every connection as a network would, without a closing frame; the SDK needs half a minute to notice."""
        for connection in tuple(self._connections):
            self._leave(connection)
            connection.loop.call_soon_threadsafe(self._cut, connection.socket)

    def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Send `disconnect` to every connection; the app opens new ones."""
        for connection in tuple(self._connections):
            frame = json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            asyncio.run_coroutine_threadsafe(connection.socket.send_text(frame), connection.loop)


def _frame(envelope: Envelope) -> Json:
    frame: Json = {
        "envelope_id": envelope.id,
        "type": envelope.type,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.takes_answer,
    }
    if envelope.type == "events_api":
        frame |= {"retry_attempt": envelope.retry_attempt, "retry_reason": envelope.retry_reason}
    return frame


def _take(connection: Connection, text: str) -> None:
    """Read one ack; what is not an ack is nothing to us."""
    try:
        message = json.loads(text)
    except ValueError:
        return
    waiting = connection.waiting.get(message.get("envelope_id", "")) if isinstance(message, dict) else None
    if waiting is not None and not waiting.done():
        waiting.set_result(Ack(message.get("payload") or None))


def _fail(connection: Connection) -> None:
    for waiting in tuple(connection.waiting.values()):
        if not waiting.done():
            waiting.set_exception(DeliveryFailed("dropped"))
