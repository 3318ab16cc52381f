"""Which nudges answer a question best: this module weighs them, and says when none is good enough."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nudges.domain.find.asking import Sought, sought_in
from nudges.domain.find.index import Index, LanguageIndex

OTHER_LANGUAGE = 0.92  # what is left of a find in a language that is not the reader's
LIFT = 1.5  # how much the situation counts beside the words themselves
# Two limits each, since a situation helps only where the list knows it: one for all that speaks for a nudge together,
# one for the words of the question and their meaning alone.
LEAST, LEAST_ALONE = 0.35, 0.2  # under both nothing is shown
FITTING, FITTING_ALONE = 0.7, 0.3  # from here on the best one is said to fit
SURE, SURE_ALONE = 0.8, 0.33  # from here on a message that may be something else is taken for a question
SURE_IDEAS = 2  # words of it that must be answered: one that matches well may well be chance
NEAR = 0.08  # the score from which a topic is called near
WEAKEST = 0.2  # of the best one's score: what is weaker is left out


@dataclass(frozen=True)
class Hit:
    """A nudge and how well it answers, where 1 is about every word in a prominent place."""

    name: str
    score: float
    ideas: int = 0  # how many of the words and expressions that were asked stand in it
    lift: float = 0.0  # how well it answers the situation that the words seem to be about

    @property
    def rating(self) -> float:
        """Return by what it is ordered: how well it answers, and how well what was probably meant."""
        return self.score + LIFT * self.lift

    @property
    def is_sure(self) -> bool:
        """Return whether it answers so well that nobody need ask whether a question was meant."""
        return self.ideas >= SURE_IDEAS and self.reaches(SURE, SURE_ALONE)

    @property
    def is_fitting(self) -> bool:
        """Return whether it may be said to fit; otherwise it only comes nearest."""
        return self.reaches(FITTING, FITTING_ALONE)

    def reaches(self, rating: float, score: float) -> bool:
        """Return whether all that speaks for it together is enough, or the words and their meaning alone."""
        return self.rating >= rating or self.score >= score


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
    if not any(hit.reaches(LEAST, LEAST_ALONE) for hit in hits[:1]):
        return []
    return [hit for hit in hits if hit.rating >= hits[0].rating * WEAKEST]


def _scores(index: LanguageIndex, sought: Sequence[Sought]) -> dict[int, tuple[float, int]]:
    """Return by place how much of what is sought stands there, from 0 to about 1, and how many words of it."""
    mass = sum(one.mass for one in sought)
    found: dict[int, float] = defaultdict(float)
    ideas: dict[int, int] = defaultdict(int)
    for one in sought:
        best: dict[int, float] = {}
        for term, weight in one.ways:
            said = weight * index.rarity[term]
            for place, strength in index.found_in[term]:
                best[place] = max(best.get(place, 0.0), said * strength)
        for place, strength in best.items():
            found[place] += strength
            ideas[place] += not one.is_bonus
    return {place: (strength / mass, ideas[place]) for place, strength in found.items()} if mass else {}
