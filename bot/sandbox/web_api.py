"""/api, /response, /link and /clock over HTTP: this module is what the app talks to."""

from __future__ import annotations

import asyncio
import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.sandbox.arguments import decoded
from bot.sandbox.errors import AnswerLost
from bot.sandbox.oauth import credentials
from bot.sandbox.records import Json
from bot.sandbox.sockets import SocketHub
from bot.sandbox.wire import break_connection
from bot.sandbox.workspace import LATE_HEADER, Answer, Slack

POLL_SECONDS = 0.05
HOLD_SECONDS = 0.25
LONGEST_WAIT = 60.0


class WebApi:
    """The app's side of the server; calls run on the event loop because none of them waits."""

    def __init__(self, slack: Slack, hub: SocketHub) -> None:
        self._slack = slack
        self._hub = hub
        self.is_stopping = False

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/api/{method}", self.call, methods=["GET", "POST"]),
            Route("/response/{key}", self.respond, methods=["POST"]),
            Route("/clock", self.read_clock, methods=["GET"]),
            Route("/clock", self.set_clock, methods=["POST"]),
            WebSocketRoute("/link", self.link),
        ]

    async def call(self, request: Request) -> Response:
        bearer, client = credentials(request.headers.get("authorization", ""))
        args = {**dict(request.query_params), **decoded(await request.body()), **client}
        token = bearer or args.get("token")
        args.pop("token", None)
        try:
            answer = self._slack.call(request.path_params["method"], args, token)
        except AnswerLost:
            await break_connection(request)
            return Response(status_code=500)
        wait = float(answer.headers.pop(LATE_HEADER, 0))
        if wait:
            await self._hold(request, wait)
        return _http(answer)

    async def _hold(self, request: Request, seconds: float) -> None:
        """Keep the caller waiting, until it gives up or the server stops."""
        until = asyncio.get_running_loop().time() + seconds
        while (left := until - asyncio.get_running_loop().time()) > 0 and not self.is_stopping:
            await asyncio.sleep(min(left, HOLD_SECONDS))
            if await request.is_disconnected():
                return

    async def respond(self, request: Request) -> Response:
        try:
            body = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, status_code=400)
        return _http(self._slack.respond(request.path_params["key"], body))

    async def link(self, socket: WebSocket) -> None:
        await self._hub.serve(socket)

    async def read_clock(self, request: Request) -> Response:
        """Long poll: answer when a move is under way that the follower has not seen."""
        wait = min(float(request.query_params.get("wait", 0)), LONGEST_WAIT)
        seen = int(request.query_params.get("seen", 0))
        deadline = asyncio.get_running_loop().time() + wait
        while not self._slack.clock.hear(seen) and not self.is_stopping:
            if asyncio.get_running_loop().time() >= deadline:
                break
            await asyncio.sleep(POLL_SECONDS)
        return JSONResponse(self._clock())

    async def set_clock(self, request: Request) -> Response:
        try:
            body = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"error": "invalid_json", "detail": "The body is not JSON."}, status_code=400)
        clock = self._slack.clock
        if body.get("now") is not None:
            allowed = await run_in_threadpool(clock.before_step, float(body["now"]))
            clock.advance_to(allowed)
        if body.get("done"):
            clock.end_move(int(body.get("move", -1)), next_at=body.get("next_at"), note=body.get("note"))
        self._slack.state.tell("clock")
        return JSONResponse(self._clock())

    def _clock(self) -> Json:
        clock = self._slack.clock
        move = clock.move
        target, kind = (move.target, move.kind) if move.moving else (None, None)
        return {"offset": clock.offset, "move": move.n, "target": target, "kind": kind, "person": move.person}


def _http(answer: Answer) -> Response:
    if isinstance(answer.body, str):
        kind = "text/html" if answer.body.startswith("<html") else "text/plain"
        return PlainTextResponse(answer.body, answer.status, headers=answer.headers, media_type=kind)
    return JSONResponse(answer.body, answer.status, headers=answer.headers)
