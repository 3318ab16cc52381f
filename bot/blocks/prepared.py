"""A message made ready to be posted: this module builds what all of a wave have in common once, and puts in the ids."""

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from bot.blocks.messages import fallback_text, message_blocks
from nudges.domain.delivery.messages import Message

ANY_ID = "9c2e51d07f3b48a6a1d4e8b05f6c7a32"  # stands for the delivery id in what all of a wave have in common


def prepared(message: Message) -> tuple[str, list[dict[str, Any]]]:
    """Return text and blocks; a wave differs in its delivery ids alone, so the rest is built and checked once."""
    text, blocks = _template(_shared(message))
    return text.replace(ANY_ID, message.delivery_id), json.loads(blocks.replace(ANY_ID, message.delivery_id))


def prepared_json(message: Message) -> str:
    """Return the same as the inside of a JSON object, for a request that needs nothing else of it."""
    return _template_json(_shared(message)).replace(ANY_ID, message.delivery_id)


def _shared(message: Message) -> Message:
    """Return the message without its id, and without whose values its words were filled with: they show them."""
    quiz = message.quiz
    quiz = replace(quiz, variables=()) if quiz is not None and quiz.variables else quiz
    return replace(message, delivery_id=ANY_ID, quiz=quiz)


@lru_cache(maxsize=512)
def _template(message: Message) -> tuple[str, str]:
    return fallback_text(message), json.dumps([block.to_dict() for block in message_blocks(message)])


@lru_cache(maxsize=512)
def _template_json(message: Message) -> str:
    text, blocks = _template(message)
    return f'"text": {json.dumps(text)}, "blocks": {blocks}'
