"""The engine behind Slack's protocols and a page, on one port: this module is the sandbox's server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.admin_api import AdminApi
from bot.sandbox.consent_page import ConsentPage
from bot.sandbox.keeping import Kept
from bot.sandbox.page_api import PageApi
from bot.sandbox.page_json import PageJson, PersonFacts
from bot.sandbox.signed_http import SignedHttp
from bot.sandbox.sockets import SocketHub
from bot.sandbox.stream import Stream
from bot.sandbox.web_api import WebApi
from bot.sandbox.wire import Breakable, break_now
from bot.sandbox.workspace import SIGNING_SECRET, Slack

STATIC = Path(__file__).parent / "static"
TICK_SECONDS = 0.2
START_SECONDS = 10.0
STOP_SECONDS = 5.0
HEADERS = {
    b"content-security-policy": (
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-cache",
}


class SandboxServer:
    """Serves one engine: `start` returns when it answers, `stop` when it is gone. Port 0 takes a free one."""

    def __init__(
        self,
        slack: Slack,
        host: str = "127.0.0.1",
        port: int = 3100,
        *,
        events_url: str | None = None,
        signing_secret: str = SIGNING_SECRET,
        facts: Mapping[str, PersonFacts] | None = None,
    ) -> None:
        self.slack = slack
        self.kept = Kept()
        self.hub = SocketHub(slack.state, slack.dice, break_now)
        self.http = SignedHttp(events_url, signing_secret) if events_url else None
        slack.delivery.transports.append(self.hub)
        if self.http is not None:
            slack.delivery.transports.append(self.http)
        self._stream = Stream(slack.state)
        self._web = WebApi(slack, self.hub)
        self._page = PageApi(slack, PageJson(slack.state, facts or {}), self._stream)
        self._admin = AdminApi(slack)
        self._consent = ConsentPage(slack)
        self._socket = _listening(host, port)
        self.host, self.port = host, self._socket.getsockname()[1]
        self.url = f"http://{host}:{self.port}"
        for workspace in slack.workspaces.all():
            workspace.state.base_url = self.url
        self._server = uvicorn.Server(
            uvicorn.Config(
                Breakable(_with_headers(self.application())),
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=1,
                timeout_keep_alive=60,
            )
        )
        self._thread: threading.Thread | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def application(self) -> Starlette:
        routes = [*self._web.routes(), *self._consent.routes(), *self._page.routes(), *self._admin.routes()]
        routes.append(Route("/", _front_page))
        routes.append(Mount("/static", StaticFiles(directory=STATIC, check_dir=False)))
        return Starlette(routes=routes, lifespan=self._lifespan)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(self._tick())
        yield
        ticking.cancel()

    async def _tick(self) -> None:
        """Do what has come due even while nobody calls."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            for workspace in self.slack.workspaces.all():
                with workspace.state.lock:
                    workspace.state.catch_up()
            if self.slack.clock.carry_out_unfollowed():
                self.slack.state.tell("clock")
            if self._server.should_exit:
                self._let_go()

    def _let_go(self) -> None:
        self._web.is_stopping = True
        self._stream.close()

    def start(self) -> SandboxServer:
        """Serve in a thread; return once requests are answered."""
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError("The sandbox did not start.")
            time.sleep(0.005)
        if self.http is not None:
            threading.Thread(target=self._verify, name="sandbox-verify", daemon=True).start()
        return self

    def _verify(self) -> None:
        """Ask the events address for its challenge, once; the panel shows what came of it."""
        verified = self.http is not None and self.http.verify()
        self.slack.calls.add(
            direction="slack_to_app",
            what="url_verification",
            ok=verified,
            error=None if verified else "challenge_failed",
            ms=0.0,
            summary="",
        )

    def wait(self) -> None:
        """Return when the server has stopped, or raise what interrupts the waiting."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(TICK_SECONDS)

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        self._let_go()
        self._server.should_exit = True
        self.hub.drop()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
        self._socket.close()
        if self.http is not None:
            self.http.close()

    def __enter__(self) -> SandboxServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _listening(host: str, port: int) -> socket.socket:
    # Name the protocol: asyncio sets TCP_NODELAY only then, and without it each answer takes 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


async def _front_page(_: Request) -> Response:
    return FileResponse(STATIC / "index.html")


def _with_headers(app: ASGIApp) -> ASGIApp:
    """Give every answer the headers that keep a page to itself."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                known = {name.lower() for name, _ in own}
                message["headers"] = [*own, *(item for item in HEADERS.items() if item[0] not in known)]
            await send(message)

        await app(scope, receive, sending)

    return wrapped
