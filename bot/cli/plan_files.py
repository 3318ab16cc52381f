"""A plan for people who are only a file: this module is `plan --people`, and the bar that a long look ahead shows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.cli.console import Format, say_json
from bot.cli.plan_json import plan_json
from bot.cli.plan_text import plan_lines
from bot.cli.screen import err, out
from bot.cli.uncollected import uncollected
from bot.settings import read_settings
from nudges.clock import system_clock
from nudges.services.core import Core

if TYPE_CHECKING:
    from bot.simulation.stage import Request
    from nudges.domain.forecasts.reactions import Reaction

WORDS = "Looking ahead, person by person"


@dataclass(frozen=True)
class Crowd:
    """The people of a file, and what they have in common with a rehearsal: the seed of its draws and its day."""

    people_csv: str
    seed: int
    published_on: date | None = None

    def request(self, playbooks: Sequence[str] = ()) -> "Request":
        """Return what is asked, in the words of a rehearsal."""
        from bot.simulation.stage import Request

        folder = read_settings().nudger_playbooks
        return Request(
            folder, tuple(playbooks), seed=self.seed, starts_on=self.published_on, people_csv=self.people_csv
        )


@contextmanager
def core_of(crowd: Crowd) -> Iterator[Core]:
    """Give a core for these people alone, in a scratch folder, with nothing published."""
    from bot.simulation.stage import furnished

    with furnished(crowd.request(), system_clock().date()) as house:
        yield house.core


def show_files(
    crowd: Crowd,
    playbooks: Sequence[str],
    script: "tuple[Reaction, ...] | None",
    *,
    weeks: int,
    whole: bool,
    posts_per_second: float,
    format: Format,
) -> None:
    """Plan, and print each playbook's plan, or as JSON every decision as `rehearse` writes its outcomes."""
    from bot.simulation.planning import plan_files

    request = replace(crowd.request(playbooks), weeks=weeks, is_whole=whole, reactions=script)
    with uncollected(), progress(WORDS) as told:
        found = plan_files(request, system_clock().date(), posts_per_second=posts_per_second, told=told)
    if format is Format.JSON:
        plans = [plan_json(replace(plan, decisions=())) for plan in found.plans]  # they stand under outcomes
        say_json({"plans": plans, "outcomes": found.lines})
        return
    for number, plan in enumerate(found.plans):
        out.print(*(["\n"] if number else []), *plan_lines(plan), sep="\n")


@contextmanager
def progress(words: str) -> Iterator[Callable[[float], object]]:
    """Show on a terminal how much is done; say nothing in a pipe."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(words, total=1.0)
        yield lambda share: bar.update(task, completed=share)
