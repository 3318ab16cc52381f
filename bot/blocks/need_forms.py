"""The form of a need: this module asks what is decided about it, and why."""

from slack_sdk.models.blocks import InputBlock, Option, PlainTextInputElement, RadioButtonsElement
from slack_sdk.models.views import View

from bot.blocks.actions import CallbackId, InputId
from bot.blocks.need_values import NeedValue
from bot.blocks.needs import need_row
from bot.blocks.parts import context, plain, say, section
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.barriers.needs import LONGEST_WHY, Choice, NeedView

_LONGEST_OPTION = 75


def need_form(need: NeedView, origin: NeedValue, zone: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the question what is decided about a need; what was decided before is picked already."""
    return View(
        type="modal",
        callback_id=CallbackId.NEED_FORM,
        title=plain(text("need_form.title", language), 24),
        submit=plain(text("need_form.submit", language), 24),
        close=plain(text("form.cancel", language), 24),
        private_metadata=origin.encode(),
        blocks=[
            section(need_row(need, zone, language)),
            _choice(need, language),
            _why(language),
            context(say("need_form.note", language)),
        ],
    )


def _choice(need: NeedView, language: str) -> InputBlock:
    options = [
        Option(text=plain(text(f"need_form.{one}", language), _LONGEST_OPTION), value=one.value) for one in Choice
    ]
    before = next((one for one in options if one.value == need.decision), None)
    picked = RadioButtonsElement(action_id=InputId.NEED_DECISION, options=options, initial_option=before)
    return InputBlock(block_id=InputId.NEED_DECISION, label=plain(text("need_form.decision", language)), element=picked)


def _why(language: str) -> InputBlock:
    asked = PlainTextInputElement(action_id=InputId.NEED_WHY, multiline=True, max_length=LONGEST_WHY)
    return InputBlock(
        block_id=InputId.NEED_WHY,
        label=plain(text("need_form.why", language)),
        hint=plain(text("need_form.why_hint", language)),
        element=asked,
    )
