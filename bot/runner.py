"""One running Nudger: this module starts the sender, the ticks, the socket and the web side, and ends them in order."""

import logging
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import NoReturn
from urllib.parse import urlparse

import uvicorn
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock
from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.bootstrap import Installation, SlackUnreachable, build_core, close_core, make_sender, sign_in
from bot.listeners import register
from bot.metrics_page import Figures
from bot.settings import Settings
from bot.virtual_clock import VirtualClock, Walker
from bot.web import Readiness, web_app
from nudges.errors import SettingsError, StorageError
from nudges.scheduler import JOBS, Job, run_job, start_ticking
from nudges.services.core import Core
from nudges.services.settle_deliveries import abandon_all
from nudges.store import instance
from nudges.store.process_lock import lock_database

logger = logging.getLogger(__name__)

LISTENERS = 10
LONGEST_WAIT_S = 60.0
CLOSING_S = 5.0

Say = Callable[[str], None]


class Nudger:
    """All threads of one process, started and stopped together."""

    def __init__(self, settings: Settings, installation: Installation) -> None:
        self._settings = settings
        self._lock = _lock(settings)
        self.core = build_core(settings, installation)
        self._sender = make_sender(settings, self.core)
        self._figures = Figures(self.core)
        self._executor = ThreadPoolExecutor(max_workers=LISTENERS, thread_name_prefix="listener")
        self.bolt = _bolt_app(settings, installation, self.core, self._executor)
        self._socket: SocketModeHandler | None = None
        self._ticks: BackgroundScheduler | None = None
        self._walker: Walker | None = None
        self._server: uvicorn.Server | None = None
        self._jobs = threading.Lock()

    def start(self) -> None:
        """Settle what a former process left, read the directory, connect, and begin to send."""
        abandon_all(self.core)
        for job in JOBS:
            self._run(job)
        self._connect()
        self._sender.start()
        self._ticks = start_ticking(self._run, timedelta(seconds=self._settings.nudger_tick_s))
        if isinstance(self.core.clock, VirtualClock):
            self._walker = Walker(self.core, self.core.clock, self._sender, self._jobs)
            self._walker.start()

    def serve(self, listening: socket.socket | None = None) -> None:
        """Answer on the web side until told to stop."""
        listening = listening or listen(self._settings)
        secret = self._settings.slack_signing_secret.get_secret_value()
        is_http = self._settings.mode == "http"
        app = web_app(
            self.bolt,
            signing_secret=secret,
            is_http=is_http,
            readiness=self.readiness,
            metrics=self._figures,
            metrics_for_all=self._settings.nudger_metrics == "open",
        )
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            # Whose address it is decides who may read /metrics, so no header may say it.
            proxy_headers=False,
        )
        self._server = uvicorn.Server(config)
        with listening:
            self._server.run(sockets=[listening])

    def hold_reason(self) -> str:
        """Return why nothing is sent, or an empty text."""
        with self.core.db.reading() as session:
            here = instance.workspace(session, self.core.workspace_id)
        return here.hold_reason if here else ""

    def stop(self) -> None:
        """Stop taking work, finish what is in flight, close the database."""
        if self._server is not None:
            self._server.should_exit = True
        if self._walker is not None:
            self._walker.stop()
        if self._ticks is not None:
            self._ticks.shutdown(wait=False)
        if self._socket is not None:
            _close_socket(self._socket)
        self._sender.stop()
        self._executor.shutdown(wait=True)
        close_core(self.core)
        if self._lock is not None:
            self._lock.release()

    def readiness(self) -> Readiness:
        """Return whether the parts answer."""
        try:
            with self.core.db.reading() as session:
                here = instance.workspace(session, self.core.workspace_id)
        except StorageError:
            here = None
        return Readiness(
            is_database_reachable=here is not None,
            is_connected=self._socket is None or self._socket.client.is_connected(),
            last_tick_at=here.ticked_at if here else None,
            tick=timedelta(seconds=self._settings.nudger_tick_s),
            now=self.core.clock(),
        )

    def _run(self, job: Job) -> None:
        with self._jobs:
            run_job(self.core, job)
        self._figures.ticked()
        self._sender.wake()

    def _connect(self) -> None:
        if self._settings.mode == "http":
            return
        token = self._settings.slack_app_token.get_secret_value()
        if not token:
            raise SettingsError("SLACK_APP_TOKEN is not set, and Socket Mode needs it.")
        client = WebClient(base_url=self._settings.api_url, timeout=int(self._settings.nudger_timeout_s) or 1)
        # The library notices a dead connection at its pings; a quick app wants them quick.
        ping_s = min(10.0, self._settings.nudger_timeout_s / 3)
        handler = SocketModeHandler(self.bolt, token, web_client=client, ping_interval=ping_s)
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            code = error.response.get("error", "an error") if hasattr(error.response, "get") else "an error"
            hint = "Copy the app-level token (xapp-...) from your Slack app's page, Basic Information."
            raise SettingsError(f"Slack refuses the app-level token: {code}.", hint=hint) from error
        except (SlackClientError, OSError) as error:
            raise SlackUnreachable(f"Slack cannot be reached at {self._settings.api_url}.") from error
        self._socket = handler


