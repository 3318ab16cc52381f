"""`nudger demo` and `nudger sandbox`: this module starts the small Slack and the real app beside it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import typer

from bot.bootstrap import build_core, close_core, sign_in
from bot.cli.colleagues import Colleagues
from bot.cli.console import app, could_not_run, say
from bot.sandbox.company import DemoCompany, demo_company
from bot.sandbox.installs import CLIENT_ID, CLIENT_SECRET
from bot.sandbox.run import DEFAULT_PORT, build_server, facts_of
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.settings import Settings
from nudges.services.approve import approve
from nudges.services.publish import publish
from nudges.services.read_approvals import waiting
from nudges.services.sync_people import import_people, sync_people

ZONE = ZoneInfo("Europe/Lisbon")
MONDAY = date(2027, 1, 11)  # an ordinary week: no public holiday in Lisbon, so the first nudges go out
PUBLISHED_AT = datetime(2027, 1, 8, 15, 0, tzinfo=ZONE)
OPENS_AT = datetime(2027, 1, 12, 8, 55, tzinfo=ZONE)
PILOTED = "talk-it-over"  # the others reach everybody at once, so that whoever a visitor is, something comes
FOLDER = Path(".demo")
PATIENCE_S = 60.0


@app.command()
def demo(
    port: int = typer.Option(DEFAULT_PORT, help="Port of the page; the next free one is taken if it is in use."),
    size: int = typer.Option(400, help="People of the demo company, 200 to 4000."),
) -> None:
    """See it on this machine: no account needed.

    Starts a small Slack with a demo company and the real app connected to it, and prints one link.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # or the app would be left behind alone
    company = demo_company(size=size)
    with _free_server(company, port) as server:
        settings = _demo_settings(server)
        say("Setting up the demo company ...")
        _prepare(settings, company)
        child = _start_app(settings)
        colleagues = Colleagues(server.slack, spared=company.tags)
        try:
            _wait_until_connected(server, child)
            colleagues.start()
            say("Playing the days before today ...")
            _walk(server, OPENS_AT)
            say(
                f"\nOpen {server.url}/ and look around: be an employee, be the admin, move the clock. Ctrl-C ends it.\n"
            )
            while (ended := child.wait()) < 0:
                # Killed by somebody who wants to see what is lost: nothing. Its Slack has lived on meanwhile.
                child = _start_app(settings)
                say(f"The app was killed (signal {-ended}) and starts again; `/nudge health` tells what was in doubt.")
        except KeyboardInterrupt:
            say("Good-bye.")
        finally:
            colleagues.stop()
            _end(child)


@app.command()
def sandbox(
    port: int = typer.Option(DEFAULT_PORT, help="Port of the page and the Web API."),
    events_url: str = typer.Option("", help="Send events by signed HTTP to this address instead of Socket Mode."),
) -> None:
    """Run only the small Slack.

    Prints the settings with which any app, ours included, connects to it.
    """
    company = demo_company()
    with _server(company, port, start=None, events_url=events_url or None) as server:
        say(f"The sandbox answers at {server.url}/ . Settings for the app:")
        say(f"SLACK_API_URL={server.api_url}\nSLACK_BOT_TOKEN={BOT_TOKEN}\nSLACK_APP_TOKEN={APP_TOKEN}")
        say(f"SLACK_SIGNING_SECRET={SIGNING_SECRET}\nNUDGER_CLOCK_URL={server.url}/clock")
        say(f"For installing by OAuth instead of the bot token:\nSLACK_CLIENT_ID={CLIENT_ID}")
        say(f"SLACK_CLIENT_SECRET={CLIENT_SECRET}")
        server.wait()


def _free_server(company: DemoCompany, port: int) -> SandboxServer:
    for candidate in range(port, port + 20):
        with suppress(OSError):
            return _server(company, candidate, start=PUBLISHED_AT.timestamp(), events_url=None)
    return could_not_run(f"Ports {port} to {port + 19} are all in use; give another with --port.")


def _server(company: DemoCompany, port: int, *, start: float | None, events_url: str | None) -> SandboxServer:
    return build_server(
        people=company.users,
        facts=facts_of(company.people_csv, company.tags),
        channels=company.channels,
        port=port,
        start=start,
        events_url=events_url,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _demo_settings(server: SandboxServer) -> Settings:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    return Settings(
        _env_file=None,  # a real installation's .env is not for the demo
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
        slack_signing_secret=SIGNING_SECRET,
        slack_api_url=server.api_url,
        database_url=f"sqlite:///{FOLDER}/nudger.db",
        nudger_clock_url=f"{server.url}/clock",
        nudger_port=_free_port(),
        nudger_pace="200/20/400",
        nudger_tick_s=1.0,
        nudger_timeout_s=5.0,
        nudger_lease_s=5.0,
        nudger_settle_s=15.0,
    )


def _prepare(settings: Settings, company: DemoCompany) -> None:
    core = build_core(settings, sign_in(settings))
    sync_people(core)
    import_people(core, company.people_csv)
    author, approver = core.company().authors[0], core.company().approvers[0]
    for name in sorted(core.library().playbooks):
        publish(core, name, author, starts_on=MONDAY, is_whole=name != PILOTED)
    for question in waiting(core):  # passing over a pilot wants a second person
        approve(core, question.approval_id, question.content_hash, approver)
    close_core(core)


def _start_app(settings: Settings) -> subprocess.Popen[bytes]:
    log = (FOLDER / "nudger.log").open("ab")
    environment = _inherited() | _environment(settings)
    command = [sys.executable, "-m", "bot.cli", "run"]
    return subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own interpreter


def _environment(settings: Settings) -> dict[str, str]:
    plain = settings.model_dump(exclude={"slack_bot_token", "slack_app_token", "slack_signing_secret"})
    found = {name.upper(): str(value) for name, value in plain.items() if value and name != "nudger_secret_key"}
    return found | {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}


def _inherited() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUDGER_", "SLACK_", "DATABASE"))}
    return kept | {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])}


def _wait_until_connected(server: SandboxServer, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not _is_connected(server):
        if child.poll() is not None or time.monotonic() > deadline:
            could_not_run(f"The app did not start; its log is {FOLDER}/nudger.log.")
        time.sleep(0.1)


def _is_connected(server: SandboxServer) -> bool:
    person = next(iter(server.slack.state.users))
    answer = httpx.get(f"{server.url}/ui/view", params={"person": person}, trust_env=False).json()
    return bool(answer["app"]["connected"])


def _walk(server: SandboxServer, to: datetime) -> None:
    httpx.post(f"{server.url}/ui/clock", json={"to": to.timestamp()}, trust_env=False).raise_for_status()
    deadline = time.monotonic() + PATIENCE_S
    while server.slack.clock.move.moving and time.monotonic() < deadline:
        time.sleep(0.1)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
