"""What all commands share: this module is the command tree's root, its exits and its plain printing."""

import json
from enum import StrEnum
from typing import Any, NoReturn

import typer

from nudges.errors import NudgerError

FOUND, COULD_NOT_RUN = 1, 2

app = typer.Typer(
    name="nudger",
    help="Get people to adopt the tools their company bought: tips, stories and quizzes in Slack, from YAML playbooks.",
    epilog="Start with `nudger demo` to see it, `nudger new company` to write, `nudger doctor` to set it up,"
    " `nudger run` to run it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def commands() -> None:
    # Without it Typer takes a tree with one command for that command, and only the one in use is ever imported.
    pass


class Format(StrEnum):
    """How a report is printed."""

    TEXT = "text"
    JSON = "json"


def say(text: str) -> None:
    """Print a line."""
    typer.echo(text)


def remark(text: str) -> None:
    """Print a line beside what was asked for, where a pipe does not take it along."""
    typer.echo(text, err=True)


def say_json(value: Any) -> None:
    """Print a value as JSON."""
    typer.echo(json.dumps(value, indent=2, default=str, ensure_ascii=False))


def fail(error: NudgerError) -> None:
    """Print what happened and what to do next."""
    remark(f"{error.message}\n{error.hint}".strip())


def could_not_run(text: str) -> NoReturn:
    """Print one sentence and end with exit 2."""
    remark(text)
    raise typer.Exit(COULD_NOT_RUN)
