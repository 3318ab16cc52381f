"""What a person may set: this module is the line of present settings, their buttons, and what a tap on one answers."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.blocks.actions import ActionId, DaysValue
from bot.blocks.answers import Answer, answer, wishes_answer
from bot.blocks.parts import Safe, button, context, say, section
from bot.blocks.times import hours
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.measuring.views import Wishes
from nudges.domain.people.topics import topic_in_words


def settings_line(wishes: Wishes, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return how often and when we write, and about what."""
    key = "home.settings_fewer" if wishes.is_fewer else "home.settings"
    return say(
        key,
        language,
        most=wishes.most_a_week,
        hours=hours(wishes.hours, language),
        zone=wishes.zone,
        topics=topics_in_words(wishes, language),
    )


def topics_in_words(wishes: Wishes, language: str = DEFAULT_LANGUAGE) -> str:
    """Return which topics the person hears about."""
    if not wishes.topics.names:
        return text("wish.no_topic" if wishes.topics.is_only else "home.topics_all", language)
    key = "home.topics_only" if wishes.topics.is_only else "home.topics_not"
    return text(key, language, topics=", ".join(topic_in_words(one) for one in sorted(wishes.topics.names)))


def settings_buttons(wishes: Wishes, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return pause, fewer, other hours, topics and stop, each one tap; for whoever rests, the way back."""
    stop = button(text("home.stop", language), ActionId.STOP_ME)
    start = button(text("home.start", language), ActionId.START_ME, style="primary")
    if wishes.is_stopped:
        return [ActionsBlock(block_id="home.wishes", elements=[start])]
    if wishes.paused_until is not None:
        return [ActionsBlock(block_id="home.wishes", elements=[start, stop])]
    week = button(text("home.pause_week", language), f"{ActionId.PAUSE_ME}.7", value=DaysValue(7).encode())
    weeks = button(text("home.pause_weeks", language), f"{ActionId.PAUSE_ME}.14", value=DaysValue(14).encode())
    return [
        ActionsBlock(block_id="home.wishes", elements=[week, weeks, stop]),
        ActionsBlock(block_id="home.settings", elements=[*_pace(wishes, language)]),
    ]


def _pace(wishes: Wishes, language: str) -> list[ButtonElement]:
    return [
        button(text("home.usual", language), ActionId.USUAL_ME)
        if wishes.is_fewer
        else button(text("home.fewer", language), ActionId.FEWER_ME),
        button(text("home.hours", language), ActionId.HOURS_ME),
        button(text("home.topics", language), ActionId.TOPICS_ME),
    ]


def set_answer(action: ActionId, wishes: Wishes, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what holds after a tap on a line of the menu, with the button that takes it back."""
    blocks: list[Block] = [section(_said(action, wishes, language))]
    undo = {ActionId.FEWER_ME: ActionId.USUAL_ME, ActionId.USUAL_ME: ActionId.FEWER_ME}.get(action, ActionId.START_ME)
    label = text("home.start" if undo is ActionId.START_ME else "set.undo", language)
    if action is not ActionId.START_ME:
        blocks.append(ActionsBlock(block_id="set_undo", elements=[button(label, undo)]))
    return answer([*blocks, context(say("set.in_home", language))])


def _said(action: ActionId, wishes: Wishes, language: str) -> str:
    if action is ActionId.FEWER_ME:
        return say("set.fewer", language, most=wishes.most_a_week)
    if action is ActionId.USUAL_ME:
        return say("set.usual", language, most=wishes.most_a_week)
    return Safe(wishes_answer(wishes, language).blocks[0].to_dict()["text"]["text"])
