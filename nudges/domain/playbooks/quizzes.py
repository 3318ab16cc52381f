"""Questions: this module is the quizzes of a playbook; each grades itself, whichever way it is answered.

An answer is kept as the keys that were picked: one key, several joined by `+` in the playbook's order, or for an order
all of them joined by `>` in the person's own.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal

from pydantic import Field

from nudges.domain.playbooks.fields import ChoiceText, Name, Prose, Reference, Reply
from nudges.domain.playbooks.nudge_parts import NudgeBase, Part

ALSO, THEN = "+", ">"
MOST_RETURNS = 9


class Pick(StrEnum):
    """How a quiz is answered: by one choice, by all that are right, or by putting them in order."""

    ONE = "one"
    ALL = "all"
    IN_ORDER = "in_order"


class Choice(Part):
    """One answer of a quiz, what the person reads after choosing it, and the scene it leads to, if any."""

    key: Name
    text: ChoiceText
    reply: Reply
    right: bool = False
    leads_to: Reference | None = None


class Scene(Part):
    """What happens next in a scenario, and the question it ends in; one of its choices is tapped."""

    question: Prose
    text: Prose = ""
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=5)

    def choice(self, key: str) -> Choice | None:
        """Return the choice with this key, or None."""
        return next((choice for choice in self.choices if choice.key == key), None)


class Wording(Part):
    """The same question in other words, for when it comes back; without choices of its own it has the quiz's."""

    question: Prose
    text: Prose = ""
    choices: tuple[Choice, ...] = Field(default=(), min_length=2, max_length=5)


class Quiz(NudgeBase):
    """A question with two to five choices, each with its own reply."""

    kind: Literal["quiz"] = "quiz"
    question: Prose
    text: Prose = ""
    pick: Pick = Pick.ONE
    how_sure: bool = False  # asks how sure the person is, with the answer
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=5)
    scenes: Mapping[Name, Scene] = Field(default_factory=dict)
    because: Reply | None = None  # the reason, whichever answer was given
    again: tuple[Wording, ...] = Field(default=(), max_length=5)
    returns: int | None = Field(default=None, ge=0, le=MOST_RETURNS)  # how often it comes back at most

    @property
    def wordings(self) -> int:
        """Return in how many ways the question can be asked; the first, number 0, is the quiz as it stands."""
        return 1 + len(self.again)

    def worded(self, number: int) -> "Quiz":
        """Return the quiz in this wording; numbers beyond the last begin anew."""
        number %= self.wordings
        if number == 0:
            return self
        other = self.again[number - 1]
        changes = {"question": other.question, "text": other.text, "choices": other.choices or self.choices}
        return self.model_copy(update=changes)

    def choice(self, key: str) -> Choice | None:
        """Return the choice with this key, or None."""
        return next((choice for choice in self.choices if choice.key == key), None)

    def picked(self, answer: str) -> tuple[Choice, ...]:
        """Return the choices of an answer, in its order; none for an answer that this quiz does not take."""
        keys = keys_of(answer) if self.pick is not Pick.ONE else (answer,)
        found = tuple(choice for key in keys if (choice := self.choice(key)) is not None)
        is_whole = len(found) == len(keys) == len(set(keys))
        if self.pick is Pick.IN_ORDER:
            is_whole = is_whole and len(found) == len(self.choices)
        return found if is_whole else ()

    def answer_of(self, keys: Sequence[str]) -> str:
        """Return the answer that these keys make; empty when they make none."""
        if self.pick is Pick.ALL:
            keys = [choice.key for choice in self.choices if choice.key in keys] + sorted(set(keys) - self._keys())
        answer = (THEN if self.pick is Pick.IN_ORDER else ALSO).join(keys)
        return answer if self.picked(answer) else ""

    def right_answer(self) -> str:
        """Return an answer that is right: the only one, unless one choice is asked for and several are right."""
        if self.pick is Pick.IN_ORDER:
            return THEN.join(choice.key for choice in self.choices)
        right = [choice.key for choice in self.choices if choice.right]
        return ALSO.join(right if self.pick is Pick.ALL else right[:1])

    def other_answer(self) -> str:
        """Return an answer that is not right as a whole, as a reader might give it; empty where there is none."""
        if self.pick is Pick.IN_ORDER:
            second, first, *rest = (choice.key for choice in self.choices)
            return THEN.join((first, second, *rest))
        wrong = [choice.key for choice in self.choices if not choice.right]
        if self.pick is Pick.ONE:
            return next(iter(wrong), "")
        return self.answer_of([next(choice.key for choice in self.choices if choice.right), *wrong[:1]])

    def grade(self, answer: str) -> bool | None:
        """Return whether the answer is right as a whole, or None for one that this quiz does not take."""
        picked = self.picked(answer)
        if not picked:
            return None
        if self.pick is Pick.ONE:
            return picked[0].right
        if self.pick is Pick.IN_ORDER:
            return picked == self.choices
        return {choice.key for choice in picked} == {choice.key for choice in self.choices if choice.right}

    def scene_after(self, answer: str) -> Scene | None:
        """Return what happens next after this answer; None where the quiz is over with it."""
        picked = self.picked(answer)
        return self.scenes.get(picked[0].leads_to or "") if len(picked) == 1 else None

    def _keys(self) -> set[str]:
        return {choice.key for choice in self.choices}


def keys_of(answer: str) -> tuple[str, ...]:
    """Return the keys that an answer holds."""
    return tuple(answer.replace(THEN, ALSO).split(ALSO))
