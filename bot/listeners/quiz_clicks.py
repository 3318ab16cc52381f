"""Answers to a quiz: this module turns taps, ticks and orders into an answer, and asks kindly for what is missing."""

from collections.abc import Mapping

from bot.blocks.actions import ActionId, AnswerValue, DeliveryValue
from bot.blocks.answers import line_answer
from bot.listeners.answering import Desk
from bot.listeners.payloads import Click
from bot.listeners.pressing import GONE, Button, redraw_message
from bot.listeners.quiz_answers import picked_answer, sure_in
from nudges.domain.measuring.views import Outcome
from nudges.domain.playbooks.playbook import Pick
from nudges.services.answers import record_response
from nudges.services.core import Core

HINTS = {Pick.ALL: "quiz.tick_one", Pick.IN_ORDER: "quiz.fill_all"}


def answer_quiz(core: Core, click: Click) -> Outcome:
    """Store the choice, and how sure the person said they were."""
    value = AnswerValue.decode(click.value)
    if value is None:
        return GONE
    return record_response.record_answer(core, click.person_id, value.delivery_id, value.choice_key, sure_in(click))


def answer_scene(core: Core, click: Click) -> Outcome:
    """Store the second answer of a scenario."""
    value = AnswerValue.decode(click.value)
    return record_response.record_scene(core, click.person_id, value.delivery_id, value.choice_key) if value else GONE


def check_answer(core: Core, click: Click) -> Outcome | None:
    """Store what was ticked or put in order; None where that is no answer yet."""
    value = DeliveryValue.decode(click.value)
    quiz = record_response.quiz_asked(core, click.person_id, value.delivery_id) if value else None
    if value is None or quiz is None:
        return GONE if value is None else record_response.message_state(core, click.person_id, value.delivery_id)
    answer = picked_answer(quiz, click)
    if answer:
        return record_response.record_answer(core, click.person_id, value.delivery_id, answer, sure_in(click))
    stands = record_response.message_state(core, click.person_id, value.delivery_id, click.written_in)
    # A late click on what was answered meanwhile shows that answer again.
    return stands if stands.message is None or stands.message.answer is not None else None


def redraw_checked(desk: Desk, click: Click, outcome: Outcome | None) -> None:
    """Show the nudge in its new state, or say what is still to be picked."""
    if outcome is not None:
        redraw_message(desk, click, outcome)
        return
    value = DeliveryValue.decode(click.value)
    quiz = record_response.quiz_asked(desk.core, click.person_id, value.delivery_id) if value else None
    key = HINTS.get(quiz.pick, "quiz.tick_one") if quiz else "click.old"
    desk.tell(click.response_url, line_answer(key, desk.language(click.person_id)))


QUIZ_BUTTONS: Mapping[ActionId, Button] = {
    ActionId.ANSWER_QUIZ: Button(change=answer_quiz, redraw=redraw_message),
    ActionId.ANSWER_SCENE: Button(change=answer_scene, redraw=redraw_message),
    ActionId.CHECK_ANSWER: Button(change=check_answer, redraw=redraw_checked),
    ActionId.PICK: Button(),  # it stays at Slack until Check is pressed
}
