"""Which barrier a short text may be about: this module weighs its sentences with the word lists of its language.

The answer is a guess for asking back ("sounds like ...?"), never evidence by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nudges.domain.told.gates import parts, without_quotations
from nudges.domain.told.languages import language_of
from nudges.domain.told.lexicon import CLEAR, LANGUAGES, Lexicon, lexicon
from nudges.domain.told.patterns import Sentence, Span, folded

LONGEST = 3000  # characters looked at
ENOUGH = 0.5  # from here on a kind is a label
ASK_BACK = 0.35  # from here on it is worth asking
MOST_LABELS = 3
ASKING = 0.3  # what is left of a question's weight
ASKING_LEAVE = 0.6  # the same for "are we allowed to?": often the worry itself; one line is asked back, two are a label
# What the first kind says in passing sounds like the second: a boss's "waste of time" is the boss's view, who does not
# understand English understands the buttons well enough, and "nobody" has shown, cleared or translated it.
_SHADOWS = (
    ("manager_discourages", "no_personal_value"),
    ("colleagues_absent", "no_personal_value"),
    ("language_or_accessibility", "lacks_skill"),
    ("language_or_accessibility", "colleagues_absent"),
    ("lacks_skill", "colleagues_absent"),
    ("policy_worry", "colleagues_absent"),
    ("policy_worry", "lacks_skill"),
    ("manager_discourages", "colleagues_absent"),
    ("manager_discourages", "lacks_skill"),
    ("language_or_accessibility", "no_personal_value"),
)
SHADOWED = 0.5


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


Reader = Callable[[str, str], Guess]  # a text and its language in, the guess out


def classify(text: str, language: str = "") -> Guess:
    """Return the guess for a text; its language is told by its words and letters where it is not given."""
    words = words_for(text, language)
    missing = dict.fromkeys(words.kinds, 1.0)
    for part in parts(without_quotations(folded(text[:LONGEST]), words), words):
        for kind, found in _found(part.sentence, words).items():
            asked = (ASKING_LEAVE if kind == "policy_worry" else ASKING) if part.asks else 1
            missing[kind] *= 1 - part.weight * asked * found
    scores = {kind: round(1 - left, 4) for kind, left in missing.items()}
    return Guess(labels(scores), scores)


def words_for(text: str, language: str) -> Lexicon:
    """Return the word lists of a language, or of the one that the text seems to be written in."""
    return lexicon(language if language in LANGUAGES else language_of(text))


def labels(scores: Mapping[str, float]) -> tuple[str, ...]:
    """Return the kinds that count as said, the likeliest first."""
    kinds = sorted((kind for kind, score in scores.items() if score >= ENOUGH), key=lambda kind: -scores[kind])
    return tuple(kinds[:MOST_LABELS])


def _found(sentence: Sentence, words: Lexicon) -> Mapping[str, float]:
    """Return how much each kind is spoken of in a sentence: each line that finds words of its own leaves less doubt."""
    found: dict[str, float] = {}
    for kind, lines in words.kinds.items():
        left, taken = 1.0, list[Span]()
        for line, weight in lines:
            if (spans := line.spans(sentence)) and not all(_is_taken(span, taken) for span in spans):
                taken += spans
                left *= 1 - weight
        if left < 1:
            found[kind] = 1 - left
    for louder, other in _SHADOWS:
        if found.get(louder, 0) >= CLEAR and other in found:
            found[other] *= SHADOWED
    return found


def _is_taken(span: Span, taken: list[Span]) -> bool:
    """Return whether another line has counted some of these words already: the same words are no second witness."""
    return any(span[0] < end and start < span[1] for start, end in taken)
