"""Who would get what and when: this module is `plan`."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from bot.cli.console import Format, app, could_not_run, say_json
from bot.cli.cores import WORKSPACE, make_core
from bot.cli.csv_files import read_csv, read_day, read_script
from bot.cli.plan_files import WORDS, Crowd, core_of, progress, show_files
from bot.cli.plan_json import change_json, person_json, plan_json
from bot.cli.plan_person_text import change_lines, person_lines
from bot.cli.plan_text import plan_lines
from bot.cli.screen import out
from bot.cli.uncollected import uncollected
from nudges.domain.forecasts.forecast_engine import Told
from nudges.services.authoring.plan_ahead import WEEKS, Question, plan_ahead, plan_person
from nudges.services.authoring.plan_diff import plan_changes
from nudges.services.core import Core

CLI = "command line"
SEED = 7  # that of `rehearse`


class Against(StrEnum):
    """What a plan is compared with."""

    LIVE = "live"


@app.command()
def plan(
    playbooks: list[str] = typer.Argument(None, help="The playbook's name; with --people several, or none for all."),
    starts_on: str = typer.Option("", help="First day, as 2027-01-11; by default the Monday after today."),
    people: Path = typer.Option(None, help="Plan for the people of this file alone; needs no workspace and no token."),
    reactions: Path = typer.Option(
        None, help="CSV of what people will do: person,playbook,nudge,reaction,value,after."
    ),
    weeks: int = typer.Option(WEEKS, min=1, max=104, help="How far to look."),
    person: str = typer.Option("", help="Slack id: explain this person's weeks line by line."),
    against: Against = typer.Option(None, help="live: what this file would change in the campaign that runs on it."),
    pace: float = typer.Option(None, min=0, help="Messages a second; 0, as with --people, as if posting took no time."),
    seed: int = typer.Option(SEED, help="With --people: the draws are those of `rehearse` with this seed."),
    published_on: str = typer.Option("", "--from", help="With --people: the day of publishing, as 2027-01-08."),
    whole: bool = typer.Option(False, "--whole", help="Everybody at once, pilot or not."),
    format: Format = typer.Option(Format.TEXT, help="text or json; json gives every decision."),
    workspace: str = WORKSPACE,
) -> None:
    """Show who would get what and when.

    Looks weeks ahead over all campaigns, person by person. Nothing is stored or sent. Before a workspace is connected,
    --people plans for a file, with no campaign running yet, and then says exactly what `nudger rehearse` would send.

    \b
    nudger plan find-an-expert                       for everybody in your workspace
    nudger plan find-an-expert --person U0ANA        one person's weeks, line by line
    nudger plan --people people.csv --format json    every playbook, for the people of a file
    """
    if person and against:
        could_not_run("Give --person or --against, not both: one is about a person, the other about an edit.")
    script, published = read_script(reactions) if reactions else None, read_day(published_on)
    crowd = Crowd(read_csv(people), seed, published) if people else None
    if crowd is not None and not person:
        _refuse_mix(starts_on, against)
        show_files(
            crowd, playbooks or (), script, weeks=weeks, whole=whole, posts_per_second=pace or 0.0, format=format
        )
        return
    asked = Question(_only(playbooks), read_day(starts_on), weeks, script or (), pace, whole)
    with uncollected(), progress(WORDS) as told, core_of(crowd) if crowd else nullcontext(make_core(workspace)) as core:
        answer = _answer(core, asked, person, is_against=against is not None, told=told)
    if format is Format.JSON:
        say_json(answer.told)
    else:
        out.print(*answer.lines, sep="\n")


@dataclass(frozen=True)
class _Answer:
    """One answer, for people and for machines."""

    lines: Iterable[Text]
    told: Any


def _answer(core: Core, asked: Question, person_id: str, *, is_against: bool, told: Told) -> _Answer:
    if person_id:
        story = plan_person(core, asked, person_id, CLI)
        return _Answer(person_lines(story), person_json(story))
    if is_against:
        changes = plan_changes(core, asked, CLI)
        return _Answer(change_lines(changes), [change_json(one) for one in changes])
    found = plan_ahead(core, asked, CLI, told=told)
    return _Answer(plan_lines(found), plan_json(found))


def _only(playbooks: list[str] | None) -> str:
    if not playbooks or len(playbooks) > 1:
        could_not_run("Name one playbook, as in `nudger plan find-an-expert`; with --people several, or none for all.")
    return playbooks[0]


def _refuse_mix(starts_on: str, against: Against | None) -> None:
    if against is not None:
        could_not_run("--against live compares with a campaign that runs; leave --people out.")
    if starts_on:
        could_not_run("With --people, say with --from on which day you publish; campaigns begin the Monday after.")
