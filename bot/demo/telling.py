"""What the page says of those who live in the demo: this module is its few, plain sentences.

A sentence never says what somebody answered or named: that is between them and Nudger, in the demo too.
"""

from collections.abc import Mapping

from bot.demo.cast import Does
from bot.demo.hand import Act

LINES: Mapping[Act, str] = {
    Act.ANSWER: "answered a question",
    Act.NEXT_SCENE: "went on to what happened next",
    Act.TAP: "said yes, no or how it went",
    Act.TRY: "opened the link to try it",
    Act.USEFUL: "found a nudge useful",
    Act.NOT_FOR_ME: "said that a nudge was not for them",
    Act.SAVE: "saved a nudge for later",
    Act.REPORT: "said what is in the way",
    Act.CONFIRM: "confirmed what was meant",
}
DATED_LINES: Mapping[Does, str] = {
    "vote": "voted on what comes next",
    "tell_story": "told a story of their own",
    "type": "wrote to Nudger",
    "command": "asked Nudger something",
    "report": "said what is in the way",
    "fewer": "asked for fewer nudges",
    "pause": "paused for a while",
    "open_home": "looked at Home",
}


def day_line(people: int) -> str:
    """Return how many others did something on a day."""
    return "1 colleague reacted" if people == 1 else f"{people} colleagues reacted"
