"""Weeks lived through in memory: this module steps from instant to instant and asks what the services ask.

At each instant people react first, then what is near is planned, then one delivery at a time is posted at the
workspace's pace: the order in which the running app works. A property test holds it equal to the services.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from nudges.domain.delivery.absence import kept_for_return, rests_until
from nudges.domain.delivery.deliveries import DeliveryStatus, Skipped, SkipReason
from nudges.domain.delivery.eligibility import Go, NotNow, Sending, Standing, Verdict, skip_reason, verdict
from nudges.domain.delivery.own_stories import is_own_story
from nudges.domain.delivery.planning import HORIZON
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.delivery.turns import missed_verdict, turn_verdict
from nudges.domain.forecasts.forecast import Event, Got, Outlook, Run, World
from nudges.domain.forecasts.forecast_books import Row
from nudges.domain.forecasts.forecast_pilots import Pilots
from nudges.domain.forecasts.forecast_planning import Planner
from nudges.domain.forecasts.forecast_seats import Seats
from nudges.domain.forecasts.forecast_state import Agenda, State
from nudges.domain.forecasts.forecast_turns import contest_of
from nudges.domain.forecasts.reactions import Reaction, ReactionKind, by_nudge, given_by
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person
from nudges.domain.playbooks.follow_ups import asked_kind, is_for_silence
from nudges.domain.playbooks.playbook import AfterNudge, Quiz
from nudges.domain.playbooks.sequels import written_key

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
        self._seats = Seats(self._state)
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
        if run.stopped.get(written_key(row.key[1])) == SkipReason.RECALLED:
            return Skipped(SkipReason.RECALLED)
        if self._is_overtaken(run, row):
            return Skipped(SkipReason.OTHER_ANSWER)
        if self._seats.lacks(run, row):
            return Skipped(SkipReason.NOT_TAKEN_UP)
        calendar, nudge = state.calendar(person), run.playbook.nudge(row.key[1])
        if is_own_story(nudge, person):
            return Skipped(SkipReason.OWN_STORY)
        reason = skip_reason(
            is_sendable=True,
            is_in_audience=seat is not None and seat.is_inside,
            is_held_out=seat is not None and seat.is_held_out,
            is_stopped=wish.is_stopped,
            is_topic_off=nudge is not None and not wish.topics.allows(run.playbook.topics_of(nudge)),
            paused_until=wish.paused_until,
            fresh_until=planned.fresh_until,
            ends_on=run.playbook.ends_on,
            local_day=calendar.local_day(now),
            now=now,
        )
        if reason is not None:
            return Skipped(reason)
        sendings, caps = state.history(person_id).sendings(), state.world.company.caps
        standing = Standing(wish.is_stopped, wish.paused_until, sendings, wish.is_fewer, wish.back_at)
        contest = contest_of(state, row)
        said = missed_verdict(contest, standing, now) or verdict(
            planned=planned, standing=standing, calendar=calendar, caps=caps, now=now
        )
        if not isinstance(said, Go):
            return said
        return turn_verdict(contest, standing, planned=planned, calendar=calendar, caps=caps, now=now)

    def _sent(self, row: Row) -> None:
        state, (campaign_id, nudge_key, person_id) = self._state, row.key
        row.status, row.sent_at = DeliveryStatus.SENT, state.now
        state.note_sent(row.key, state.now)
        row.is_first_ever = not state.wish(person_id).is_introduced
        if row.is_first_ever:
            state.change_wish(person_id, is_introduced=True)
        is_catch_up = row.planned is not None and state.now >= row.planned.window_ends_at
        sending = Sending(state.now, False, is_catch_up, campaign_id, nudge_key, row.priority)
        state.history(person_id).add(Got(campaign_id, nudge_key, sending))
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
            self._pause(person_id, state.now + timedelta(days=reaction.days))
        elif reaction.kind == ReactionKind.STOP:
            self._stop(person_id)
        elif reaction.kind == ReactionKind.START:
            self._start(person_id)
        elif reaction.kind.is_response and self._counts(row, reaction):
            state.history(person_id).answer(row.key[0], row.key[1])
            self._note(row, reaction)
            self._seats.tapped(state.run_of(row), row, reaction)
            self._pilots.responded(row, reaction)

    def _note(self, row: Row, reaction: Reaction) -> None:
        """Keep what was answered, for what follows it; the first answer of a kind counts."""
        nudge = self._state.run_of(row).playbook.nudge(row.key[1])
        given = given_by(reaction, nudge, self._state.now) if nudge else None
        if given is not None and given[0] not in row.given:
            row.given[given[0]] = given[1]
            self._planner.answered(row)

    def _is_overtaken(self, run: Run, row: Row) -> bool:
        nudge = run.playbook.nudge(row.key[1])
        if nudge is None or not isinstance(nudge.when, AfterNudge) or not is_for_silence(nudge.when):
            return False
        before = self._state.rows.get((row.key[0], nudge.when.after, row.key[2]))
        return before is not None and asked_kind(nudge.when, run.playbook.nudge(nudge.when.after)) in before.given

    def _counts(self, row: Row, reaction: Reaction) -> bool:
        """Whether the response is one that can be given: a choice that does not exist is none."""
        nudge = self._state.run_of(row).playbook.nudge(row.key[1])
        if reaction.kind == ReactionKind.TAP:
            return nudge is not None and reaction.value in nudge.taps
        if reaction.kind == ReactionKind.SCENE:
            first = row.given.get(ResponseKind.ANSWER)
            scene = nudge.scene_after(first.value) if isinstance(nudge, Quiz) and first else None
            return scene is not None and scene.choice(reaction.value) is not None
        if reaction.kind != ReactionKind.ANSWER:
            return True
        return isinstance(nudge, Quiz) and nudge.grade(reaction.answer) is not None

    def _pause(self, person_id: str, asked_until: datetime) -> None:
        """Rest, and keep what falls into the rest for the day after it."""
        state, person = self._state, self._state.world.people.get(person_id)
        until = rests_until(asked_until, state.calendar(person or Person(person_id)))
        state.change_wish(person_id, paused_until=until)
        for row in state.waiting(person_id) if person else ():
            if person and row.planned:
                row.planned = kept_for_return(row.planned, until, state.calendar(person))

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
        back_at = self._state.now if self._is_resting(person_id) else self._state.wish(person_id).back_at
        self._state.change_wish(person_id, is_stopped=False, paused_until=None, back_at=back_at)
        self._pilots.stopped(person_id, is_so=False)
        for row in self._state.waiting(person_id):
            self._wake(row)
        for row in self._rows_of(person_id):
            if self._may_still_come(row):
                del self._state.rows[row.key]
                self._state.tell(Event.REOPENED, row.key)
                run = self._state.run_of(row)
                nudge = run.playbook.nudge(row.key[1])
                if nudge is not None:
                    self._planner.ask(run, nudge, person_id)

    def _wake(self, row: Row) -> None:
        """Ask anew about what was put off."""
        if row.planned and row.ready_at and row.ready_at > row.planned.due_at:
            row.ready_at = row.planned.due_at
            self._state.outbox.add(row)

    def _is_resting(self, person_id: str) -> bool:
        until = self._state.wish(person_id).paused_until
        return until is not None and self._state.now < until

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
