"""From words to terms: this module says what each word of a text is looked up by, its stem and the ideas behind it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from nudges.domain.find.folding import Word, plain, words_of
from nudges.domain.find.stems import stem
from nudges.domain.find.wordlists import LONGEST_EXPRESSION, WordList, word_list

COMPOUNDING = ("da", "de", "fi", "nb", "nl", "no", "sv")  # languages that write several words as one
SHORTEST_PART = 4
SHORTEST_COMPOUND = 8


class Term(NamedTuple):
    """One word that says something: how it was written, its stem, and the ideas it stands for."""

    word: Word
    written: str  # plain
    stem: str
    ideas: tuple[str, ...] = ()  # of the word by itself
    expressions: tuple[str, ...] = ()  # the ideas of the expression that begins here
    is_faint: bool = False  # too general to say much by itself
    part_ideas: tuple[str, ...] = ()  # of the words that a compound is made of


class _LookedUp(NamedTuple):
    """What is known of a word wherever it stands."""

    written: str
    stem: str
    is_silent: bool
    is_faint: bool
    opens: bool  # an expression may begin with it
    ideas: tuple[str, ...]
    part_ideas: tuple[str, ...]


def terms_of(text: str, language: str) -> list[Term]:
    """Return the words that say something, in their order; expressions give their ideas to their first such word."""
    words, known = words_of(text, language), word_list(language)
    looked_up = [_looked_up(word.text, language) for word in words]
    found: list[Term] = []
    waiting: tuple[str, ...] = ()
    for place, one in enumerate(looked_up):
        expressions = waiting
        if one.opens:
            expressions += tuple(_expressions_at(looked_up, place, known))
        if one.is_silent:
            waiting = expressions  # "log in", "out of office": an expression may begin with a silent word
            continue
        waiting = ()
        found.append(
            Term(words[place], one.written, one.stem, one.ideas, expressions, one.is_faint, one.part_ideas),
        )
    return found


@lru_cache(maxsize=50_000)
def _looked_up(word: str, language: str) -> _LookedUp:
    written, stemmed, known = plain(word), stem(word, language), word_list(language)
    return _LookedUp(
        written=written,
        stem=stemmed,
        is_silent=written in known.silent or (len(written) == 1 and not written.isdigit()),
        is_faint=stemmed in known.faint,
        opens=stemmed in known.openings,
        ideas=known.ideas.get((stemmed,), ()),
        part_ideas=part_ideas(written, language),
    )


def _expressions_at(words: Sequence[_LookedUp], place: int, known: WordList) -> Iterator[str]:
    for length in range(2, LONGEST_EXPRESSION + 1):
        if place + length <= len(words):
            yield from known.ideas.get(tuple(word.stem for word in words[place : place + length]), ())


def part_ideas(written: str, language: str) -> tuple[str, ...]:
    """Return the ideas of the words at both ends of a compound: `kundenrechnung` speaks of customers and invoices."""
    if language not in COMPOUNDING or len(written) < SHORTEST_COMPOUND:
        return ()
    known = word_list(language)
    ends = [written[:at] for at in range(SHORTEST_PART, len(written) - 2)]
    starts = [written[at:] for at in range(3, len(written) - SHORTEST_PART + 1)]
    longest = [max((part for part in parts if part in known.known), key=len, default="") for parts in (ends, starts)]
    found = [idea for part in longest if part for idea in known.ideas.get((known.known[part],), ())]
    return tuple(dict.fromkeys(found))
