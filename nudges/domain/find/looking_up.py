"""One question from end to end: this module joins words, meaning and situation to one order of the nudges."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nudges.domain.find.index import Index
from nudges.domain.find.meaning import Sense, joined, nearness, texts_of
from nudges.domain.find.ranking import Hit, rank, worth_showing
from nudges.domain.find.situations import Recognised, lifts, recognised, situation_texts

SURELY_SEEN = 3  # results that everybody looks at
ABOUT_LANGUAGE = "en"  # in which the situations say what they are about

# How near each of the texts is to the first one in meaning; None where nobody can say, or not yet.
Likeness = Callable[[str, Sequence[str]], Sequence[float] | None]


@dataclass(frozen=True)
class Looked:
    """Every nudge in the order in which it answers, and whether the words are about something that no nudge is for."""

    ranked: tuple[Hit, ...]
    is_elsewhere: bool = False

    @property
    def hits(self) -> list[Hit]:
        """Return those worth showing; none is an honest answer."""
        return [] if self.is_elsewhere else worth_showing(self.ranked)


def look_up(index: Index, senses: Sequence[Sense], asked: str, *, language: str, likeness: Likeness) -> Looked:
    """Return how well each nudge answers what is asked by somebody who reads this language."""
    own = _answers(index, senses, asked, language=language, likeness=likeness)
    seen = recognised(asked, language, likeness(asked, situation_texts()))
    meant = [one for one in seen if one.fit > 0 and not one.situation.is_elsewhere]
    gained = lifts([(one, _about(index, senses, one.situation.about, likeness)) for one in meant])
    by_name = {**{name: Hit(name, 0.0) for name in gained}, **{hit.name: hit for hit in own}}
    lifted = [replace(hit, lift=gained.get(hit.name, 0.0)) for hit in by_name.values()]
    ranked = tuple(_with_the_plainest(sorted(lifted, key=lambda hit: (-hit.rating, hit.name))))
    return Looked(ranked, is_elsewhere=_is_elsewhere(seen, ranked))


def _with_the_plainest(ranked: list[Hit]) -> list[Hit]:
    """Return them with the one that answers best by itself among the first: the situation may have been another."""
    plainest = max(ranked, key=lambda hit: hit.score, default=None)
    if plainest is None or plainest in ranked[:SURELY_SEEN]:
        return ranked
    others = [hit for hit in ranked if hit is not plainest]
    return [*others[: SURELY_SEEN - 1], plainest, *others[SURELY_SEEN - 1 :]]


def _about(index: Index, senses: Sequence[Sense], about: str, likeness: Likeness) -> list[Hit]:
    return _answers(index, senses, about, language=ABOUT_LANGUAGE, likeness=likeness)


def _answers(index: Index, senses: Sequence[Sense], asked: str, *, language: str, likeness: Likeness) -> list[Hit]:
    """Return the nudges by words and meaning alone."""
    texts = texts_of(senses)
    found = likeness(asked, texts) if asked else None
    near = nearness(senses, dict(zip(texts, found, strict=True))) if found is not None else {}
    return joined(rank(index, asked, language=language), near)


def _is_elsewhere(seen: Sequence[Recognised], ranked: Sequence[Hit]) -> bool:
    """Return whether something else fits better than the best nudge does by itself."""
    best = seen[0] if seen else None
    return best is not None and best.situation.is_elsewhere and not (ranked and ranked[0].score >= best.fit)
