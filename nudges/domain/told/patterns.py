"""The little language of the word lists: this module turns its lines into matchers that take linear time.

`{boss} .. (against|opposed)` means a word of the group `boss` and then, at most `GAP` characters later in the same
sentence, one of two words. A star stands for the rest of a word (or, in front, for its beginning), after brackets for
"up to three times, or not at all"; `?` makes the letter before it optional, `[sz]` is one of two letters, `\\d` a
number. Nothing in a line repeats without bound, and the pieces between two `..` are found one by one and then joined,
so that a text of twice the length takes twice the time, whatever it says.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice

from nudges.domain.told.beginnings import Beginnings, beginnings_in, beginnings_of

GAP = 45  # characters that a `..` may stand for, where words are written apart
GAP_WITHOUT_SPACES = 14  # the same in a language that packs more into a character
GAP_INSIDE = 20  # the same inside brackets, where the engine has to try each length
MOST_FINDS = 200  # of one piece in one sentence; people need one
_TOKEN = re.compile(r"\\\?|\\d|\{\w+\}|\s*\.\.\s*|\s+\|\s+|\||\)\*|[*?()|]|\[[\w\- ]+\]|\s+|[^\s{}().*|?\[\]\\]+|.")
_SIGNS = {
    "(": "(?:",
    ")": ")",
    "|": "|",
    ")*": "){0,3}",
    "*": r"\w{0,20}",
    "?": "?",
    r"\?": r"\?",
    r"\d": r"\d{1,4}",
}
_FOLDED = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ß": "ss", "œ": "oe", "æ": "ae"})
_START = r"(?<!\w)"  # a word begins
_END = r"(?:(?<=')|(?!\w))"  # a word ends, or the next one follows an apostrophe
Span = tuple[int, int]


def folded(text: str) -> str:
    """Return the text as the word lists are compared with it: small letters without accents, plain apostrophes.

    Marks that change a sound in Japanese stay: there they make another word.
    """
    plain = unicodedata.normalize("NFKC", text).lower().translate(_FOLDED)
    parts = unicodedata.normalize("NFD", plain)
    kept = "".join(one for one in parts if not unicodedata.combining(one) or one in "\u3099\u309a")
    return " ".join(unicodedata.normalize("NFC", kept).split())


@dataclass(frozen=True)
class Sentence:
    """A folded sentence that remembers what was found in it: many lines share their pieces."""

    text: str
    _finds: dict[str, tuple[Span, ...]] = field(default_factory=dict, compare=False)

    @cached_property
    def beginnings(self) -> Beginnings:
        """Return how its words begin."""
        return beginnings_in(self.text)

    def finds(self, piece: re.Pattern[str]) -> tuple[Span, ...]:
        """Return where a piece of a line stands, from the left."""
        if piece.pattern not in self._finds:
            found = piece.finditer(self.text)
            first = next(found, None)  # most pieces stand nowhere, and this is quicker than to begin a list
            spans = (one.span() for one in islice(found, MOST_FINDS - 1))
            self._finds[piece.pattern] = (first.span(), *spans) if first else ()
        return self._finds[piece.pattern]


@dataclass(frozen=True)
class Line:
    """One line of a list: its pieces, which follow each other at most `gap` characters apart.

    `barred` may not stand between them: "the works council has not approved it" is no approval.
    """

    pieces: tuple[re.Pattern[str], ...]
    gap: int
    barred: re.Pattern[str] | None = None
    beginnings: tuple[Beginnings, ...] = ()  # one of each must be there, or it need not be looked for

    def spans(self, sentence: Sentence) -> list[Span]:
        """Return where the whole line stands in a sentence."""
        if any(each.isdisjoint(sentence.beginnings) for each in self.beginnings):
            return []
        found = list(sentence.finds(self.pieces[0]))
        for piece in self.pieces[1:]:
            if not found:
                return []
            found = self._joined(found, sentence.finds(piece), sentence.text)
        return found

    def _joined(self, before: list[Span], after: tuple[Span, ...], text: str) -> list[Span]:
        """Return the spans of `after` that have one of `before` near, each reaching back to the nearest one's start."""
        ends = [end for _, end in before]
        joined = []
        for start, end in after:
            nearest = bisect_left(ends, start + 1) - 1
            is_near = nearest >= 0 and start - ends[nearest] <= self.gap
            if is_near and not (self.barred and self.barred.search(text, ends[nearest], start)):
                joined.append((before[nearest][0], end))
        return joined


