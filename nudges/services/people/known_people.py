"""People with what rules ask for: this module reads a directory so that every segment can be asked of it.

Whoever asks `first_segment`, `in_segment` or `matches` about stored people reads them here: without their facts, a
rule over behaviour would hold for nobody, and its opposite for everybody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from nudges.domain.people.facts import NOTHING_WANTED, Wanted, wanted_by
from nudges.domain.people.people import Person
from nudges.domain.playbooks.company import Company
from nudges.services.core import Core
from nudges.store import facts, people
from nudges.store.facts import Scene


def known_people(
    session: Session, core: Core, company: Company, names: Iterable[str] | None = None
) -> Iterator[Person]:
    """Give everybody in the order of their ids, knowing what these segments ask for; without names, what any asks."""
    wanted = wanted_of(company, names)
    known = {} if wanted == NOTHING_WANTED else facts.behaviours(session, scene_of(core, company), wanted)
    for person in people.everybody(session, core.workspace_id):
        yield replace(person, behaviour=known[person.person_id]) if person.person_id in known else person


def known_person(session: Session, core: Core, company: Company, person_id: str) -> Person | None:
    """Return one person, knowing what any segment of this company asks for; None for a stranger."""
    person = people.person(session, core.workspace_id, person_id)
    wanted = wanted_of(company)
    if person is None or wanted == NOTHING_WANTED:
        return person
    known = facts.behaviours(session, scene_of(core, company, person_id=person_id), wanted)
    return replace(person, behaviour=known.get(person_id))


def wanted_of(company: Company, names: Iterable[str] | None = None) -> Wanted:
    """Return what these segments ask for; names that no segment has ask for nothing."""
    chosen = company.segments.keys() if names is None else company.segments.keys() & set(names)
    return wanted_by((company.segments[name] for name in chosen), company.segments)


def scene_of(core: Core, company: Company, *, person_id: str = "") -> Scene:
    """Return where and when rules are asked; channels go by today's company.yaml, where it names them."""
    channels = {**company.channels, **core.company().channels}
    return Scene(core.workspace_id, core.clock(), channels, person_id)
