"""What each command does: this module is the table from a command's name to the answer it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.blocks.answers import Answer, help_answer, line_answer, wishes_answer
from bot.blocks.answers_data import my_data_answer
from bot.blocks.answers_people import people_answer, why_answer
from bot.blocks.answers_results import results_answer
from bot.blocks.answers_status import campaign_answer, campaigns_answer, health_answer, status_answer
from bot.blocks.flags import barriers_answer
from bot.blocks.stories_waiting import stories_answer
from bot.listeners import finding, needs, planning, previewing, publishing, wishing
from bot.listeners.access import COMMANDS, is_allowed
from bot.listeners.command_words import days_in
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.measuring.views import Role
from nudges.services.barriers import flag_cards
from nudges.services.core import Core
from nudges.services.delivery import steer
from nudges.services.measuring import read_status, results
from nudges.services.own import glass_box, preferences, votes
from nudges.services.stories import review_stories

ALL = "all"


@dataclass(frozen=True)
class Call:
    """Who asks, what follows the command's name, and in which language the answer is given."""

    core: Core
    person_id: str
    argument: str = ""
    language: str = DEFAULT_LANGUAGE


Do = Callable[[Call], Answer]


def show_help(call: Call) -> Answer:
    """Only what the person may use."""
    allowed = [name for name, least in COMMANDS.items() if is_allowed(call.core, call.person_id, least)]
    everybody = [name for name in allowed if COMMANDS[name] is Role.EMPLOYEE]
    helpers = [name for name in allowed if COMMANDS[name] is not Role.EMPLOYEE]
    return help_answer(everybody, helpers, days=preferences.DEFAULT_PAUSE_DAYS, language=call.language)


def pause(call: Call) -> Answer:
    """Rest for the days asked."""
    days = days_in(call.argument) if call.argument else preferences.DEFAULT_PAUSE_DAYS
    if days is None or not 1 <= days <= preferences.LONGEST_PAUSE_DAYS:
        return line_answer("command.bad_days", call.language)
    return wishes_answer(preferences.pause(call.core, call.person_id, days), call.language)


def stop(call: Call) -> Answer:
    """Nothing more."""
    return wishes_answer(preferences.stop(call.core, call.person_id), call.language)


def start(call: Call) -> Answer:
    """Begin again."""
    return wishes_answer(preferences.start(call.core, call.person_id), call.language)


def fewer(call: Call) -> Answer:
    """Half as many."""
    return wishing.fewer(call.core, call.person_id, call.argument, call.language)


def usual(call: Call) -> Answer:
    """As many as everybody."""
    return wishing.usual(call.core, call.person_id, call.argument, call.language)


def hours(call: Call) -> Answer:
    """Hours of one's own."""
    return wishing.hours(call.core, call.person_id, call.argument, call.language)


def topics(call: Call) -> Answer:
    """What one wants to hear about."""
    return wishing.topics(call.core, call.person_id, call.argument, call.language)


def why(call: Call) -> Answer:
    """Why this person gets nudges."""
    return why_answer(glass_box.why(call.core, call.person_id), call.language)


def find(call: Call) -> Answer:
    """What helps with what the person wants to get done."""
    return finding.asked_by_command(call.core, call.person_id, call.argument, call.language)


def my_data(call: Call) -> Answer:
    """Everything stored about this person."""
    return my_data_answer(glass_box.my_data(call.core, call.person_id), call.language)


def status(call: Call) -> Answer:
    """Everything at a glance."""
    return status_answer(read_status.status(call.core, call.person_id), call.language)


def campaigns(call: Call) -> Answer:
    """Every campaign."""
    found, zone = read_status.campaign_list(call.core), call.core.company().default_zone
    return campaigns_answer(found, zone, call.language, wanted=votes.wanted(call.core))


def campaign(call: Call) -> Answer:
    """One campaign."""
    if not call.argument:
        return _needs(call, "campaign")
    found, zone = read_status.campaign(call.core, call.argument), call.core.company().default_zone
    return campaign_answer(found, zone, call.language)


