"""`/nudge find`: this module looks up what somebody asks in the nudges that are meant for them. It writes nothing.

Nothing of the question is kept: no table, no log line and no audit line has its words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from nudges.domain.delivery.messages import Message, compose
from nudges.domain.find.asking import sought_in
from nudges.domain.find.folding import spoken
from nudges.domain.find.index import Bag, Index, bag_of, index_of
from nudges.domain.find.looking_up import Likeness, look_up
from nudges.domain.find.meaning import Sense, sense_of
from nudges.domain.find.passages import passages_of
from nudges.domain.find.ranking import NEAR, Hit
from nudges.domain.find.situations import recognised
from nudges.domain.find.snippets import shortened, snippet
from nudges.domain.find.views import Found, FoundNudge, FoundRef
from nudges.domain.people.people import Person
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.languages import in_language, language_for, title_for
from nudges.domain.playbooks.markup import render_mrkdwn, render_plain
from nudges.domain.playbooks.playbook import Nudge, Playbook, Quiz
from nudges.services.core import Core
from nudges.services.own.readable import Shelf, open_to

MOST_RESULTS = 5
MOST_FURTHER = 10
MOST_TOPICS = 3
LONGEST_TITLE = 120
_INDEXES = 32  # one for each combination of campaigns that some people may read
_CONTENTS = 128


@dataclass(frozen=True)
class Shown:
    """A nudge that was asked for, ready to be shown; `answers` are a quiz's right choices and safe replies."""

    message: Message
    topic: str
    answers: tuple[tuple[str, str], ...] = ()


def find_nudges(core: Core, person_id: str, words: str) -> Found:
    """Return what answers best among what this person may read; without any, the nearest topics and who to ask."""
    asked = spoken(words)
    person, shelves = open_to(core, person_id)
    if person is None or not shelves:
        return Found(is_empty=not asked)
    index = _index_for(shelves)
    looked = look_up(index, _senses_in(shelves), asked, language=person.language, likeness=_likeness(core))
    hits = looked.hits
    refs = [_ref(hit) for hit in hits[MOST_RESULTS : MOST_RESULTS + MOST_FURTHER]]
    if hits:
        results = [_result(hit, asked, shelves, person, index) for hit in hits[:MOST_RESULTS]]
        best = hits[0]
        return Found(tuple(filter(None, results)), tuple(refs), is_fitting=best.is_fitting, is_sure=best.is_sure)
    near = _nearest([hit for hit in looked.ranked if hit.score >= NEAR], shelves)
    titles = tuple(dict.fromkeys(title_for(person.language, shelf.playbook) for shelf in near or shelves))
    return Found(topics=titles[:MOST_TOPICS], ask_id=(near or shelves)[0].playbook.owner, is_empty=not asked)


def further(core: Core, person_id: str, refs: Iterable[FoundRef]) -> tuple[FoundNudge, ...]:
    """Return more results of a search by their names; those that the person may not read any more are left out."""
    person, shelves = open_to(core, person_id)
    if person is None:
        return ()
    known = ((ref, *found) for ref in refs if (found := _nudge_at(ref, shelves)) is not None)
    return tuple(_plain_result(ref, shelf, nudge, person) for ref, shelf, nudge in known)


def show_found(core: Core, person_id: str, ref: FoundRef) -> Shown | None:
    """Return a nudge as this person reads it; None when they may not, or when it is gone.

    No delivery is made and no cap is touched: they asked for it.
    """
    person, shelves = open_to(core, person_id)
    found = _nudge_at(ref, shelves)
    if person is None or found is None:
        return None
    shelf, nudge = found
    message = compose(
        delivery_id="",
        playbook=shelf.playbook,
        nudge=nudge,
        person=person,
        company=core.company(),
        segment=shelf.segment,
        is_first=False,
    )
    told = in_language(nudge, language_for(person, shelf.playbook, nudge))
    return Shown(message, title_for(person.language, shelf.playbook), _right_answers(told))


@lru_cache(maxsize=_INDEXES)
def _index_for(shelves: tuple[Shelf, ...]) -> Index:
    return index_of(
        replace(bag, name=f"{shelf.campaign_id}:{bag.name}")
        for shelf in shelves
        for bag in _bags(_Content(shelf.content_hash, shelf.playbook, shelf.company))
        if bag.name not in shelf.withheld
    )


