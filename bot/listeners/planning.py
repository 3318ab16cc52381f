"""Looking ahead from Slack: this module is what `/nudge plan <playbook>` reads and shows."""

from bot.blocks.answers import Answer
from bot.blocks.answers_plan import plan_answer
from nudges.services.authoring.plan_ahead import Question, plan_ahead
from nudges.services.authoring.plan_diff import plan_changes, runs_already
from nudges.services.core import Core


def show_plan(core: Core, person_id: str, name: str, language: str) -> Answer | None:
    """Return the weeks to come, and what an edit changes where a campaign runs already; None without a name."""
    if not name:
        return None
    asked = Question(name)
    plan = plan_ahead(core, asked, person_id)
    changes = plan_changes(core, asked, person_id) if runs_already(core, name) else ()
    return plan_answer(plan, changes, language)
