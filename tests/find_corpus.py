"""The search against questions that somebody else wrote: this module reads the corpus and counts what was found."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.meaning import SentenceMeaning, sentence_meaning
from nudges.domain.files.loading import load_company, load_playbook
from nudges.domain.find.index import Bag, Index, Passage, bag_of, index_of
from nudges.domain.find.looking_up import Looked, look_up
from nudges.domain.find.meaning import Sense, sense_of, texts_of
from nudges.domain.find.passages import passages_of
from nudges.domain.find.ranking import Hit
from nudges.domain.find.situations import situation_texts

LONGEST_LEARNING_S = 120.0
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
def passages() -> tuple[Passage, ...]:
    """Return every nudge in the folder, in each of its languages."""
    folder = FOLDER / "playbooks"
    company = load_company((folder / "company.yaml").read_text(encoding="utf-8"), file="company.yaml").value
    assert company is not None
    files = [path for path in sorted(folder.glob("*.yaml")) if path.stem != "company"]
    read = [load_playbook(path.read_text(encoding="utf-8"), file=path.name, company=company).value for path in files]
    assert all(read)
    return tuple(passage for one in read if one for passage in passages_of(one, company))


@cache
def bags() -> tuple[Bag, ...]:
    """Return the terms of each of them."""
    return tuple(bag_of(passage) for passage in passages())


@cache
def senses() -> tuple[Sense, ...]:
    """Return the texts by which each is compared in meaning."""
    return tuple(sense_of(passage) for passage in passages())


@cache
def corpus() -> Index:
    """Return the index of every playbook in the folder."""
    return index_of(bags())


@cache
def model() -> SentenceMeaning | None:
    """Return the model of meanings, with every nudge learnt; None where its package is not installed."""
    meaning = sentence_meaning()
    texts = [*texts_of(senses()), *situation_texts()]
    until = time.monotonic() + LONGEST_LEARNING_S
    while meaning is not None and meaning.likeness("warm up", texts) is None and time.monotonic() < until:
        time.sleep(0.05)
    return meaning


@cache
def found(question: Question, *, by_meaning: bool = True) -> list[Hit]:
    """Return what the search shows for it; without `by_meaning`, what words alone would show."""
    return looked(question, by_meaning=by_meaning).hits


@cache
def looked(question: Question, *, by_meaning: bool = True) -> Looked:
    """Return how every nudge answers it."""
    meaning = model() if by_meaning else None
    likeness = meaning.likeness if meaning is not None else _unknown
    return look_up(corpus(), senses(), question.words, language=question.lang, likeness=likeness)


def score(asked: list[Question], *, by_meaning: bool = True) -> Score:
    """Return how well these questions are answered."""
    results = [(question, found(question, by_meaning=by_meaning)) for question in asked]
    places = [_place(question, hits) for question, hits in results]
    missed = [(one, tuple(hits[:4])) for (one, hits), place in zip(results, places, strict=True) if place != 0]
    return Score(len(asked), places.count(0), sum(place < 3 for place in places), tuple(missed))


def _unknown(asked: str, texts: Sequence[str]) -> None:
    """Stand for a model that is not there."""


def _place(question: Question, hits: list[Hit]) -> int:
    names = [hit.name for hit in hits]
    return min((names.index(name) for name in question.right if name in names), default=len(names) + 3)
