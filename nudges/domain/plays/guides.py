"""The keys of plays.yaml, told to its author: this module is a sentence and examples for each."""

from collections.abc import Mapping
from typing import Any

from nudges.domain.editing.guide_playbook import Guide

_STEPS = [{"do": "Hold a clinic of twenty minutes", "by": "owner", "within": "21d"}]
_SENDS = {"to": "managers", "title": "Three small asks", "text": "Answer one question where all can see it."}
_PLAY = {"play": "open-clinic", "title": "An open clinic", "steps": _STEPS, "measure": "Share of right answers."}


def _guide(description: str, *examples: Any) -> Guide:
    return Guide(description, examples)


PLAY_GUIDES: Mapping[str, Guide] = {
    "Plays.plays": _guide(
        "By kind of flag: what stands here for a kind and grade replaces ours.", {"lacks_skill": {"confirmed": [_PLAY]}}
    ),
    "Plays.format": _guide("The way of writing that the file follows; nudger migrate-playbooks sets it.", 1),
    "KindPlays.early": _guide("While it is not certain: only what hurts nobody if the flag is false.", [_PLAY]),
    "KindPlays.confirmed": _guide("Once it is confirmed.", [_PLAY]),
    "Play.play": _guide("Its name: letters, digits, - and _.", "open-clinic"),
    "Play.title": _guide("What its owner reads when they choose.", "An open clinic, and somebody to ask"),
    "Play.steps": _guide("What is done, by whom, within how long of its start; one to six.", _STEPS),
    "Play.measure": _guide("How to see whether it helped.", "Share of right answers."),
    "Play.sends": _guide("One nudge that goes out when the play starts.", _SENDS),
    "Play.eases": _guide("For so long the area gets half as many nudges.", "28d"),
    "Sends.language": _guide("In which language the title and the text are written.", "en", "de"),
    "Sends.translations": _guide(
        "By language: the same note for people who read it; everybody else gets the one above.",
        {"de": {"title": "Drei kleine Bitten", "text": "Beantworte eine Frage dort, wo alle sie sehen."}},
    ),
    "NoteWords.title": _guide("The heading in this language.", "Drei kleine Bitten"),
    "NoteWords.text": _guide("The text in this language.", "Beantworte eine Frage dort, wo alle sie sehen."),
    "Sends.to": _guide("All managers of the area, or everybody in it.", "managers", "everybody"),
    "Sends.title": _guide("The heading of what is sent.", "Three small asks"),
    "Sends.text": _guide("What is sent, with Slack's * _ ~ and links.", "Answer one question where all can see it."),
}
