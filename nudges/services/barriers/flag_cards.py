"""Flags as their owners see them: this module makes cards of what the gate lets through, with what may be done next."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_life import Move
from nudges.domain.barriers.flag_reasons import why_lines
from nudges.domain.barriers.flag_views import (
    BarriersView,
    FlagCard,
    HistoryLine,
    PlayView,
    StepView,
    acts_for,
    what_next,
)
from nudges.domain.barriers.flags import FlagState, remedies_for
from nudges.domain.barriers.remeasured import latest_look
from nudges.domain.measuring.views import Role
from nudges.domain.people.people import Person
from nudges.domain.playbooks.playbook import Remedy
from nudges.domain.plays.choosing import OWN, Choice, choices
from nudges.domain.plays.shipped import shipped_plays
from nudges.domain.times.workdays import WorkCalendar, calendar_of
from nudges.services.barriers.flag_gate import look_at_flag, look_at_flags, shown_scope
from nudges.services.barriers.flag_record import life_of
from nudges.services.barriers.periods import closes_at, period_now, zone
from nudges.services.core import Core
from nudges.services.people.roles import role_of
from nudges.store import flag_history, people
from nudges.store.flag_history import FlagEvent
from nudges.store.flags import StoredFlag

ANY_STATE = tuple(state.value for state in FlagState)


def barriers(core: Core, viewer_id: str) -> BarriersView:
    """Return the open flags this person may see, what is late first; the look is written to the audit."""
    with core.db.begin() as session:
        shown = cards_of(session, core, viewer_id, look_at_flags(session, core, viewer_id))
        closes = closes_at(session, core, period_now(session, core))
    return BarriersView(shown, closes, core.company().k, core.company().default_zone)


def card(core: Core, viewer_id: str, flag_id: int) -> FlagCard | None:
    """Return one flag in whatever state, or None where there is none that this person may see."""
    with core.db.begin() as session:
        found = look_at_flag(session, core, viewer_id, flag_id, *ANY_STATE)
        if found is None or not may_look(core, viewer_id, found):
            return None
        return cards_of(session, core, viewer_id, [found])[0]


def plays_for(core: Core, flag: StoredFlag) -> tuple[Choice, ...]:
    """Return what may be started about a flag: the company's own, else ours."""
    remedies = _proposed(flag) or remedies_for(flag.kind, None, core.company())
    ours = shipped_plays()
    return choices(flag.kind, Grade(flag.grade), remedies=remedies, own=core.library().plays, ours=ours)


def plays_shown(core: Core, viewer_id: str, flag_id: int) -> tuple[PlayView, ...]:
    """Return the plays to choose from; none where the flag is not this person's to act for."""
    with core.db.begin() as session:
        flag = look_at_flag(session, core, viewer_id, flag_id, *ANY_STATE)
    if flag is None or flag.owner_id != viewer_id:
        return ()
    return tuple(_play_view(one) for one in plays_for(core, flag))


def may_look(core: Core, viewer_id: str, flag: StoredFlag) -> bool:
    """Return whether a flag that the gate lets through concerns this person: by role, as its owner or by a step."""
    is_named = viewer_id in (flag.owner_id, *(step["by"] for step in flag.remedies))
    return is_named or role_of(core, viewer_id) is not Role.EMPLOYEE


def cards_of(session: Session, core: Core, viewer_id: str, found: Iterable[StoredFlag]) -> tuple[FlagCard, ...]:
    """Return the cards of flags that went through the gate, those that wait for something soonest first."""
    found = list(found)
    events = flag_history.history(session, core.workspace_id, [one.flag_id for one in found])
    owners = people.several(session, core.workspace_id, sorted({one.owner_id for one in found if one.owner_id}))
    cards = [_card(core, viewer_id, one, events[one.flag_id], owners) for one in found]
    return tuple(sorted(cards, key=lambda one: (one.next.due_on or date.max, one.flag_id)))


def calendar_for(core: Core, owner: Person | None) -> WorkCalendar:
    """Return when an owner works; the company's usual days where nobody owns the flag."""
    return calendar_of(owner or Person("", zone=core.company().default_zone), core.company())


def _card(
    core: Core, viewer_id: str, flag: StoredFlag, events: list[FlagEvent], owners: Mapping[str, Person]
) -> FlagCard:
    life, steps = life_of(flag), _steps(flag)
    may_steer = role_of(core, viewer_id) is not Role.EMPLOYEE
    has_steps = any(step.done_on is None for step in steps)
    calendar = calendar_for(core, owners.get(flag.owner_id))
    running = next((one for one in plays_for(core, flag) if one.key == flag.play), None)
    return FlagCard(
        flag_id=flag.flag_id,
        scope_type=flag.scope_type,
        scope_id=shown_scope(flag),
        kind=flag.kind,
        grade=flag.grade,
        band=flag.band,
        opened_at=flag.opened_at,
        owner_id=flag.owner_id,
        state=flag.state,
        is_over=flag.over_at is not None,
        why=why_lines(flag.why, flag.grade),
        play=flag.play,
        play_title=running.title if running else "",
        measure=running.measure if running else "",
        started_on=flag.started_at.astimezone(zone(core)).date() if flag.started_at else None,
        steps=steps,
        next=what_next(life, steps, calendar, core.clock()),
        effect=latest_look((one.what, one.detail) for one in events),
        history=tuple(_line(one) for one in events),
        acts=acts_for(life, is_owner=viewer_id == flag.owner_id, may_steer=may_steer, has_steps=has_steps),
    )


def _steps(flag: StoredFlag) -> tuple[StepView, ...]:
    """Return the steps of the play that runs; what stands there before one is a proposal."""
    return tuple(
        StepView(
            number,
            step["do"],
            step["by"],
            date.fromisoformat(step["due_on"]),
            date.fromisoformat(step["done_on"]) if step.get("done_on") else None,
        )
        for number, step in enumerate(flag.remedies, start=1)
    )


def _proposed(flag: StoredFlag) -> tuple[Remedy, ...]:
    """Return the remedies that came with the flag, as long as no play has taken their place."""
    if flag.play:
        return ()
    opened_on = flag.opened_at.date()
    return tuple(
        Remedy(
            do=step["do"],
            by="owner" if step["by"] == flag.owner_id else step["by"],
            within=max(date.fromisoformat(step["due_on"]) - opened_on, timedelta(days=1)),
        )
        for step in flag.remedies
    )


def _line(event: FlagEvent) -> HistoryLine:
    return HistoryLine(event.at, Move(event.what), event.actor_id, event.about_id, event.detail)


def _play_view(choice: Choice) -> PlayView:
    play = choice.play
    return PlayView(
        choice.key,
        "" if choice.key == OWN else choice.title,
        tuple(step.do for step in choice.steps),
        choice.measure,
        play.sends.to.value if play and play.sends else "",
        play.eases.days if play and play.eases else 0,
    )
