"""What somebody asks: this module turns their words into the terms to look up, slips of the pen and all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nudges.domain.find.folding import LONGEST
from nudges.domain.find.index import FAINT, PAIR, LanguageIndex, beginning_with
from nudges.domain.find.terms import COMPOUNDING, SHORTEST_COMPOUND, Term, terms_of
from nudges.domain.find.wordlists import LISTED, word_list

MOST_WORDS = 40  # of a long text; the first ones say what it is about
EXACT, IDEA, EXPRESSION, PART, BEGINNING, SLIP = 1.0, 1.1, 1.1, 0.6, 0.45, 0.85
PAIR_BONUS = 0.1
UNKNOWN = 0.5  # how much a word that nothing is known of counts against finding anything
LEAST_PART, LEAST_BEGINNING = 4, 5
_GERMAN = (("ae", "a"), ("oe", "o"), ("ue", "u"))


@dataclass(frozen=True)
class Sought:
    """One word of a question: what it is looked up by, each with its weight, and how much it would say at best."""

    ways: tuple[tuple[str, float], ...]
    mass: float
    is_bonus: bool = False


def sought_in(text: str, index: LanguageIndex, language: str = "") -> list[Sought]:
    """Return what is sought, word by word; a word that says nothing is not among them.

    `language` is the reader's: what its words stand for is looked up in nudges of other languages too.
    """
    terms: dict[str, Term] = {}
    for term in _terms(text[:LONGEST], index.language, language):
        terms.setdefault(term.stem, term)
    kept = list(terms.values())[:MOST_WORDS]
    found = [(term, tuple(_ways(term, index))) for term in kept]
    sought = [_sought(term, ways, index) for term, ways in found if ways or not _is_slip_of_silent(term, index)]
    return [*sought, *_expressions(kept, index), *_pairs([ways for _, ways in found], index)]


def _terms(text: str, language: str, other: str) -> list[Term]:
    """Return the terms of a text that may be in either of two languages: with the ideas of both."""
    terms = terms_of(text, language)
    other = other.partition("-")[0]
    if other == language or other not in LISTED:
        return terms
    # Words that say nothing in one of the two are left out: "die" and "an" are hardly ever meant in English.
    others = {term.word.end: term for term in terms_of(text, other)}
    return [_joined(term, others[term.word.end]) for term in terms if term.word.end in others]


def _joined(term: Term, other: Term) -> Term:
    return term._replace(
        ideas=(*term.ideas, *other.ideas),
        expressions=(*term.expressions, *other.expressions),
        part_ideas=(*term.part_ideas, *other.part_ideas),
        is_faint=term.is_faint or other.is_faint,
    )


def _sought(term: Term, ways: tuple[tuple[str, float], ...], index: LanguageIndex) -> Sought:
    best = max((index.rarity[name] * weight for name, weight in ways), default=0.0)
    return Sought(ways, max(best, index.unknown * UNKNOWN * (FAINT if term.is_faint else 1)))


def _ways(term: Term, index: LanguageIndex) -> Iterator[tuple[str, float]]:
    """Give what a word is looked up by, each with its weight."""
    ways: dict[str, float] = {}
    share = FAINT if term.is_faint else 1.0

    def add(names: Iterable[str], weight: float) -> None:
        for name in names:
            if name in index.rarity:
                ways[name] = max(ways.get(name, 0.0), weight)

    add((term.stem, *index.stems.get(term.written, ()), *_umlauts(term, index)), EXACT * share)
    is_known = bool(ways) or bool(term.ideas)
    add(term.ideas, IDEA * share)
    add(term.part_ideas, IDEA * PART)
    add(_relatives(term, index), (PART if index.language in COMPOUNDING else BEGINNING) * share)
    if not is_known:
        for name, weight in _meant(term, index):
            add((name,), weight)
    yield from ways.items()


def _umlauts(term: Term, index: LanguageIndex) -> tuple[str, ...]:
    """Return the stems of `für` for `fuer`, where that is a word here."""
    written = term.written
    if index.language != "de":
        return ()
    for double, single in _GERMAN:
        written = written.replace(double, single)
    return index.stems.get(written, ())


def _relatives(term: Term, index: LanguageIndex) -> Iterator[str]:
    """Give the stems of longer words that hold this one at an end, and of shorter ones that it holds."""
    is_compounding = index.language in COMPOUNDING
    if len(term.stem) < LEAST_BEGINNING - is_compounding:
        return
    shortest = len(term.stem) + 2
    words = {word for word in beginning_with(term.stem, index.forwards) if len(word) >= shortest}
    if is_compounding:
        ends = beginning_with(term.written[::-1], index.backwards)
        words |= {word[::-1] for word in ends if len(word) >= shortest}
        words |= _parts(term) & index.stems.keys()
    for word in sorted(words - {term.written}):
        yield from index.stems[word]


def _parts(term: Term) -> set[str]:
    """Return what may be the first or the last word of a compound."""
    if len(term.stem) < SHORTEST_COMPOUND:
        return set()
    lengths = range(LEAST_PART, len(term.stem) - 1)
    return {part for at in lengths for part in (term.written[:at], term.written[-at:])}


def _meant(term: Term, index: LanguageIndex) -> Iterator[tuple[str, float]]:
    """Give what was probably meant by a word that is none: its nearest neighbours here and among the field's words."""
    known = word_list(index.language)
    for word, weight in _neighbours(term.written, (*index.vocabulary, *known.known)):
        for name in index.stems.get(word, ()):
            yield name, weight
        stemmed = known.known.get(word)
        for idea in known.ideas.get((stemmed,), ()) if stemmed else ():
            yield idea, weight * IDEA


def _is_slip_of_silent(term: Term, index: LanguageIndex) -> bool:
    return bool(_neighbours(term.written, tuple(word_list(index.language).silent)))


def _neighbours(word: str, known: tuple[str, ...]) -> list[tuple[str, float]]:
    """Return the words that differ least, none that differs by more than a slip, each with how likely it is meant."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = _slips(word)
    if not most:
        return []
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=12)
    ranked = sorted((slips + (found[0] != word[0]) * 0.5, found) for found, slips, _ in near)
    if not ranked:
        return []
    fewest = ranked[0][0]
    return [(found, SLIP ** max(1.0, slips)) for slips, found in dict.fromkeys(ranked) if slips == fewest]


def _slips(word: str) -> int:
    """Return how many slips of the pen are believed: none in a short word or a number, two in a long one."""
    if len(word) < 4 or any(sign.isdigit() for sign in word):
        return 0
    return 1 if len(word) < 7 else 2


def _expressions(terms: Sequence[Term], index: LanguageIndex) -> Iterator[Sought]:
    """Give the expressions of a question; one that nothing here speaks of is no lack, since its words are asked too."""
    for term in terms:
        ways = tuple((idea, EXPRESSION) for idea in term.expressions if idea in index.rarity)
        if ways:
            yield Sought(ways, max(index.rarity[idea] * EXPRESSION for idea, _ in ways))


def _pairs(ways: list[tuple[tuple[str, float], ...]], index: LanguageIndex) -> Iterator[Sought]:
    """Give the pairs of words that stand side by side in the question and in some nudge: a bonus, never a lack."""
    for before, after in pairwise(ways):
        names = [f"{one}{PAIR}{two}" for one, _ in before[:2] for two, _ in after[:2]]
        known = tuple((name, PAIR_BONUS) for name in names if name in index.rarity)
        if known:
            yield Sought(known, 0.0, is_bonus=True)
