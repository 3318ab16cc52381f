"""A saved nudge to read again: this module is the note in which it stands, with nothing to tap but where to try it."""

from dataclasses import replace

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.models.views import View

from bot.blocks.actions import ActionId, DeliveryValue
from bot.blocks.forms import note
from bot.blocks.messages import channel_link, message_blocks
from bot.blocks.parts import button, is_channel
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.delivery.messages import Message


def saved_view(message: Message, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the nudge in a note of its own; a quiz that was answered shows its answer, another one its question."""
    kept = replace(message, is_first=False, feedback="", has_reported=False, is_saved=False)
    if kept.answer is None:
        kept = replace(kept, choices=(), quiz=None)
    blocks: list[Block] = [block for block in message_blocks(kept) if not isinstance(block, ActionsBlock)]
    return note(text("saved.title", language), [*blocks, *_place(message)], language)


def _place(message: Message) -> list[Block]:
    place = message.try_it
    if place is None:
        return []
    address = channel_link(place.channel_id, "") if is_channel(place.channel_id) else place.link
    value = DeliveryValue(message.delivery_id).encode()
    open_it = button(place.label, ActionId.TRY_IT, value=value, style="primary", url=address)
    return [ActionsBlock(block_id="saved_place", elements=[open_it])] if address else []
