"""The weeks to come: this module foresees what becomes of a playbook that is about to be published."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from nudges.domain.checks.script_checks import aimless
from nudges.domain.delivery.deliveries import SkipReason
from nudges.domain.delivery.effort import effort_shares
from nudges.domain.forecasts.forecast import Outlook, Run, World
from nudges.domain.forecasts.forecast_engine import Told, foresee
from nudges.domain.forecasts.forecast_figures import (
    Calendars,
    calendar_clashes,
    clashes_of,
    load_of,
    losses_of,
    nudge_plans,
)
from nudges.domain.forecasts.forecast_views import PersonPlan, Plan
from nudges.domain.forecasts.reactions import Reaction
from nudges.domain.measuring.views import Draft
from nudges.domain.playbooks.playbook import Quiz
from nudges.domain.times.workdays import zone_of
from nudges.errors import NotAllowed, PlaybookRefused
from nudges.services.answers.note_recall import returns_of
from nudges.services.authoring.draft_plan import draft_of, is_private
from nudges.services.authoring.foresee import with_campaign, world_now
from nudges.services.authoring.publishable import first_day, refuse_nobody, usable
from nudges.services.core import Core
from nudges.store import audit

WEEKS = 8
LATEST_ZONE = timedelta(hours=12)  # the last place where a day ends


@dataclass(frozen=True)
class Question:
    """What somebody wants to know of a playbook's weeks to come."""

    playbook: str
    starts_on: date | None = None
    weeks: int = WEEKS
    reactions: Sequence[Reaction] = ()
    posts_per_second: float | None = None  # None: as the workspace is thought to allow
    is_whole: bool = False  # pass over the pilot


def plan_ahead(core: Core, asked: Question, actor_id: str, *, told: Told = lambda _share: None) -> Plan:
    """Return the weeks to come, decision by decision; the look is written to the audit."""
    entry, company = usable(core, asked.playbook)
    begins = first_day(core, entry.playbook, asked.starts_on)
    with core.db.reading() as session:
        refuse_nobody(session, core, entry.playbook, company)
        before = world_now(session, core, posts_per_second=asked.posts_per_second)
        world = with_campaign(session, core, before, entry, begins, is_whole=asked.is_whole)
        drafted = draft_of(session, core, world, world.runs[-1], begins)
    until = end_of(begins, asked.weeks)
    outlook = foresee(world, until=until, reactions=asked.reactions, told=told)
    # Without the new one, so that it can be told what it takes from the others.
    without = foresee(before, until=until, reactions=asked.reactions) if before.runs else Outlook(())
    note_look(core, actor_id, asked.playbook)
    return _plan(asked, world, world.runs[-1], drafted=drafted, outlook=outlook, without=without)


def plan_published(core: Core, asked: Question, world: World, run: Run, outlook: Outlook) -> Plan:
    """Return the weeks to come of a campaign that begins with the forecast, which has been made already."""
    starts_on = run.staging.starts_on
    with core.db.reading() as session:
        drafted = draft_of(session, core, world, run, starts_on)
    return _plan(asked, world, run, drafted=drafted, outlook=outlook, without=Outlook(()))


def plan_person(core: Core, asked: Question, person_id: str, actor_id: str) -> PersonPlan:
    """Return one person's weeks to come; NotAllowed where the audience hangs on what people did."""
    entry, _ = usable(core, asked.playbook)
    begins = first_day(core, entry.playbook, asked.starts_on)
    with core.db.reading() as session:
        world = world_now(session, core, posts_per_second=asked.posts_per_second)
        world = with_campaign(session, core, world, entry, begins, is_whole=asked.is_whole)
    if is_private(entry.playbook, world):
        raise NotAllowed(
            f"The audience of {asked.playbook} hangs on what people did, so nobody is shown by name.",
            hint="Without --person, the plan shows how many there are.",
        )
    person = world.people.get(person_id)
    if person is None:
        raise PlaybookRefused(f"Nobody with the id {person_id} is known.", hint="`nudger people sync` reads everybody.")
    run = world.runs[-1]
    outlook = foresee(world, until=end_of(begins, asked.weeks), reactions=asked.reactions, watched=[person_id])
    note_look(core, actor_id, f"{asked.playbook} {person_id}")
    seat = run.seats.get(person_id)
    return PersonPlan(
        person_id=person_id,
        zone=zone_of(person, world.company).name,
        segment=seat.segment if seat else "",
        is_held_out=bool(seat and seat.is_held_out),
        is_pilot=bool(seat and seat.is_pilot),
        lines=tuple(outlook.stories[person_id]),
        campaigns=tuple((one.name, one.campaign_id) for one in world.runs),
    )


