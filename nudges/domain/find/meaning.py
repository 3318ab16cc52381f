"""What a nudge means beside its words: this module is the texts by which it is compared, and how both are joined.

Which number two texts get is not decided here: whoever knows a language's meanings is asked by the service.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nudges.domain.find.index import Passage
from nudges.domain.find.ranking import Hit

HEADING, BODY = 1.5, 0.7  # from which weight on a text says what the nudge is about, or is part of what it tells
WEIGHT = 0.7  # how much meaning counts beside words
NEUTRAL = 0.22  # a likeness that says nothing: two texts about office work are never quite unlike


@dataclass(frozen=True)
class Sense:
    """The texts of one nudge in one language: what it is about, and the whole."""

    name: str
    texts: tuple[str, ...]


def sense_of(passage: Passage) -> Sense:
    """Return what the passage is compared by."""
    headings = [text for text, weight in passage.texts if weight >= HEADING]
    body = [text for text, weight in passage.texts if BODY <= weight < HEADING]
    return Sense(passage.name, (". ".join(headings), ". ".join([*headings[-1:], " ".join(body)])))


def nearness(senses: Iterable[Sense], likeness: Mapping[str, float]) -> dict[str, float]:
    """Return for each nudge how near it is: of each of its texts the best language, and of those the middle."""
    best: dict[str, list[float]] = defaultdict(list)
    for sense in senses:
        found = [likeness[text] for text in sense.texts]
        before = best[sense.name] or found
        best[sense.name] = [max(pair) for pair in zip(before, found, strict=True)]
    return {name: sum(found) / len(found) for name, found in best.items()}


def joined(hits: Sequence[Hit], near: Mapping[str, float]) -> list[Hit]:
    """Return the hits by words and by meaning together, the best first; a nudge may be found by meaning alone."""
    by_name = {hit.name: hit for hit in hits}
    weighed = [_weighed(by_name.get(name, Hit(name, 0.0)), near.get(name, NEUTRAL)) for name in {**by_name, **near}]
    return sorted((hit for hit in weighed if hit.score > 0), key=lambda hit: (-hit.score, hit.name))


def _weighed(hit: Hit, likeness: float) -> Hit:
    return replace(hit, score=hit.score + WEIGHT * (likeness - NEUTRAL))
