"""Weeks lived through in memory: this module steps from instant to instant and asks what the services ask.

At each instant people react first, then what is near is planned, then one delivery at a time is posted at the
workspace's pace: the order in which the running app works. A property test holds it equal to the services.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from nudges.domain.audiences import NEVER_SENDABLE
from nudges.domain.deliveries import DeliveryStatus, Skipped, SkipReason
from nudges.domain.eligibility import Go, NotNow, Sending, Standing, Verdict, skip_reason, verdict
from nudges.domain.forecast import Event, Got, Outlook, Run, World
from nudges.domain.forecast_books import Row
from nudges.domain.forecast_pilots import Pilots
from nudges.domain.forecast_planning import Planner
from nudges.domain.forecast_state import Agenda, State
from nudges.domain.planning import HORIZON
from nudges.domain.playbook import Quiz
from nudges.domain.reactions import Reaction, ReactionKind, by_nudge

Told = Callable[[float], object]  # hears how much of the weeks is foreseen, from 0 to 1
TOLD_EVERY = 500  # instants
_FOR_THEIR_SAKE = (SkipReason.STOPPED, SkipReason.PAUSED)


def foresee(
    world: World,
    *,
    until: datetime,
    reactions: Sequence[Reaction] = (),
    watched: Collection[str] = (),
    told: Told = lambda _share: None,
) -> Outlook:
    """Return what becomes of every nudge of the world's campaigns until then, if people react as written down."""
    engine = _Engine(world, reactions, watched)
    engine.live(until, told)
    return engine.outlook()


