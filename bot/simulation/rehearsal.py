"""A whole rehearsal: this module lets playbooks run for weeks on people who are made up, and gives back what happened.

Everything lives in a scratch folder that is deleted at the end; the user's database is not opened, and no socket is.
"""

import shutil
import tempfile
import time as stopwatch
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.simulation.approving import Yes
from bot.simulation.clock import SteppedClock
from bot.simulation.engine import Simulation
from bot.simulation.habits import Habits
from bot.simulation.house import Cast, House, furnish, hush
from bot.simulation.imported import imported_cast
from bot.simulation.invariants import books_balance, calendars, invariants
from bot.simulation.reacting import Deed, Players, Post, Scripted
from bot.simulation.synthetic import synthetic_cast
from bot.simulation.trace import Event, Happening
from nudges.domain.company import Company
from nudges.domain.forecast import Foreseen, World
from nudges.domain.forecast_engine import foresee
from nudges.domain.outcomes import Outcome
from nudges.domain.people import Person
from nudges.domain.playbook import Playbook
from nudges.domain.reactions import Reaction, by_nudge
from nudges.domain.workdays import WorkCalendar
from nudges.errors import PlaybookRefused
from nudges.services.core import Core
from nudges.services.foresee import run_of, world_now
from nudges.services.import_playbooks import Library, read_folder
from nudges.services.publish import PublishedCampaign, publish
from nudges.store import campaigns, outcomes, people

AUTHOR = "rehearsal"
MORNING = time(8, 0)
WEEK = timedelta(days=7)

Told = Callable[[datetime], object]


@dataclass(frozen=True)
class Request:
    """What is to be rehearsed."""

    folder: Path
    playbooks: tuple[str, ...] = ()  # none: every one that can be used
    weeks: int = 8
    size: int = 200
    seed: int = 7
    starts_on: date | None = None  # the day of publishing; today if none is given
    people_csv: str | None = None
    reactions: tuple[Reaction, ...] | None = None
    is_whole: bool = False  # pass over pilots


@dataclass(frozen=True)
class Rehearsal:
    """What happened."""

    request: Request
    company: Company
    playbooks: Mapping[str, Playbook]
    published: Sequence[PublishedCampaign]
    agreed: Sequence[Yes]
    people: Mapping[str, Person]
    calendars: Mapping[str, WorkCalendar]
    begins_at: datetime
    first_on: date  # the first day of the earliest campaign
    ends_at: datetime
    posts: Sequence[Post]
    deeds: Sequence[tuple[Deed, bool]]
    outcomes: Sequence[Outcome]
    foreseen: Sequence[Foreseen]
    names: Mapping[int, str]  # of campaigns, by their number
    meant: frozenset[str]  # everybody in any campaign's audience, whether anything was decided for them yet or not
    digest: str
    events: int
    seconds: float
    left_over: int = 0  # scripted reactions to nudges that were never sent

    @property
    def days(self) -> float:
        """How many days were simulated."""
        return (self.ends_at - self.begins_at) / timedelta(days=1)

    @property
    def days_a_minute(self) -> float:
        """How fast it went."""
        return 60 * self.days / self.seconds if self.seconds else 0.0

    @property
    def nudges(self) -> list[Post]:
        """Return what was posted to readers; notices to owners and admins are left out."""
        return [post for post in self.posts if not post.is_notice]


def rehearse(request: Request, today: date, *, told: Told = lambda _now: None) -> Rehearsal:
    """Run it and return what happened.

    Raises PlaybookRefused when nothing can be published, and InvariantBroken for what must never happen.
    """
    hush()
    library = read_folder(request.folder)
    names = _names(library, request.playbooks)
    company = library.company or Company()
    playbooks = {name: library.playbooks[name].playbook for name in names}
    cast = _cast(request, company, list(playbooks.values()))
    begins_at = datetime.combine(request.starts_on or today, MORNING, ZoneInfo(company.default_zone)).astimezone(UTC)
    with scratch(request.folder, cast, begins_at, request.seed) as house:
        return _run(house, request, company, playbooks, told)


