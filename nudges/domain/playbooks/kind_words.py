"""A how-to, a workshop, a challenge or a poll in another language: this module puts the words of a kind in their place.

What a kind has that others have not: steps, a title, a task, options.
"""

from collections.abc import Mapping

from nudges.domain.playbooks.playbook import Challenge, HowTo, Nudge, NudgeWords, Poll, Workshop

# What a translation may hold beside texts and choices, and the key without which it translates nothing.
NEEDS: Mapping[str, str] = {"title": "title", "steps": "steps", "task": "task", "options": "options"}


def kind_changes(nudge: Nudge, words: NudgeWords) -> dict[str, object | None]:
    """Return what changes in the nudge when it is told in these words; what is not translated is not among it."""
    match nudge:
        case HowTo() if len(words.steps) == len(nudge.steps):
            return {"steps": words.steps}
        case Workshop():
            return {"title": words.title}
        case Challenge():
            return {"task": words.task}
        case Poll():
            told = words.options
            renamed = [one.model_copy(update={"text": told.get(one.key, one.text)}) for one in nudge.options]
            return {"question": words.question, "options": tuple(renamed)}
        case _:
            return {}
