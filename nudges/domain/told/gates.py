"""What takes weight away from words that name a barrier: this module cuts a text up and reads its polarity and tense.

A sentence counts less when it is over, quotes somebody, praises or only asks; that takes away more false finds than any
number of words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nudges.domain.told.lexicon import Lexicon
from nudges.domain.told.patterns import Line, Sentence

LONGEST_PART = 1000  # characters of a sentence without an end; nobody says what is in the way so late
MOST_PARTS = 12  # a text in ever so many pieces is no slower than one in a few
OVER, SOLVED, QUOTED, CHEERFUL = 0.2, 0.2, 0.3, 0.5  # what is left of a sentence's weight
NEAR = 12  # characters after "works now" in which a "not" belongs to it
MUCH_QUOTED = 0.8  # a text with less than this share of itself left is mostly somebody else's words
_SENTENCE = re.compile(r"[^.!?;\n。]+[.!?;\n。]*")
_BUT = re.compile(
    r"[,\s](?:but|however|although|though|aber|jedoch|allerdings|doch|pero|aunque|mais|cependant|sauf que)\s"
    r"|けれど|けど|しかし|ですが|ものの|んだが"
)
_QUOTES = re.compile(
    r"\"([^\"]{1,300})\"|“([^”]{1,300})”|„([^“”]{1,300})[“”]|«([^»]{1,300})»|»([^«]{1,300})«|「([^」]{1,300})」"
)
_WORDS_OF_A_NAME = 2  # a quotation so short is irony or a name, not somebody's sentence
_LETTERS_OF_A_NAME, _SIGNS_OF_A_NAME = 20, 6  # a Japanese sign says more than a letter


@dataclass(frozen=True)
class Part:
    """A piece of a text without its harmless words, how much it counts, and whether it only asks."""

    sentence: Sentence
    weight: float
    asks: bool


def parts(plain: str, words: Lexicon) -> Iterator[Part]:
    """Return each piece of a folded text without quotations, the last one first."""
    is_solved = False
    for text, is_question in reversed(_pieces(plain)):
        sentence = Sentence(text)
        clean = _without(sentence, words.harmless)
        weight = _weight(clean, words) * (SOLVED if is_solved else 1)
        yield Part(clean, weight, is_question and _any(words.asking, clean))
        is_solved = is_solved or _is_solved(sentence, words)


def signs(folded_text: str, words: Lexicon) -> tuple[bool, ...]:
    """Return what the gates see anywhere in a text: quotation, over, solved, told about, praise, question, harmless."""
    plain = without_quotations(folded_text, words)
    pieces = [(Sentence(text), is_question) for text, is_question in _pieces(plain)]
    sentences = [sentence for sentence, _ in pieces]
    return (
        len(plain) < MUCH_QUOTED * len(folded_text),
        any(_any(words.over, one) for one in sentences),
        any(_is_solved(one, words) for one in sentences),
        any(_any(words.quoted, one) for one in sentences),
        any(_any(words.cheerful, one) and not _any(words.mocking, one) for one in sentences),
        any(is_question for _, is_question in pieces),
        any(_any(words.harmless, one) for one in sentences),
    )


def without_quotations(plain: str, words: Lexicon) -> str:
    """Return the text without what it quotes, but with short names, irony, and what a boss or a screen said."""
    if _any(words.spoken, Sentence(_QUOTES.sub(" ", plain))):
        return plain

    def kept(found: re.Match[str]) -> str:
        inner = next(one for one in found.groups() if one is not None)
        longest = _LETTERS_OF_A_NAME if inner.isascii() else _SIGNS_OF_A_NAME
        return inner if len(inner.split()) <= _WORDS_OF_A_NAME and len(inner) <= longest else " "

    return _QUOTES.sub(kept, plain)


def _pieces(plain: str) -> list[tuple[str, bool]]:
    """Return the sentences, cut at "but", and whether each is a question; what goes on for too long stays one part."""
    pieces = [
        (piece, sentence.rstrip().endswith("?"))
        for sentence in _SENTENCE.findall(plain)
        for piece in _BUT.split(sentence)
    ]
    rest = [(" ".join(piece for piece, _ in pieces[MOST_PARTS:]), False)]
    return [(piece[:LONGEST_PART], asks) for piece, asks in pieces[:MOST_PARTS] + rest if piece]


def _weight(sentence: Sentence, words: Lexicon) -> float:
    weight = 1.0
    if _any(words.over, sentence) or _is_solved(sentence, words):
        weight *= OVER
    if _any(words.quoted, sentence):
        weight *= QUOTED
    if _any(words.cheerful, sentence) and not _any(words.mocking, sentence):
        weight *= CHEERFUL
    return weight


def _is_solved(sentence: Sentence, words: Lexicon) -> bool:
    """Return whether all is said to be well now, and no "not" follows at once."""
    for line in words.solved:
        for start, end in line.spans(sentence):
            said = Sentence(sentence.text[start : end + NEAR].split(",")[0])
            if not words.denials.spans(said) or _starts_with(words.denials, said):
                return True
    return False


def _starts_with(line: Line, sentence: Sentence) -> bool:
    return all(start == 0 for start, _ in line.spans(sentence))


def _without(sentence: Sentence, lines: Sequence[Line]) -> Sentence:
    for line in lines:
        for start, end in line.spans(sentence):
            blank = " " * (end - start)
            sentence = Sentence(sentence.text[:start] + blank + sentence.text[end:])
    return sentence


def _any(lines: Sequence[Line], sentence: Sentence) -> bool:
    return any(line.spans(sentence) for line in lines)