@contextmanager
def scratch(playbooks: Path, cast: Cast, begins_at: datetime, seed: int) -> Iterator[House]:
    """Give a furnished house in a folder of its own, with a copy of the playbooks; all of it is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="nudger-rehearsal-") as name:
        folder = Path(name)
        shutil.copytree(playbooks, folder / "playbooks", ignore=_all_but_playbooks)
        house = furnish(folder, folder / "playbooks", cast, SteppedClock(begins_at), seed=seed)
        try:
            yield house
        finally:
            house.close()


def _run(house: House, request: Request, company: Company, playbooks: Mapping[str, Playbook], told: Told) -> Rehearsal:
    begins_at = house.clock()
    published = [publish(house.core, name, AUTHOR, is_whole=request.is_whole) for name in playbooks]
    simulation = Simulation(house, _players(request), invariants(house.core), books_every=WEEK)
    for one in published:
        simulation.trace.add(Event(begins_at, Happening.PUBLISHED, AUTHOR, one.name, f"{one.audience} people"))
    first_on = min(one.starts_on for one in published)
    ends_at = _midnight(first_on + WEEK * request.weeks, company)
    simulation.step()  # approvals are given before anything is foreseen
    before = _world(house.core)
    started = stopwatch.perf_counter()
    simulation.run(ends_at, told=told)
    seconds = stopwatch.perf_counter() - started
    simulation.fail(books_balance(house.core))
    with house.core.db.reading() as session:
        everybody = list(people.everybody(session, house.core.workspace_id))
        found = outcomes.outcomes(session, house.core.workspace_id)
        known = campaigns.campaigns(session, house.core.workspace_id)
        # As published, and with the days on which pilots were widened: what the plan cannot know, people decide.
        before = replace(before, runs=[run_of(session, one) for one in known])
        meant = frozenset(person for one in known for person in campaigns.members(session, one.campaign_id))
    for line in found:
        detail = f"{line.status.value} {line.reason}".strip()
        simulation.trace.add(
            Event(ends_at, Happening.SETTLED, line.person_id, f"{line.campaign}/{line.nudge_key}", detail)
        )
    return Rehearsal(
        request=request,
        company=company,
        playbooks=playbooks,
        published=published,
        agreed=simulation.agreed,
        people={person.person_id: person for person in everybody},
        calendars=calendars(everybody, company),
        begins_at=begins_at,
        first_on=first_on,
        ends_at=ends_at,
        posts=simulation.posts,
        deeds=simulation.deeds,
        outcomes=found,
        foreseen=foresee(before, until=ends_at, reactions=_done(simulation)).foreseen,
        names={one.campaign_id: one.name for one in known},
        meant=meant,
        digest=simulation.trace.digest,
        events=simulation.trace.count,
        seconds=seconds,
        left_over=len(request.reactions or ()) - len(simulation.deeds) if request.reactions is not None else 0,
    )


def _world(core: Core) -> World:
    with core.db.reading() as session:
        # As if posting took no time: here it takes none.
        return world_now(session, core, posts_per_second=0.0)


def _done(simulation: Simulation) -> list[Reaction]:
    """Return what people did as a script, so that the plan can be asked what it would have foreseen."""
    return [
        Reaction(deed.post.person_id, deed.post.playbook, deed.post.nudge_key, deed.kind, deed.after, deed.value)
        for deed, _ in simulation.deeds
        if not deed.post.is_notice
    ]


def _players(request: Request) -> Players:
    if request.reactions is not None:
        return Scripted(dict(by_nudge(request.reactions)))
    return Habits(request.seed)


def _names(library: Library, wanted: Sequence[str]) -> list[str]:
    known = sorted(library.playbooks)
    missing = [name for name in wanted if name not in library.playbooks]
    if missing or not known or library.company is None:
        what = f"There is no usable playbook {missing[0]}." if missing else "There is no playbook that can be used."
        hint = f"Usable are: {', '.join(known) or 'none'}. `nudger check` tells what is wrong with the others."
        raise PlaybookRefused(what, hint=hint)
    return list(dict.fromkeys(wanted)) or known


def _cast(request: Request, company: Company, playbooks: Sequence[Playbook]) -> Cast:
    if request.people_csv is not None:
        return imported_cast(request.people_csv, company)
    return synthetic_cast(company, playbooks, size=request.size, seed=request.seed)


def _midnight(day: date, company: Company) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(company.default_zone)).astimezone(UTC)


def _all_but_playbooks(folder: str, names: list[str]) -> list[str]:
    """Copy what a playbooks folder is read for; a database or a repository beside it is none of ours."""
    return [name for name in names if not name.lower().endswith((".yaml", ".yml"))]
