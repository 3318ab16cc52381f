"""What a quiz shows beyond one choice out of several: this module is how an answer's parts, its reason and the next
scene stand in a message."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nudges.domain.delivery.responses import DeliveryState
from nudges.domain.playbooks.markup import render_mrkdwn
from nudges.domain.playbooks.quizzes import Choice, Pick, Quiz, Scene


@dataclass(frozen=True)
class ChoiceLine:
    """One answer as it stands on its button."""

    key: str
    text: str


@dataclass(frozen=True)
class AnswerShown:
    """What the person chose and what they read for it."""

    text: str
    is_right: bool
    reply: str
    right_text: str


class Mark(StrEnum):
    """How one part of an answer stands: picked and right, right and not picked, picked and not right."""

    RIGHT = "right"
    MISSED = "missed"
    OTHER = "other"


@dataclass(frozen=True)
class PartShown:
    """One choice of an answer with several: how it stands, and what the person reads about it."""

    text: str
    mark: Mark
    reply: str


@dataclass(frozen=True)
class SceneShown:
    """What happens next in a scenario; the texts are safe mrkdwn."""

    body: str
    question: str
    choices: tuple[ChoiceLine, ...]
    answer: AnswerShown | None = None


@dataclass(frozen=True)
class QuizShown:
    """What a message holds of a quiz beside its question and its choices; `parts` in the order that is right."""

    pick: Pick = Pick.ONE
    asks_how_sure: bool = False
    parts: tuple[PartShown, ...] = ()
    scene: SceneShown | None = None
    because: str = ""  # empty until the last question is answered
    variables: tuple[tuple[str, str], ...] = ()  # what a scene's words are filled with


def choice_lines(quiz: Quiz, delivery_id: str) -> tuple[ChoiceLine, ...]:
    """Return the choices as this person sees them: an order is shuffled, the same way whenever it is shown."""
    choices = _shuffled(quiz.choices, delivery_id) if quiz.pick is Pick.IN_ORDER else quiz.choices
    return tuple(ChoiceLine(choice.key, choice.text) for choice in choices)


def answer_shown(quiz: Quiz, state: DeliveryState) -> AnswerShown | None:
    """Return what was chosen and what is read for it; None without an answer, or one that the quiz does not take."""
    picked = quiz.picked(state.answer.choice_key) if state.answer else ()
    if not picked:
        return None
    is_right = bool(quiz.grade(state.answer.choice_key)) if state.answer else False
    text = ", ".join(choice.text for choice in picked)
    if quiz.pick is not Pick.ONE:
        return AnswerShown(text, is_right, "", ", ".join(choice.text for choice in right_choices(quiz)))
    return AnswerShown(text, is_right, render_mrkdwn(picked[0].reply, {}), _right_text(quiz.choices))


def quiz_shown(quiz: Quiz, state: DeliveryState, values: Mapping[str, str]) -> QuizShown:
    """Return what the message holds of the quiz beyond that; `values` fill the variables of a scene."""
    answer = state.answer.choice_key if state.answer else ""
    scene = quiz.scene_after(answer)
    is_over = bool(quiz.picked(answer)) and (scene is None or _scene_answer(scene, state) is not None)
    return QuizShown(
        pick=quiz.pick,
        asks_how_sure=quiz.how_sure,
        parts=_parts(quiz, answer),
        scene=_scene_shown(scene, state, values) if scene else None,
        because=render_mrkdwn(quiz.because or "", {}) if is_over else "",
        variables=tuple(values.items()),
    )


def right_choices(quiz: Quiz) -> tuple[Choice, ...]:
    """Return what is right, in its order."""
    return quiz.choices if quiz.pick is Pick.IN_ORDER else tuple(choice for choice in quiz.choices if choice.right)


def _shuffled(choices: tuple[Choice, ...], delivery_id: str) -> tuple[Choice, ...]:
    shuffled = tuple(sorted(choices, key=lambda choice: hashlib.sha256(f"{delivery_id}{choice.key}".encode()).digest()))
    # Shown in the right order already, there would be nothing to do.
    return shuffled if shuffled != choices else (*choices[1:], choices[0])


def _parts(quiz: Quiz, answer: str) -> tuple[PartShown, ...]:
    picked = quiz.picked(answer)
    if quiz.pick is Pick.ONE or not picked:
        return ()
    if quiz.pick is Pick.IN_ORDER:
        pairs = zip(quiz.choices, picked, strict=True)
        return tuple(_part(choice, Mark.RIGHT if choice == given else Mark.OTHER) for choice, given in pairs)
    return tuple(_part(choice, mark) for choice in quiz.choices if (mark := _mark(choice, picked)) is not None)


def _mark(choice: Choice, picked: tuple[Choice, ...]) -> Mark | None:
    if choice not in picked:
        return Mark.MISSED if choice.right else None
    return Mark.RIGHT if choice.right else Mark.OTHER


def _part(choice: Choice, mark: Mark) -> PartShown:
    return PartShown(choice.text, mark, render_mrkdwn(choice.reply, {}))


def _scene_shown(scene: Scene, state: DeliveryState, values: Mapping[str, str]) -> SceneShown:
    choices = tuple(ChoiceLine(choice.key, choice.text) for choice in scene.choices)
    question, body = render_mrkdwn(scene.question, values), render_mrkdwn(scene.text.strip(), values)
    return SceneShown(body, question, choices, _scene_answer(scene, state))


def _scene_answer(scene: Scene, state: DeliveryState) -> AnswerShown | None:
    chosen = scene.choice(state.scene.choice_key) if state.scene else None
    if chosen is None:
        return None
    return AnswerShown(chosen.text, chosen.right, render_mrkdwn(chosen.reply, {}), _right_text(scene.choices))


def _right_text(choices: tuple[Choice, ...]) -> str:
    return " / ".join(choice.text for choice in choices if choice.right)
