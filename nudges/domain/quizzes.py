"""Questions: this module is the quizzes of a playbook; each grades itself."""

from typing import Literal

from pydantic import Field

from nudges.domain.fields import ChoiceText, Name, Prose, Reply
from nudges.domain.nudge_parts import NudgeBase, Part


class Choice(Part):
    """One answer of a quiz and what the person reads after choosing it."""

    key: Name
    text: ChoiceText
    reply: Reply
    right: bool = False


class Quiz(NudgeBase):
    """A question with two to five choices, each with its own reply."""

    kind: Literal["quiz"] = "quiz"
    question: Prose
    text: Prose = ""
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=5)

    def choice(self, key: str) -> Choice | None:
        """Return the choice with this key, or None."""
        return next((choice for choice in self.choices if choice.key == key), None)

    def grade(self, key: str) -> bool | None:
        """Return whether the answer is right, or None for a key that is not a choice."""
        choice = self.choice(key)
        return None if choice is None else choice.right
