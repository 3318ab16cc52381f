"""Forms and notes that open over Slack: this module is the modals, each within Slack's lengths."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InputBlock, Option, PlainTextInputElement, RadioButtonsElement
from slack_sdk.models.views import View

from bot.blocks.actions import CallbackId, FormOrigin, InputId
from bot.blocks.parts import Safe, context, lines, plain, say, section
from bot.blocks.stored import stored_in_words
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.barriers.flags import SENSITIVE
from nudges.domain.playbooks.playbook import BarrierKind

LONGEST_WORDS = 1000
LONGEST_OPTION = 75


def barrier_form(delivery_id: str = "", language: str = DEFAULT_LANGUAGE, *, written_in: str = "") -> View:
    """Return the form of "What is in the way?"; its message and that one's language travel with it."""
    return View(
        type="modal",
        callback_id=CallbackId.BARRIER_FORM,
        title=plain(text("form.title", language)),
        submit=plain(text("form.send", language)),
        close=plain(text("form.cancel", language)),
        private_metadata=FormOrigin(delivery_id, written_in).encode() if delivery_id else "",
        blocks=[
            section(say("form.lead", language)),
            context(say("form.sees", language)),
            _kind_input(language),
            _words_input(language),
        ],
    )


def forget_form(language: str = DEFAULT_LANGUAGE, *, stored: Sequence[tuple[str, int]] = ()) -> View:
    """Return the question before everything about a person is erased; `stored` is what there is, part by part."""
    parts = stored_in_words(stored, language)
    gone = say("forget.stored", language, parts=parts) if parts else Safe("")
    what, stays = say("forget.what", language), say("forget.stays", language)
    said = [say("forget.lead", language), gone, what, stays, say("forget.after", language)]
    return View(
        type="modal",
        callback_id=CallbackId.FORGET_FORM,
        title=plain(text("forget.title", language)),
        submit=plain(text("forget.confirm", language)),
        close=plain(text("form.cancel", language)),
        blocks=[section(lines(said, "\n\n"))],
    )


def forgotten_note(language: str = DEFAULT_LANGUAGE) -> View:
    """Return what is shown once a person is erased."""
    said = [say("forget.done", language), say("forget.done_stays", language)]
    return note(text("forget.done_title", language), [section(lines(said, "\n\n"))], language)


def failed_note(told: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return what is shown when a form could not be taken."""
    return note(text("error.title", language), [section(told)], language)


def note(title: str, blocks: list[Block], language: str = DEFAULT_LANGUAGE) -> View:
    """Return a modal that only says something."""
    return View(
        type="modal",
        callback_id=CallbackId.NOTE,
        title=plain(title, 24),
        close=plain(text("form.close", language)),
        blocks=blocks,
    )


def _kind_input(language: str) -> Block:
    return InputBlock(
        block_id=InputId.KIND,
        label=plain(text("form.kind", language)),
        element=RadioButtonsElement(action_id=InputId.KIND, options=[_option(kind, language) for kind in BarrierKind]),
        optional=True,  # words alone will do: then we ask back
    )


def _option(kind: BarrierKind, language: str) -> Option:
    # Where people worry about it most, it is said beside the choice that their manager is not told.
    quiet = plain(text("form.not_told", language), LONGEST_OPTION) if kind in SENSITIVE else None
    return Option(text=plain(text(f"barrier.{kind}", language)), value=kind.value, description=quiet)


def _words_input(language: str) -> Block:
    element = PlainTextInputElement(
        action_id=InputId.WORDS,
        multiline=True,
        max_length=LONGEST_WORDS,
        placeholder=plain(text("form.words_placeholder", language)),
    )
    return InputBlock(
        block_id=InputId.WORDS,
        label=plain(text("form.words", language)),
        hint=plain(text("form.words_hint", language)),
        element=element,
        optional=True,
    )
