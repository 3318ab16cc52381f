"""Every command and where it lives: this module imports only the one that is asked for, so that each starts quickly."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple

import typer

from bot.cli.console import app


class Listed(NamedTuple):
    """The module of bot.cli that holds a command, and the line that `nudger --help` shows for it."""

    module: str
    summary: str


TABLE: Mapping[str, Listed] = {
    "demo": Listed("demo", "See it on this machine: no account needed."),
    "new": Listed("authoring", "Start a playbook or a nudge."),
    "check": Listed("checking", "List every fault of playbooks, each with its line and the fix."),
    "fmt": Listed("authoring", "Put playbooks into their usual shape."),
    "schema": Listed("authoring", "Let an editor complete and check playbooks."),
    "migrate-playbooks": Listed("authoring", "Lift playbooks to the newest format."),
    "preview": Listed("previewing", "Show nudges exactly as a person will see them."),
    "plan": Listed("planning", "Show who would get what and when."),
    "rehearse": Listed("rehearsing", "Let playbooks run for weeks on simulated people, in seconds."),
    "publish": Listed("publishing", "Make a playbook a campaign that runs."),
    "correct": Listed("publishing", "Give messages that were sent the mended text."),
    "recall": Listed("publishing", "Stop what is not sent yet and delete what nobody has answered."),
    "status": Listed("reports", "Show what was sent, waits or is stuck."),
    "results": Listed("results", "Show what a campaign has brought."),
    "export": Listed("results", "Give the figures of campaigns as a table."),
    "people": Listed("people", "Read people from Slack and from a file."),
    "usage": Listed("usage", "Read from a file how often people use a tool."),
    "barriers": Listed("flags", "Look at flags, and for barriers in a history and in words."),
    "needs": Listed("needs", "See what people lack, decide about it, and give the list to IT."),
    "forget": Listed("forgetting", "Erase all that is stored about a person."),
    "forgotten": Listed("forgetting", "Keep who asked to be forgotten, as keyed hashes."),
    "resume": Listed("running", "Let what is paused or held send again."),
    "run": Listed("running", "Run everything in one process."),
    "web": Listed("running", "Run only the web side (PostgreSQL)."),
    "worker": Listed("running", "Run only a worker (PostgreSQL)."),
    "clock": Listed("running", "Run only the ticks (PostgreSQL)."),
    "backup": Listed("backups", "Copy the database into one file, also while Nudger runs."),
    "restore": Listed("backups", "Put a backup in the database's place; it starts held."),
    "hold": Listed("backups", "Send nothing until `nudger resume`."),
    "migrate": Listed("running", "Bring the database to its newest shape."),
    "reseal-tokens": Listed("tokens", "Put every stored token under the newest of NUDGER_TOKEN_KEYS."),
    "doctor": Listed("setup", "Look at everything a deployment needs."),
    "manifest": Listed("setup", "Print the Slack app's manifest."),
    "sandbox": Listed("demo", "Run only the small Slack."),
}


def load(arguments: list[str]) -> None:
    """Make the command that the arguments name known to `app`; without one, all of them by name only."""
    named = TABLE.get(arguments[0]) if arguments else None
    if named is not None:
        import_module(f"bot.cli.{named.module}")
        return
    for name, listed in TABLE.items():
        app.command(name, help=listed.summary)(_stand_in())


def load_all() -> typer.Typer:
    """Return the whole tree of commands, every module imported."""
    for module in dict.fromkeys(listed.module for listed in TABLE.values()):
        import_module(f"bot.cli.{module}")
    return app


def _stand_in() -> Callable[[], None]:
    def only_listed() -> None:
        """Stand in a list of commands; the one that is used is imported."""

    return only_listed
