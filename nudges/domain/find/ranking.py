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
SURE_IDEAS = 2  # words of it that must be answered: one that matches well may well be chance
WEAKEST = 0.35  # of the best one's score: what is weaker is left out


@dataclass(frozen=True)
class Hit:
    """A nudge and how well it answers, where 1 is about every word in a prominent place."""

    name: str
    score: float
    ideas: int = 0  # how many of the words and expressions that were asked stand in it

    @property
    def is_sure(self) -> bool:
        """Return whether it answers so well that nobody need ask whether a question was meant."""
        return self.score >= SURE and self.ideas >= SURE_IDEAS


def rank(index: Index, text: str, *, language: str = "", among: Collection[str] | None = None) -> list[Hit]:
    """Return every nudge in which something of it is found, the best first; of these nudges, or of all."""
    best: dict[str, Hit] = {}
    for part in index.languages:
        factor = 1.0 if part.language == language or not language else OTHER_LANGUAGE
        for place, (score, ideas) in _scores(part, sought_in(text, part, language)).items():
            hit = Hit(part.names[place], score * factor, ideas)
            if among is None or hit.name in among:
                best[hit.name] = max(best.get(hit.name, hit), hit, key=lambda one: one.score)
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.name))


def worth_showing(hits: Sequence[Hit]) -> list[Hit]:
    """Return those of ranked hits that may well be what is meant; none is an honest answer."""
    least = max(LEAST, hits[0].score * WEAKEST) if hits else LEAST
    return [hit for hit in hits if hit.score >= least]


def _scores(index: LanguageIndex, sought: Sequence[Sought]) -> dict[int, tuple[float, int]]:
    """Return by place how much of what is sought stands there, from 0 to about 1, and how many words of it."""
    mass = sum(one.mass for one in sought)
    found: dict[int, float] = defaultdict(float)
    ideas: dict[int, int] = defaultdict(int)
    for one in sought:
        best: dict[int, float] = {}
        for term, weight in one.ways:
            said = weight * index.rarity[term]
            for place, strength in index.found_in[term].items():
                best[place] = max(best.get(place, 0.0), said * strength)
        for place, strength in best.items():
            found[place] += strength
            ideas[place] += not one.is_bonus
    return {place: (strength / mass, ideas[place]) for place, strength in found.items()} if mass else {}
