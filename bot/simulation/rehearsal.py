"""A whole rehearsal: this module lets playbooks run for weeks on people who are made up, and gives back what happened.

Everything lives in a scratch folder that is deleted at the end; the user's database is not opened, and no socket is.
"""

import time as stopwatch
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.simulation.approving import APPROVER, Yes
from bot.simulation.engine import Simulation
from bot.simulation.flag_owner import FlagOwner, PlayedFlag
from bot.simulation.habits import Habits
from bot.simulation.hindered import HinderedPeople, Hindrances, hindrances
from bot.simulation.invariants import books_balance, calendars, invariants
from bot.simulation.planted import Planted
from bot.simulation.reacting import Deed, Players, Post, Scripted
from bot.simulation.stage import AUTHOR, WEEK, Request, Stage, scratch, set_stage
from bot.simulation.trace import Event, Happening
from nudges.domain.checks.script_checks import aimless
from nudges.domain.delivery.outcomes import Outcome
from nudges.domain.forecasts.forecast import Foreseen
from nudges.domain.forecasts.forecast_engine import foresee
from nudges.domain.forecasts.reactions import Reaction, by_nudge
from nudges.domain.people.people import Person
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook
from nudges.domain.times.workdays import WorkCalendar
from nudges.services.authoring.publish import PublishedCampaign
from nudges.store import campaigns, outcomes, people

__all__ = ["Rehearsal", "Request", "rehearse", "scratch"]

Told = Callable[[datetime], object]


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
    playbook_of: Mapping[str, str]  # by campaign
    widened: Mapping[str, date]  # by campaign that began with a pilot: the first day of the rest
    meant: frozenset[str]  # everybody in any campaign's audience, whether anything was decided for them yet or not
    digest: str
    events: int
    seconds: float
    left_over: int = 0  # scripted reactions to nudges that were never sent
    ways: Hindrances | None = None  # what was in people's way
    flags: Sequence[PlayedFlag] = ()  # and what became of the flags about it
    aimless: Sequence[str] = ()  # what the script names that does not exist, in sentences

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
    with set_stage(request, today) as stage:
        return _run(stage, request, told)


def _run(stage: Stage, request: Request, told: Told) -> Rehearsal:
    before = stage.world()
    simulation, seconds = _lived(stage, request, told)
    core = stage.house.core
    with core.db.reading() as session:
        everybody = list(people.everybody(session, core.workspace_id))
        found = outcomes.outcomes(session, core.workspace_id)
        known = campaigns.campaigns(session, core.workspace_id)
        meant = frozenset(person for one in known for person in campaigns.members(session, one.campaign_id))
    for line in found:
        detail = f"{line.status.value} {line.reason}".strip()
        subject = f"{line.campaign}/{line.nudge_key}"
        simulation.trace.add(Event(stage.ends_at, Happening.SETTLED, line.person_id, subject, detail))
    script = request.reactions
    return Rehearsal(
        request=request,
        company=stage.company,
        playbooks=stage.playbooks,
        published=stage.published,
        agreed=simulation.agreed,
        people={person.person_id: person for person in everybody},
        calendars=calendars(everybody, stage.company),
        begins_at=stage.begins_at,
        first_on=stage.first_on,
        ends_at=stage.ends_at,
        posts=simulation.posts,
        deeds=simulation.deeds,
        outcomes=found,
        foreseen=foresee(
            before, until=stage.ends_at, reactions=_done(simulation) if script is None else script
        ).foreseen,
        names={one.campaign_id: one.name for one in known},
        playbook_of={one.name: one.playbook for one in known},
        widened={one.name: one.rest_starts_on for one in known if one.rest_starts_on is not None},
        meant=meant,
        digest=simulation.trace.digest,
        events=simulation.trace.count,
        seconds=seconds,
        left_over=len(script) - len(simulation.deeds) if script is not None else 0,
        ways=simulation.office.ways if isinstance(simulation.office, FlagOwner) else None,
        flags=simulation.office.played(core) if isinstance(simulation.office, FlagOwner) else (),
        aimless=aimless(script or (), before.people, stage.playbooks),
    )


def _lived(stage: Stage, request: Request, told: Told) -> tuple[Simulation, float]:
    """Live through the weeks; return the run and how many seconds it took."""
    simulation = Simulation(stage.house, _players(request), invariants(stage.house.core), books_every=WEEK)
    if request.planted is not None:
        simulation.office = owner = _owner(stage, request.planted, request.seed)
        simulation.players = HinderedPeople(simulation.players, owner.ways, request.seed)
    for one in stage.published:
        event = Event(stage.begins_at, Happening.PUBLISHED, AUTHOR, one.name, f"{one.audience} people")
        simulation.trace.add(event)
    for yes in stage.agreed:
        simulation.agreed.append(yes)
        event = Event(stage.begins_at, Happening.AGREED, APPROVER, yes.campaign, f"{yes.kind} from {yes.starts_on}")
        simulation.trace.add(event)
    started = stopwatch.perf_counter()
    simulation.run(stage.ends_at, told=told)
    seconds = stopwatch.perf_counter() - started
    simulation.fail(books_balance(stage.house.core))
    return simulation, seconds


def _owner(stage: Stage, planted: Planted, seed: int) -> FlagOwner:
    core = stage.house.core
    with core.db.reading() as session:
        everybody = list(people.everybody(session, core.workspace_id))
    return FlagOwner(planted, hindrances(planted.barriers, everybody, first_on=stage.first_on, seed=seed))


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
