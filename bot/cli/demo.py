"""`nudger demo` and `nudger sandbox`: this module starts the small Slack and the real app beside it."""

import csv
import io
import os
import signal
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot.bootstrap import build_core, close_core, sign_in
from bot.cli.console import app, could_not_run, say
from bot.cli.demo_app import DemoApp, demo_settings
from bot.cli.demo_folder import DemoFolder, LeftOver, Mark
from bot.cli.demo_witness import Witness
from bot.demo.cast import demo_cast
from bot.demo.hand import Knowledge
from bot.demo.life import Life
from bot.sandbox.company import DemoCompany, demo_company
from bot.sandbox.installs import CLIENT_ID, CLIENT_SECRET
from bot.sandbox.run import DEFAULT_PORT, build_server, facts_of
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.settings import Settings
from nudges.services.authoring.approve import approve
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.authoring.publish import publish
from nudges.services.authoring.read_approvals import waiting
from nudges.services.people.sync_people import import_people, sync_people

ZONE, CITY = ZoneInfo("Europe/Lisbon"), "Lisbon"
MONDAY = date(2027, 1, 11)  # an ordinary week: no public holiday in Lisbon, so the first nudges go out
PUBLISHED_AT = datetime(2027, 1, 8, 15, 0, tzinfo=ZONE)
OPENS_AT = datetime(2027, 1, 12, 8, 55, tzinfo=ZONE)
PILOTED = "talk-it-over"  # the others reach everybody at once, so that whoever a visitor is, something comes
LEAD = {"admin", "author", "approver", "manager", "sponsor"}  # they steer, and wait for the visitor to do it
FOLDER = Path(".demo")
COMPANY_FILE = Path("playbooks/company.yaml")
NO_PLAYBOOKS = (
    f"The demo plays the playbooks of the folder it is started in, and there is no {COMPANY_FILE} here. "
    "Start it in Nudger's own folder."
)
PATIENCE_S = 60.0
LOOK_S = 0.1
WATCH_S = 0.5


@app.command()
def demo(
    port: int = typer.Option(DEFAULT_PORT, help="Port of the page; the next free one is taken if it is in use."),
    size: int = typer.Option(400, help="People of the demo company, 200 to 4000."),
    fresh: bool = typer.Option(False, "--fresh", help="Begin anew even where a demo was killed and could go on."),
) -> None:
    """See it on this machine: no account needed.

    Starts a small Slack with a demo company and the real app connected to it, and prints one link.
    """
    if not COMPANY_FILE.exists():
        could_not_run(NO_PLAYBOOKS)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # or the app would be left behind alone
    folder = DemoFolder(FOLDER)
    left_over = _left_over(folder, is_fresh=fresh)
    folder.wait_for_former_app()
    if left_over is None:
        folder.clear()
    else:
        size = left_over.mark.size
    company = demo_company(size=size)
    with _free_server(company, _ports(port, left_over), folder.slack) as server:
        mark = replace(left_over.mark, url=server.url) if left_over else Mark(server.url, size)
        running = _Demo(folder, server, company, mark)
        try:
            running.play(left_over)
        except KeyboardInterrupt:
            folder.forget()
            say("Good-bye.")
        finally:
            running.end()


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


