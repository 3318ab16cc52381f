"""As long as the loader lets it be: this module grows messages to the boundary and shows them in every state.

What the loader accepts must fit into Slack for everybody: in each of our languages, in each script, before and after
each tap, for somebody with the longest name. `NUDGER_SOAK=1` grows many more.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.blocks.answers_find import AskedBy, found_answer, more_answer
from bot.blocks.answers_preview import posted_blocks, posted_text
from bot.blocks.messages import fallback_text, message_blocks
from bot.sandbox.check_message import check
from bot.texts import languages
from nudges.domain.delivery.messages import Message, compose, with_state
from nudges.domain.delivery.responses import Answered, DeliveryState
from nudges.domain.files.loading import load_playbook
from nudges.domain.find.views import Found, FoundNudge, FoundRef
from nudges.domain.playbooks.languages import in_language, language_for
from nudges.domain.playbooks.limits import TEXT_MAX, counted
from nudges.domain.playbooks.playbook import Playbook, Quiz
from tests.builders import a_person
from tests.fakes import utc
from tests.playbook_texts import the_company
from tests.soak import IS_LONG, times

SPLIT_AT = 4_000  # Slack makes several messages of a longer text
DRAWS = times(1, 40)  # of each script and kind
SCRIPTS = {
    "letters": ["word "],
    "umlauts": ["Größe "],
    "emoji": ["😀"],
    "families": ["👩‍👩‍👧‍👦 ", "🇵🇹"],
    "CJK": ["漢字かな"],
    "rare CJK": ["𠮷野"],
    "combining": ["e\u0301"],
    "escaped": ["&", "<", ">", "a"],
    "markup": ["*b* ", "_i_ ", "`c` "],
    "variables": ["{first_name} ", "{team} "],
    "mixed": ["word ", "😀", "漢", "&", "Größe "],
}
PLAIN = {"letters", "umlauts", "emoji", "families", "CJK", "rare CJK", "combining", "escaped", "mixed"}
CONTENT_LANGUAGES = ("de", "es", "ja")
LETTERS = "ABCDE"
DELIVERY_ID = "d" * 32
LONG_NAMES: dict[str, Any] = {"first_name": "𠮷" * 200, "team": "<&>" * 100, "place": "&" * 200}


def grown(script: str, length: int) -> str:
    """Return a text of about so many characters; one that is empty is no text."""
    parts = SCRIPTS[script]
    said = "".join(parts[number % len(parts)] for number in range(length // len(parts[0]) + 1))
    return said[: max(length, 1)].strip() or "a"


def a_playbook(script: str, kind: str, sizes: dict[str, float], scale: float) -> str:
    """Return a playbook with one nudge whose parts are so long; JSON is YAML too."""

    def text(part: str, most: int, *, is_plain: bool = False) -> str:
        wanted = int(sizes.get(part, 0.5) * scale * most)
        used = script if not is_plain or script in PLAIN else "letters"
        said = grown(used, wanted)
        if used == "variables":  # a long value is cut by itself, which must not look like a text that was
            said = said[: said.rfind("}") + 1] + "."
        return said[: said.rfind("{")] or "a" if "{" in said[said.rfind("}") + 1 :] else said

    def words() -> dict[str, Any]:
        if kind != "quiz":
            return {"text": text("text", 4000)}
        return {"question": text("question", 4000), "text": text("text", 4000)}

    def choice(number: int) -> dict[str, Any]:
        told = text(f"choice{number}", 74, is_plain=True)
        return {"text": f"{LETTERS[number]}{told}", "reply": text(f"reply{number}", 3000)}

    nudge: dict[str, Any] = {kind: "it", "when": {"week": 1, "day": "tue", "at": "10:00"}, **words()}
    nudge["image"] = {"link": "https://example.com/p.png", "alt": text("alt", 149, is_plain=True)}
    nudge["try_it"] = {"label": text("label", 74, is_plain=True), "link": "https://example.com/" + "p" * 500}
    if sizes["fallback"] > 0.5:
        nudge["fallback"] = text("fallback", 149, is_plain=True)
    if kind == "story":
        nudge["by"] = {"name": text("name", 149, is_plain=True), "team": text("name", 149, is_plain=True)}
    if kind == "quiz":
        nudge["choices"] = [{"key": f"c{number}", **choice(number), "right": number == 1} for number in range(5)]
    translated = dict(words())
    if kind == "quiz":
        translated["choices"] = {f"c{number}": choice(number) for number in range(5)}
    nudge["translations"] = dict.fromkeys(CONTENT_LANGUAGES, translated)
    return json.dumps({
        "playbook": "ask-first", "title": "Ask first", "tool": "Slack", "owner": "U0PRIYA",
        "languages": ["en", *CONTENT_LANGUAGES], "audience": {"segments": ["customer-service"]},
        "personal_wins": {"customer-service": {"kind": "easier_day", "text": text("win", 300)}},
        "nudges": [nudge],
    }, ensure_ascii=False)  # fmt: skip


def accepted(text: str) -> Playbook | None:
    """Return what the loader makes of it, or None when it finds a fault."""
    loaded = load_playbook(text, file="ask-first.yaml", company=the_company())
    return None if any(finding.is_error for finding in loaded.findings) else loaded.value


def largest(script: str, kind: str, sizes: dict[str, float]) -> Playbook:
    """Return the largest of these proportions that the loader still accepts."""
    low, high = 0.0, 1.0
    best = accepted(a_playbook(script, kind, sizes, low))
    assert best is not None, "not even the shortest is accepted"
    for _ in range(12):
        middle = (low + high) / 2
        found = accepted(a_playbook(script, kind, sizes, middle))
        low, high, best = (low, middle, best) if found is None else (middle, high, found)
    return best


def all_states(playbook: Playbook) -> Iterator[Message]:
    """Return its nudge as somebody with the longest names may come to see it, in every language."""
    nudge = playbook.nudges[0]
    choices = [None, *(choice.key for choice in nudge.choices)] if isinstance(nudge, Quiz) else [None]
    for language, is_first in product(("en", "pt", *CONTENT_LANGUAGES), (True, False)):
        person = replace(a_person("U0ANA", language=language), **LONG_NAMES)
        message = compose(
            delivery_id=DELIVERY_ID,
            playbook=playbook,
            nudge=nudge,
            person=person,
            company=the_company(),
            segment="customer-service",
            is_first=is_first,
        )
        spoken = in_language(nudge, language_for(person, playbook, nudge))
        for key, feedback, has_reported in product(choices, ("", "useful", "not_for_me"), (False, True)):
            answer = Answered(key, is_right=False, at=utc("2027-01-12 10:00")) if key else None
            shown = with_state(message, spoken, DeliveryState(answer, feedback, has_reported=has_reported))
            yield from (replace(shown, is_recalled=is_recalled) for is_recalled in (False, True))


def some_of(messages: Iterator[Message], dice: random.Random) -> list[Message]:
    """Return all of them in the long form, else those that say most and some others."""
    found = list(messages)
    if IS_LONG:
        return found
    fullest = [one for one in found if one.is_first and one.has_reported and one.feedback and one.is_recalled]
    return dice.sample(fullest, k=min(10, len(fullest))) + dice.sample(found, k=10)


def over(blocks: list[Any], text: str) -> list[str]:
    """Return what of a message is too long for Slack, or was cut so that it is not."""
    told = [block.to_dict() for block in blocks]
    check(told, None)  # Slack's own refusal, with the path of the fault
    long = [f"{path} takes {counted(said)}" for path, said in _texts(told) if counted(said) > TEXT_MAX]
    sections = [block["text"]["text"] for block in told if block["type"] == "section"]
    long += [f"cut: {said[:40]}" for said in sections if said.endswith("…")]
    return long + ([f"the text takes {counted(text)}"] if counted(text) > SPLIT_AT else [])


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{path}/{number}")
    elif isinstance(value, str):
        yield path, value


@pytest.mark.parametrize("kind", ["tip", "story", "quiz"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_whatever_the_loader_accepts_fits_into_slack_in_every_state_and_language(script: str, kind: str) -> None:
    dice = random.Random(f"{script} {kind}")
    for number in range(DRAWS):
        sizes = {part: dice.random() for part in ("text", "question", "win", "alt", "label", "name", "fallback")}
        sizes |= {f"{part}{place}": dice.random() for part in ("choice", "reply") for place in range(5)}
        if number == 0:  # text and question take all
            sizes = dict.fromkeys(sizes, 0.01) | {"text": 1.0, "question": 1.0, "fallback": 0.0}
        playbook = largest(script, kind, sizes)
        for message in some_of(all_states(playbook), dice):
            assert over(message_blocks(message), fallback_text(message)) == [], message


@pytest.mark.parametrize("language", languages())
def test_a_preview_of_the_longest_fits_too(language: str) -> None:
    sizes = dict.fromkeys(("text", "question", "win", "alt", "label", "name"), 1.0) | {"fallback": 0.0}
    playbook = largest("emoji", "quiz", sizes)
    for message in some_of(all_states(playbook), random.Random(language)):
        shown = replace(message, language=language)
        assert over(posted_blocks(shown, "U0PRIYA"), posted_text(shown, "U0PRIYA")) == []


@pytest.mark.parametrize("script", sorted(PLAIN - {"escaped", "mixed"}))
def test_one_character_more_than_slack_takes_is_refused_where_it_stands(script: str) -> None:
    fits = largest(script, "tip", {"text": 1.0, "fallback": 0.0, "win": 0.01}).nudges[0].text
    length = counted(fits)
    assert TEXT_MAX - 60 <= length <= TEXT_MAX
    text = a_playbook(script, "tip", {"text": 0.1, "fallback": 0.0, "win": 0.01}, 0.1)
    told = json.loads(text)
    told["nudges"][0]["text"] = fits + "x" * (TEXT_MAX - length + 1)
    assert accepted(json.dumps(told, ensure_ascii=False)) is None


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_a_search_answers_fits_with_the_longest_titles_and_sentences(script: str) -> None:
    refs = tuple(FoundRef(2**31 - 1, "k" * 64 + str(number)) for number in range(10))
    pieces = ((grown(script, 90), False), (grown(script, 90), True))
    results = tuple(FoundNudge(ref, "quiz", grown(script, 120), grown(script, 120), pieces) for ref in refs[:5])
    nothing = Found(topics=(grown(script, 120),) * 3, ask_id="U0" + "A" * 20)
    asked = product((Found(results, refs), nothing, Found(is_empty=True)), AskedBy, languages())

    answers = [found_answer(found, by, language) for found, by, language in asked]

    for one in [*answers, *(more_answer(results, language) for language in languages())]:
        assert over(list(one.blocks), one.text) == []
