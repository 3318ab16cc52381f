"""A question that came back: this module is the line that says why, and the button that lets it rest."""

from slack_sdk.models.blocks import ButtonElement

from bot.blocks.actions import ActionId, DeliveryValue
from bot.blocks.parts import Safe, button, say
from bot.blocks.times import month, short_day
from bot.texts import text
from nudges.domain.delivery.messages import Message
from nudges.domain.recall.reviews import Review


def why_back(review: Review, language: str) -> Safe:
    """Return when the reader met it, and that it is here once more."""
    how = "reworded" if review.is_reworded else "back"
    if review.is_lately:
        return say(f"review.{how}_lately", language, day=short_day(review.met_on, language))
    return say(f"review.{how}", language, month=month(review.met_on, language))


def rest_button(message: Message, language: str) -> list[ButtonElement]:
    """Return the button that lets the question rest; none once it does."""
    if message.review is None or message.review.is_known:
        return []
    value = DeliveryValue(message.delivery_id).encode()
    return [button(text("review.know_it", language), ActionId.KNOW_IT, value=value)]
