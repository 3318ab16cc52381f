"""Who may use what: this module is the one table of every handler's least role; what is not in it is refused."""

from collections.abc import Mapping

from bot.blocks.actions import ActionId, CallbackId
from bot.blocks.parts import mention
from bot.texts import text
from nudges.domain.measuring.views import Role
from nudges.errors import NotAllowed
from nudges.services.core import Core
from nudges.services.people import roles
from nudges.services.people.readers import language_of

_RANK = {Role.EMPLOYEE: 0, Role.AUTHOR: 1, Role.APPROVER: 2, Role.ADMIN: 3}

COMMANDS: Mapping[str, Role] = {
    "help": Role.EMPLOYEE,
    "pause": Role.EMPLOYEE,
    "stop": Role.EMPLOYEE,
    "start": Role.EMPLOYEE,
    "fewer": Role.EMPLOYEE,
    "usual": Role.EMPLOYEE,
    "hours": Role.EMPLOYEE,
    "topics": Role.EMPLOYEE,
    "why": Role.EMPLOYEE,
    "find": Role.EMPLOYEE,
    "my-data": Role.EMPLOYEE,
    "forget-me": Role.EMPLOYEE,
    "status": Role.AUTHOR,
    "campaigns": Role.AUTHOR,
    "campaign": Role.AUTHOR,
    "people": Role.AUTHOR,
    "barriers": Role.AUTHOR,
    "needs": Role.AUTHOR,
    "needs_decision": Role.AUTHOR,
    "plan": Role.AUTHOR,
    "publish": Role.AUTHOR,
    "approve": Role.AUTHOR,  # everybody who writes may look; the buttons want more
    "correct": Role.AUTHOR,
    "recall": Role.AUTHOR,
    "check": Role.AUTHOR,
    "preview": Role.AUTHOR,
    "edit": Role.AUTHOR,
    "results": Role.AUTHOR,
    "stories": Role.AUTHOR,
    "pause_campaign": Role.AUTHOR,
    "resume_campaign": Role.AUTHOR,
    "health": Role.AUTHOR,
}
ACTIONS: Mapping[str, Role] = {
    ActionId.ANSWER_QUIZ: Role.EMPLOYEE,
    ActionId.ANSWER_SCENE: Role.EMPLOYEE,
    ActionId.CHECK_ANSWER: Role.EMPLOYEE,
    ActionId.PICK: Role.EMPLOYEE,
    ActionId.MARK_USEFUL: Role.EMPLOYEE,
    ActionId.MARK_NOT_FOR_ME: Role.EMPLOYEE,
    ActionId.TRY_IT: Role.EMPLOYEE,
    ActionId.REPORT_BARRIER: Role.EMPLOYEE,
    ActionId.HEARD_RIGHT: Role.EMPLOYEE,
    ActionId.HEARD_OTHER: Role.EMPLOYEE,
    ActionId.HEARD_BETWEEN_US: Role.EMPLOYEE,
    ActionId.TAKE_BACK: Role.EMPLOYEE,
    ActionId.WHY_ME: Role.EMPLOYEE,
    ActionId.PAUSE_ME: Role.EMPLOYEE,
    ActionId.STOP_ME: Role.EMPLOYEE,
    ActionId.START_ME: Role.EMPLOYEE,
    ActionId.MY_DATA: Role.EMPLOYEE,
    ActionId.FORGET_ME: Role.EMPLOYEE,
    ActionId.KNOW_IT: Role.EMPLOYEE,
    ActionId.MORE: Role.EMPLOYEE,
    ActionId.SAVE: Role.EMPLOYEE,
    ActionId.UNSAVE: Role.EMPLOYEE,
    ActionId.SHOW_SAVED: Role.EMPLOYEE,
    ActionId.VOTE: Role.EMPLOYEE,
    ActionId.FEWER_ME: Role.EMPLOYEE,
    ActionId.USUAL_ME: Role.EMPLOYEE,
    ActionId.HOURS_ME: Role.EMPLOYEE,
    ActionId.USUAL_HOURS: Role.EMPLOYEE,
    ActionId.TOPICS_ME: Role.EMPLOYEE,
    ActionId.DATA_PAGE: Role.EMPLOYEE,
    ActionId.I_TRIED: Role.EMPLOYEE,
    ActionId.MY_STORIES: Role.EMPLOYEE,
    ActionId.AGREE_STORY: Role.EMPLOYEE,
    ActionId.READ_STORY: Role.AUTHOR,
    ActionId.TAP: Role.EMPLOYEE,
    ActionId.SEE_VOTES: Role.EMPLOYEE,
    ActionId.OPEN_LINK: Role.EMPLOYEE,
    ActionId.WHO_CAME: Role.EMPLOYEE,  # a playbook's owner may be anybody; who_came asks whose workshop it is
    ActionId.FIND_SHOW: Role.EMPLOYEE,
    ActionId.FIND_MORE: Role.EMPLOYEE,
    ActionId.FIND_SAVE: Role.EMPLOYEE,
    ActionId.FIND_OPEN: Role.EMPLOYEE,
    ActionId.PUBLISH: Role.AUTHOR,
    ActionId.APPROVE: Role.APPROVER,
    ActionId.DECLINE: Role.APPROVER,
    ActionId.CORRECT: Role.AUTHOR,
    ActionId.RECALL: Role.AUTHOR,
    ActionId.DISMISS: Role.EMPLOYEE,
    ActionId.ASK: Role.EMPLOYEE,  # the command that it stands for is checked itself
    ActionId.PREVIEW_TO_ME: Role.AUTHOR,
    ActionId.PREVIEW_TO_REVIEWERS: Role.AUTHOR,
    ActionId.EDIT_PLAYBOOK: Role.AUTHOR,
    # Whoever was given a flag may act for it, author or not; flag_moves asks at each tap whose it is.
    ActionId.FLAG_SHOW: Role.EMPLOYEE,
    ActionId.FLAG_TAKE: Role.EMPLOYEE,
    ActionId.FLAG_ASSIGN: Role.EMPLOYEE,
    ActionId.FLAG_START: Role.EMPLOYEE,
    ActionId.FLAG_STEP: Role.EMPLOYEE,
    ActionId.FLAG_OVER: Role.EMPLOYEE,
    ActionId.FLAG_NOT_OVER: Role.EMPLOYEE,
    ActionId.FLAG_DISMISS: Role.EMPLOYEE,
    ActionId.FLAG_HISTORY: Role.EMPLOYEE,
    ActionId.NEED_DECIDE: Role.AUTHOR,
}
FORMS: Mapping[str, Role] = {
    CallbackId.BARRIER_FORM: Role.EMPLOYEE,
    CallbackId.FORGET_FORM: Role.EMPLOYEE,
    CallbackId.HOURS_FORM: Role.EMPLOYEE,
    CallbackId.TOPICS_FORM: Role.EMPLOYEE,
    CallbackId.DECLINE_FORM: Role.APPROVER,
    CallbackId.REPORT_SHORTCUT: Role.EMPLOYEE,
    CallbackId.BETTER_WAY: Role.EMPLOYEE,
    CallbackId.PLAYBOOK_FORM: Role.AUTHOR,
    CallbackId.TELL_FORM: Role.EMPLOYEE,
    CallbackId.STORY_LIST: Role.EMPLOYEE,
    CallbackId.STORY_FORM: Role.EMPLOYEE,
    CallbackId.REVIEW_FORM: Role.AUTHOR,
    CallbackId.CAME_FORM: Role.EMPLOYEE,
    CallbackId.FLAG_PLAY_FORM: Role.EMPLOYEE,
    CallbackId.FLAG_DISMISS_FORM: Role.EMPLOYEE,
    CallbackId.FLAG_ASSIGN_FORM: Role.EMPLOYEE,
    CallbackId.NEED_FORM: Role.AUTHOR,
}


