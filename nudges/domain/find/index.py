"""What can be found: this module turns nudges into an index that says which word stands where, and how rare it is.

Each nudge comes once in every language that it can be read in; a language has an index of its own, with its stems.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from nudges.domain.find.terms import terms_of

SATURATION = 3.0  # how soon a word said again says nothing new
LENGTH = 0.35  # how much a long text is held against it
PART_IDEA = 0.5  # an idea weighs by the words that stand for it: less by half of a compound
EXPRESSION = 2.0  # more by several words in a row
ASKED = 1.0  # what a word says of a nudge that people ask for with it
FAINT = 0.25  # what a general word is worth
IMAGINED = 150  # passages in which no word stands: in a company of three nudges, one word must not decide
LAST = "\U0010ffff"  # stands behind every other sign
PAIR = " "  # joins the two stems of a pair


@dataclass(frozen=True)
class Passage:
    """One nudge in one language: texts, each with how much a word in it says about the nudge."""

    name: str
    language: str
    texts: tuple[tuple[str, float], ...]
    asked: tuple[str, ...] = ()  # ways in which people ask for it, as its author wrote them


@dataclass(frozen=True)
class Bag:
    """A passage's terms with their weight, and how its words are written."""

    name: str
    language: str
    weights: Mapping[str, float]
    written: Mapping[str, str]  # plain word -> stem


@dataclass(frozen=True)
class LanguageIndex:
    """All passages of one language: for each term, how much it says in which of them."""

    language: str
    names: tuple[str, ...]
    found_in: Mapping[str, Sequence[tuple[int, float]]]  # term -> places of passages, each with 0 to 1
    rarity: Mapping[str, float]
    stems: Mapping[str, tuple[str, ...]]  # plain word -> its stems here
    unknown: float  # the rarity of a word that stands nowhere
    forwards: tuple[str, ...]  # plain words in their order
    backwards: tuple[str, ...]  # the same read from their ends, in that order

    @property
    def vocabulary(self) -> Sequence[str]:
        """Return every word that stands somewhere, without accents."""
        return tuple(self.stems)


@dataclass(frozen=True)
class Index:
    """The indexes of all languages."""

    languages: tuple[LanguageIndex, ...]


def bag_of(passage: Passage) -> Bag:
    """Return the passage's terms; the same text is better not asked twice, see the caller."""
    weights: dict[str, float] = defaultdict(float)
    written: dict[str, str] = {}
    for text, weight in (*passage.texts, *((text, ASKED) for text in passage.asked)):
        terms = terms_of(text, passage.language)
        for term in terms:
            weights[term.stem] += weight
            written.setdefault(term.written, term.stem)
            for idea in term.ideas:
                weights[idea] += weight * (FAINT if term.is_faint else 1)
            for idea in term.expressions:
                weights[idea] += weight * EXPRESSION
            for idea in term.part_ideas:
                weights[idea] += weight * PART_IDEA
        for before, after in pairwise(terms):
            weights[before.stem + PAIR + after.stem] += weight
    return Bag(passage.name, passage.language, dict(weights), written)


def index_of(bags: Iterable[Bag]) -> Index:
    """Return the index of these passages."""
    by_language: dict[str, list[Bag]] = defaultdict(list)
    for bag in bags:
        by_language[bag.language].append(bag)
    return Index(tuple(_language_index(language, found) for language, found in sorted(by_language.items())))


def _language_index(language: str, bags: list[Bag]) -> LanguageIndex:
    lengths = [sum(bag.weights.values()) for bag in bags]
    average = sum(lengths) / len(lengths) or 1.0
    found_in: dict[str, list[tuple[int, float]]] = defaultdict(list)
    stems: dict[str, set[str]] = defaultdict(set)
    for place, bag in enumerate(bags):
        norm = SATURATION * (1 - LENGTH + LENGTH * lengths[place] / average)
        for term, weight in bag.weights.items():
            found_in[term].append((place, weight / (weight + norm)))
        for word, stemmed in bag.written.items():
            stems[word].add(stemmed)
    # One number for all terms that are as rare.
    rarities = {count: _rarity(count, len(bags)) for count in set(map(len, found_in.values()))}
    return LanguageIndex(
        language=language,
        names=tuple(bag.name for bag in bags),
        found_in={term: tuple(places) for term, places in found_in.items()},
        rarity={term: rarities[len(places)] for term, places in found_in.items()},
        stems={word: tuple(sorted(found)) for word, found in stems.items()},
        unknown=_rarity(0, len(bags)),
        forwards=tuple(sorted(stems)),
        backwards=tuple(sorted(word[::-1] for word in stems)),
    )


def beginning_with(start: str, words: Sequence[str]) -> Sequence[str]:
    """Return those of the words, which stand in their order, that begin so."""
    first = bisect_left(words, start)
    return words[first : bisect_left(words, start + LAST, first)]


def _rarity(count: int, total: int) -> float:
    return log(1 + (total + IMAGINED - count + 0.5) / (count + 0.5))
