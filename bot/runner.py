"""One running Nudger: this module starts the sender, the ticks, the socket and the web side, and ends them in order."""

import logging
import signal
import socket
import threading
from datetime import timedelta
from typing import NoReturn

import uvicorn
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.bolt_app import plain_client
from bot.bootstrap import Installation, SlackUnreachable
from bot.crew import Crew
from bot.manifest import install_address
from bot.metrics_page import Figures
from bot.offices import Offices, open_offices
from bot.own import Say, own_workspace
from bot.reception import Reception
from bot.settings import Settings
from bot.start import starting
from bot.threads import take_short_turns
from bot.virtual_clock import VirtualClock, Walker
from bot.web import Readiness, web_app
from bot.web_install import install_routes
from bot.web_slack import AT_ONCE
from bot.web_workshops import workshop_routes
from bot.work.beats import Beats
from nudges.errors import SettingsError, StorageError
from nudges.scheduler import start_ticking
from nudges.services.core import Core
from nudges.services.own.find_nudges import warm_finding
from nudges.store import instance
from nudges.store.process_lock import lock_database
from nudges.store.processes import Part

logger = logging.getLogger(__name__)

CLOSING_S = 5.0
WARM_S = 5.0  # so long at most getting ready for questions lets the start itself go first


class Nudger:
    """All threads of one process, started and stopped together."""

    def __init__(self, settings: Settings, own: Installation | None, part: Part = Part.RUN) -> None:
        self._settings = settings
        self._part = part
        self._own = own
        self._lock = _lock(settings)
        self.offices = open_offices(settings, own)
        if own is not None and own.workspace_id in self.offices.resting():
            self._own = None  # its organisation serves it
        for workspace_id in self.offices.workspace_ids():
            self.offices.core(workspace_id)  # now rather than at a job: a wrong key is said at the start
        self.crew = Crew(settings, self.offices, self._ticked)
        self._figures = Figures(self._cores)
        self._reception = Reception(settings, self.offices)
        self._socket: SocketModeHandler | None = None
        self._ticks: BackgroundScheduler | None = None
        self._walker: Walker | None = None
        self._server: uvicorn.Server | None = None
        self._serving = threading.Event()
        self._stopping = threading.Event()
        # On SQLite there is no other process that could ask.
        database = self.offices.database
        self._beats = None if database.is_sqlite else Beats(database.of_workspace(""), part)

    @property
    def core(self) -> Core:
        """Return the core of the workspace whose token is in the settings, else of the first that is installed."""
        return self.offices.core(self._own.workspace_id if self._own else next(iter(self.offices.workspace_ids()), ""))

    def start(self) -> None:
        """Settle what a former process left, read the directory, connect, and begin to send; as `web` only connect."""
        if self._beats is not None:
            self._beats.start()
        if self._own is not None:
            self._welcome(self._own)
        threading.Thread(target=self._warm, name="warm", daemon=True).start()
        if self._part is Part.WEB:
            self._connect()
            return
        if self._own is not None:
            self.crew.first(self._own.workspace_id)
        self._connect()
        self.crew.start()
        self._ticks = start_ticking(self.crew.ask, timedelta(seconds=self._settings.nudger_tick_s))
        if isinstance(self.offices.clock, VirtualClock):
            self._walker = Walker(self.offices.clock, self.crew.rounds, lambda: self._reception.is_idle)
            self._walker.start()

    def _warm(self) -> None:
        """Get ready for the first question that somebody looks up; nothing waits for it, and nothing needs it."""
        self._serving.wait(WARM_S)
        for core in () if self._stopping.is_set() else self._cores():
            try:
                warm_finding(core)
            except Exception:  # the first question is answered later then, and by words
                logger.exception("the search could not be warmed", extra={"workspace_id": core.workspace_id})

    def serve(self, listening: socket.socket | None = None) -> None:
        """Answer on the web side until told to stop."""
        take_short_turns()
        listening = listening or listen(self._settings)
        secret = self._settings.slack_signing_secret.get_secret_value()
        is_http = self._settings.mode == "http"
        app = web_app(
            self._reception,
            signing_secret=secret,
            is_http=is_http,
            readiness=self.readiness,
            metrics=self._figures,
            metrics_for_all=self._settings.nudger_metrics == "open",
            more=[*install_routes(self._settings, self.offices), *workshop_routes(self._settings, self.offices)],
        )
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",  # we serve no web socket, and the library for it is a megabyte
            server_header=False,
            # Whose address it is decides who may read /metrics, so no header may say it.
            proxy_headers=False,
        )
        self._server = _Server(config, self._serving)
        with listening:
            self._server.run(sockets=[listening])

    def holds(self) -> dict[str, str]:
        """Return by workspace why nothing is sent there, if so."""
        with self.offices.database.reading() as session:
            known = [instance.workspace(session, one) for one in self.offices.workspace_ids()]
        return {one.workspace_id: one.hold_reason for one in known if one is not None and one.hold_reason}

    def stop(self) -> None:
        """Stop taking work, finish what is in flight, close the database."""
        self._stopping.set()
        self._serving.set()  # nobody waits for it any more
        if self._server is not None:
            self._server.should_exit = True
        if self._walker is not None:
            self._walker.stop()
        if self._ticks is not None:
            self._ticks.shutdown(wait=False)
        if self._socket is not None:
            _close_socket(self._socket)
        self.crew.stop()
        self._reception.close()
        if self._beats is not None:
            self._beats.stop()
        self.offices.close()
        self.offices.database.close()
        if self._lock is not None:
            self._lock.release()

    def readiness(self) -> Readiness:
        """Return whether the parts answer; one workspace that is stuck is no reason to take us out of service."""
        now = self.offices.clock()
        try:
            with self.offices.database.reading() as session:
                known = [instance.workspace(session, one) for one in self.offices.workspace_ids()]
            ticked = [one.ticked_at for one in known if one is not None and one.ticked_at is not None]
            is_reachable = True
        except StorageError:
            known, ticked, is_reachable = [], [], False
        # Answering Slack needs no ticks: `web` stays in service while every clock is away, and so does an empty house.
        last_tick_at = now if self._part is Part.WEB or not known else max(ticked, default=None)
        return Readiness(
            is_database_reachable=is_reachable,
            is_connected=self._socket is None or self._socket.client.is_connected(),
            last_tick_at=last_tick_at,
            tick=timedelta(seconds=self._settings.nudger_tick_s),
            now=now,
        )

    def _cores(self) -> list[Core]:
        return [self.offices.core(workspace_id) for workspace_id in self.offices.workspace_ids()]

    def _ticked(self) -> None:
        self._figures.ticked()

    def _welcome(self, own: Installation) -> None:
        """Slack has just accepted the token of the settings: whatever had ended is back."""
        with self.offices.core(own.workspace_id).db.begin() as session:
            instance.welcome_back(session, own.workspace_id)

    def _connect(self) -> None:
        if self._settings.mode == "http":
            return
        token = self._settings.slack_app_token.get_secret_value()
        if not token:
            raise SettingsError("SLACK_APP_TOKEN is not set, and Socket Mode needs it.")
        client = plain_client(self._settings)
        # The library notices a dead connection at its pings; a quick app wants them quick.
        ping_s = min(10.0, self._settings.nudger_timeout_s / 3)
        handler = SocketModeHandler(
            self._reception,  # type: ignore[arg-type]  # of the app it uses only what this has too
            token,
            web_client=client,
            ping_interval=ping_s,
            concurrency=AT_ONCE,
        )
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            code = error.response.get("error", "an error") if hasattr(error.response, "get") else "an error"
            hint = "Copy the app-level token (xapp-...) from your Slack app's page, Basic Information."
            raise SettingsError(f"Slack refuses the app-level token: {code}.", hint=hint) from error
        except (SlackClientError, OSError) as error:
            raise SlackUnreachable(f"Slack cannot be reached at {self._settings.api_url}.") from error
        self._socket = handler