def is_allowed(core: Core, person_id: str, least: Role | None) -> bool:
    """Return whether the person has this role now; without a person or a rule the answer is no."""
    if not person_id or least is None:
        return False
    return _RANK[roles.role_of(core, person_id)] >= _RANK[least]


def check_command(core: Core, person_id: str, name: str) -> None:
    """Raise NotAllowed, naming who can give access, when the person may not run this command."""
    if is_allowed(core, person_id, COMMANDS.get(name)):
        return
    word = name.partition("_")[0]
    admins = admins_in_words(core)
    key = "command.refused" if admins else "command.refused_nobody"
    raise NotAllowed(text(key, language_of(core, person_id), word=word, admins=admins), hint="")


def check_action(core: Core, person_id: str, action: ActionId) -> None:
    """Raise NotAllowed when the person may not press this button."""
    if not is_allowed(core, person_id, ACTIONS.get(action)):
        raise NotAllowed(_refused_here(core, person_id), hint="")


def check_form(core: Core, person_id: str, callback_id: CallbackId) -> None:
    """Raise NotAllowed when the person may not use this form."""
    if not is_allowed(core, person_id, FORMS.get(callback_id)):
        raise NotAllowed(_refused_here(core, person_id), hint="")


def _refused_here(core: Core, person_id: str) -> str:
    return text("command.refused_here", language_of(core, person_id), admins=admins_in_words(core))


def admins_in_words(core: Core) -> str:
    """Return the admins as Slack shows people, or an empty text when there are none."""
    return ", ".join(mention(person_id) for person_id in roles.admins_of(core))
