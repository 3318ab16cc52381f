"""The application behind one address: this module is Slack's endpoint, health, readiness and metrics."""

import ipaddress
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web_guard import Guard
from bot.web_slack import Answers, SlackEndpoint

logger = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
TICKS_ALLOWED = 3
TICK_AGE_MIN = timedelta(seconds=5)  # a demo ticks several times a second; a busy machine may miss some
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True)
class Readiness:
    """What is needed to do the work: the database, the ticking, and the way Slack reaches us."""

    is_database_reachable: bool
    is_connected: bool  # the socket is open, or requests come by HTTP
    last_tick_at: datetime | None
    tick: timedelta
    now: datetime

    @property
    def obstacles(self) -> tuple[str, ...]:
        """Return what stands in the way, in plain words; nothing when all is well."""
        checks = (
            (self.is_database_reachable, "the database cannot be reached"),
            (self.is_connected, "the socket to Slack is not open"),
            (self._is_ticking, "the last tick is too long ago"),
        )
        return tuple(words for is_well, words in checks if not is_well)

    @property
    def _is_ticking(self) -> bool:
        allowed = max(TICKS_ALLOWED * self.tick, TICK_AGE_MIN)
        return self.last_tick_at is not None and self.now - self.last_tick_at <= allowed


def web_app(
    bolt: Answers,
    *,
    signing_secret: str,
    is_http: bool,
    readiness: Callable[[], Readiness],
    metrics: Callable[[], bytes],
    metrics_for_all: bool = False,
    more: Sequence[BaseRoute] = (),
) -> Starlette:
    """Return the application; without `is_http` Slack's endpoint does not exist, since events come by the socket.

    `more` are routes that exist only where something is set.
    """
    pages = Pages(readiness, metrics, metrics_for_all=metrics_for_all)
    routes = [
        Route("/healthz", pages.healthz),
        Route("/readyz", pages.readyz),
        Route("/metrics", pages.metrics),
        *more,
    ]
    if is_http:
        endpoint = SlackEndpoint(bolt, Guard(signing_secret))
        routes.append(Route(EVENTS_PATH, endpoint.receive, methods=["POST"]))
    app = Starlette(
        routes=routes,
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HTTPException: _refused, Exception: _broken},
    )
    app.router.redirect_slashes = False  # an answer of ours never sends anybody elsewhere
    return app


class Pages:
    """What machines ask about this process."""

    def __init__(
        self, readiness: Callable[[], Readiness], metrics: Callable[[], bytes], *, metrics_for_all: bool
    ) -> None:
        self._readiness = readiness
        self._metrics = metrics
        self._metrics_for_all = metrics_for_all

    async def healthz(self, _: Request) -> Response:
        """The process is alive; nothing else is asked, so nothing can make this slow."""
        return PlainTextResponse("alive\n")

    async def readyz(self, _: Request) -> Response:
        """200 when all that is needed is there, else 503 and what is missing."""
        try:
            obstacles = (await run_in_threadpool(self._readiness)).obstacles
        except Exception:  # whatever it is, we are not ready, and the page must say so
            logger.exception("readiness could not be told")
            obstacles = ("the state of this process cannot be read",)
        if obstacles:
            return PlainTextResponse(f"not ready: {'; '.join(obstacles)}\n", 503)
        return PlainTextResponse("ready\n")

    async def metrics(self, request: Request) -> Response:
        """Figures for Prometheus; others than this machine are told that there is nothing."""
        if not (self._metrics_for_all or _is_from_here(request)):
            raise HTTPException(404)
        try:
            content = await run_in_threadpool(self._metrics)
        except Exception:  # a scrape must not bring a trace to the outside
            logger.exception("metrics could not be counted")
            return PlainTextResponse("The figures cannot be counted just now.\n", 503)
        return Response(content, media_type=METRICS_TYPE)


class SecurityHeaders:
    """Puts the same protecting headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the head of its answer."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)  # a page with a style of its own says so itself
            await send(message)

        await self._app(scope, receive, complete)


def _is_from_here(request: Request) -> bool:
    """Return whether the request began on this machine; one that a proxy passed on did not."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    headers = error.headers if isinstance(error, HTTPException) else None
    words = {
        404: "There is nothing at this address.",
        405: "This address takes signed requests from Slack and shows nothing.",
    }
    return PlainTextResponse(words.get(status, "This request cannot be answered.") + "\n", status, headers=headers)


async def _broken(_: Request, error: Exception) -> Response:
    # Starlette logs the trace itself; the outside learns nothing of it.
    return PlainTextResponse("Something went wrong here; the log says what.\n", 500, headers=SECURITY_HEADERS)
