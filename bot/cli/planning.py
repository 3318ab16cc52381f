"""Who would get what and when: this module is `plan`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from bot.cli.console import Format, app, could_not_run, err, out, say_json
from bot.cli.cores import make_core
from bot.cli.plan_json import change_json, person_json, plan_json
from bot.cli.plan_person_text import change_lines, person_lines
from bot.cli.plan_text import plan_lines
from nudges.domain.reactions import Reaction, read_reactions
from nudges.services.core import Core
from nudges.services.plan_ahead import WEEKS, Question, plan_ahead, plan_person
from nudges.services.plan_diff import plan_changes

CLI = "command line"


class Against(StrEnum):
    """What a plan is compared with."""

    LIVE = "live"


@app.command()
def plan(
    playbook: str = typer.Argument(..., help="The playbook's name."),
    starts_on: str = typer.Option("", help="First day, as 2027-01-11; by default the Monday after today."),
    reactions: Path = typer.Option(
        None, help="CSV of what people will do: person,playbook,nudge,reaction,value,after."
    ),
    weeks: int = typer.Option(WEEKS, min=1, max=104, help="How far to look."),
    person: str = typer.Option("", help="Slack id: explain this person's weeks line by line."),
    against: Against = typer.Option(None, help="live: what this file would change in the campaign that runs on it."),
    pace: float = typer.Option(None, min=0, help="Messages a second; 0 as if posting took no time."),
    whole: bool = typer.Option(False, "--whole", help="Everybody at once, pilot or not."),
    format: Format = typer.Option(Format.TEXT, help="text or json; json gives every decision."),
) -> None:
    """Show who would get what and when.

    Looks weeks ahead over all campaigns, person by person. Nothing is stored or sent.
    """
    core = make_core()
    asked = Question(playbook, _date(starts_on), weeks, _reactions(reactions), pace, whole)
    if person and against:
        could_not_run("Give --person or --against, not both: one is about a person, the other about an edit.")
    with err.status("Looking ahead, person by person"):
        answer = _answer(core, asked, person, is_against=against is not None)
    if format is Format.JSON:
        say_json(answer.told)
    else:
        out.print(*answer.lines, sep="\n")


@dataclass(frozen=True)
class _Answer:
    """One answer, for people and for machines."""

    lines: Iterable[Text]
    told: Any


def _answer(core: Core, asked: Question, person_id: str, *, is_against: bool) -> _Answer:
    if person_id:
        story = plan_person(core, asked, person_id, CLI)
        return _Answer(person_lines(story), person_json(story))
    if is_against:
        changes = plan_changes(core, asked, CLI)
        return _Answer(change_lines(changes), [change_json(one) for one in changes])
    found = plan_ahead(core, asked, CLI)
    return _Answer(plan_lines(found), plan_json(found))


def _reactions(file: Path | None) -> tuple[Reaction, ...]:
    if file is None:
        return ()
    try:
        found, faults = read_reactions(file.read_text(encoding="utf-8-sig"), str(file))
    except OSError as error:
        could_not_run(f"{file} cannot be read: {error.strerror}. Give the path of a CSV file with a header.")
    except UnicodeDecodeError:
        could_not_run(f"{file} is not UTF-8 text. Save it as CSV UTF-8 and try again.")
    if faults:
        could_not_run("\n".join(fault.text() for fault in faults))
    return found


def _date(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        could_not_run(f"{words} is not a date; write it as 2027-01-11.")
