"""The keys of how-tos, workshops, challenges, exclusives, polls and leaders: this module tells them to an author.

The examples are good values: a test reads each of them with the loader.
"""

from collections.abc import Mapping
from typing import Any

from nudges.domain.editing.guide_playbook import Guide


def _guide(description: str, *examples: Any) -> Guide:
    return Guide(description, examples)


_HELD = {"week": 3, "day": "thu", "at": "14:00", "zone": "Europe/Lisbon", "lasts": "45m"}
_OPTIONS = [{"key": "templates", "text": "Templates for replies"}, {"key": "search", "text": "Finding old answers"}]
_STEPS = ["Open the channel", "Write what you want to do, and where it stops", "Go on with your day"]

KIND_GUIDES: Mapping[str, Guide] = {
    "HowTo.text": _guide("What it is good for, in a line or two before the steps.", "From question to answer."),
    "HowTo.steps": _guide("Two to seven short steps; each is one thing to do.", _STEPS),
    "HowTo.video": _guide(
        "A short film behind a link; its picture goes under image.",
        {"link": "https://intranet.example.com/film", "minutes": 2},
    ),
    "Video.link": _guide("The film's address, which starts with https.", "https://intranet.example.com/film"),
    "Video.minutes": _guide("How long it is, so that people know.", 2),
    "Workshop.title": _guide("What stands in the calendar.", "Your first question in the channel"),
    "Workshop.text": _guide("What people leave with.", "Bring a question of your own; leave with its answer."),
    "Workshop.held": _guide("The day and the hour, with the zone of the place.", _HELD),
    "Workshop.place": _guide("Where it is.", "Room 2.14, Lisbon"),
    "Workshop.join": _guide("The link to join by.", "https://meet.example.com/ask"),
    "Workshop.seats": _guide("How many can come; the others wait in line.", 12),
    "Held.on": _guide("The date; without it week and day, counted from each start.", "2027-02-03"),
    "Held.week": _guide("1 is the seven days from the start.", 3),
    "Held.day": _guide("The day of the week.", "mon", "tue", "wed", "thu", "fri"),
    "Held.at": _guide("When it begins, by the clock of its own zone.", "14:00"),
    "Held.zone": _guide("The zone of the place; readers see their own time.", "Europe/Lisbon"),
    "Held.lasts": _guide("How long it lasts; an hour if you leave it out.", "45m", "1h30m"),
    "Challenge.text": _guide("Why it is worth a try, and what may come of it.", "One question is enough to see."),
    "Challenge.task": _guide(
        "The one small thing to try, in a line.", "Ask one question in the channel instead of by mail"
    ),
    "Challenge.days": _guide("After so many days they are asked once how it went; 7 at most.", 5),
    "Exclusive.text": _guide("What is there and nowhere else.", "Every Friday the service leads answer there."),
    "Exclusive.try_it": _guide(
        "The button that leads there.", {"label": "Read it there", "link": "https://intranet.example.com/example"}
    ),
    "Poll.question": _guide("An open question; no answer is right.", "What would save you most time next month?"),
    "Poll.text": _guide("A few words before the question.", "The next tips follow what you say."),
    "Poll.options": _guide("Two to five things to vote for.", _OPTIONS),
    "PollOption.key": _guide("A short name; votes are counted by it.", "templates"),
    "PollOption.text": _guide("The words on the button, at most 75 characters.", "Templates for replies"),
    "Leader.text": _guide(
        "What the sponsor does themselves, in their own words.", "I asked my first question there on a Monday."
    ),
    "NudgeWords.title": _guide("The workshop's title in this language.", "Deine erste Frage im Kanal"),
    "NudgeWords.steps": _guide("The steps in this language, as many as the original has.", ["Den Kanal öffnen"]),
    "NudgeWords.task": _guide("The task in this language.", "Stell eine Frage im Kanal"),
    "NudgeWords.options": _guide("The options by their keys.", {"templates": "Vorlagen für Antworten"}),
}
