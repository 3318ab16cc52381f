"""/ui: the JSON behind the page: this module turns the page's requests into what people do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.sandbox.delivery import Outcome
from bot.sandbox.endpoints import OWN_TAB, acting, reading, required
from bot.sandbox.errors import Impossible
from bot.sandbox.page_json import PageJson, clock_json
from bot.sandbox.records import Json
from bot.sandbox.stream import Stream
from bot.sandbox.virtual_clock import DAY_SECONDS, Kind
from bot.sandbox.workspace import Slack

MORNING_HOUR = 9


class PageApi:
    """The page's side of the server. What waits for the app's ack runs in a thread."""

    def __init__(self, slack: Slack, page: PageJson, stream: Stream) -> None:
        self._slack = slack
        self._page = page
        self._stream = stream

    def routes(self) -> list[BaseRoute]:
        reads = {
            "people": PageApi.people,
            "view": PageApi.view,
            "calls": PageApi.calls,
            "faults": PageApi.read_faults,
            "limits": PageApi.read_limits,
            "diary": PageApi.read_diary,
        }
        acts = {
            "click": taking(PageApi.click),
            "submit": taking(PageApi.submit),
            "close": taking(PageApi.close),
            "command": taking(PageApi.command),
            "shortcut": taking(PageApi.shortcut),
            "message": taking(PageApi.message),
            "rest": PageApi.rest,
            "open": PageApi.open,
            "faults": PageApi.set_faults,
            "clock": PageApi.move_clock,
            "notice": PageApi.put_notice,
            "diary": PageApi.switch_diary,
        }
        return [
            *(Route(f"/ui/{name}", reading(self._there(read)), methods=["GET"]) for name, read in reads.items()),
            *(Route(f"/ui/{name}", acting(self._there(act)), methods=["POST"]) for name, act in acts.items()),
            Route("/ui/stream", self.stream, methods=["GET"]),
        ]

    def _there(self, act: Callable[[PageApi, Json], Json]) -> Callable[[Json], Json]:
        """Let a request name the workspace it is about; without a name it is this one."""

        def acted(values: Json) -> Json:
            team_id = values.pop("workspace", None)
            if team_id in (None, self._slack.state.app.team_id):
                return act(self, values)
            slack = self._slack.workspace(str(team_id))
            return act(PageApi(slack, PageJson(slack.state), self._stream), values)

        return acted

    # Reading

    def people(self, query: Json) -> Json:
        with self._slack.state.lock:
            return {"people": self._page.people(query.get("q", ""))}

    def view(self, query: Json) -> Json:
        with self._slack.state.lock:
            self._slack.state.catch_up()
            return {**self._page.view(required(query, "person")), "app": self._app()}

    def _app(self) -> Json:
        transport = self._slack.delivery.transport()
        name = self._slack.state.app.name
        return {"connected": transport is not None, "transport": transport.name if transport else "none", "name": name}

    def calls(self, query: Json) -> Json:
        return {"calls": [asdict(record) for record in self._slack.calls.after(int(query.get("after", 0)))]}

    def read_faults(self, query: Json) -> Json:
        return self._slack.dice.faults.as_json()

    def read_limits(self, query: Json) -> Json:
        return self._slack.post_limit.as_json()

    def read_diary(self, query: Json) -> Json:
        return self._slack.diary.as_json()

    async def stream(self, request: Request) -> Response:
        return StreamingResponse(self._stream.read(), media_type="text/event-stream", headers=OWN_TAB)

    # Acting

    def take(self, person: str) -> None:
        self._slack.diary.take(person)

    def click(self, body: Json) -> Json:
        is_view = body.get("source") in ("home", "modal")
        outcome = self._slack.do.click(
            required(body, "person"),
            ts=None if is_view else required(body, "ts"),
            view_id=self._view_id(body) if is_view else None,
            block_id=required(body, "block_id"),
            action_id=required(body, "action_id"),
            value=body.get("value"),
            values=body.get("state"),
        )
        return _told(outcome)

    def _view_id(self, body: Json) -> str:
        """Return the view named, or the person's Home tab."""
        if body.get("view_id") or body["source"] == "modal":
            return required(body, "view_id")
        return self._slack.state.homes.get(required(body, "person"), "")

    def submit(self, body: Json) -> Json:
        submitted = self._slack.do.submit(required(body, "person"), required(body, "view_id"), body.get("values") or {})
        return {**_told(submitted.outcome), "errors": submitted.errors}

    def close(self, body: Json) -> Json:
        person, view_id = required(body, "person"), required(body, "view_id")
        return _told(self._slack.do.close(person, view_id, is_cleared=bool(body.get("is_cleared"))))

    def command(self, body: Json) -> Json:
        person, command = required(body, "person"), required(body, "command")
        return _told(self._slack.do.command(person, command, str(body.get("text") or "")))

    def shortcut(self, body: Json) -> Json:
        person, callback_id = required(body, "person"), required(body, "callback_id")
        ts = required(body, "ts") if body.get("ts") else None
        return _told(self._slack.do.shortcut(person, callback_id, ts=ts))

    def message(self, body: Json) -> Json:
        return _told(self._slack.do.message(required(body, "person"), required(body, "text")))

    def rest(self, body: Json) -> Json:
        return _told(self._slack.do.rest(required(body, "person"), float(body.get("hours", 1))))

    def open(self, body: Json) -> Json:
        tab = body.get("tab", "home")
        if tab not in ("home", "messages"):
            raise Impossible("unknown_tab", "A tab is either home or messages.")
        return _told(self._slack.do.open(required(body, "person"), tab=tab))

    def set_faults(self, body: Json) -> Json:
        try:
            return self._slack.set_faults(**body).as_json()
        except (TypeError, ValueError) as error:
            raise Impossible("bad_fault", str(error)) from error

    def put_notice(self, body: Json) -> Json:
        self._slack.put_notice(str(body.get("text") or ""), about=str(body.get("about") or ""))
        return {"ok": True}

    def switch_diary(self, body: Json) -> Json:
        self._slack.diary.switch(is_on=bool(body.get("is_on")))
        return self._slack.diary.as_json()

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


def taking(act: Callable[[PageApi, Json], Json]) -> Callable[[PageApi, Json], Json]:
    """Return the act, noting that whoever acts is the visitor's from now on."""

    def taken(api: PageApi, body: Json) -> Json:
        api.take(required(body, "person"))
        return act(api, body)

    return taken


def _next_morning(now: float, zone: ZoneInfo) -> float:
    local = datetime.fromtimestamp(now, zone) + timedelta(days=1)
    return local.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0).timestamp()


def _told(outcome: Outcome) -> Json:
    return {"ok": outcome.ok, "ack_ms": outcome.ack_ms, "error": outcome.error}
