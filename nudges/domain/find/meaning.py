"""What a nudge means beside its words: this module is the texts by which it is compared, and how both are joined.

Which number two texts get is not decided here: whoever knows a language's meanings is asked by the service.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nudges.domain.find.index import Passage
from nudges.domain.find.ranking import Hit

HEADING, BODY = 1.5, 0.7  # from which weight on a text says what the nudge is about, or is part of what it tells
ASKED = 0.7  # how much the nearest of the author's questions counts; the rest is the nudge itself
WEIGHT = 0.7  # how much meaning counts beside words
NEUTRAL = 0.22  # a likeness that says nothing: two texts about office work are never quite unlike


@dataclass(frozen=True)
class Sense:
    """The texts of one nudge in one language: what it is about, the whole, and how people ask for it."""

    name: str
    texts: tuple[str, ...]
    asked: tuple[str, ...] = ()


def sense_of(passage: Passage) -> Sense:
    """Return what the passage is compared by."""
    headings = [text for text, weight in passage.texts if weight >= HEADING]
    body = [text for text, weight in passage.texts if BODY <= weight < HEADING]
    return Sense(passage.name, (". ".join(headings), ". ".join([*headings[-1:], " ".join(body)])), passage.asked)


def texts_of(senses: Iterable[Sense]) -> list[str]:
    """Return every text whose likeness is needed to say how near they are."""
    return [text for sense in senses for text in (*sense.texts, *sense.asked)]


def nearness(senses: Iterable[Sense], likeness: Mapping[str, float]) -> dict[str, float]:
    """Return for each nudge how near it is: of each of its texts the best language, and of those the middle.

    Two questions are compared more surely than a question and its answer, so an author's question counts for more.
    """
    best: dict[str, list[float]] = defaultdict(list)
    asked: dict[str, list[float]] = defaultdict(list)
    for sense in senses:
        found = [likeness[text] for text in sense.texts]
        before = best[sense.name] or found
        best[sense.name] = [max(pair) for pair in zip(before, found, strict=True)]
        asked[sense.name] += [likeness[text] for text in sense.asked]
    middle = {name: sum(found) / len(found) for name, found in best.items()}
    return {name: max(own, _with_asked(own, asked[name])) for name, own in middle.items()}


def _with_asked(own: float, asked: Sequence[float]) -> float:
    return ASKED * max(asked) + (1 - ASKED) * own if asked else own


def joined(hits: Sequence[Hit], near: Mapping[str, float], weight: float = WEIGHT) -> list[Hit]:
    """Return the hits by words and by meaning together, the best first; a nudge may be found by meaning alone."""
    by_name = {hit.name: hit for hit in hits}
    weighed = [
        _weighed(by_name.get(name, Hit(name, 0.0)), weight * (near.get(name, NEUTRAL) - NEUTRAL))
        for name in {**by_name, **near}
    ]
    return sorted((hit for hit in weighed if hit.score > 0), key=lambda hit: (-hit.score, hit.name))


def _weighed(hit: Hit, gained: float) -> Hit:
    return replace(hit, score=hit.score + gained)
