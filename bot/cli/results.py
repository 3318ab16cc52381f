"""What campaigns have brought: this module is `results` with bars, and `export` for a spreadsheet."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path

import typer

from bot.blocks.times import band_bar
from bot.cli.console import Format, app, could_not_run, remark, say, say_json
from bot.cli.cores import WORKSPACE, make_core
from bot.texts import text
from nudges.domain.measuring.results import Figure, NudgeResult, ResultsView
from nudges.services.measuring.export import as_csv, as_json
from nudges.services.measuring.export import export as export_rows
from nudges.services.measuring.results import results as read_results

CLI = "command line"
WORDS = {
    "answered": "answered something",
    "useful": "said useful",
    "not_for_me": "said not for me",
    "right": "had all of it",
    "wrong": "answered otherwise",
}


class Table(StrEnum):
    """How a table is written."""

    CSV = "csv"
    JSON = "json"


@app.command()
def results(
    campaign: str = typer.Argument(..., help="The campaign's name; `nudger status` lists them."),
    format: Format = typer.Option(Format.TEXT, help="text or json"),
    workspace: str = WORKSPACE,
) -> None:
    """Show what a campaign has brought.

    Sent, answered, useful and the choices of quizzes, by nudge and by segment. Shares come in steps of ten points, and
    nothing stands for fewer than k people. The look is noted in the audit.
    """
    found = read_results(make_core(workspace), CLI, campaign)
    if format == Format.JSON:
        say_json(asdict(found))
    else:
        say("\n".join(lines_of(found)))


@app.command()
def export(
    campaign: str = typer.Argument("", help="The campaign's name; without it all campaigns."),
    format: Table = typer.Option(Table.CSV, help="csv or json"),
    to: Path = typer.Option(None, help="Write to this file instead of the terminal."),
    workspace: str = WORKSPACE,
) -> None:
    """Give the figures of campaigns as a table.

    The same figures as `results`, all of them as bands: sent, answered, useful and choices, by nudge and segment. Never
    what a person answered. The export is noted in the audit.
    """
    rows = export_rows(make_core(workspace), CLI, campaign)
    text = as_csv(rows) if format == Table.CSV else as_json(rows)
    if to is None:
        sys.stdout.write(text)  # as it is: the console would wrap and colour
        return
    try:
        to.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        could_not_run(f"{to} cannot be written ({error.strerror}); give another file with --to.")
    remark(f"{len(rows)} figures written to {to}.")


def lines_of(found: ResultsView) -> Iterator[str]:
    """Give the results of one campaign as lines for a terminal."""
    yield f"{found.title} ({found.name}, {found.status}), from {found.starts_on:%a %d %b %Y}"
    yield f"{found.sent} sent to {found.reached} people; answers up to and including {found.until:%a %d %b %Y}"
    for nudge in found.nudges:
        yield ""
        yield f"{nudge.kind} {nudge.key}: {nudge.sent} sent"
        yield from _figures(nudge, found)
    yield ""
    if found.held_out:
        yield f"Comparison group: {found.held_out} people are spared. {_contrast(found)}"
    yield (
        f"Shares in steps of ten points, people as ranges; nothing stands for fewer than {found.k} people, not even by"
        " comparing segments or days."
    )


def _figures(nudge: NudgeResult, found: ResultsView) -> Iterator[str]:
    told: Sequence[Figure] = (*nudge.answered, *nudge.useful, *nudge.choices)
    if nudge.sent and not told:
        yield "  too few answers so far to show any without pointing at somebody"
    for figure in nudge.of_all(told):
        share = figure.share
        late = f"  (as of {figure.as_of:%d %b}; what came since is too little to show)" if figure.is_behind else ""
        yield f"  {band_bar(share.share)} {share.share:>10} {_what(nudge, figure)}, of {share.of}{late}"
    if len(found.segments) > 1:
        for figure in nudge.of_groups(told):
            yield f"      {figure.group}: {figure.share.share} {_what(nudge, figure)}, of {figure.share.of}"


def _what(nudge: NudgeResult, figure: Figure) -> str:
    choice = next((one for one in nudge.choice_texts if one.key == figure.side), None)
    if choice is None:
        return WORDS.get(figure.side, figure.side)
    if choice.right is None:
        return f'tapped "{choice.text or text(f"tap.{choice.key}")}"'
    return f'chose "{choice.text}"' + (" (right)" if choice.right else "")


def _contrast(found: ResultsView) -> str:
    if not found.has_usage:
        return "Whether it helps can be said once usage of the tool is known: `nudger usage import`."
    if found.contrast is None:
        return "Too few teams or people to say whether it helps."
    unsure = "" if found.contrast.is_clear else ", so nothing is certain yet"
    points = f"Between {found.contrast.low} and {found.contrast.high} points more of those reached use the tool"
    return f"{points} than of those spared (in 19 cases of 20){unsure}."
