"""When something goes wrong: this module says it to the person in words and logs the rest with a number to find it."""

import logging
import secrets
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.blocks.answers import Answer, said_answer
from bot.blocks.forms import failed_note
from bot.blocks.parts import Safe, escape, lines, say
from bot.listeners.answering import Desk
from bot.listeners.payloads import actor_of, kind_of, response_url_of
from bot.texts import DEFAULT_LANGUAGE, has_text, text
from nudges.errors import (
    ApprovalImpossible,
    ApprovalOver,
    CampaignNotFound,
    DraftNotSaved,
    ImportRefused,
    NotAllowed,
    NudgerError,
    PlaybookRefused,
    PreviewNotPosted,
    StorageError,
    StoryGone,
    StoryRefused,
)

logger = logging.getLogger(__name__)

# What these say helps the person who asked; the others concern whoever runs Nudger.
TOLD = (
    NotAllowed,
    CampaignNotFound,
    PlaybookRefused,
    ApprovalImpossible,
    ApprovalOver,
    ImportRefused,
    PreviewNotPosted,
    DraftNotSaved,
    StoryGone,
    StoryRefused,
)
TRIGGER_OVER = {
    "expired_trigger_id",
    "trigger_expired",
    "exchanged_trigger_id",
    "trigger_exchanged",
    "invalid_trigger_id",
}

Lazy = Callable[..., None]


def explain(error: Exception, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return what the person reads; anything unexpected is logged under a number that they are given."""
    if isinstance(error, SlackApiError) and slack_code(error) in TRIGGER_OVER:
        return say("click.too_late", language)
    if isinstance(error, TOLD):
        return lines([_told(error), _hint(error, language)], " ")
    error_id = secrets.token_hex(4)
    log(error, error_id)
    return say("error.generic", language, error_id=error_id)


def log(error: Exception, error_id: str) -> None:
    """Log where it happened; messages and values stay out, since people's words could be among them."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    code = slack_code(error) if isinstance(error, SlackApiError) else getattr(error, "code", "")
    logger.error("listener failed\n%s%s %s", frames, type(error).__name__, code, extra={"error_id": error_id})


def slack_code(error: SlackApiError) -> str:
    """Return Slack's code, or an empty text."""
    code = error.response.get("error") if hasattr(error.response, "get") else None
    return code if isinstance(code, str) else ""


def error_handler(desk: Desk) -> Callable[..., BoltResponse]:
    """Return Bolt's handler: the person is told where Slack offers a place; a slow database is not acknowledged."""

    def handle(error: Exception, body: dict[str, Any]) -> BoltResponse:
        kind = kind_of(body)
        if isinstance(error, StorageError) or kind == "event_callback":
            # Nothing was stored. Slack shows its own error or delivers the event again.
            log(error, secrets.token_hex(4))
            return BoltResponse(status=503, body="")
        language = desk.language(actor_of(body))
        said = said_answer(explain(error, language))
        if kind == "command":
            return BoltResponse(status=200, body=_as_body(said))
        if kind == "view_submission":
            view = failed_note(said.text, language).to_dict()
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        # Without a place for words, Slack's own warning sign is better than silence.
        is_told = desk.tell(response_url_of(body), said)
        return BoltResponse(status=200 if is_told else 500, body="")

    return handle


def guarded(desk: Desk, work: Lazy) -> Lazy:
    """Return work for after the acknowledgement, where Bolt only logs failures: here they are told as well."""

    @wraps(work)
    def run(body: dict[str, Any], **values: Any) -> None:
        try:
            work(body=body, **values)
        except Exception as error:
            desk.tell(response_url_of(body), said_answer(explain(error, desk.language(actor_of(body)))))

    return run


def _told(error: NudgerError) -> Safe:
    # The refusal's words are ours and mention admins; the other messages may hold words from files.
    return Safe(error.message) if isinstance(error, NotAllowed) and not error.hint else escape(error.message)


def _hint(error: NudgerError, language: str) -> str:
    if not error.hint:
        return ""
    key = f"hint.{error.code}"
    return text(key, language) if error.hint == type(error).hint and has_text(key) else error.hint


def _as_body(said: Answer) -> dict[str, Any]:
    blocks = [block.to_dict() for block in said.blocks]
    return {"response_type": "ephemeral", "text": said.text, "blocks": blocks}
