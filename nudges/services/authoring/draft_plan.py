"""What publishing would do, in figures: this module drafts; nothing is stored or sent."""

from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.delivery.effort import effort_shares, effort_warnings
from nudges.domain.forecasts.forecast import Run, World
from nudges.domain.measuring.views import Draft
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.facts import asks_behaviour
from nudges.domain.people.people import Person
from nudges.domain.people.segments import describe, matches
from nudges.domain.playbooks.playbook import Playbook
from nudges.domain.times.schedule_words import describe_when, in_words
from nudges.domain.times.workdays import zone_of
from nudges.services.authoring.foresee import campaign_to_come, make_run
from nudges.services.authoring.publishable import first_day, twins, usable
from nudges.services.authoring.spans import last_day
from nudges.services.core import Core
from nudges.services.delivery.draw_audience import members_of
from nudges.services.people.known_people import known_people
from nudges.store import campaigns, instance
from nudges.store.campaigns import CampaignStatus


def draft(core: Core, name: str, *, starts_on: date | None = None) -> Draft:
    """Return what publishing would do; PlaybookRefused says why it cannot be done."""
    entry, company = usable(core, name)
    begins = first_day(core, entry.playbook, starts_on)
    with core.db.reading() as session:
        campaign = campaign_to_come(session, core, entry, begins)
        run = make_run(campaign, members_of(session, core, campaign, core.clock()))
        everybody = {person.person_id: person for person in known_people(session, core, company)}
        world = World(core.clock(), company, core.key, core.workspace_id, everybody, [run])
        return draft_of(session, core, world, run, begins)


def draft_of(session: Session, core: Core, world: World, run: Run, starts_on: date) -> Draft:
    """Return the figures of a campaign that is about to be published, with everybody read already."""
    playbook, segments = run.playbook, world.company.segments
    counts = Counter(seat.segment for seat in run.seats.values())
    spared = sum(seat.is_held_out for seat in run.seats.values())
    pilots = sum(seat.is_pilot and not seat.is_held_out for seat in run.seats.values())
    reached = pilots if run.staging.is_piloting else len(run.seats) - spared
    is_secret = is_private(playbook, world)
    inside = [world.people[person_id] for person_id in run.seats if person_id in world.people]
    return Draft(
        playbook=playbook.playbook,
        title=playbook.title,
        name=run.name,
        starts_on=starts_on,
        ends_on=last_day(playbook, starts_on),
        audience=len(run.seats),
        not_sendable=sum(_is_named_but_unreachable(world, playbook, person) for person in world.people.values()),
        without_zone=sum(zone_of(person, world.company).is_fallback for person in inside),
        held_out=spared,
        segments=tuple((name, describe(segments[name], segments), counts[name]) for name in playbook.audience.segments),
        nudges=tuple((nudge.key, nudge.kind, describe_when(nudge), reached) for nudge in playbook.nudges),
        # The sentences below count people, so of a private audience none of them is said.
        warnings=(
            *_standing_notes(session, core, run),
            *([] if is_secret else _warnings(core, world, run, reached, counts)),
        ),
        minutes_at_pace=_minutes(reached, core.posts_per_second),
        private_k=world.company.k if is_secret else 0,
    )


def is_private(playbook: Playbook, world: World) -> bool:
    """Return whether who is meant gives away what people did: then nobody is named and figures are bands."""
    pilot = [playbook.audience.pilot.segment] if playbook.audience.pilot else []
    segments = world.company.segments
    rules = (segments[name] for name in (*playbook.audience.segments, *pilot) if name in segments)
    return any(asks_behaviour(rule, segments) for rule in rules)


def _is_named_but_unreachable(world: World, playbook: Playbook, person: Person) -> bool:
    if person.kind not in NEVER_SENDABLE:
        return False
    segments = world.company.segments
    rules = (segments[name] for name in playbook.audience.segments if name in segments)
    return any(matches(rule, person, segments) for rule in rules)


def _standing_notes(session: Session, core: Core, run: Run) -> list[str]:
    """What else is going on: the same playbook running, a workspace on hold, campaigns that rest."""
    found = []
    if running := [name for name in twins(session, core, run.playbook.playbook) if name != run.name]:
        found.append(
            f"It runs already as {', '.join(running)}: whoever is in both would get these nudges a second time."
        )
    here = instance.workspace(session, core.workspace_id)
    if here is not None and here.hold_reason:
        found.append("Nothing is sent at present (the workspace is held); this is as if it were released.")
    resting = campaigns.campaigns(session, core.workspace_id, CampaignStatus.PAUSED)
    if resting:
        found.append(f"Paused campaigns are taken to stay paused: {', '.join(one.name for one in resting)}.")
    return found


def _warnings(core: Core, world: World, run: Run, reached: int, counts: Counter[str]) -> list[str]:
    found, playbook = [], run.playbook
    minutes = _minutes(reached, core.posts_per_second)
    for nudge in playbook.nudges:
        if reached / core.posts_per_second > nudge.when.window.total_seconds():
            window = in_words(nudge.when.window)
            found.append(f"{nudge.key}: {reached} messages need {minutes} min, its window is {window}.")
    if run.staging.is_piloting and playbook.audience.pilot is not None:
        rest = len(run.seats) - sum(seat.is_pilot for seat in run.seats.values())
        pilot = playbook.audience.pilot
        how = "by themselves" if pilot.then == "automatic" else "once somebody approves"
        found.append(
            f"The pilot ({pilot.segment}) comes first: {reached} people. The other {rest} follow {how}, after"
            f" {pilot.answers} answers of which {pilot.useful:.0%} find it useful."
        )
        if reached < pilot.answers:
            found.append(
                f"{pilot.answers} answers cannot come from {reached} people, so this pilot never ends by itself: make"
                f" {pilot.segment} larger, or `answers` smaller."
            )
    if playbook.holdout:
        found.append(
            f"{sum(seat.is_held_out for seat in run.seats.values())} people are spared as a comparison group"
            f" ({playbook.holdout:.0%} of the teams), drawn for campaign number {run.campaign_id}: publishing another"
            " one first draws them anew."
        )
    return [*found, *effort_warnings(effort_shares(playbook, world.company, counts))]


def _minutes(posts: int, per_second: float) -> int:
    return max(1, round(posts / per_second / 60))
