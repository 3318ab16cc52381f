"""Buttons about what is in the way: this module opens the form, takes answers to "right?", and takes reports back."""

from collections.abc import Callable, Mapping
from typing import Final

from slack_sdk.models.views import View

from bot.blocks import forms, heard
from bot.blocks.actions import ActionId, DeliveryValue
from bot.blocks.answers import answer, said_answer
from bot.blocks.answers_data import my_data_answer, my_data_blocks
from bot.blocks.evidence_values import HeardValue, KindValue
from bot.blocks.parts import say, section
from bot.listeners.answering import Desk
from bot.listeners.payloads import Click
from bot.listeners.pressing import GONE, Button, Pressed, Show
from bot.texts import text
from nudges.domain.barriers.evidence import AskAnswer, AskBack
from nudges.domain.measuring.views import Outcome, Verdict
from nudges.services.barriers import ask_back, take_back
from nudges.services.core import Core
from nudges.services.own import glass_box


def barrier_form(core: Core, click: Click) -> View:
    """Return the form, about the nudge under which the button stands, if any."""
    delivery = DeliveryValue.decode(click.value)
    delivery_id = delivery.delivery_id if delivery else ""
    return forms.barrier_form(delivery_id, click.language, written_in=click.written_in)


def open_list(core: Core, click: Click) -> View | None:
    """Return the form for "something else"; where a form stands open already, that one changes instead."""
    return None if click.modal_id else forms.barrier_form(language=click.language)


def answering(said: AskAnswer) -> Callable[[Core, Click], Outcome]:
    """Return what stores this answer; the outcome names what was asked about, or that it came too late."""

    def change(core: Core, click: Click) -> Outcome:
        value = HeardValue.decode(click.value)
        done = ask_back.answer(core, click.person_id, value.ask_id, said) if value else None
        if value is None or done is None or done.kind is None:
            return GONE
        return Outcome(Verdict.RECORDED, ask=AskBack(value.ask_id, done.kind))

    return change


def showing(said: AskAnswer) -> Show:
    """Return what shows in the question's place what its answer came to."""

    def show(desk: Desk, pressed: Pressed) -> None:
        click, ask = pressed.click, pressed.outcome.ask if pressed.outcome else None
        blocks = heard.answered(said, ask.kind if ask else None, click.language)
        if click.modal_id:
            is_list = said is AskAnswer.SOMETHING_ELSE and ask is not None
            thanks = forms.note(text("form.thanks_title", click.language), blocks, click.language)
            view = forms.barrier_form(language=click.language) if is_list else thanks
            pressed.client.views_update(view_id=click.modal_id, view=view)
        elif ask is None:
            desk.tell(click.response_url, answer(blocks))
        else:
            told = answer(blocks)
            desk.replace(click.response_url, told.text, told.blocks)

    return show


def take_it_back(core: Core, click: Click) -> Outcome:
    """Delete what the person said of a kind, while it may be taken back."""
    value = KindValue.decode(click.value)
    is_done = value is not None and take_back.take_back(core, click.person_id, value.kind)
    return Outcome(Verdict.RECORDED) if is_done else GONE


def show_taken_back(desk: Desk, pressed: Pressed) -> None:
    """Show what is stored now, and above it what was taken back, or why it could not be."""
    click, value = pressed.click, KindValue.decode(pressed.click.value)
    is_done = pressed.outcome is not None and pressed.outcome.verdict is Verdict.RECORDED
    said = say("take_back.gone", click.language)
    if is_done and value is not None:
        said = say("take_back.done", click.language, kind=text(f"barrier.{value.kind}", click.language))
    stored = glass_box.my_data(desk.core, click.person_id)
    if click.modal_id:
        blocks = [section(said), *my_data_blocks(stored, click.language)]
        view = forms.note(text("my_data.title", click.language), blocks, click.language)
        pressed.client.views_update(view_id=click.modal_id, view=view)
        return
    told = my_data_answer(stored, click.language)
    now = answer([*said_answer(said).blocks, *told.blocks])
    desk.replace(click.response_url, now.text, now.blocks)


EVIDENCE_BUTTONS: Final[Mapping[ActionId, Button]] = {
    ActionId.REPORT_BARRIER: Button(open=barrier_form),
    ActionId.HEARD_RIGHT: Button(change=answering(AskAnswer.RIGHT), show=showing(AskAnswer.RIGHT)),
    ActionId.HEARD_OTHER: Button(
        open=open_list, change=answering(AskAnswer.SOMETHING_ELSE), show=showing(AskAnswer.SOMETHING_ELSE)
    ),
    ActionId.HEARD_BETWEEN_US: Button(change=answering(AskAnswer.BETWEEN_US), show=showing(AskAnswer.BETWEEN_US)),
    ActionId.TAKE_BACK: Button(change=take_it_back, show=show_taken_back),
}