def people(call: Call) -> Answer:
    """Who is in a segment."""
    if not call.argument:
        return _needs(call, "people")
    return people_answer(read_status.segment_people(call.core, call.person_id, call.argument), call.language)


def barriers(call: Call) -> Answer:
    """The open flags that this person may see."""
    return barriers_answer(flag_cards.barriers(call.core, call.person_id), call.language)


def show_needs(call: Call) -> Answer:
    """What people lack to use a tool."""
    return needs.show_needs(call.core, call.person_id, call.language)


def decide_need(call: Call) -> Answer:
    """What is done about one of them, and why."""
    return needs.decide(call.core, call.person_id, call.argument, call.language)


def show_plan(call: Call) -> Answer:
    """Who would get what and when, weeks ahead."""
    return planning.show_plan(call.core, call.person_id, call.argument, call.language) or _needs(call, "plan")


def show_draft(call: Call) -> Answer:
    """What publishing would do, with the button that does it."""
    if not call.argument:
        return _needs(call, "publish")
    return publishing.show_draft(call.core, call.argument, call.language)


def show_approval(call: Call) -> Answer:
    """What waits for a second person."""
    return publishing.show_approval(call.core, call.person_id, call.argument, call.language)


def show_correction(call: Call) -> Answer:
    """What correcting a nudge would change, with the button that does it."""
    return publishing.show_correction(call.core, call.argument, call.language) or _needs(call, "correct")


def show_recall(call: Call) -> Answer:
    """What taking back would do, with the button that does it."""
    return publishing.show_recall(call.core, call.argument, call.language) or _needs(call, "recall")


def show_preview(call: Call) -> Answer:
    """A nudge as the person who asks would see it."""
    if not call.argument:
        return _needs(call, "preview")
    return previewing.preview(call.core, call.person_id, call.argument, call.language)


def show_check(call: Call) -> Answer:
    """Every fault of the playbooks, or of one."""
    return previewing.check(call.core, call.argument, call.language)


def show_results(call: Call) -> Answer:
    """What a campaign has brought."""
    if not call.argument:
        return _needs(call, "results")
    return results_answer(results.results(call.core, call.person_id, call.argument), call.language)


def show_stories(call: Call) -> Answer:
    """The stories that wait for a decision."""
    return stories_answer(review_stories.waiting(call.core, call.person_id), call.language)


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
    return health_answer(read_status.health(call.core), call.language)


# Committed before the acknowledgement, and answered with it.
CHANGES: Mapping[str, Do] = {
    "pause": pause,
    "stop": stop,
    "start": start,
    "fewer": fewer,
    "usual": usual,
    "hours": hours,
    "topics": topics,
    "pause_campaign": pause_campaigns,
    "resume_campaign": resume_campaigns,
    "needs_decision": decide_need,
}
# Acknowledged at once, and answered when read.
READINGS: Mapping[str, Do] = {
    "help": show_help,
    "why": why,
    "find": find,
    "my-data": my_data,
    "status": status,
    "campaigns": campaigns,
    "campaign": campaign,
    "people": people,
    "barriers": barriers,
    "needs": show_needs,
    "plan": show_plan,
    "publish": show_draft,
    "approve": show_approval,
    "correct": show_correction,
    "recall": show_recall,
    "preview": show_preview,
    "check": show_check,
    "results": show_results,
    "stories": show_stories,
    "health": health,
}


def _needs(call: Call, name: str) -> Answer:
    return line_answer("command.needs", call.language, usage=text(f"usage.{name}", call.language))


def _campaign_name(call: Call) -> str:
    return ALL if call.argument.lower() == ALL else call.argument


def _steered(done: str, call: Call, names: list[str]) -> Answer:
    if _campaign_name(call) == ALL:
        return line_answer(f"steer.{done}_all", call.language)
    if not names:
        return line_answer("steer.nothing", call.language)
    return line_answer(f"steer.{done}", call.language, names=", ".join(names))
