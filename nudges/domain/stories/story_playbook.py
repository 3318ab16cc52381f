"""A story as a playbook of one nudge: this module writes the text that a story's campaign runs on.

So a colleague's story goes the way of all nudges: outbox, hours, caps, books, pause and recall need know nothing of it.
The words are plain text: nothing a colleague typed becomes markup, a variable, a link or a mention.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nudges.domain.people.segments import AllOf, AnyOf, HasValue, Not, Rule
from nudges.domain.stories.stories import Story

NUDGE_KEY, SEGMENT = "told", "peers"
_NAME = re.compile(r"told-[0-9a-f]{12}", re.ASCII)
_LINE = 150
_LASTS = timedelta(days=28)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LITERAL = str.maketrans(
    {"<": "\u2039", ">": "\u203a", "{": "(", "}": ")", "*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
)
# A playbook's own words, as an author would write them; the languages are those the app speaks.
_COLLEAGUE = {"en": "A colleague", "de": "Jemand aus dem Kollegium", "es": "Alguien del equipo"}
_TITLE = {"en": "A story from a colleague", "de": "Erzählt im Kollegium", "es": "Lo cuenta alguien del equipo"}
_TAKEN_BACK = {
    "en": "The colleague who told this story has taken it back.",
    "de": "Die Geschichte wurde von der Person, die sie erzählt hat, zurückgenommen.",
    "es": "Quien contó esta historia la ha retirado.",
}


@dataclass(frozen=True)
class Sharing:
    """Who answers for the campaign of a story, which tool it is about, for whom it is and when it begins."""

    owner_id: str
    tool: str
    peers: Rule
    starts_on: date
    shows_team: bool


def playbook_name(story: Story) -> str:
    """Return the name of a story's playbook and campaign; nothing of the author can be read from it."""
    return f"told-{story.story_id[:12]}"


def is_story_playbook(name: str) -> bool:
    """Return whether this is the playbook of a story."""
    return _NAME.fullmatch(name) is not None


def story_text(story: Story, sharing: Sharing) -> str:
    """Return the playbook's text."""
    language = _spoken(story.language)
    return _written(
        story,
        sharing.owner_id,
        tool=sharing.tool,
        starts_on=sharing.starts_on,
        nudge={"by": _by(story, language, shows_team=sharing.shows_team), "text": literal(story.shown_words)},
    )


def taken_back_text(story: Story, owner_id: str, starts_on: date) -> str:
    """Return the same campaign's text without the story: what a late look at an old message shows."""
    words = {language: {"text": words} for language, words in _TAKEN_BACK.items() if language != "en"}
    return _written(
        Story(**{**story.__dict__, "language": "en"}),
        owner_id,
        tool="-",
        starts_on=starts_on,
        nudge={"by": {"name": _COLLEAGUE["en"]}, "text": _TAKEN_BACK["en"], "translations": words},
    )


def peers_company(peers: Rule | None) -> str:
    """Return the company file that the campaign is frozen with: nothing but whom it is for."""
    rule = rule_in_yaml(peers) if peers is not None else {"team": "-"}
    return _yaml({"segments": {SEGMENT: rule}})


def rule_in_yaml(rule: Rule) -> dict[str, Any]:
    """Return a rule over people's fields as company.yaml writes it."""
    match rule:
        case HasValue(name, values):
            return {name: list(values)}
        case AllOf(rules):
            return {"all": [rule_in_yaml(part) for part in rules]}
        case AnyOf(rules):
            return {"any": [rule_in_yaml(part) for part in rules]}
        case Not(inner):
            return {"not": rule_in_yaml(inner)}
        case _:
            raise TypeError(rule)  # peers.py makes no others


def literal(words: str) -> str:
    """Return a person's words so that an author's markup means nothing in them."""
    return words.translate(_LITERAL)


def _written(story: Story, owner_id: str, *, tool: str, starts_on: date, nudge: Mapping[str, Any]) -> str:
    language = _spoken(story.language)
    first = next(day for day in (starts_on + timedelta(days=step) for step in range(3)) if day.weekday() < 5)
    when = {"week": 1, "day": _DAYS[first.weekday()], "at": "10:00", "window": "5h", "valid_for": "10d"}
    return _yaml(
        {
            "playbook": playbook_name(story),
            "title": _TITLE[language],
            "tool": _line(tool),
            "language": language,
            "owner": owner_id,
            "audience": {"segments": [SEGMENT]},
            "ends_on": (starts_on + _LASTS).isoformat(),
            "nudges": [{"story": NUDGE_KEY, "stage": "show", "when": when, **nudge}],
        }
    )


def _by(story: Story, language: str, *, shows_team: bool) -> dict[str, str]:
    name = story.author_name if story.consent.is_named and story.author_name else _COLLEAGUE[language]
    team = story.job.team or story.job.department
    return {"name": _line(name)} | ({"team": _line(team)} if team and shows_team else {})


def _spoken(language: str) -> str:
    code = language.partition("-")[0].lower()
    return code if code in _TITLE else "en"


def _line(words: str) -> str:
    return " ".join(literal(words).split())[:_LINE] or "-"


def _yaml(content: Mapping[str, Any]) -> str:
    # JSON is YAML, and quotes everything: no word that somebody typed can be read as anything but text.
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
