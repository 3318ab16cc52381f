"""/ui: the JSON behind the page: this module turns the page's requests into what people do."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.sandbox.delivery import Outcome
from bot.sandbox.errors import Impossible
from bot.sandbox.page_json import PageJson, clock_json
from bot.sandbox.records import Json
from bot.sandbox.stream import Stream
from bot.sandbox.virtual_clock import DAY_SECONDS, Kind
from bot.sandbox.workspace import Slack

MORNING_HOUR = 9
OWN_TAB = {"Cache-Control": "no-store"}

Endpoint = Callable[[Request], Awaitable[Response]]


class PageApi:
    """The page's side of the server. What waits for the app's ack runs in a thread."""

    def __init__(self, slack: Slack, page: PageJson, stream: Stream) -> None:
        self._slack = slack
        self._page = page
        self._stream = stream

    def routes(self) -> list[BaseRoute]:
        reads = {"people": self.people, "view": self.view, "calls": self.calls, "faults": self.read_faults}
        acts = {
            "click": self.click,
            "submit": self.submit,
            "close": self.close,
            "command": self.command,
            "shortcut": self.shortcut,
            "message": self.message,
            "open": self.open,
        }
        return [
            *(Route(f"/ui/{name}", _reading(read), methods=["GET"]) for name, read in reads.items()),
            *(Route(f"/ui/{name}", _acting(act), methods=["POST"]) for name, act in acts.items()),
            Route("/ui/faults", _acting(self.set_faults), methods=["POST"]),
            Route("/ui/clock", _acting(self.move_clock), methods=["POST"]),
            Route("/ui/stream", self.stream, methods=["GET"]),
        ]

    # Reading

    def people(self, query: Json) -> Json:
        with self._slack.state.lock:
            return {"people": self._page.people(query.get("q", ""))}

    def view(self, query: Json) -> Json:
        with self._slack.state.lock:
            self._slack.state.catch_up()
            return {**self._page.view(_required(query, "person")), "app": self._app()}

    def _app(self) -> Json:
        transport = self._slack.delivery.transport()
        name = self._slack.state.app.name
        return {"connected": transport is not None, "transport": transport.name if transport else "none", "name": name}

    def calls(self, query: Json) -> Json:
        return {"calls": [asdict(record) for record in self._slack.calls.after(int(query.get("after", 0)))]}

    def read_faults(self, query: Json) -> Json:
        return self._slack.dice.faults.as_json()

    async def stream(self, request: Request) -> Response:
        return StreamingResponse(self._stream.read(), media_type="text/event-stream", headers=OWN_TAB)

    # Acting

    def click(self, body: Json) -> Json:
        is_view = body.get("source") in ("home", "modal")
        outcome = self._slack.do.click(
            _required(body, "person"),
            ts=None if is_view else _required(body, "ts"),
            view_id=self._view_id(body) if is_view else None,
            block_id=_required(body, "block_id"),
            action_id=_required(body, "action_id"),
            value=body.get("value"),
            values=body.get("state"),
        )
        return _told(outcome)

    def _view_id(self, body: Json) -> str:
        """Return the view named, or the person's Home tab."""
        if body.get("view_id") or body["source"] == "modal":
            return _required(body, "view_id")
        return self._slack.state.homes.get(_required(body, "person"), "")

    def submit(self, body: Json) -> Json:
        submitted = self._slack.do.submit(
            _required(body, "person"), _required(body, "view_id"), body.get("values") or {}
        )
        return {**_told(submitted.outcome), "errors": submitted.errors}

    def close(self, body: Json) -> Json:
        person, view_id = _required(body, "person"), _required(body, "view_id")
        return _told(self._slack.do.close(person, view_id, is_cleared=bool(body.get("is_cleared"))))

    def command(self, body: Json) -> Json:
        person, command = _required(body, "person"), _required(body, "command")
        return _told(self._slack.do.command(person, command, str(body.get("text") or "")))

    def shortcut(self, body: Json) -> Json:
        return _told(self._slack.do.shortcut(_required(body, "person"), _required(body, "callback_id")))

    def message(self, body: Json) -> Json:
        return _told(self._slack.do.message(_required(body, "person"), _required(body, "text")))

    def open(self, body: Json) -> Json:
        tab = body.get("tab", "home")
        if tab not in ("home", "messages"):
            raise Impossible("unknown_tab", "A tab is either home or messages.")
        return _told(self._slack.do.open(_required(body, "person"), tab=tab))

    def set_faults(self, body: Json) -> Json:
        try:
            return self._slack.set_faults(**body).as_json()
        except (TypeError, ValueError) as error:
            raise Impossible("bad_fault", str(error)) from error

    def move_clock(self, body: Json) -> Json:
        """Ask for a move; the app that follows the clock makes it, and the page hears over the stream."""
        clock, goal = self._slack.clock, body.get("to")
        target = None if goal == "next" else self._target(goal, body.get("person"))
        kind: Kind = "next" if target is None else "to"
        if clock.begin_move(target=target, kind=kind, person=body.get("person")) is None:
            raise Impossible("busy", "The clock is moving already.")
        self._slack.state.tell("clock")
        return {"ok": True, "clock": clock_json(clock)}

    def _target(self, goal: Any, person: str | None) -> float:
        now = self._slack.clock.now()
        if goal == "week":
            return now + 7 * DAY_SECONDS
        if goal == "tomorrow":
            return _next_morning(now, self._zone(person))
        try:
            return float(goal)
        except (TypeError, ValueError):
            raise Impossible("bad_instant", "`to` is next, tomorrow, week or an instant in seconds.") from None

    def _zone(self, person: str | None) -> ZoneInfo:
        user = self._slack.state.users.get(person or "", {})
        try:
            return ZoneInfo(user.get("tz") or "Etc/UTC")
        except (ValueError, ZoneInfoNotFoundError):
            return ZoneInfo("Etc/UTC")


def _next_morning(now: float, zone: ZoneInfo) -> float:
    local = datetime.fromtimestamp(now, zone) + timedelta(days=1)
    return local.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0).timestamp()


def _told(outcome: Outcome) -> Json:
    return {"ok": outcome.ok, "ack_ms": outcome.ack_ms, "error": outcome.error}


def _required(values: Json, name: str) -> str:
    value = values.get(name)
    if value in (None, ""):
        raise Impossible("missing_field", f"The request lacks `{name}`.")
    return str(value)


def _reading(read: Callable[[Json], Json]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await _answer(partial(read, dict(request.query_params)))

    return endpoint


def _acting(act: Callable[[Json], Json]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
            return JSONResponse({"error": "foreign_origin", "detail": "Only the sandbox's page may do this."}, 403)
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            return _bad("invalid_json", "The body is not JSON.")
        if not isinstance(body, dict):
            return _bad("invalid_json", "The body is not a JSON object.")
        return await _answer(partial(act, body))

    return endpoint


async def _answer(work: Callable[[], Json]) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(work), headers=OWN_TAB)
    except Impossible as error:
        return _bad(error.code, error.detail)
    except ValueError:
        return _bad("bad_value", "A number in the request is not a number.")


def _bad(error: str, detail: str) -> Response:
    return JSONResponse({"error": error, "detail": detail}, 400, headers=OWN_TAB)
