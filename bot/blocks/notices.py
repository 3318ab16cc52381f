"""Messages to owners and admins: this module puts a notice's values into words."""

from collections.abc import Mapping
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.blocks.actions import ActionId
from bot.blocks.answers_approval import approval_buttons
from bot.blocks.attendance import PlaceValue
from bot.blocks.flag_values import FlagValue, Shown
from bot.blocks.flag_words import effect_line
from bot.blocks.home_parts import capital
from bot.blocks.parts import Safe, button, escape, lines, mention, say
from bot.blocks.publishing_values import ApprovalValue
from bot.blocks.story_values import StoryValue
from bot.blocks.times import day
from bot.texts import DEFAULT_LANGUAGE, has_text, text
from nudges.domain.delivery.messages import Message

_MANAGER = "manager:"


def notice_text(message: Message, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return what a notice says; one of an unknown kind shows its own body."""
    values = dict(message.notice_values)
    if message.notice_key == "notice.flag_raised":
        return _flag_raised(values, language)
    if "flag_id" in values:
        return _about_flag(message.notice_key, values, language)
    if not has_text(message.notice_key):
        return Safe(message.body) or escape(message.notice_key)
    return say(message.notice_key, language, **_shown(values, language))


def notice_buttons(message: Message, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return what can be pressed under a notice: a question to a second person, or to an author, is answered there."""
    values = dict(message.notice_values)
    if message.notice_key == "notice.story_asked":
        return _story_buttons(values, language)
    if message.notice_key == "notice.who_came" and (place := PlaceValue.decode(values.get("place", ""))):
        shown = button(text("came.button", language), ActionId.WHO_CAME, value=place.encode(), style="primary")
        return [ActionsBlock(block_id="who_came", elements=[shown])]
    if values.get("flag_id", "").isdigit():
        return [_flag_button(values["flag_id"], language)]
    value = ApprovalValue.decode(f"{values.get('approval_id', '')}:{values.get('content_hash', '')}")
    if message.notice_key != "notice.approval" or value is None:
        return []
    return [approval_buttons(value, language, campaign=values.get("campaign", ""))]


def scope_in_words(scope_type: str, scope_id: str, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return a group's name with what it is; a team without a name is called after whom it reports to."""
    if scope_id.startswith(_MANAGER):
        return say("scope.team_of", language, name=mention(scope_id.removeprefix(_MANAGER)))
    key = f"scope.{scope_type}"
    return say(key, language, name=scope_id) if has_text(key) else escape(scope_id)


def _story_buttons(values: Mapping[str, str], language: str) -> list[Block]:
    story = StoryValue.decode(f"{values.get('story_id', '')}:{values.get('digest', '')}")
    if story is None:
        return []
    told = story.encode()
    yes = button(text("story.yes", language), ActionId.AGREE_STORY, value=told, style="primary")
    look = button(text("story.look", language), ActionId.MY_STORIES, value=told)
    return [ActionsBlock(block_id=f"story.{story.story_id}", elements=[yes, look])]


def _shown(values: Mapping[str, str], language: str) -> dict[str, object]:
    shown: dict[str, object] = dict(values)
    if "by" in values:
        shown["by"] = mention(values["by"])
    if "day" in values:
        shown["day"] = day(date.fromisoformat(values["day"]), language)
    return shown


def _scope(values: Mapping[str, str], language: str) -> Safe:
    return scope_in_words(values.get("scope_type", ""), values.get("scope", ""), language)


def _about_flag(key: str, values: Mapping[str, str], language: str) -> Safe:
    kind_key = f"barrier.{values.get('kind', '')}"
    kind = text(kind_key if has_text(kind_key) else "flag.low_response", language)
    effect = effect_line(values.get("effect", ""), language) if key == "notice.flag_measured" else []
    return lines([say(key, language, scope=_scope(values, language)), escape(capital(kind)), *effect])


def _flag_button(flag_id: str, language: str) -> ActionsBlock:
    value = FlagValue(int(flag_id), Shown.NOTICE).encode()
    shown = button(text("flag.show", language), ActionId.FLAG_SHOW, value=value, style="primary")
    return ActionsBlock(block_id=f"flag.{flag_id}", elements=[shown])


def _flag_raised(values: Mapping[str, str], language: str) -> Safe:
    if not values.get("band"):
        key = "notice.flag_early" if values.get("grade") == "early" else "notice.flag_behaviour"
        return say(key, language, scope=_scope(values, language))
    kind_key = f"barrier.{values.get('kind', '')}"
    told = say(
        "notice.flag_raised",
        language,
        scope=_scope(values, language),
        kind=text(kind_key, language) if has_text(kind_key) else values.get("kind", ""),
        band=values.get("band", ""),
    )
    if not values.get("remedy"):
        return lines([told, say("notice.flag_no_remedy", language)])
    due = day(date.fromisoformat(values["due_on"]), language)
    return lines([told, say("notice.flag_remedy", language, remedy=values["remedy"], due=due)])
