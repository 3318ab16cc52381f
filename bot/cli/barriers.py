"""Barriers outside the running app: this module is `barriers replay` and `barriers classify`."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.console import app, could_not_run, say
from nudges.errors import ImportRefused, TextExtraMissing

if TYPE_CHECKING:
    from nudges.domain.detection.detector import Flag

group = typer.Typer(help="Look at flags, and for barriers in a history and in words.", no_args_is_help=True)
app.add_typer(group, name="barriers")

METHODS = ("lexicon", "embedding")
SCOPES = {"team": "team", "department": "department", "place": "geo"}  # as the files of a history call them


# A group with a single command would become that command; this keeps the two words `barriers replay`.
@group.callback()
def barriers() -> None:
    """Look at flags, and for barriers in a history and in words."""


@group.command()
def replay(
    folder: Path = typer.Argument(..., help="A folder with membership.csv, deliveries.csv, responses.csv and more."),
    format: str = typer.Option("text", help="text, or jsonl: one line for each flag and week that it stands."),
) -> None:
    """Show which flags would have been raised in the past, week by week, seeing only what was known then.

    The files: membership.csv (employee_id, team_id, department, geo, from_week, to_week), deliveries.csv and
    responses.csv (week, employee_id, nudge_id, kind), and where there are: reports.jsonl, usage.csv, calendar.csv.
    """
    if format not in ("text", "jsonl"):
        could_not_run("--format is text or jsonl.")
    from nudges.domain.detection.closing import history_of
    from nudges.domain.detection.detector import detect
    from nudges.services.barriers.history_files import read_history

    try:
        from bot.cli.screen import err

        with err.status("Reading ...") as status:
            records = read_history(folder, lambda name: status.update(f"Reading {name} ..."))
            status.update("Looking at each week ...")
            flags = list(detect(history_of(records)))
    except ImportRefused as error:
        could_not_run(f"{error.message} {error.hint}".strip())
    if format == "jsonl":
        for flag in flags:
            scope = {"scope_type": SCOPES[flag.scope_type], "scope_id": flag.scope_id}
            typer.echo(json.dumps({"week": flag.week, **scope, "category": flag.category, "grade": flag.grade}))
        return
    for line in _lines(flags):
        say(line)


@group.command()
def classify(
    file: Path = typer.Argument(..., help='Lines of {"id", "text", "lang"}; lang may be missing. - reads the input.'),
    method: str = typer.Option("lexicon", help="lexicon, or embedding: finds more, and needs `make install-text`."),
) -> None:
    """Guess which barriers short texts are about: one line of {"id", "labels", "scores"} for each.

    A label is one of the ten kinds, or none. It is a guess for asking back, never evidence by itself. Nothing is kept.
    """
    if method not in METHODS:
        could_not_run("--method is lexicon or embedding.")
    from nudges.domain.told.messages import read_messages
    from nudges.services.barriers.read_texts import Method, reader

    try:
        guess_of = reader(Method(method))
        messages = read_messages(_lines_of(file), str(file))
    except TextExtraMissing as error:
        could_not_run(f"{error.message} {error.hint}")
    except ImportRefused as error:
        could_not_run(f"{error.message}\n{error.hint}".strip())
    for message in messages:
        guess = guess_of(message.text, message.language)
        labels = list(guess.labels) or ["none"]
        typer.echo(json.dumps({"id": message.id, "labels": labels, "scores": guess.scores}))


def _lines_of(file: Path) -> list[bytes]:
    if str(file) == "-":
        return sys.stdin.buffer.readlines()
    try:
        with file.open("rb") as source:
            return source.readlines()
    except OSError as error:
        could_not_run(f"{file} could not be read: {error.strerror}. Name a file with one JSON object a line, or -.")


def _lines(flags: "list[Flag]") -> Iterator[str]:
    stood: dict[tuple[str, str, str], list[Flag]] = {}
    for flag in flags:
        stood.setdefault((flag.scope_type, flag.scope_id, flag.category), []).append(flag)
    yield f"{len(stood)} flags would have been raised."
    for (scope_type, scope_id, category), weeks in stood.items():
        confirmed = next((flag.week for flag in weeks if flag.grade == "confirmed"), None)
        sure = f"confirmed in week {confirmed}" if confirmed is not None else "never confirmed"
        words = "answers fell behind" if category == "low_response" else category
        yield f"{scope_type} {scope_id}: {words}, from week {weeks[0].week} to {weeks[-1].week}, {sure}."
