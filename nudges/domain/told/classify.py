"""Which barrier a short text may be about: this module weighs its sentences with the word lists of its language.

A sentence counts less when it is over, quotes somebody, praises or only asks; that takes away more false finds than any
number of words. The answer is a guess for asking back ("sounds like ...?"), never evidence by itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nudges.domain.told.languages import language_of
from nudges.domain.told.lexicon import CLEAR, LANGUAGES, Lexicon, lexicon
from nudges.domain.told.patterns import Line, Sentence, folded

LONGEST = 3000  # characters looked at
ENOUGH = 0.5  # from here on a kind is a label
ASK_BACK = 0.35  # from here on it is worth asking
MOST_LABELS = 3
LONGEST_PART = 1000  # characters of a sentence without an end; nobody says what is in the way so late
MOST_PARTS = 12  # a text in ever so many pieces is no slower than one in a few
OVER, SOLVED, QUOTED, CHEERFUL, ASKING = 0.2, 0.2, 0.3, 0.5, 0.3  # what is left of a sentence's weight
ASKING_LEAVE = 0.6  # the same for "are we allowed to?", which is often the worry itself
_SENTENCE = re.compile(r"[^.!?;\n。]+[.!?;\n。]*")
_BUT = re.compile(
    r"[,\s](?:but|however|although|though|aber|jedoch|allerdings|doch|pero|aunque|mais|cependant|sauf que)\s"
    r"|けれど|けど|しかし|ですが|ものの|んだが"
)
_QUOTES = re.compile(
    r"\"([^\"]{1,300})\"|“([^”]{1,300})”|„([^“”]{1,300})[“”]|«([^»]{1,300})»|»([^«]{1,300})«|「([^」]{1,300})」"
)
# What the first kind says in passing sounds like the second: a boss's "waste of time" is the boss's view, who does not
# understand English understands the buttons well enough, and "nobody" has shown, cleared or translated it.
_SHADOWS = (
    ("manager_discourages", "no_personal_value"),
    ("colleagues_absent", "no_personal_value"),
    ("language_or_accessibility", "lacks_skill"),
    ("language_or_accessibility", "colleagues_absent"),
    ("lacks_skill", "colleagues_absent"),
    ("policy_worry", "colleagues_absent"),
)
SHADOWED = 0.5
NEAR = 12  # characters after "works now" in which a "not" belongs to it
_WORDS_OF_A_NAME = 2  # a quotation so short is irony or a name, not somebody's sentence
_LETTERS_OF_A_NAME, _SIGNS_OF_A_NAME = 20, 6  # a Japanese sign says more than a letter


@dataclass(frozen=True)
class Guess:
    """The kinds that a text is about (none: no barrier), and the score of each from 0 to 1."""

    labels: tuple[str, ...]
    scores: Mapping[str, float]

    @property
    def top(self) -> str:
        """Return the likeliest kind, also when it is no label; empty when nothing was found at all."""
        best = max(self.scores, key=lambda kind: self.scores[kind], default="")
        return best if best and self.scores[best] > 0 else ""


def classify(text: str, language: str = "") -> Guess:
    """Return the guess for a text; its language is told by its words and letters where it is not given."""
    words = lexicon(language if language in LANGUAGES else language_of(text))
    plain = _without_quotations(folded(text[:LONGEST]), words)
    missing = dict.fromkeys(words.kinds, 1.0)
    for sentence, weight, asks in _weighed(plain, words):
        for kind, found in _found(sentence, words).items():
            asked = (ASKING_LEAVE if kind == "policy_worry" else ASKING) if asks else 1
            missing[kind] *= 1 - weight * asked * found
    scores = {kind: round(1 - left, 4) for kind, left in missing.items()}
    return Guess(labels(scores), scores)


def labels(scores: Mapping[str, float]) -> tuple[str, ...]:
    """Return the kinds that count as said, the likeliest first."""
    kinds = sorted((kind for kind, score in scores.items() if score >= ENOUGH), key=lambda kind: -scores[kind])
    return tuple(kinds[:MOST_LABELS])


def _found(sentence: Sentence, words: Lexicon) -> Mapping[str, float]:
    """Return how much each kind is spoken of in one sentence: every line that is found leaves less doubt."""
    found: dict[str, float] = {}
    for kind, lines in words.kinds.items():
        left = 1.0
        for line, weight in lines:
            if line.spans(sentence):
                left *= 1 - weight
        if left < 1:
            found[kind] = 1 - left
    for louder, other in _SHADOWS:
        if found.get(louder, 0) >= CLEAR and other in found:
            found[other] *= SHADOWED
    return found


def _weighed(plain: str, words: Lexicon) -> Iterator[tuple[Sentence, float, bool]]:
    """Return each part without its harmless words, how much it counts and if it only asks, the last one first."""
    is_solved = False
    for part, is_question in reversed(_parts(plain)):
        sentence = Sentence(part)
        clean = _without(sentence, words.harmless)
        asks = is_question and _any(words.asking, clean)
        yield clean, _weight(clean, words) * (SOLVED if is_solved else 1), asks
        is_solved = is_solved or _is_solved(sentence, words)


def _parts(plain: str) -> list[tuple[str, bool]]:
    """Return the sentences, cut at "but", and whether each is a question; what goes on for too long stays one part."""
    parts = [
        (part, sentence.rstrip().endswith("?"))
        for sentence in _SENTENCE.findall(plain)
        for part in _BUT.split(sentence)
    ]
    rest = [(" ".join(part for part, _ in parts[MOST_PARTS:]), False)]
    return [(part[:LONGEST_PART], asks) for part, asks in parts[:MOST_PARTS] + rest if part]


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


def _without_quotations(plain: str, words: Lexicon) -> str:
    """Return the text without what it quotes, but with short names, irony, and what a boss or a screen said."""
    if _any(words.spoken, Sentence(_QUOTES.sub(" ", plain))):
        return plain

    def kept(found: re.Match[str]) -> str:
        inner = next(one for one in found.groups() if one is not None)
        longest = _LETTERS_OF_A_NAME if inner.isascii() else _SIGNS_OF_A_NAME
        return inner if len(inner.split()) <= _WORDS_OF_A_NAME and len(inner) <= longest else " "

    return _QUOTES.sub(kept, plain)


def _any(lines: Sequence[Line], sentence: Sentence) -> bool:
    return any(line.spans(sentence) for line in lines)