def compiled(line: str, groups: Mapping[str, str], *, has_spaces: bool, barred: str = "") -> Line:
    """Return the matcher of one line, without `barred` between its pieces; ValueError for a group that is not there."""
    edge, end = (_START, _END) if has_spaces else ("", "")
    gap = GAP if has_spaces else GAP_WITHOUT_SPACES
    line = line.replace("' ", "'")  # nothing stands between an apostrophe and the next word
    pieces = [_expression(piece, groups, has_spaces=has_spaces) for piece in _pieces(line)]
    denial = _pattern(f"{edge}(?:{_expression(barred, groups, has_spaces=has_spaces)}){end}") if barred else None
    beginnings = _beginnings(line, groups) if has_spaces else ()
    return Line(tuple(_pattern(f"{edge}(?:{piece}){end}") for piece in pieces), gap, denial, beginnings)


def _beginnings(line: str, groups: Mapping[str, str]) -> tuple[Beginnings, ...]:
    """Return how the words of each piece begin, where that can be told."""
    tokens = {name: _folded_tokens(group) for name, group in groups.items() if f"{{{name}}}" in line}
    each = (beginnings_of(_folded_tokens(piece), tokens) for piece in _pieces(line))
    return tuple(known for known in each if known is not None)


@cache
def _folded_tokens(line: str) -> tuple[str, ...]:
    return tuple(folded(token) if token[0].isalnum() else token for token in _TOKEN.findall(line.strip()))


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _pieces(line: str) -> list[str]:
    """Return what stands between the `..` of a line; brackets hold theirs back."""
    depth, pieces = 0, [""]
    for token in _TOKEN.findall(line.strip()):
        depth += token.startswith("(") - token.startswith(")")
        if token.strip() == ".." and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += token
    return pieces


def _expression(line: str, groups: Mapping[str, str], *, has_spaces: bool) -> str:
    tokens = _TOKEN.findall(line.strip())
    parts = [_part(token, groups, has_spaces=has_spaces) for token in tokens]
    if (space := _space_before_the_last(tokens)) is not None:
        parts[space] = r"[\s,]{0,3}"
    return "".join(parts)


def _space_before_the_last(tokens: list[str]) -> int | None:
    """Return which token is the space before brackets at the end that may be missing: then it may be missing, too."""
    depth = 0
    for index in range(len(tokens) - 1, 0, -1):
        depth += tokens[index].startswith(")") - tokens[index].startswith("(")
        if depth == 0:
            return index - 1 if tokens[-1] == ")*" and tokens[index - 1].isspace() else None
    return None


def _part(token: str, groups: Mapping[str, str], *, has_spaces: bool) -> str:
    if token.strip() == "..":
        return rf"(?!\w).{{0,{GAP_INSIDE}}}?(?<!\w)" if has_spaces else f".{{0,{GAP_INSIDE // 3}}}?"
    if (sign := token.strip()) in _SIGNS:
        return _SIGNS[sign]
    if token.startswith("["):
        return token
    if token.isspace():
        return r"[\s,]{1,3}" if has_spaces else r"\s?"
    if token.startswith("{"):
        name = token[1:-1]
        if name not in groups:
            raise ValueError(f"there is no group of words called {name}")
        return f"(?:{_expression(groups[name], groups, has_spaces=has_spaces)})"
    return re.escape(folded(token))
