"""The words after `/nudge`: this module reads which command is meant, and offers the nearest for one that is none."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST_ARGUMENT = 200
_DAYS = re.compile(r"([0-9]{1,4})\s*(d|days?|w|weeks?)?", re.ASCII)
_ALIASES: Mapping[str, str] = {
    "": "help",
    "?": "help",
    "mydata": "my-data",
    "forgetme": "forget-me",
    "forget": "forget-me",
    "segment": "people",
    "less": "fewer",
    "topic": "topics",
    "search": "find",
}
ALL_NAMES = (
    "help",
    "pause",
    "stop",
    "start",
    "fewer",
    "usual",
    "hours",
    "topics",
    "resume",
    "why",
    "find",
    "my-data",
    "forget-me",
    "status",
    "campaigns",
    "campaign",
    "people",
    "barriers",
    "needs",
    "plan",
    "publish",
    "approve",
    "correct",
    "recall",
    "check",
    "preview",
    "edit",
    "results",
    "stories",
    "health",
)


@dataclass(frozen=True)
class Words:
    """A command's name as the tables know it, and what follows."""

    name: str
    argument: str = ""


def read(text: str) -> Words:
    """Return the command meant; `pause` and `resume` with a name are about campaigns, otherwise about oneself.

    `needs` alone lists, with words after it it decides.
    """
    first, _, rest = " ".join(text.split()).removeprefix("/nudge ").partition(" ")
    word, argument = first.lower(), rest.strip(" `\"'“”")[:LONGEST_ARGUMENT]
    name = _ALIASES.get(word, word)
    if name == "pause" and argument and days_in(argument) is None:
        return Words("pause_campaign", argument)
    if name == "needs" and argument:
        return Words("needs_decision", argument)
    if name == "resume":
        return Words("resume_campaign", argument) if argument else Words("start")
    return Words(name, argument)


def days_in(argument: str) -> int | None:
    """Return the days of `14`, `14d`, `14 days` or `2 weeks`; None when it is not a number of days."""
    match = _DAYS.fullmatch(argument.lower())
    if match is None:
        return None
    return int(match[1]) * (7 if (match[2] or "").startswith("w") else 1)


def nearest(word: str, names: Iterable[str]) -> str:
    """Return the name that looks most like the word, or an empty text when none does."""
    found = difflib.get_close_matches(word, list(names), n=1, cutoff=0.5)
    return found[0] if found else ""
