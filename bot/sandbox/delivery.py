"""Events, interactions and commands on their way to the app, with Slack's retries: this module is the way out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bot.sandbox.call_log import CallLog
from bot.sandbox.errors import DeliveryFailed, NotConnected
from bot.sandbox.faults import Dice
from bot.sandbox.payloads import event_envelope
from bot.sandbox.records import Json
from bot.sandbox.state import State

ACK_SECONDS = 3.0
RETRY_WAITS = (0.0, 2.0, 5.0)  # Slack: at once, after a minute, after five; shortened, in real seconds

EnvelopeType = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One payload for the app, whatever carries it."""

    id: str
    type: EnvelopeType
    payload: Json
    retry_attempt: int = 0
    retry_reason: str = ""

    @property
    def takes_answer(self) -> bool:
        return self.type != "events_api"


@dataclass(frozen=True, slots=True)
class Ack:
    """The app took the envelope; `payload` is what it answered, if anything."""

    payload: Json | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery went, as the person's page shows it."""

    ok: bool
    ack_ms: float | None = None
    error: str | None = None
    ack: Ack | None = None


NOT_INSTALLED = Outcome(ok=False, error="not_installed")


class Transport(Protocol):
    """A way to the app. `send` returns its ack or raises NotConnected or DeliveryFailed."""

    @property
    def name(self) -> Literal["socket", "http", "in_process"]: ...

    def is_up(self) -> bool: ...

    def send(self, envelope: Envelope, timeout: float) -> Ack: ...

    def drop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class InProcess:
    """Calls a function of the same process: returns the payload of its ack, or None for an empty one."""

    handler: Callable[[Envelope], Json | None]
    name: Literal["in_process"] = "in_process"

    def is_up(self) -> bool:
        return True

    def send(self, envelope: Envelope, timeout: float) -> Ack:
        return Ack(self.handler(envelope))

    def drop(self) -> None:
        """There is nothing to break."""


def run_later(seconds: float, action: Callable[[], object]) -> None:
    """Run the action on a thread of its own after that many real seconds."""
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()


class Delivery:
    """Chooses the first transport that is up, waits for the ack, retries events; never called under the lock."""

    def __init__(self, state: State, calls: CallLog, dice: Dice, *, like: Delivery | None = None) -> None:
        """`like` is another workspace's delivery: the app is reached the same way."""
        self._state = state
        self._calls = calls
        self._dice = dice
        self.transports: list[Transport] = like.transports if like else []
        self.ack_seconds: float = like.ack_seconds if like else ACK_SECONDS
        self.retry_waits: tuple[float, ...] = like.retry_waits if like else RETRY_WAITS
        self.run_later: Callable[[float, Callable[[], object]], None] = like.run_later if like else run_later

    def connect(self, handler: Callable[[Envelope], Json | None]) -> None:
        """Let a function of this process play the app."""
        self.transports.append(InProcess(handler))

    def transport(self) -> Transport | None:
        return next((transport for transport in self.transports if transport.is_up()), None)

    def drop_connections(self) -> None:
        for transport in self.transports:
            transport.drop()

    def send_event(self, event: Json, *, person: str | None) -> Outcome:
        """Deliver an event; without an ack it is tried again three times, later."""
        with self._state.lock:
            installation = self._state.installation()
            if installation is None:
                return NOT_INSTALLED
            payload = event_envelope(self._state, event, installation.place)
        return self.send_payload(payload, person=person)

    def send_payload(self, payload: Json, *, person: str | None) -> Outcome:
        """Deliver an event that is in its envelope already."""
        outcome = self._try(self._envelope("events_api", payload), person)
        if outcome.error == "not_connected":
            return outcome
        if not outcome.ok:
            self._retry_later(payload, person, attempt=1, reason=_retry_reason(outcome.error))
        elif self._dice.happens(self._dice.faults.duplicate_event):
            self.run_later(0.0, lambda: self._try(self._envelope("events_api", payload), person))
        return outcome

    def send(self, kind: EnvelopeType, payload: Json, *, person: str) -> Outcome:
        """Deliver an interaction or a command, once; the person waits for the ack."""
        if self._state.installation() is None:
            return NOT_INSTALLED
        outcome = self._try(self._envelope(kind, payload), person)
        if outcome.ok and self._dice.happens(self._dice.faults.duplicate_interaction):
            self.run_later(0.0, lambda: self._try(self._envelope(kind, payload), person))
        return outcome

    def _envelope(self, kind: EnvelopeType, payload: Json) -> Envelope:
        with self._state.lock:
            return Envelope(id=self._state.new_id("envelope-"), type=kind, payload=payload)

    def _retry_later(self, payload: Json, person: str | None, *, attempt: int, reason: str) -> None:
        if attempt > len(self.retry_waits):
            return
        self.run_later(
            self.retry_waits[attempt - 1], lambda: self._retry(payload, person, attempt=attempt, reason=reason)
        )

    def _retry(self, payload: Json, person: str | None, *, attempt: int, reason: str) -> None:
        envelope = replace(self._envelope("events_api", payload), retry_attempt=attempt, retry_reason=reason)
        outcome = self._try(envelope, person)
        if not outcome.ok:
            self._retry_later(payload, person, attempt=attempt + 1, reason=_retry_reason(outcome.error))

    def _try(self, envelope: Envelope, person: str | None) -> Outcome:
        started = time.perf_counter()
        outcome = self._attempt(envelope, started)
        self._calls.add(
            direction="slack_to_app",
            what=f"{envelope.type}: {_kind_of(envelope)}",
            person=person,
            ok=outcome.ok,
            error=outcome.error,
            ms=outcome.ack_ms or round((time.perf_counter() - started) * 1000, 2),
            summary=f"retry {envelope.retry_attempt}" if envelope.retry_attempt else "",
        )
        return outcome

    def _attempt(self, envelope: Envelope, started: float) -> Outcome:
        transport = self.transport()
        if transport is None:
            return Outcome(ok=False, error="not_connected")
        try:
            ack = transport.send(envelope, self.ack_seconds)
        except NotConnected:
            return Outcome(ok=False, error="not_connected")
        except DeliveryFailed as failure:
            return Outcome(ok=False, error=str(failure))
        return Outcome(ok=True, ack_ms=round((time.perf_counter() - started) * 1000, 2), ack=ack)


def _kind_of(envelope: Envelope) -> str:
    payload = envelope.payload
    if envelope.type == "events_api":
        return str(payload["event"]["type"])
    return str(payload.get("command") or payload.get("type"))


def _retry_reason(error: str | None) -> str:
    if error == "timeout":
        return "http_timeout"
    return "http_error" if (error or "").startswith("http_") else "connection_failed"