class _Demo:
    """One demo from its first minute, or from where a killed one was, to its end."""

    def __init__(self, folder: DemoFolder, server: SandboxServer, company: DemoCompany, mark: Mark) -> None:
        self._folder = folder
        self._server = server
        self._company = company
        self._mark = mark
        self._settings = demo_settings(server, folder.path)
        self._app = DemoApp(self._settings, folder.log)
        self._life = _life(server, company)
        self._witness = Witness(server.slack, self._settings.database_url, zone=ZONE, city=CITY, say=say)
        self._sockets_before = 0
        self._trouble = ""

    def play(self, left: LeftOver | None) -> None:
        """Set up or go on, and stay until the visitor has seen enough."""
        self._note(self._mark)
        if left is None:
            say("Setting up the demo company ...")
            _prepare(self._settings, self._company)
            self._note(replace(self._mark, is_set_up=True))
        else:
            self._go_on(left)
        self._start_app()
        self._wait_until_connected()
        self._life.start()
        self._walk_to_the_opening()
        say(
            f"\nOpen {self._server.url}/ and look around: be an employee, be the admin, move the clock. Ctrl-C ends it."
        )
        say(f"Or kill it: `kill -9 {os.getpid()}` ends all of it, and the same command goes on where it was;")
        say(f"`kill -9 {self._app.pid}` ends only the app, which is started again. The page tells what was in doubt.\n")
        while True:
            self._watch(WATCH_S)

    def end(self) -> None:
        """End the app, in order."""
        self._life.stop()
        self._app.end()

    def _go_on(self, left: LeftOver) -> None:
        say("The last demo here was killed: it goes on where it was (`nudger demo --fresh` begins anew).")
        self._witness.saw("demo", at=left.last_seen + self._server.slack.clock.offset, since=left.mark.in_doubt_since)
        self._note(replace(self._mark, in_doubt_since=self._witness.in_doubt_since))

    def _start_app(self) -> None:
        self._sockets_before = self._server.hub.opened
        self._app.start()

    def _is_connected(self) -> bool:
        """Return whether the app that was started last is there, which has then noted what was left open."""
        return self._server.hub.opened > self._sockets_before and self._server.hub.is_up()

    def _wait_until_connected(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not self._is_connected():
            if time.monotonic() > deadline:
                could_not_run(
                    f"The app did not start; its log is {self._folder.log}. `nudger demo --fresh` begins anew."
                )
            self._watch(LOOK_S)

    def _walk_to_the_opening(self) -> None:
        """Play the days before the first morning, or what is left of them."""
        clock = self._server.slack.clock
        if clock.now() >= OPENS_AT.timestamp():
            return
        say("Playing the days before today ...")
        deadline = time.monotonic() + PATIENCE_S
        while (clock.move.moving or clock.now() < OPENS_AT.timestamp()) and time.monotonic() < deadline:
            if not clock.move.moving and clock.begin_move(target=OPENS_AT.timestamp(), kind="to"):
                self._server.slack.state.tell("clock")
            self._watch(LOOK_S)

    def _watch(self, seconds: float) -> None:
        """Look after the app for a while, and leave a sign of life."""
        ended = self._app.ended(seconds)
        self._folder.note_life()
        if ended is not None and ended >= 0:
            could_not_run(f"The app has ended (exit {ended}); {self._folder.log} says why. --fresh begins anew.")
        if ended is not None:
            self._witness.saw("app", at=self._server.slack.clock.now())
            self._start_app()
            say(f"The app was killed (signal {-ended}) and starts again, as process {self._app.pid}.")
        self._witness.look(is_back=self._is_connected())
        if self._witness.in_doubt_since != self._mark.in_doubt_since:
            self._note(replace(self._mark, in_doubt_since=self._witness.in_doubt_since))
        self._say_trouble()

    def _say_trouble(self) -> None:
        """Say once that the sandbox's file was not whole, or can be kept no longer."""
        trouble = self._server.kept.trouble
        if trouble and trouble != self._trouble:
            self._trouble = trouble
            say(trouble)

    def _note(self, mark: Mark) -> None:
        self._mark = mark
        with suppress(OSError):  # a full disk: the next demo begins anew then, as it must
            self._folder.note(mark)


def _left_over(folder: DemoFolder, *, is_fresh: bool) -> LeftOver | None:
    """Return the demo to go on with, if there is one and the visitor has not asked for a fresh one."""
    if is_fresh:
        return None
    found = folder.left_over()
    if found is None and folder.is_marked():
        say("The last demo here was killed too early, or too little is left of it, to go on: it begins anew.")
    return found


def _ports(port: int, left: LeftOver | None) -> list[int]:
    """Return where to listen, best first: a page that is open already finds a demo that goes on."""
    usual = list(range(port, port + 20))
    if left is None or port != DEFAULT_PORT:
        return usual
    return [int(left.mark.url.rpartition(":")[2]), *usual]


def _free_server(company: DemoCompany, ports: list[int], kept_at: Path) -> SandboxServer:
    for port in ports:
        with suppress(OSError):
            return _server(company, port, start=PUBLISHED_AT.timestamp(), events_url=None, kept_at=kept_at)
    return could_not_run(f"Ports {ports[0]} to {ports[-1]} are all in use; give another with --port.")


def _server(
    company: DemoCompany, port: int, *, start: float | None, events_url: str | None, kept_at: Path | None = None
) -> SandboxServer:
    return build_server(
        people=company.users,
        facts=facts_of(company.people_csv, company.tags),
        channels=company.channels,
        port=port,
        start=start,
        events_url=events_url,
        kept_at=kept_at,
    )


def _life(server: SandboxServer, company: DemoCompany) -> Life:
    """Return those who live by themselves: all but the people whom a visitor is asked to be for their part."""
    library = read_folder(Path("playbooks"))
    return Life(
        server.slack,
        demo_cast(),
        knowledge=Knowledge([entry.playbook for entry in library.playbooks.values()]),
        people=csv.DictReader(io.StringIO(company.people_csv)),
        spared=[person for person, tags in company.tags.items() if set(tags) & LEAD],
        begins=datetime.combine(MONDAY, time_of_day.min, ZONE),
        opens=OPENS_AT,
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