def run_forever(settings: Settings, *, say: Say) -> None:
    """Start everything and serve until interrupted; an unreachable Slack is tried again with a growing wait."""
    if settings.mode == "http" and not settings.slack_signing_secret.get_secret_value():
        hint = "Set SLACK_APP_TOKEN (xapp-...) for Socket Mode, or SLACK_SIGNING_SECRET for signed HTTP."
        raise SettingsError("Slack has no way to reach Nudger: there is no app token and no signing secret.", hint=hint)
    # Told to end by a service manager it ends as with Ctrl-C: what is in flight is finished and recorded.
    signal.signal(signal.SIGTERM, _end)
    with listen(settings) as listening:
        nudger = Nudger(settings, _sign_in_patiently(settings, say))
        try:
            nudger.start()
            say(f"Nudger runs ({settings.mode}) for {nudger.core.workspace_id}; stop it with Ctrl-C.")
            if nudger.hold_reason():
                say(f"Nothing is sent ({nudger.hold_reason()}) until somebody has looked and runs `nudger resume`.")
            nudger.serve(listening)
        finally:
            nudger.stop()


def listen(settings: Settings) -> socket.socket:
    """Return the web side's socket; SettingsError when its address cannot be had."""
    host, port = settings.address
    # Name the protocol: asyncio sets TCP_NODELAY only then, and without it each answer takes 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        hint = "Set NUDGER_PORT to a free port (and NUDGER_HOST to an address of this machine)."
        raise SettingsError(f"The web side cannot listen at {host}:{port}: {error.strerror}.", hint=hint) from error
    return listening


def _end(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


def _close_socket(socket: SocketModeHandler) -> None:
    """Say good-bye to the socket, but not for ever: the library can wait without end for a session it has replaced."""
    closing = threading.Thread(target=socket.close, name="socket-close", daemon=True)
    closing.start()
    closing.join(CLOSING_S)


def _sign_in_patiently(settings: Settings, say: Say) -> Installation:
    wait = 1.0
    while True:
        try:
            return sign_in(settings)
        except SlackUnreachable as error:
            say(f"{error.message} Trying again in {wait:.0f} s.")
        time.sleep(wait)  # at start there is nothing else to do
        wait = min(LONGEST_WAIT_S, wait * 2)


def _lock(settings: Settings) -> FileLock | None:
    """Let one process work on a SQLite file; AlreadyRunning for a second one."""
    path = settings.sqlite_path
    return None if path is None else lock_database(path)


def _bolt_app(settings: Settings, installation: Installation, core: Core, executor: ThreadPoolExecutor) -> App:
    known = AuthorizeResult(
        enterprise_id=installation.enterprise_id or None,
        team_id=installation.workspace_id,
        bot_user_id=installation.bot_user_id,
        bot_id=installation.bot_id,
        bot_token=settings.slack_bot_token.get_secret_value(),
    )
    # Without a secret of ours nobody may know one: then no signed request can be accepted.
    secret = settings.slack_signing_secret.get_secret_value() or secrets.token_hex(32)
    client = WebClient(base_url=settings.api_url, timeout=int(max(1, settings.nudger_timeout_s)), retry_handlers=[])
    quiet = logging.getLogger("bot.bolt")  # the library's own warnings are about its other modes
    quiet.setLevel(logging.ERROR)
    app = App(
        logger=quiet,
        signing_secret=secret,
        client=client,
        authorize=lambda: known,
        process_before_response=True,
        listener_executor=executor,
        # web_guard has verified the raw body by then; sockets are authenticated by their connection.
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    host = urlparse(settings.api_url).hostname or ""
    register(app, core, response_hosts=(host,))
    return app
