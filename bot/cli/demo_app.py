"""The demo's app as a process of its own: this module starts it, ends it, and sees that it never outlives the demo."""

import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from pathlib import Path

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.settings import Settings

ENDING_S = 10.0


class DemoApp:
    """One `nudger run` after another, each in the place of the one before."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self._environment = _inherited() | _environment(settings)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it. It hears by the end of its standard input, which no kill can prevent, that we have ended."""
        command = [sys.executable, "-m", "bot.cli.demo_app"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                command, env=self._environment, stdin=subprocess.PIPE, stdout=log, stderr=log
            )

    @property
    def pid(self) -> int:
        """Return the number of its process; 0 before the first start."""
        return self._process.pid if self._process else 0

    def ended(self, within_s: float = 0.0) -> int | None:
        """Return how it has ended, waiting so long for it; None while it runs."""
        if self._process is None:
            return None
        try:
            return self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """End it in order, or after a while without."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        if self.ended(ENDING_S) is None:
            self._process.kill()
            self._process.wait()


def demo_settings(server: SandboxServer, folder: Path) -> Settings:
    """Return the settings of an app that is as quick as the demo's visitor is impatient."""
    port = _free_port()
    return Settings(
        _env_file=None,  # a real installation's .env is not for the demo
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
        slack_signing_secret=SIGNING_SECRET,
        slack_api_url=server.api_url,
        database_url=f"sqlite:///{folder}/nudger.db",
        nudger_clock_url=f"{server.url}/clock",
        nudger_port=port,
        nudger_public_url=f"http://127.0.0.1:{port}",  # so that a workshop's calendar file can be had
        nudger_pace="200/20/400",
        nudger_tick_s=1.0,
        nudger_timeout_s=5.0,
        nudger_lease_s=5.0,
        nudger_settle_s=15.0,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(settings: Settings) -> dict[str, str]:
    plain = settings.model_dump(exclude={"slack_bot_token", "slack_app_token", "slack_signing_secret"})
    found = {name.upper(): str(value) for name, value in plain.items() if value and name != "nudger_secret_key"}
    return found | {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}


def _inherited() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUDGER_", "SLACK_", "DATABASE"))}
    return kept | {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])}


def _end_with_parent() -> None:
    sys.stdin.buffer.read()  # nothing is ever written there: this returns when the demo has ended, however it did
    # Not in order: the demo's Slack has ended with it, and nobody would answer what is in flight.
    os._exit(1)


if __name__ == "__main__":
    from bot.cli import main

    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    sys.argv = ["nudger", "run"]
    try:
        main()
    except Exception:
        # The thread above still reads: an ordinary end would abort, and look like a kill.
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(2)
