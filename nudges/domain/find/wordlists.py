"""What the field's words have to do with each other: this module reads our word lists once, ready to be asked."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from nudges.domain.find.folding import plain, words_of
from nudges.domain.find.stems import stem

LISTED = ("en", "de", "es", "fr")
LONGEST_EXPRESSION = 4
CONCEPT = "="  # no stem begins with it
# The base loader keeps every scalar as text, so that `no` stays a word.
_QUICK_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class WordList:
    """One language: words that say nothing, and the ideas that a word or an expression stands for."""

    silent: frozenset[str]  # plain words
    faint: frozenset[str]  # stems of words so general that they hardly tell one nudge from another
    ideas: Mapping[tuple[str, ...], tuple[str, ...]]  # stems in a row -> the ideas, each beginning with CONCEPT
    openings: frozenset[str]  # the first stems of expressions
    known: Mapping[str, str]  # plain word -> its stem, of every single word in the list


@lru_cache(maxsize=len(LISTED))
def word_list(language: str) -> WordList:
    """Return the list of a language; an empty one where we have none."""
    if language not in LISTED:
        return WordList(frozenset(), frozenset(), {}, frozenset(), {})
    # Read again for each language: kept, they would take as much memory as all lists that are made of them.
    stop, concepts = word_file("stop"), word_file("concepts")
    silent = {plain(word.text) for word in words_of(stop["silent"][language], language)}
    faint = {stem(word.text, language) for word in words_of(stop["faint"][language], language)}
    ideas: dict[tuple[str, ...], list[str]] = defaultdict(list)
    known: dict[str, str] = {}
    for name, languages in concepts.items():
        idea = CONCEPT + name
        for expression in languages[language].split(","):
            words = [word.text for word in words_of(expression, language)]
            stems = tuple(stem(word, language) for word in words)
            if idea not in ideas[stems]:
                ideas[stems].append(idea)
            if len(words) == 1:
                known[plain(words[0])] = stems[0]
    openings = frozenset(stems[0] for stems in ideas if len(stems) > 1)
    told = {stems: tuple(found) for stems, found in ideas.items()}
    return WordList(frozenset(silent), frozenset(faint), told, openings, known)


def word_file(name: str) -> Any:
    """Return what one of our lists says, every scalar as text."""
    text = (resources.files("nudges.domain.find") / "words" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=_QUICK_LOADER)  # noqa: S506 - text only
