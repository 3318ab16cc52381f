"""How the words may begin that a line of the word lists looks for: this module reads it off the line's own signs.

Most lines look for words that a text does not hold. Three letters tell that sooner than a search through the text.
"""

import re
from collections.abc import Mapping, Sequence

LETTERS = 3  # of a word's beginning; two tell too little apart, four are hardly better
Beginnings = frozenset[str]
_WORD = re.compile(r"(?<!\w)(?=\S)")
_PLAIN = re.compile(r"\w")


def beginnings_in(text: str) -> Beginnings:
    """Return how the words of a folded text begin: with their first letter, the first two, and the first three."""
    starts = [text[found.start() : found.start() + LETTERS] for found in _WORD.finditer(text)]
    return frozenset(start[:length] for start in starts for length in range(1, LETTERS + 1))


def beginnings_of(tokens: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Beginnings | None:
    """Return how whatever these signs match may begin, or None where that is open."""
    found, _ = _alternatives(tokens, 0, groups)
    return found


def _alternatives(tokens: Sequence[str], at: int, groups: Mapping[str, Sequence[str]]) -> tuple[Beginnings | None, int]:
    """Return the beginnings of `a|b|c` from a place on, and the place of the bracket or the end behind them."""
    known: list[Beginnings | None] = []
    while True:
        found, at = _sequence(tokens, at, groups)
        known.append(found)
        if at >= len(tokens) or tokens[at].strip() != "|":
            return _together(known), at
        at += 1


def _sequence(tokens: Sequence[str], at: int, groups: Mapping[str, Sequence[str]]) -> tuple[Beginnings | None, int]:
    """Return the beginnings of what follows each other; what may be left out lets the next one begin as well."""
    known: list[Beginnings | None] = []
    is_open = True
    while at < len(tokens) and tokens[at].strip() not in ("|", ")", ")*"):
        if tokens[at] == "(":
            found, at = _alternatives(tokens, at + 1, groups)
            may_miss = at < len(tokens) and tokens[at] == ")*"
        else:
            found, may_miss = _single(tokens, at, groups), tokens[at].isspace()
        if is_open and not (may_miss and found == frozenset()):
            known.append(found)
        is_open = is_open and may_miss
        at += 1
    return (None if is_open else _together(known)), at


def _single(tokens: Sequence[str], at: int, groups: Mapping[str, Sequence[str]]) -> Beginnings | None:
    token = tokens[at]
    if token.isspace():
        return frozenset()
    if token.startswith("{"):
        return beginnings_of(groups[token[1:-1]], groups)
    if not _PLAIN.match(token):
        return None
    is_letter_optional = at + 1 < len(tokens) and tokens[at + 1] == "?"
    sure = token[:-1] if is_letter_optional else token
    return frozenset({sure[:LETTERS]}) if sure else None


def _together(known: Sequence[Beginnings | None]) -> Beginnings | None:
    """Return all of them, or None where one is open."""
    sure = [one for one in known if one is not None]
    return frozenset().union(*sure) if len(sure) == len(known) else None
