"""What people are in when they ask: this module recognises a situation of office life in their words.

A list that ships with the app says how people speak in each: "did they read it" is about seeing who opened a file. The
plain words of a situation are looked up beside what was asked, so that a nudge is found that shares no word with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nudges.domain.find.index import Index, Passage, bag_of, index_of
from nudges.domain.find.meaning import joined
from nudges.domain.find.ranking import Hit, rank
from nudges.domain.find.wordlists import word_file

MOST_RECOGNISED = 3
MEANING = 1.2  # how much meaning counts beside words: here two ways of asking are compared, which it does best
SHARPNESS = 2  # a nudge that answers a situation half as well as the best one does is lifted by a quarter
SURELY_THERE = 0.3  # the score from which the best nudge for a situation is about it, whatever the others score
_ABOUT, _ASKED = 1.5, 1.0
_ELSEWHERE = "Elsewhere: "


@dataclass(frozen=True)
class Situation:
    """What it is about in plain words, and what somebody in it says, by language."""

    about: str
    asked: Mapping[str, tuple[str, ...]]

    @property
    def is_elsewhere(self) -> bool:
        """Return whether it is about something that no nudge is for."""
        return self.about.startswith(_ELSEWHERE)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every way of saying it."""
        said = tuple(text for texts in self.asked.values() for text in texts)
        return said if self.is_elsewhere else (self.about, *said)


@dataclass(frozen=True)
class Recognised:
    """A situation and how well the words fit it."""

    situation: Situation
    fit: float


@lru_cache(maxsize=1)
def situations() -> tuple[Situation, ...]:
    """Return those that ship with the app."""
    read: Mapping[str, Mapping[str, str]] = word_file("situations")
    return tuple(
        Situation(about, {lang: _parted(said) for lang, said in asked.items()}) for about, asked in read.items()
    )


@lru_cache(maxsize=1)
def situation_texts() -> tuple[str, ...]:
    """Return every way of saying each of them, in their order."""
    return tuple(text for one in situations() for text in one.texts)


def recognised(asked: str, language: str, likeness: Sequence[float] | None) -> list[Recognised]:
    """Return the situations that fit best, and those elsewhere; without `likeness` of `situation_texts`, by words."""
    hits = joined(rank(_situation_index(), asked, language=language), _nearest(likeness), MEANING)
    by_about = {one.about: one for one in situations()}
    seen = [Recognised(by_about[hit.name], hit.score) for hit in hits]
    ours = [one for one in seen if not one.situation.is_elsewhere][:MOST_RECOGNISED]
    return [one for one in seen if one.situation.is_elsewhere or one in ours]


def lifts(found: Sequence[tuple[Recognised, Sequence[Hit]]]) -> dict[str, float]:
    """Return by nudge what it gains: how well a situation fits, by how well it answers that among the nudges."""
    gained: dict[str, float] = {}
    for one, hits in found:
        best = max([SURELY_THERE, *(hit.score for hit in hits)])
        for hit in hits:
            gained[hit.name] = max(gained.get(hit.name, 0.0), one.fit * (hit.score / best) ** SHARPNESS)
    return gained


def _nearest(likeness: Sequence[float] | None) -> dict[str, float]:
    if likeness is None:
        return {}
    near, at = {}, 0
    for one in situations():
        near[one.about] = max(likeness[at : at + len(one.texts)])
        at += len(one.texts)
    return near


@lru_cache(maxsize=1)
def _situation_index() -> Index:
    return index_of(bag_of(passage) for one in situations() for passage in _passages(one))


def _passages(one: Situation) -> list[Passage]:
    about = () if one.is_elsewhere else ((one.about, _ABOUT),)
    return [
        Passage(one.about, language, (*(about if language == "en" else ()), *((text, _ASKED) for text in texts)))
        for language, texts in one.asked.items()
    ]


def _parted(said: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in said.split(";") if text.strip())
