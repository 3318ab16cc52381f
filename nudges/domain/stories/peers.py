"""Who does a similar job: this module is the rule by which a colleague's story finds its readers.

Similar is: the same kind of work (the same role, or the same title but for its seniority) in the same department, and
in another team. Where a part is not known or too few people would be left, the rule gives way one step at a time: to
the kind of work anywhere, then to the department. A rule that holds fewer than k people is never used, and of an
author without a name only such parts are kept as k people share.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.segments import AllOf, AnyOf, HasValue, Not, Rule, matches
from nudges.domain.playbooks.comparing import plain

# What says how long somebody has done a job, not which; in the languages of our texts.
_SENIORITY = frozenset(
    [
        "senior",
        "junior",
        "sr",
        "jr",
        "principal",
        "staff",
        "associate",
        "trainee",
        "apprentice",
        "i",
        "ii",
        "iii",
        "iv",
        "1",
        "2",
        "3",
        "4",
        "leitender",
        "leitende",
        "auszubildender",
        "auszubildende",
        "sénior",
        "júnior",
    ]
)


@dataclass(frozen=True)
class Job:
    """Where and what somebody works, as far as it is known or may be kept."""

    department: str = ""
    role: str = ""
    title: str = ""
    team: str = ""
    manager_id: str = ""


def job_of(person: Person) -> Job:
    """Return a person's job as the people file has it."""
    return Job(person.department, person.role, person.title, person.team, person.manager_id)


def title_family(title: str) -> str:
    """Return a title without what only says how senior somebody is: "Senior Billing Agent II" -> "billing agent"."""
    words = plain(title).replace(".", " ").replace(",", " ").split()
    return " ".join(word for word in words if word not in _SENIORITY)


def peer_rules(job: Job, titles: Iterable[str]) -> Iterator[Rule]:
    """Give the rules for who does a similar job, the closest first; `titles` are all that people have."""
    work, place = _same_work(job, titles), _same_department(job)
    for parts in ([*work, *place] if work and place else [], work, place):
        if parts:
            yield AllOf((*parts, *_other_team(job)))


def peers_rule(job: Job, everybody: Sequence[Person], k: int) -> Rule | None:
    """Return the closest rule that holds at least k people, or None: then nobody would be similar enough."""
    readers = [person for person in everybody if person.kind is PersonKind.MEMBER]
    titles = {person.title for person in everybody}
    return next((rule for rule in peer_rules(job, titles) if _count(rule, readers) >= k), None)


def similar(person: Person, job: Job, titles: Iterable[str]) -> bool:
    """Return whether this person does a job like that one, by the closest rule that can be asked of it."""
    rule = next(peer_rules(job, titles), None)
    return rule is not None and person.kind not in NEVER_SENDABLE and matches(rule, person, {})


def blurred(job: Job, everybody: Iterable[Person], k: int) -> Job:
    """Return as much of a job as at least k people share, so that it leads to none of them."""
    people = [person for person in everybody if person.kind is PersonKind.MEMBER]
    kept = Job()
    for name in ("department", "role", "title", "team"):
        wider = replace(kept, **{name: getattr(job, name)})
        if getattr(job, name) and sum(_shares(person, wider) for person in people) >= k:
            kept = wider
    return kept


def _shares(person: Person, job: Job) -> bool:
    theirs = job_of(person)
    return all(plain(getattr(theirs, name)) == plain(value) for name, value in job.__dict__.items() if value)


def _same_work(job: Job, titles: Iterable[str]) -> list[Rule]:
    family = title_family(job.title)
    same = tuple(sorted({title for title in titles if family and title_family(title) == family}))
    either: list[Rule] = [HasValue("role", (job.role,))] if job.role else []
    either += [HasValue("title", same)] if same else []
    return [AnyOf(tuple(either))] if len(either) > 1 else either


def _same_department(job: Job) -> list[Rule]:
    return [HasValue("department", (job.department,))] if job.department else []


def _other_team(job: Job) -> list[Rule]:
    if job.team:
        return [Not(HasValue("team", (job.team,)))]
    return [Not(HasValue("manager", (job.manager_id,)))] if job.manager_id else []


def _count(rule: Rule, people: Iterable[Person]) -> int:
    return sum(matches(rule, person, {}) for person in people)
