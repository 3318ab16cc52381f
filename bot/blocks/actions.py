"""Names and payloads of all that can be pressed: this module is what a button carries and how it is read back."""

import re
from dataclasses import dataclass
from enum import StrEnum

_DELIVERY = re.compile(r"[0-9a-f]{32}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)
_LONGEST_VALUE = 300
_MESSAGE_PREFIX = "nudge"


class ActionId(StrEnum):
    """What was pressed; a dot and a detail may follow, since ids are unique within a block."""

    ANSWER_QUIZ = "answer_quiz"
    ANSWER_SCENE = "answer_scene"
    CHECK_ANSWER = "check_answer"
    PICK = "pick"  # ticked or chosen, and looked at when Check is pressed
    MARK_USEFUL = "mark_useful"
    MARK_NOT_FOR_ME = "mark_not_for_me"
    TRY_IT = "try_it"
    REPORT_BARRIER = "report_barrier"
    HEARD_RIGHT = "heard_right"  # the three answers to "sounds like ...: right?"
    HEARD_OTHER = "heard_other"
    HEARD_BETWEEN_US = "heard_between_us"
    TAKE_BACK = "take_back"
    WHY_ME = "why_me"
    PAUSE_ME = "pause_me"
    STOP_ME = "stop_me"
    START_ME = "start_me"
    MY_DATA = "my_data"
    FORGET_ME = "forget_me"
    KNOW_IT = "know_it"  # lets a question that came back rest
    MORE = "more"  # the menu under a nudge; what is chosen there counts as that button
    SAVE = "save_nudge"
    UNSAVE = "unsave_nudge"
    SHOW_SAVED = "show_saved"
    VOTE = "vote"
    FEWER_ME = "fewer_me"
    USUAL_ME = "usual_me"
    HOURS_ME = "hours_me"
    USUAL_HOURS = "usual_hours"
    TOPICS_ME = "topics_me"
    DATA_PAGE = "data_page"
    I_TRIED = "i_tried"  # opens the form for a story
    MY_STORIES = "my_stories"
    AGREE_STORY = "agree_story"
    READ_STORY = "read_story"  # of others, for comms
    TAP = "tap"  # a yes, a no, a vote, or how it went
    SEE_VOTES = "see_votes"
    WHO_CAME = "who_came"  # opens the host's form after a workshop
    OPEN_LINK = "open_link"  # a video, a place to join or a calendar file; nothing is stored
    FIND_SHOW = "find_show"
    FIND_MORE = "find_more"
    FIND_SAVE = "find_save"
    FIND_OPEN = "find_open"
    PUBLISH = "publish_playbook"
    APPROVE = "approve"
    DECLINE = "decline"
    CORRECT = "correct_messages"
    RECALL = "recall_messages"
    DISMISS = "dismiss"
    ASK = "ask"
    PREVIEW_TO_ME = "preview_to_me"
    PREVIEW_TO_REVIEWERS = "preview_to_reviewers"
    EDIT_PLAYBOOK = "edit_playbook"
    FLAG_SHOW = "flag_show"
    FLAG_TAKE = "flag_take"
    FLAG_ASSIGN = "flag_assign"
    FLAG_START = "flag_start"
    FLAG_STEP = "flag_step"
    FLAG_OVER = "flag_over"
    FLAG_NOT_OVER = "flag_not_over"
    FLAG_DISMISS = "flag_dismiss"
    FLAG_HISTORY = "flag_history"
    NEED_DECIDE = "need_decide"


class PickId(StrEnum):
    """What is picked in a quiz before Check is pressed; a number stands for the place in an order."""

    ALL = "all"
    SURE = "sure"

    @property
    def action(self) -> str:
        """Return the id of the element."""
        return f"{ActionId.PICK}.{self.value}"


class CallbackId(StrEnum):
    """Which form or shortcut it was."""

    BARRIER_FORM = "barrier_form"
    FORGET_FORM = "forget_form"
    DECLINE_FORM = "decline_form"
    REPORT_SHORTCUT = "report_barrier"
    BETTER_WAY = "better_way"
    NOTE = "note"
    PLAYBOOK_FORM = "playbook_form"
    TELL_FORM = "tell_form"
    STORY_LIST = "story_list"
    STORY_FORM = "story_form"
    REVIEW_FORM = "review_form"
    HOURS_FORM = "hours_form"
    TOPICS_FORM = "topics_form"
    CAME_FORM = "came_form"
    FLAG_PLAY_FORM = "flag_play_form"
    FLAG_DISMISS_FORM = "flag_dismiss_form"
    FLAG_ASSIGN_FORM = "flag_assign_form"
    NEED_FORM = "need_form"


class InputId(StrEnum):
    """The fields of forms; each is both block id and action id."""

    KIND = "barrier_kind"
    WORDS = "barrier_words"
    WHY = "decline_why"
    STORY = "story"
    STORY_WORDS = "story_words"
    STORY_CONSENT = "story_consent"
    STORY_AGREE = "story_agree"
    STORY_BACK = "story_back"
    REVIEW_WORDS = "review_words"
    REVIEW_DECISION = "review_decision"
    HOURS_FROM = "hours_from"
    HOURS_TO = "hours_to"
    HOURS_DAYS = "hours_days"
    TOPICS = "topics"
    CAME = "came"  # with a number: ten people each
    FLAG_PLAY = "flag_play"
    FLAG_REASON = "flag_reason"
    FLAG_OWNER = "flag_owner"
    NEED_DECISION = "need_decision"
    NEED_WHY = "need_why"


@dataclass(frozen=True)
class DeliveryValue:
    """Which delivery a button stands under; empty for a form opened without one."""

    delivery_id: str

    def encode(self) -> str:
        """Return the button's value."""
        return self.delivery_id

    @classmethod
    def decode(cls, value: str) -> "DeliveryValue | None":
        """Return the value read back, or None for anything that we did not write."""
        return cls(value) if _DELIVERY.fullmatch(value) else None


@dataclass(frozen=True)
class FormOrigin:
    """The message from which a form was opened, and the language that it is written in."""

    delivery_id: str
    language: str = ""

    def encode(self) -> str:
        """Return what travels with the form."""
        return f"{self.delivery_id}:{self.language}" if self.language else self.delivery_id

    @classmethod
    def decode(cls, value: str) -> "FormOrigin | None":
        """Return the origin read back, or None for anything that we did not write."""
        delivery_id, _, language = value[:_LONGEST_VALUE].partition(":")
        is_ours = _DELIVERY.fullmatch(delivery_id) and (not language or _LANGUAGE.fullmatch(language))
        return cls(delivery_id, language) if is_ours else None


@dataclass(frozen=True)
class AnswerValue:
    """Which choice of which delivery; never its text, never whether it is right."""

    delivery_id: str
    choice_key: str

    def encode(self) -> str:
        """Return the button's value."""
        return f"{self.delivery_id}:{self.choice_key}"

    @classmethod
    def decode(cls, value: str) -> "AnswerValue | None":
        """Return the value read back, or None for anything that we did not write."""
        delivery_id, _, choice_key = value[:_LONGEST_VALUE].partition(":")
        if not _DELIVERY.fullmatch(delivery_id) or not _NAME.fullmatch(choice_key):
            return None
        return cls(delivery_id, choice_key)


@dataclass(frozen=True)
class DaysValue:
    """For how many days."""

    days: int

    def encode(self) -> str:
        """Return the button's value."""
        return str(self.days)

    @classmethod
    def decode(cls, value: str) -> "DaysValue | None":
        """Return one to 365 days, or None for anything else."""
        if not re.fullmatch(r"[0-9]{1,3}", value, re.ASCII) or not 1 <= int(value) <= 365:
            return None
        return cls(int(value))


@dataclass(frozen=True)
class PublishValue:
    """Which playbook was shown, and the campaign's name it was shown with: pressed twice, the name is taken.

    `is_again` says that the button spoke of a second run, `is_update` of new words for the run there is.
    """

    playbook: str
    campaign: str
    is_again: bool = False
    is_update: bool = False

    def encode(self) -> str:
        """Return the button's value."""
        how = ":update" if self.is_update else ":again" if self.is_again else ""
        return f"{self.playbook}:{self.campaign}{how}"

    @classmethod
    def decode(cls, value: str) -> "PublishValue | None":
        """Return the value read back, or None for anything that we did not write."""
        playbook, _, rest = value[:_LONGEST_VALUE].partition(":")
        campaign, _, how = rest.partition(":")
        if not _NAME.fullmatch(playbook) or not _NAME.fullmatch(campaign) or how not in ("", "again", "update"):
            return None
        return cls(playbook, campaign, is_again=how == "again", is_update=how == "update")


def action_of(action_id: str) -> ActionId | None:
    """Return which button an action id belongs to, or None for one that we do not know."""
    name = action_id.partition(".")[0]
    return ActionId(name) if name in set(ActionId) else None


def message_block_id(delivery_id: str, part: str, state: str, language: str = "") -> str:
    """Return a block's id: it changes with the state as Slack asks for on updates, and carries what a redraw needs.

    That is the delivery, and the language the message was written in: the person's may have changed since.
    """
    told = f"{_MESSAGE_PREFIX}.{delivery_id}.{part}.{state}"
    return f"{told}.{language}" if _LANGUAGE.fullmatch(language) else told


def delivery_in(block_id: str) -> str:
    """Return the delivery id that a block id carries, or an empty text."""
    prefix, _, rest = block_id[:_LONGEST_VALUE].partition(".")
    delivery_id = rest.partition(".")[0]
    return delivery_id if prefix == _MESSAGE_PREFIX and _DELIVERY.fullmatch(delivery_id) else ""


def language_in(block_id: str) -> str:
    """Return the language that a block id carries, or an empty text."""
    language = block_id[:_LONGEST_VALUE].partition(".")[2].rpartition(".")[2]
    return language if delivery_in(block_id) and block_id.count(".") == 4 and _LANGUAGE.fullmatch(language) else ""
