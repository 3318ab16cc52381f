"""What a reader has at stake: this module is the small promise under a nudge, and the button that opens their story."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.blocks.actions import ActionId, AnswerValue, DeliveryValue, message_block_id
from bot.blocks.parts import Safe, button, context, lines, say, section
from bot.texts import text
from nudges.domain.delivery.messages import Message
from nudges.domain.delivery.taps import Tap

_COMMIT_TO_TAP = Tap.WILL_TRY.value


def tell_buttons(message: Message, language: str) -> list[ButtonElement]:
    """Return the button that opens the form for a story, once something went well."""
    if message.involved is None or not message.involved.may_tell:
        return []
    value = DeliveryValue(message.delivery_id).encode()
    return [button(text("story.i_tried", language), ActionId.I_TRIED, value=value)]


def told_lines(message: Message, language: str) -> list[Safe]:
    """Return the thanks for a story that was told by name."""
    return [say("story.thanks_under", language)] if message.involved and message.involved.has_told else []


def commit_blocks(message: Message, language: str) -> list[Block]:
    """Return the promise with its one button, or that it was given."""
    said, involved = commit_said(message, language), message.involved
    if involved is None or not said:
        return []
    if involved.has_committed:
        return [context(said, block_id=_id(message, "given"))]
    value = AnswerValue(message.delivery_id, _COMMIT_TO_TAP).encode()
    will = button(text("commit.i_will", language), f"{ActionId.TAP}.{_COMMIT_TO_TAP}", value=value)
    return [section(said, block_id=_id(message, "new"), accessory=will)]


def commit_said(message: Message, language: str) -> Safe:
    """Return the promise as it stands: offered, or given and what follows from it."""
    involved = message.involved
    if involved is None or not involved.commit:
        return Safe("")
    commit = Safe(involved.commit)
    if not involved.has_committed:
        return say("commit.lead", language, commit=commit)
    return lines([say("commit.said", language, commit=commit), say("commit.said_next", language, days=involved.days)])


def _id(message: Message, state: str) -> str:
    return message_block_id(message.delivery_id, "commit", state, message.language)
