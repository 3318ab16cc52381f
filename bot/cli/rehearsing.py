"""Weeks tried out in seconds: this module is `rehearse`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.console import FOUND, Format, app, could_not_run, remark, say, say_json
from bot.cli.csv_files import read_barriers, read_csv, read_day, read_script
from bot.settings import read_settings
from nudges.clock import system_clock

if TYPE_CHECKING:
    from bot.simulation.rehearsal import Rehearsal, Request

SMALLEST, LARGEST = 10, 5_000
LONGEST_WEEKS = 104


@app.command()
def rehearse(
    playbooks: list[str] = typer.Argument(None, help="Names of playbooks; by default all that can be used."),
    weeks: int = typer.Option(8, min=1, max=LONGEST_WEEKS, help="How many weeks from the first campaign's Monday."),
    people: Path = typer.Option(None, help="Your own people.csv instead of people made up."),
    size: int = typer.Option(200, min=SMALLEST, max=LARGEST, help="How many people to make up."),
    seed: int = typer.Option(7, help="The same seed gives the same people, the same luck and the same trace."),
    reactions: Path = typer.Option(None, help="CSV of who does what: person,playbook,nudge,reaction,value,after."),
    barriers: Path = typer.Option(None, help="YAML of what is in people's way, and what plays do about it."),
    published_on: str = typer.Option("", "--from", help="The day of publishing, as 2027-01-08; by default today."),
    whole: bool = typer.Option(False, "--whole", help="Reach everybody at once, pilot or not."),
    report: Path = typer.Option(None, help="Write a page with charts to this file."),
    format: Format = typer.Option(Format.TEXT, help="text, or json with the outcome of every nudge for every person"),
) -> None:
    """Let playbooks run for weeks on simulated people, in seconds.

    The real app works in virtual time on a Slack inside this process: nothing leaves the machine, and your database is
    not touched. People react as plain guesses say, or exactly as a reactions file says. Whatever would ask a second
    person for a yes gets it, and the report says so. Exit 1 means that something happened that must never happen.

    \b
    nudger rehearse                                  all playbooks, 200 people made up, eight weeks
    nudger rehearse find-an-expert --people people.csv --report rehearsal.html
    nudger rehearse --reactions script.csv --format json > happened.json
    nudger rehearse --barriers in-the-way.yaml --weeks 26 --whole
    """
    if barriers and reactions:
        could_not_run("With --reactions people do what the file says and nothing is in their way: leave one out.")
    from bot.simulation.rehearsal import Request

    request = Request(
        folder=read_settings().nudger_playbooks,
        playbooks=tuple(playbooks or ()),
        weeks=weeks,
        size=size,
        seed=seed,
        starts_on=read_day(published_on),
        people_csv=read_csv(people) if people else None,
        reactions=read_script(reactions) if reactions else None,
        is_whole=whole,
        planted=read_barriers(barriers) if barriers else None,
    )
    _show(_run(request), report, format)


def _run(request: "Request") -> "Rehearsal":
    from bot.simulation.engine import InvariantBroken
    from bot.simulation.rehearsal import rehearse as live_through

    with _progress(request) as told:
        try:
            return live_through(request, system_clock().date(), told=told)
        except InvariantBroken as broken:
            remark(f"{broken.message}\n{broken.hint}")
            raise typer.Exit(FOUND) from broken


def _show(done: "Rehearsal", report: Path | None, format: Format) -> None:
    from bot.simulation.drawing import picture
    from bot.simulation.figures import figures_of
    from bot.simulation.outcome_lines import differences, lines, summary

    figures = figures_of(done)
    if report is not None:
        from bot.simulation.page import page

        _write(report, page(done, figures))
    if format == Format.JSON:
        say_json({"rehearsal": summary(done), "not_as_planned": differences(done), "outcomes": lines(done)})
        return
    say(picture(done, figures))
    if report is not None:
        say(f"\nThe report is in {report}.")


@contextmanager
def _progress(request: "Request") -> Iterator[Callable[[datetime], object]]:
    """Show on a terminal how far virtual time has come; say nothing in a pipe."""
    from rich.progress import BarColumn, Progress, TextColumn

    from bot.cli.screen import err

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[day]}"))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        days = 7 * (request.weeks + 1)
        task = bar.add_task(f"Rehearsing {request.weeks} weeks", total=days, day="")
        begun: list[datetime] = []

        def told(now: datetime) -> None:
            begun[:] = begun or [now]
            bar.update(task, completed=(now - begun[0]).days, day=f"{now:%a %d %b %Y}")

        yield told


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        could_not_run(f"{path} cannot be written: {error.strerror}. Give --report a path in a folder you may write to.")