def end_of(starts_on: date, weeks: int) -> datetime:
    """Return the instant at which so many weeks are over everywhere."""
    return datetime.combine(starts_on, time.min, UTC) + timedelta(weeks=weeks) + LATEST_ZONE


def _plan(asked: Question, world: World, run: Run, *, drafted: Draft, outlook: Outlook, without: Outlook) -> Plan:
    calendars = Calendars(world)
    ours = outlook.of(run.campaign_id)
    names = {one.campaign_id: one.name for one in world.runs}
    losses = losses_of(
        without.foreseen, outlook.foreseen, names=names, taken_by=run.name, own_id=run.campaign_id, calendars=calendars
    )
    sizes = Counter(seat.segment for seat in run.seats.values())
    private = is_private(run.playbook, world)
    return Plan(
        draft=drafted,
        campaign_id=run.campaign_id,
        weeks=asked.weeks,
        posts_per_second=world.posts_per_second,
        nudges=nudge_plans(world, run, ours, calendars),
        effort=effort_shares(run.playbook, world.company, sizes),
        clashes=(*clashes_of(run, ours, names, calendars), *losses),
        calendar=tuple(calendar_clashes(world, ours, calendars)),
        load=load_of(outlook.foreseen, run.seats, starts_on=drafted.starts_on, weeks=asked.weeks, calendars=calendars),
        first_ever=sum(one.is_first_ever for one in ours),
        reactions=len(asked.reactions),
        unused_reactions=outlook.unused,
        is_private=private,
        k=world.company.k,
        notes=tuple(_notes(asked, world, run, outlook)),
        decisions=() if private else ours,
        campaigns=tuple((one.name, one.campaign_id) for one in world.runs),
    )


def _notes(asked: Question, world: World, run: Run, outlook: Outlook) -> Iterator[str]:
    """Say what the forecast took for granted, as far as it mattered."""
    if any(one.reason == SkipReason.BACKED_OFF for one in outlook.of(run.campaign_id)):
        yield (
            "People who leave three in a row unanswered are written to less often. Here nobody answers, unless a file"
            " says so (`nudger plan --reactions`), so more goes out when people do."
        )
    if run.campaign_id in outlook.widened:
        first = outlook.widened[run.campaign_id]
        yield f"With these reactions the pilot goes well, and the rest begin on {first:%A %d %B %Y}."
    elif run.staging.is_piloting and run.campaign_id not in outlook.halted:
        yield "Nobody but the pilot is reached in this plan; `nudger plan --whole` shows everybody at once."
    elif run.campaign_id in outlook.halted:
        yield f"With these reactions the stop rule {outlook.halted[run.campaign_id]} halts the pilot."
    if any(isinstance(nudge, Quiz) and returns_of(run.playbook, nudge) for nudge in run.playbook.nudges):
        yield "Questions that were answered come back on days that are left over; such reviews are not in this plan."
    if asked.reactions:
        used = len(asked.reactions) - outlook.unused
        yield f"{used} of {len(asked.reactions)} reactions happen; the others follow nudges that are never sent."
    if not is_private(run.playbook, world):  # which names are known would tell who is meant
        yield from aimless(asked.reactions, world.people, {one.playbook.playbook: one.playbook for one in world.runs})


def note_look(core: Core, actor_id: str, subject: str) -> None:
    """Write to the audit who looked ahead, and at what."""
    with core.db.begin() as session:
        audit.record(session, core.workspace_id, actor_id=actor_id, action="plan", subject=subject, now=core.clock())
