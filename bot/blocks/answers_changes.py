"""Mending and taking back: this module is the previews with their buttons, and what follows from pressing them."""

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, answer, line_answer
from bot.blocks.parts import Safe, button, context, escape, fit, header, lines, say, section
from bot.blocks.publishing_values import ChangeValue
from bot.texts import DEFAULT_LANGUAGE, plural, text
from nudges.domain.measuring.publishing_views import ChangeOrdered, ChangeView

WORDS_SHOWN = 900


def correction_answer(view: ChangeView, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what would be changed, from which words to which, with the button that does it."""
    blocks: list[Block] = [header(text("correct.header", language, nudge=view.nudge_key))]
    blocks.append(section(plural("correct.count", view.messages, language, name=view.campaign)))
    blocks.append(section(lines([say("correct.before", language), _quoted(view.before)])))
    blocks.append(section(lines([say("correct.after", language), _quoted(view.after)])))
    blocks.append(_buttons(ActionId.CORRECT, view, plural("correct.confirm", view.messages, language), language))
    return answer([*blocks, context(say("correct.note", language))])


def recall_answer(view: ChangeView, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what would be stopped, deleted and left, with the button that does it."""
    what = "nudge" if view.nudge_key else "campaign"
    title = text(f"recall.header_{what}", language, nudge=view.nudge_key, name=view.campaign)
    blocks: list[Block] = [header(title)]
    told = [
        plural("recall.waiting", view.waiting, language) if view.waiting else text("recall.none_waiting", language),
        plural("recall.deleted", view.messages, language) if view.messages else text("recall.none_sent", language),
    ]
    blocks.append(section(lines(Safe(f"• {escape(line)}") for line in told)))
    blocks.append(_buttons(ActionId.RECALL, view, text(f"recall.confirm_{what}", language), language, style="danger"))
    return answer([*blocks, context(say(f"recall.note_{what}", language))])


def ordered_answer(key: str, done: ChangeOrdered, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return that it is under way, and that a report follows; of what was never sent, only that it is done."""
    if key == "recall.ordered" and not (done.messages or done.skipped):
        return line_answer("recall.ordered_unsent", language)
    return line_answer(
        key, language, count=done.messages, skipped=done.skipped, name=done.campaign, nudge=done.nudge_key
    )


def _quoted(words: str) -> Safe:
    return lines(Safe(f"> {escape(line)}") for line in fit(words, WORDS_SHOWN).splitlines())


def _buttons(action: ActionId, view: ChangeView, label: str, language: str, *, style: str = "primary") -> ActionsBlock:
    value = ChangeValue(view.campaign, view.nudge_key, view.version).encode()
    buttons = [
        button(label, action, value=value, style=style),
        button(text("publish.cancel", language), ActionId.DISMISS),
    ]
    return ActionsBlock(block_id=action.value, elements=buttons)
