"""What is going to happen to the people of a file: this module plans for a company that is only files.

Nothing is stored, and neither a workspace nor a token is needed: the people move into the same scratch house as in a
rehearsal, everything is published there, and the weeks are foreseen instead of lived through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.simulation.outcome_lines import planned_lines
from bot.simulation.stage import Request, Stage, set_stage
from nudges.domain.forecasts.forecast_engine import Told, foresee
from nudges.domain.forecasts.forecast_views import Plan
from nudges.services.authoring.plan_ahead import Question, plan_published


@dataclass(frozen=True)
class FilePlan:
    """The plans of all playbooks together, and one line for each nudge and person."""

    stage: Stage
    plans: Sequence[Plan]
    lines: Sequence[dict[str, Any]]


def plan_files(
    request: Request, today: date, *, posts_per_second: float = 0.0, told: Told = lambda _: None
) -> FilePlan:
    """Return what is going to happen; PlaybookRefused says why that cannot be told."""
    with set_stage(request, today) as stage:
        world = stage.world(posts_per_second=posts_per_second)
        script = request.reactions or ()
        outlook = foresee(world, until=stage.ends_at, reactions=script, told=told)
        asked = Question("", weeks=request.weeks, reactions=script, is_whole=request.is_whole)
        plans = [plan_published(stage.house.core, asked, world, run, outlook) for run in world.runs]
    return FilePlan(stage, plans, planned_lines(world, outlook.foreseen))
