"""Which nudges answer a question best: this module weighs them, and says when none is good enough."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nudges.domain.find.asking import Sought, sought_in
from nudges.domain.find.index import Index, LanguageIndex

OTHER_LANGUAGE = 0.92  # what is left of a find in a language that is not the reader's
LEAST = 0.1  # the score under which nothing is shown
NEAR = 0.08  # the score from which a topic is called near
FITTING = 0.25  # from here on the best one is said to fit
SURE = 0.33  # from here on a message that may be something else is taken for a question
WEAKEST = 0.35  # of the best one's score: what is weaker is left out


@dataclass(frozen=True)
class Hit:
    """A nudge and how well it answers, where 1 is about every word in a prominent place."""

    name: str
    score: float


def rank(index: Index, text: str, *, language: str = "", among: Collection[str] | None = None) -> list[Hit]:
    """Return every nudge in which something of it is found, the best first; of these nudges, or of all."""
    best: dict[str, float] = defaultdict(float)
    for part in index.languages:
        factor = 1.0 if part.language == language or not language else OTHER_LANGUAGE
        for place, score in _scores(part, sought_in(text, part, language)).items():
            name = part.names[place]
            if among is None or name in among:
                best[name] = max(best[name], score * factor)
    return sorted((Hit(name, score) for name, score in best.items()), key=lambda hit: (-hit.score, hit.name))


def worth_showing(hits: Sequence[Hit]) -> list[Hit]:
    """Return those of ranked hits that may well be what is meant; none is an honest answer."""
    least = max(LEAST, hits[0].score * WEAKEST) if hits else LEAST
    return [hit for hit in hits if hit.score >= least]


def _scores(index: LanguageIndex, sought: Sequence[Sought]) -> dict[int, float]:
    """Return by place how much of what is sought stands there, from 0 to about 1."""
    mass = sum(one.mass for one in sought)
    found: dict[int, float] = defaultdict(float)
    for one in sought:
        best: dict[int, float] = {}
        for term, weight in one.ways:
            said = weight * index.rarity[term]
            for place, strength in index.found_in[term].items():
                best[place] = max(best.get(place, 0.0), said * strength)
        for place, strength in best.items():
            found[place] += strength
    return {place: strength / mass for place, strength in found.items()} if mass else {}