def warm_finding(core: Core) -> None:
    """Read the word lists before the first question comes; what texts mean is learnt when somebody asks."""
    library = core.library()
    for read in library.playbooks.values():
        for passage in passages_of(read.playbook, library.company or Company()):
            bag_of(passage)
    recognised("", "", None)


def _likeness(core: Core) -> Likeness:
    return core.meaning.likeness if core.meaning is not None else lambda asked, texts: None


def _senses_in(shelves: tuple[Shelf, ...]) -> list[Sense]:
    return [
        replace(sense, name=f"{shelf.campaign_id}:{sense.name}")
        for shelf in shelves
        for sense in _senses(_Content(shelf.content_hash, shelf.playbook, shelf.company))
        if sense.name not in shelf.withheld
    ]


@lru_cache(maxsize=_CONTENTS)
def _senses(content: "_Content") -> tuple[Sense, ...]:
    return tuple(sense_of(passage) for passage in passages_of(content.playbook, content.company))


@dataclass(frozen=True)
class _Content:
    """A playbook known by the hash of its text."""

    content_hash: str
    playbook: Playbook = field(compare=False)
    company: Company = field(compare=False)


@lru_cache(maxsize=_CONTENTS)
def _bags(content: _Content) -> tuple[Bag, ...]:
    return tuple(bag_of(passage) for passage in passages_of(content.playbook, content.company))


def _result(hit: Hit, asked: str, shelves: Sequence[Shelf], person: Person, index: Index) -> FoundNudge | None:
    found = _nudge_at(_ref(hit), shelves)
    if found is None:
        return None
    shelf, nudge = found
    language = language_for(person, shelf.playbook, nudge)
    part = next((part for part in index.languages if part.language == language), None)
    names = {name for one in sought_in(asked, part) for name, _ in one.ways} if part else set()
    rarity = {name: part.rarity[name] for name in names} if part else {}
    pieces = snippet(_body(in_language(nudge, language), person), language, rarity)
    return replace(_plain_result(_ref(hit), shelf, nudge, person), snippet=pieces)


def _plain_result(ref: FoundRef, shelf: Shelf, nudge: Nudge, person: Person) -> FoundNudge:
    told = in_language(nudge, language_for(person, shelf.playbook, nudge))
    title = told.fallback or _question(told) or _body(told, person)
    return FoundNudge(ref, told.kind, shortened(title, LONGEST_TITLE), title_for(person.language, shelf.playbook))


def _body(nudge: Nudge, person: Person) -> str:
    values = {"first_name": person.first_name, "team": person.team, "place": person.place}
    texts = [nudge.text, *getattr(nudge, "steps", ())] if nudge.text else [_question(nudge)]
    return render_plain("\n".join(str(text) for text in texts), values).strip()


def _question(nudge: Nudge) -> str:
    return str(getattr(nudge, "question", ""))


def _right_answers(nudge: Nudge) -> tuple[tuple[str, str], ...]:
    if not isinstance(nudge, Quiz):
        return ()
    return tuple((choice.text, render_mrkdwn(choice.reply, {})) for choice in nudge.picked(nudge.right_answer()))


def _nudge_at(ref: FoundRef, shelves: Sequence[Shelf]) -> tuple[Shelf, Nudge] | None:
    shelf = next((one for one in shelves if one.campaign_id == ref.campaign_id), None)
    nudge = shelf.nudge(ref.nudge_key) if shelf else None
    return (shelf, nudge) if shelf and nudge else None


def _nearest(hits: Sequence[Hit], shelves: Sequence[Shelf]) -> list[Shelf]:
    """Return the campaigns in which at least something was found, the nearest first."""
    wanted = dict.fromkeys(_ref(hit).campaign_id for hit in hits)
    by_id = {shelf.campaign_id: shelf for shelf in shelves}
    return [by_id[campaign_id] for campaign_id in wanted]


def _ref(hit: Hit) -> FoundRef:
    campaign_id, _, nudge_key = hit.name.partition(":")
    return FoundRef(int(campaign_id), nudge_key)
