"""Scenes and other wordings in another language: this module checks that they fit the quiz and that none is missing."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nudges.domain.checks.findings import Code
from nudges.domain.files.nodes import at, blocks, entries, named
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import MapNode, ScalarNode

NEEDS: Mapping[str, str] = {"because": "because", "scenes": "scenes", "again": "again"}


class _Pair(NamedTuple):
    """One question of the quiz and its words in the other language, as far as there are any."""

    name: str
    own: MapNode
    told: MapNode | None


def check_quiz_words(nudge: MapNode, words: MapNode, report: Report) -> None:
    """Note words for scenes, wordings and choices that the quiz has not."""
    scenes = dict(entries(nudge.get("scenes")))
    for name, _ in named(words.get("scenes")) if nudge.key("scenes") else ():
        if name.text.strip() not in scenes:
            sentence = f"The quiz has no scene `{name.text[:60]}`, so nobody would read these words."
            report.add(Code.STRAY_TRANSLATION, name, sentence, did_you_mean(name.text, scenes))
    for more in blocks(words.get("again"))[len(blocks(nudge.get("again"))) :] if nudge.key("again") else ():
        sentence = "The quiz has no such wording: `again` has more entries here than there."
        report.add(Code.STRAY_TRANSLATION, more, sentence, "Give each wording its words in the same order.")
    for pair in _pairs(nudge, words):
        own = _keys(pair.own)
        for name, _ in named(at(pair.told, "choices")):
            if name.text.strip() not in own:
                sentence = f"{pair.name} has no choice `{name.text[:60]}` of its own, so nobody would read these words."
                fix = did_you_mean(name.text, own) if own else "Delete them: it has the choices of the quiz."
                report.add(Code.STRAY_TRANSLATION, name, sentence, fix)


def lacking(nudge: MapNode, words: MapNode) -> list[str]:
    """Return what of a quiz's reason, scenes and wordings would be shown untranslated."""
    found = ["`because`"] if nudge.key("because") and words.get("because") is None else []
    for pair in _pairs(nudge, words):
        if pair.told is None:
            found.append(pair.name[:1].lower() + pair.name[1:])
            continue
        parts = [part for part in ("text", "question") if pair.own.key(part) and pair.told.get(part) is None]
        parts += sorted(_keys(pair.own) - {name.text.strip() for name, _ in named(pair.told.get("choices"))})
        found += [f"`{part[:60]}` of {pair.name[:1].lower() + pair.name[1:]}" for part in parts]
    return found


def _pairs(nudge: MapNode, words: MapNode) -> Iterator[_Pair]:
    told = dict(entries(words.get("scenes")))
    for name, scene in entries(nudge.get("scenes")):
        yield _Pair(f"The scene `{name[:60]}`", scene, told.get(name))
    given = blocks(words.get("again"))
    for place, wording in enumerate(blocks(nudge.get("again"))):
        yield _Pair(f"Wording {place + 1}", wording, given[place] if place < len(given) else None)


def _keys(block: MapNode) -> set[str]:
    keys = (choice.get("key") for choice in blocks(block.get("choices")))
    return {key.text.strip() for key in keys if isinstance(key, ScalarNode)}
