"""A quiz in another language: this module puts its question, choices, scenes and wordings into translated words."""

from collections.abc import Mapping

from nudges.domain.playbooks.nudge_parts import ChoiceWords, NudgeWords, QuestionWords
from nudges.domain.playbooks.quizzes import Choice, Quiz, Scene, Wording


def quiz_changes(quiz: Quiz, words: NudgeWords) -> dict[str, object | None]:
    """Return what a quiz's own keys become in these words; what is empty stays in the playbook's language."""
    return {
        "question": words.question,
        "choices": in_words(quiz.choices, words.choices),
        "scenes": {name: _scene(scene, words.scenes.get(name)) for name, scene in quiz.scenes.items()},
        "because": words.because,
        "again": tuple(_wording(quiz, place, words) for place in range(len(quiz.again))),
    }


def in_words(choices: tuple[Choice, ...], words: Mapping[str, ChoiceWords]) -> tuple[Choice, ...]:
    """Return the choices in these words, as far as there are any."""
    return tuple(_choice(choice, words.get(choice.key)) for choice in choices)


def _choice(choice: Choice, told: ChoiceWords | None) -> Choice:
    return choice if told is None else choice.model_copy(update={"text": told.text, "reply": told.reply})


def _scene(scene: Scene, told: QuestionWords | None) -> Scene:
    return scene if told is None else scene.model_copy(update=_asked(scene.choices, told))


def _wording(quiz: Quiz, place: int, words: NudgeWords) -> Wording:
    wording = quiz.again[place]
    told = words.again[place] if place < len(words.again) else None
    # Choices that it shares with the quiz are translated there, once.
    shared = {} if wording.choices else {"choices": in_words(quiz.choices, words.choices)}
    changes = shared if told is None else {**shared, **_asked(wording.choices, told)}
    return wording.model_copy(update=changes)


def _asked(choices: tuple[Choice, ...], told: QuestionWords) -> dict[str, object]:
    changes = {"text": told.text, "question": told.question, "choices": in_words(choices, told.choices)}
    return {name: value for name, value in changes.items() if value}