class _Engine:
    """One forecast while it runs."""

    def __init__(self, world: World, reactions: Sequence[Reaction], watched: Collection[str]) -> None:
        self._state = State(world, watched)
        self._planner = Planner(self._state)
        self._pilots = Pilots(self._state, self._planner)
        self._reactions = by_nudge(reactions)
        self._unused = len(reactions)
        self._gap = timedelta(seconds=1 / world.posts_per_second) if world.posts_per_second else timedelta(0)
        self._free_at = world.now
        for run in world.runs:
            self._planner.begin(run, run.staging.waves)

    def live(self, until: datetime, told: Told) -> None:
        """Go from one instant to the next until then."""
        state, begun, steps = self._state, self._state.now, 0
        while (at := self._next_at()) is not None and at <= until:
            state.now = at
            while (act := state.agenda.pop(at)) is not None:
                act()
            if self._free_at <= at and (row := state.outbox.claim(at)) is not None and row.key[0] not in state.halted:
                self._free_at = at + self._gap
                self._post(row)
            steps += 1
            if steps % TOLD_EVERY == 0:
                told((at - begun) / (until - begun))
        state.now = until

    def outlook(self) -> Outlook:
        """Return what has come of it."""
        state = self._state
        for row in state.rows.values():
            if row.key[0] in state.halted and row.is_waiting and row.planned and row.planned.fresh_until <= state.now:
                row.status, row.reason = DeliveryStatus.EXPIRED, SkipReason.STALE
        foreseen = [row.foreseen() for row in state.rows.values()]
        return Outlook(foreseen, state.stories, self._unused, state.widened, state.halted)

    def _next_at(self) -> datetime | None:
        due_at = self._state.outbox.next_at(self._state.now)
        post_at = None if due_at is None else max(due_at, self._free_at)
        return min((at for at in (self._state.agenda.next_at(), post_at) if at is not None), default=None)

    def _post(self, row: Row) -> None:
        """Ask once more whether it may go, as at the moment of posting."""
        state, now = self._state, self._state.now
        row.attempt += 1
        said = self._verdict(state.run_of(row), row, now)
        if isinstance(said, Go):
            self._sent(row)
            return
        self._blame(row, said.reason)
        if isinstance(said, NotNow):
            row.ready_at = said.until
            state.outbox.add(row)
            state.tell(Event.PUT_OFF, row.key, reason=said.reason, until=said.until, because_of=row.because_of)
            return
        is_stale = said.reason == SkipReason.STALE
        row.status, row.reason = DeliveryStatus.EXPIRED if is_stale else DeliveryStatus.SKIPPED, said.reason
        event = Event.EXPIRED if is_stale else Event.SKIPPED
        state.tell(event, row.key, reason=said.reason, because_of=row.because_of)
        self._planner.settled(row)

    def _verdict(self, run: Run, row: Row, now: datetime) -> Verdict:
        state, person_id, planned = self._state, row.key[2], row.planned
        person, seat, wish = state.world.people.get(person_id), run.seats.get(person_id), state.wish(person_id)
        if person is None or planned is None or person.kind in NEVER_SENDABLE:
            return Skipped(SkipReason.NOT_SENDABLE)
        if run.stopped.get(row.key[1]) == SkipReason.RECALLED:
            return Skipped(SkipReason.RECALLED)
        calendar = state.calendar(person)
        reason = skip_reason(
            is_sendable=True,
            is_in_audience=seat is not None and seat.is_inside,
            is_held_out=seat is not None and seat.is_held_out,
            is_stopped=wish.is_stopped,
            paused_until=wish.paused_until,
            fresh_until=planned.fresh_until,
            ends_on=run.playbook.ends_on,
            local_day=calendar.local_day(now),
            now=now,
        )
        if reason is not None:
            return Skipped(reason)
        standing = Standing(wish.is_stopped, wish.paused_until, state.history(person_id).sendings())
        return verdict(planned=planned, standing=standing, calendar=calendar, caps=state.world.company.caps, now=now)

    def _sent(self, row: Row) -> None:
        state, (campaign_id, nudge_key, person_id) = self._state, row.key
        row.status, row.sent_at = DeliveryStatus.SENT, state.now
        row.is_first_ever = not state.wish(person_id).is_introduced
        if row.is_first_ever:
            state.change_wish(person_id, is_introduced=True)
        is_catch_up = row.planned is not None and state.now >= row.planned.window_ends_at
        state.history(person_id).add(Got(campaign_id, nudge_key, Sending(state.now, is_catch_up=is_catch_up)))
        state.tell(Event.SENT, row.key)
        self._planner.settled(row)
        self._pilots.sent(row)
        for reaction in self._reactions.get((person_id, state.run_of(row).playbook.playbook, nudge_key), ()):
            self._expect(row, reaction)

    def _expect(self, row: Row, reaction: Reaction) -> None:
        self._unused -= 1
        at = self._state.now + reaction.after
        self._state.agenda.add(at, lambda: self._react(row, reaction), rank=Agenda.REACT, order=reaction.line)

    def _react(self, row: Row, reaction: Reaction) -> None:
        state, person_id = self._state, reaction.person_id
        state.tell(Event.REACTED, row.key, reason=f"{reaction.kind} {reaction.value}".strip())
        if reaction.kind == ReactionKind.PAUSE:
            state.change_wish(person_id, paused_until=state.now + timedelta(days=reaction.days))
        elif reaction.kind == ReactionKind.STOP:
            self._stop(person_id)
        elif reaction.kind == ReactionKind.START:
            self._start(person_id)
        elif self._counts(row, reaction):
            state.history(person_id).answer(row.key[0], row.key[1])
            self._pilots.responded(row, reaction)

    def _counts(self, row: Row, reaction: Reaction) -> bool:
        """Whether the response is one that can be given: a choice that does not exist is none."""
        if reaction.kind != ReactionKind.ANSWER:
            return True
        nudge = self._state.run_of(row).playbook.nudge(row.key[1])
        return isinstance(nudge, Quiz) and nudge.choice(reaction.value) is not None

    def _stop(self, person_id: str) -> None:
        self._state.change_wish(person_id, is_stopped=True)
        for row in self._rows_of(person_id):
            if row.is_waiting:
                row.status, row.reason = DeliveryStatus.SKIPPED, SkipReason.STOPPED
                self._state.tell(Event.SKIPPED, row.key, reason=SkipReason.STOPPED)
                self._planner.settled(row)
        self._pilots.stopped(person_id, is_so=True)

    def _start(self, person_id: str) -> None:
        """Forget what was skipped for the person's sake, as far as it may still come, and decide it anew."""
        self._state.change_wish(person_id, is_stopped=False, paused_until=None)
        self._pilots.stopped(person_id, is_so=False)
        for row in self._rows_of(person_id):
            if self._may_still_come(row):
                del self._state.rows[row.key]
                self._state.tell(Event.REOPENED, row.key)
                run = self._state.run_of(row)
                nudge = run.playbook.nudge(row.key[1])
                if nudge is not None:
                    self._planner.ask(run, nudge, person_id)

    def _may_still_come(self, row: Row) -> bool:
        now = self._state.now
        if row.status != DeliveryStatus.SKIPPED or row.reason not in _FOR_THEIR_SAKE or row.attempt > 0:
            return False
        return row.decided_at > now - HORIZON if row.planned is None else row.planned.fresh_until > now

    def _rows_of(self, person_id: str) -> list[Row]:
        keys = (
            (run.campaign_id, nudge.key, person_id)
            for run in self._state.runs.values()
            if person_id in run.seats
            for nudge in run.playbook.nudges
        )
        return [self._state.rows[key] for key in keys if key in self._state.rows]

    def _blame(self, row: Row, reason: SkipReason | None) -> None:
        person = self._state.world.people.get(row.key[2])
        if person is not None:
            history, calendar = self._state.history(row.key[2]), self._state.calendar(person)
            row.because_of = history.holding(reason, self._state.now, calendar) or row.because_of
