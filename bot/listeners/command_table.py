"""What each command does: this module is the table from a command's name to the answer it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.blocks.answers import Answer, help_answer, line_answer, wishes_answer
from bot.blocks.answers_data import my_data_answer
from bot.blocks.answers_people import barriers_answer, people_answer, why_answer
from bot.blocks.answers_publish import draft_answer
from bot.blocks.answers_status import campaign_answer, campaigns_answer, health_answer, status_answer
from bot.listeners.access import COMMANDS, is_allowed
from bot.listeners.command_words import days_in
from bot.texts import text
from nudges.domain.views import Role
from nudges.services import draft_plan, glass_box, preferences, read_status, steer
from nudges.services.core import Core

ALL = "all"


@dataclass(frozen=True)
class Call:
    """Who asks, and what follows the command's name."""

    core: Core
    person_id: str
    argument: str = ""


Do = Callable[[Call], Answer]


def show_help(call: Call) -> Answer:
    """Only what the person may use."""
    allowed = [name for name, least in COMMANDS.items() if is_allowed(call.core, call.person_id, least)]
    everybody = [name for name in allowed if COMMANDS[name] is Role.EMPLOYEE]
    helpers = [name for name in allowed if COMMANDS[name] is not Role.EMPLOYEE]
    return help_answer(everybody, helpers, days=preferences.DEFAULT_PAUSE_DAYS)


def pause(call: Call) -> Answer:
    """Rest for the days asked."""
    days = days_in(call.argument) if call.argument else preferences.DEFAULT_PAUSE_DAYS
    if days is None or not 1 <= days <= preferences.LONGEST_PAUSE_DAYS:
        return line_answer("command.bad_days")
    return wishes_answer(preferences.pause(call.core, call.person_id, days))


def stop(call: Call) -> Answer:
    """Nothing more."""
    return wishes_answer(preferences.stop(call.core, call.person_id))


def start(call: Call) -> Answer:
    """Begin again."""
    return wishes_answer(preferences.start(call.core, call.person_id))


def why(call: Call) -> Answer:
    """Why this person gets nudges."""
    return why_answer(glass_box.why(call.core, call.person_id))


def my_data(call: Call) -> Answer:
    """Everything stored about this person."""
    return my_data_answer(glass_box.my_data(call.core, call.person_id))


def status(call: Call) -> Answer:
    """Everything at a glance."""
    return status_answer(read_status.status(call.core, call.person_id))


def campaigns(call: Call) -> Answer:
    """Every campaign."""
    return campaigns_answer(read_status.campaign_list(call.core), call.core.company().default_zone)


def campaign(call: Call) -> Answer:
    """One campaign."""
    if not call.argument:
        return _needs("campaign")
    return campaign_answer(read_status.campaign(call.core, call.argument), call.core.company().default_zone)


def people(call: Call) -> Answer:
    """Who is in a segment."""
    if not call.argument:
        return _needs("people")
    return people_answer(read_status.segment_people(call.core, call.person_id, call.argument))


def barriers(call: Call) -> Answer:
    """The open flags that this person may see."""
    return barriers_answer(read_status.barriers(call.core, call.person_id))


def show_draft(call: Call) -> Answer:
    """What publishing would do, with the button that does it."""
    return draft_answer(draft_plan.draft(call.core, call.argument)) if call.argument else _needs("publish")


def pause_campaigns(call: Call) -> Answer:
    """Hold one campaign or all, at once and without a question."""
    names = steer.pause_campaigns(call.core, call.person_id, _campaign_name(call))
    return _steered("paused", call, names)


def resume_campaigns(call: Call) -> Answer:
    """Let one campaign or all go on."""
    names = steer.resume_campaigns(call.core, call.person_id, _campaign_name(call))
    return _steered("resumed", call, names)


def health(call: Call) -> Answer:
    """Is it running."""
    return health_answer(read_status.health(call.core))


# Committed before the acknowledgement, and answered with it.
CHANGES: Mapping[str, Do] = {
    "pause": pause,
    "stop": stop,
    "start": start,
    "pause_campaign": pause_campaigns,
    "resume_campaign": resume_campaigns,
}
# Acknowledged at once, and answered when read.
READINGS: Mapping[str, Do] = {
    "help": show_help,
    "why": why,
    "my-data": my_data,
    "status": status,
    "campaigns": campaigns,
    "campaign": campaign,
    "people": people,
    "barriers": barriers,
    "publish": show_draft,
    "health": health,
}


def _needs(name: str) -> Answer:
    return line_answer("command.needs", usage=text(f"usage.{name}"))


def _campaign_name(call: Call) -> str:
    return ALL if call.argument.lower() == ALL else call.argument


def _steered(done: str, call: Call, names: list[str]) -> Answer:
    if _campaign_name(call) == ALL:
        return line_answer(f"steer.{done}_all")
    return line_answer(f"steer.{done}", names=", ".join(names)) if names else line_answer("steer.nothing")
