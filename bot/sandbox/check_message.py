"""What Slack refuses in the blocks and attachments of a message: this module is the check of messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.check_blocks import problems
from bot.sandbox.errors import Refusal
from bot.sandbox.limits import limits_of


def check(blocks: Any, attachments: Any) -> None:
    """Raise the refusal for blocks or attachments Slack would not take, with the path of each fault."""
    if blocks is not None:
        if not isinstance(blocks, list):
            raise Refusal("invalid_blocks_format")
        _refuse_if(problems(blocks, "message"))
    if attachments is not None:
        _check_attachments(attachments)


def _check_attachments(attachments: Any) -> None:
    if not isinstance(attachments, list) or not all(isinstance(part, dict) for part in attachments):
        raise Refusal(
            "invalid_arguments", messages=("[ERROR] must be an array of objects [json-pointer:/attachments]",)
        )
    if len(attachments) > limits_of("surfaces", "message")["attachments"]["max_items"]:
        raise Refusal("too_many_attachments")
    for place, attachment in enumerate(attachments):
        if attachment.get("blocks") is not None:
            _refuse_if(problems(attachment["blocks"], "message", f"/attachments/{place}/blocks"))


def _refuse_if(found: list[Any]) -> None:
    if found:
        raise Refusal("invalid_blocks", messages=tuple(str(problem) for problem in found))