class _Server(uvicorn.Server):
    """One that says when it answers."""

    def __init__(self, config: uvicorn.Config, serving: threading.Event) -> None:
        super().__init__(config)
        self._serving = serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        self._serving.set()


def run_forever(settings: Settings, *, say: Say, part: Part = Part.RUN) -> None:
    """Start everything and serve until interrupted; an unreachable Slack is tried again with a growing wait."""
    if settings.mode == "http" and not settings.slack_signing_secret.get_secret_value():
        hint = "Set SLACK_APP_TOKEN (xapp-...) for Socket Mode, or SLACK_SIGNING_SECRET for signed HTTP."
        raise SettingsError("Slack has no way to reach Nudger: there is no app token and no signing secret.", hint=hint)
    # Told to end by a service manager it ends as with Ctrl-C: what is in flight is finished and recorded.
    signal.signal(signal.SIGTERM, _end)
    with listen(settings) as listening:
        own = own_workspace(settings, say)
        with starting():
            nudger = Nudger(settings, own.installation, part)
        try:
            own.check(settings, nudger.offices, say)
            with starting():
                nudger.start()
            name = "Nudger's web side" if part is Part.WEB else "Nudger"
            say(f"{name} runs ({settings.mode}) for {_served(nudger.offices)}; stop it with Ctrl-C.")
            for workspace_id, reason in nudger.holds().items():
                say(f"{workspace_id}: nothing is sent ({reason}) until somebody has looked and runs `nudger resume`.")
            for workspace_id, organisation in nudger.offices.resting().items():
                say(f"{workspace_id}: rests, because its organisation {organisation} has the app and serves it.")
            if settings.can_install:
                say(f"Other workspaces install it at {install_address(settings)}.")
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


def _served(offices: Offices) -> str:
    ids = offices.workspace_ids()
    return ids[0] if len(ids) == 1 else f"{len(ids)} workspaces" if ids else "whoever installs it"


def _lock(settings: Settings) -> FileLock | None:
    """Let one process work on a SQLite file; AlreadyRunning for a second one."""
    path = settings.sqlite_path
    return None if path is None else lock_database(path)
