"""Who there is: this module takes over Slack's directory and the company's people file, whole or not at all."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery, Planned, Skipped, person_hash
from nudges.domain.people.group_problems import problem_in_words
from nudges.domain.people.people import Person, PersonKind
from nudges.domain.playbooks.playbook import Nudge
from nudges.domain.times.cadence import rederive
from nudges.domain.times.workdays import calendar_of
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.spans import is_finished
from nudges.services.barriers.flag_gate import alias_of
from nudges.services.core import Core
from nudges.services.delivery.draw_audience import refresh_in_parts
from nudges.services.people.people_file import read_people
from nudges.services.people.sync_groups import groups_named, read_groups
from nudges.store import campaigns, deliveries, forgotten, groups, instance, listed_people, people
from nudges.store.campaigns import CampaignStatus
from nudges.store.groups import GroupReading
from nudges.store.staged_people import StagedPeople, kept_lines, staged

PART = 1000  # waiting deliveries whose people are held at a time


@dataclass(frozen=True)
class SyncReport:
    """What a reading of the directory found."""

    people: int
    sendable: int
    moved: int
    groups: int = 0
    problems: tuple[str, ...] = ()  # a sentence for each group that Slack does not show


@dataclass(frozen=True)
class ImportReport:
    """What a people file brought."""

    rows: int
    custom: tuple[str, ...]
    unknown_ids: int


def sync_people(core: Core) -> SyncReport:
    """Read the whole directory, then store it; nothing is stored when a page is missing (DirectoryError)."""
    with staged(core.directory.people()) as listed:
        with core.db.reading() as session:
            named = groups_named(session, core)
        found = read_groups(core, named)
        kept = _take_over(core, listed, found)
    refresh_audiences(core)
    moved = follow_zones(core)
    problems = tuple(problem_in_words(one, reading.problem) for one, reading in found.items() if reading.problem)
    return SyncReport(kept.total(), kept[PersonKind.MEMBER], moved, groups=len(found), problems=problems)


def _take_over(core: Core, listed: StagedPeople, found: Mapping[str, GroupReading]) -> Counter[PersonKind]:
    """Store all that has changed in one transaction, so that all of it is seen or none; return who there is by kind.

    What has changed is found beforehand, because nothing else is written while that transaction lasts; when somebody
    was forgotten or the directory was taken over by another process meanwhile, it is found anew.
    """
    members = frozenset[str]().union(*(one.member_ids or () for one in found.values()))
    with kept_lines() as changed:
        while True:
            with core.db.reading() as session:
                known, tally = _known(session, core), _Tally(members)
                those = tally.noted(_not_forgotten(session, core, listed))
                changed.replace(listed_people.changes(session, core.workspace_id, those, listed.missing))
            now = core.clock()
            with core.db.begin(thinks_long=True) as session:
                if _known(session, core) != known:
                    continue
                listed_people.take_over(session, core.workspace_id, changed, now)
                groups.replace(session, core.workspace_id, _of_people(found, tally.members), now)
                instance.mark_synced(session, core.workspace_id, now)
                return tally.kinds


class _Tally:
    """Counts people as they go by, and notes which of these ids are among them."""

    def __init__(self, wanted: Set[str]) -> None:
        self._wanted = wanted
        self.members = set[str]()
        self.kinds = Counter[PersonKind]()

    def noted(self, people: Iterable[Person]) -> Iterator[Person]:
        for person in people:
            self.kinds[person.kind] += 1
            if person.person_id in self._wanted:
                self.members.add(person.person_id)
            yield person


def _known(session: Session, core: Core) -> tuple[frozenset[str], datetime | None]:
    """Return what a comparison with the directory stands on."""
    here = instance.workspace(session, core.workspace_id)
    return forgotten.hashes(session, core.workspace_id), here.synced_at if here else None


def _of_people(found: Mapping[str, GroupReading], known: Set[str]) -> dict[str, GroupReading]:
    """Keep of each group only people whom we know: nobody forgotten, and no one from elsewhere."""
    return {
        group_id: replace(one, member_ids=None if one.member_ids is None else one.member_ids & known)
        for group_id, one in found.items()
    }


def import_people(core: Core, text: str) -> ImportReport:
    """Take over a people file; ImportRefused lists every faulty line, and then nothing is stored."""
    rows, custom = read_people(text, core.directory.ids_by_email)
    now = core.clock()
    with core.db.begin(thinks_long=True) as session:
        kept = list(_not_forgotten(session, core, rows))
        known = people.several(session, core.workspace_id, [person.person_id for person in kept])
        people.upsert_file(session, core.workspace_id, kept, now)
    refresh_audiences(core)
    follow_zones(core)
    return ImportReport(len(kept), custom, len(kept) - len(known))


def refresh_audiences(core: Core) -> None:
    """Make the audience of each running campaign what its rules say today; a finished one takes nobody in."""
    now = core.clock()
    with core.db.reading() as session:
        running = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
    for campaign in running:
        last_start = campaign.staging.last_start
        if last_start and is_finished(frozen(campaign)[0], starts_on=last_start, today=now.date()):
            continue
        refresh_in_parts(core, campaign, now)


def follow_zones(core: Core) -> int:
    """Derive the instants of all waiting deliveries again; return how many moved with a zone or its rules."""
    moved = 0
    with core.db.reading() as session:
        nudges = _nudges(session, core)
        for part in deliveries.waiting_in_parts(session, core.workspace_id, PART):
            if moves := list(_moves(session, core, part, nudges)):
                with core.db.begin() as writing:
                    moved += sum(deliveries.move(writing, delivery, planned) for delivery, planned in moves)
    return moved


def _moves(
    session: Session, core: Core, waiting: Sequence[Delivery], nudges: Mapping[tuple[int, str], Nudge]
) -> Iterator[tuple[Delivery, Planned]]:
    """Give what has another instant now; only the people of this part are read."""
    directory = people.several(session, core.workspace_id, sorted({one.person_id for one in waiting}))
    for delivery in waiting:
        person, nudge = directory.get(delivery.person_id), nudges.get((delivery.campaign_id, delivery.nudge_key))
        if person is None or nudge is None:
            continue
        planned = _again(core, delivery, nudge, person)
        if isinstance(planned, Planned) and planned.due_at != delivery.due_at:
            yield delivery, planned


def _nudges(session: Session, core: Core) -> dict[tuple[int, str], Nudge]:
    running = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
    return {(one.campaign_id, nudge.key): nudge for one in running for nudge in frozen(one)[0].nudges}


def _again(core: Core, delivery: Delivery, nudge: Nudge, person: Person) -> Planned | Skipped:
    # The nudge's own window and validity: what is left of them after a closing hour is not what was asked for.
    when, calendar = nudge.when, calendar_of(person, core.company())
    return rederive(delivery.local_due, calendar=calendar, window=when.window, valid_for=when.valid_for)


def _not_forgotten(session: Session, core: Core, listed: Iterable[Person]) -> Iterator[Person]:
    """Leave out who asked to be forgotten, as a person and as somebody's manager."""
    gone = forgotten.hashes(session, core.workspace_id)
    if not gone:
        return iter(listed)
    return (_without_manager(core, one, gone) for one in listed if _hash(core, one.person_id) not in gone)


def _without_manager(core: Core, person: Person, gone: frozenset[str]) -> Person:
    if not person.manager_id or _hash(core, person.manager_id) not in gone:
        return person
    return replace(person, manager_id=alias_of(core, person.manager_id))


def _hash(core: Core, person_id: str) -> str:
    return person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
