"""The search against questions that somebody else wrote: this module reads the corpus and counts what was found."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nudges.domain.find.index import Bag, Index, bag_of, index_of
from nudges.domain.find.passages import passages_of
from nudges.domain.find.ranking import Hit, rank, worth_showing
from nudges.domain.loading import load_company, load_playbook

FOLDER = Path(__file__).parent / "data" / "find"


@dataclass(frozen=True)
class Question:
    """What somebody types, in which language, and which nudges answer it."""

    id: str
    words: str
    lang: str
    right: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Of how many questions the right nudge came first, and among the first three."""

    asked: int
    first: int
    in_three: int
    missed: tuple[tuple[Question, tuple[Hit, ...]], ...]

    @property
    def share_first(self) -> float:
        """Return the share with the right nudge first."""
        return self.first / self.asked

    @property
    def share_in_three(self) -> float:
        """Return the share with the right nudge in the first three."""
        return self.in_three / self.asked


def questions(name: str) -> list[Question]:
    """Return the questions of one file."""
    lines = (FOLDER / f"questions_{name}.jsonl").read_text(encoding="utf-8").splitlines()
    read = (json.loads(line) for line in lines if line)
    return [Question(one["id"], one["words"], one["lang"], tuple(one["right"])) for one in read]


@cache
def bags() -> tuple[Bag, ...]:
    """Return the terms of every nudge in the folder, in each of its languages."""
    folder = FOLDER / "playbooks"
    company = load_company((folder / "company.yaml").read_text(encoding="utf-8"), file="company.yaml").value
    assert company is not None
    files = [path for path in sorted(folder.glob("*.yaml")) if path.stem != "company"]
    read = [load_playbook(path.read_text(encoding="utf-8"), file=path.name, company=company).value for path in files]
    assert all(read)
    return tuple(bag_of(passage) for one in read if one for passage in passages_of(one, company))


@cache
def corpus() -> Index:
    """Return the index of every playbook in the folder."""
    return index_of(bags())


def found(question: Question) -> list[Hit]:
    """Return what the search shows for it."""
    return worth_showing(rank(corpus(), question.words, language=question.lang))


def score(asked: list[Question]) -> Score:
    """Return how well these questions are answered."""
    results = [(question, found(question)) for question in asked]
    places = [_place(question, hits) for question, hits in results]
    missed = [(one, tuple(hits[:4])) for (one, hits), place in zip(results, places, strict=True) if place != 0]
    return Score(len(asked), places.count(0), sum(place < 3 for place in places), tuple(missed))


def _place(question: Question, hits: list[Hit]) -> int:
    names = [hit.name for hit in hits]
    return min((names.index(name) for name in question.right if name in names), default=len(names) + 3)
