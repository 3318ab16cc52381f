"""Who is to get what and when, asked in memory: this module is to a forecast what the planning tick is to the app."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from nudges.domain.delivery.deliveries import Decision, DeliveryStatus, Planned, Skipped, Waiting, delivery_id
from nudges.domain.delivery.eligibility import Standing
from nudges.domain.delivery.newcomers import own_start
from nudges.domain.delivery.planning import HORIZON, Facts, Terms, plan_on
from nudges.domain.delivery.staging import Wave
from nudges.domain.forecasts.forecast import Event, Run, Seat
from nudges.domain.forecasts.forecast_books import Row
from nudges.domain.forecasts.forecast_state import State
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person
from nudges.domain.playbooks.follow_ups import Predecessor, answer_until, asked_kind
from nudges.domain.playbooks.playbook import AfterNudge, AroundSession, FixedDay, Nudge
from nudges.domain.times.cadence import planned_after
from nudges.domain.times.session_times import near_day

LATEST_ZONE = timedelta(hours=12)  # the last place where a day begins
DAY = timedelta(days=1)

Memo = dict[tuple[int, date, Facts], Decision]  # by calendar, first day and standing


def near_at(when: FixedDay | AroundSession, begins_on: date) -> datetime:
    """Return from when on a nudge is near enough for everybody to be decided."""
    return datetime.combine(near_day(when, begins_on), time.min, UTC) - HORIZON + LATEST_ZONE


class Planner:
    """Decides, and puts what is decided into the books."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._chains: dict[tuple[int, str], list[Nudge]] = {}  # a forecast never changes a playbook

    def begin(self, run: Run, waves: Iterable[Wave]) -> None:
        """Put down when each nudge of a campaign is to be decided for these waves."""
        for wave in waves:
            ids = [id_ for id_, seat in run.seats.items() if wave.is_pilot in (None, seat.is_pilot)]
            late = [id_ for id_ in ids if self._begins_on(run, run.seats[id_]) != wave.begins_on]
            on_time = [id_ for id_ in ids if id_ not in set(late)] if late else ids
            for nudge in run.playbook.nudges:
                if isinstance(nudge.when, FixedDay):
                    self._plan_all_later(run, nudge, wave, on_time)
                    self._ask_all(run, nudge, late)
                else:
                    self._ask_all(run, nudge, ids)

    def settled(self, row: Row) -> None:
        """A row has got its last state: what waits for it can be decided, now or when its day is near."""
        run = self._state.runs.get(row.key[0])
        if run is not None:
            for nudge in self._following(run, row.key[1]):
                self.ask(run, nudge, row.key[2])

    def ask(self, run: Run, nudge: Nudge, person_id: str) -> None:
        """Decide one nudge for one person as soon as it can be decided; nothing where it waits for another."""
        begins_on = self._begins_on(run, run.seats[person_id])
        if begins_on is None:
            return
        at = self._asked_at(run, nudge, begins_on, person_id)
        if at is not None:
            self._state.agenda.add(max(at, self._state.now), lambda: self._plan_one(run, nudge, person_id))

    def _asked_at(self, run: Run, nudge: Nudge, begins_on: date, person_id: str) -> datetime | None:
        if isinstance(nudge.when, AfterNudge):
            return self._after_at(run, nudge.when, person_id)
        if isinstance(nudge.when, AroundSession) and self._predecessor(run, nudge.when, person_id) is None:
            return None
        return near_at(nudge.when, begins_on)

    def answered(self, row: Row) -> None:
        """Something was answered: what hangs on that can be decided."""
        run = self._state.runs.get(row.key[0])
        if run is None:
            return
        for nudge in self._following(run, row.key[1]):
            if isinstance(nudge.when, AfterNudge) and nudge.when.only_if is not None:
                self.ask(run, nudge, row.key[2])

    def _following(self, run: Run, nudge_key: str) -> list[Nudge]:
        place = (run.campaign_id, nudge_key)
        if place not in self._chains:
            self._chains[place] = run.following(nudge_key)
        return self._chains[place]

    def _plan_all_later(self, run: Run, nudge: Nudge, wave: Wave, ids: list[str]) -> None:
        if isinstance(nudge.when, FixedDay):
            at = max(near_at(nudge.when, wave.begins_on), self._state.now)
            self._state.agenda.add(at, lambda: self._plan(run, nudge, ids, {}))

    def _ask_all(self, run: Run, nudge: Nudge, ids: list[str]) -> None:
        for person_id in ids:
            self.ask(run, nudge, person_id)

    def _after_at(self, run: Run, when: AfterNudge, person_id: str) -> datetime | None:
        """Return from when on a nudge after another can be decided, or None while the other is open."""
        before = self._predecessor(run, when, person_id)
        if before is None:
            return None
        if before.status != DeliveryStatus.SENT or before.sent_at is None:
            return self._state.now
        # The services ask a day late, so that all of a wave can be decided at one look.
        near = before.sent_at + timedelta(days=when.days) - HORIZON + DAY
        is_open = when.only_if is not None and before.given is None
        return max(near, answer_until(when, before.sent_at)) if is_open else near

    def _predecessor(self, run: Run, when: AfterNudge | AroundSession, person_id: str) -> Predecessor | None:
        row = self._state.rows.get((run.campaign_id, when.after, person_id))
        if row is None or row.is_waiting:
            return None
        kind = asked_kind(when, run.playbook.nudge(when.after))
        return Predecessor(row.status, row.sent_at, row.given.get(kind or ""))

    def _plan_one(self, run: Run, nudge: Nudge, person_id: str) -> None:
        self._plan(run, nudge, (person_id,), {})

    def _plan(self, run: Run, nudge: Nudge, ids: Iterable[str], memo: Memo) -> None:
        if self._state.now.date() > run.over_after[nudge.key] or run.campaign_id in self._state.halted:
            return
        run = self._state.runs[run.campaign_id]  # a pilot may have been widened since this was put down
        for person_id in ids:
            person, key = self._state.world.people.get(person_id), (run.campaign_id, nudge.key, person_id)
            if person is not None and key not in self._state.rows:
                self._take(run, nudge, person, self._decision(run, nudge, person, memo))

    def _decision(self, run: Run, nudge: Nudge, person: Person, memo: Memo) -> Decision:
        """Ask `planning.plan`, once for all who live by the same calendar and stand alike."""
        seat = run.seats[person.person_id]
        begins_on = self._begins_on(run, seat)
        if begins_on is None:
            return Waiting()
        calendar, facts = self._state.calendar(person), self._facts(run, nudge, person, seat)
        key = (id(calendar), begins_on, facts)  # the state keeps one calendar for all who live alike
        if key not in memo:
            terms = Terms(begins_on, run.playbook.ends_on, run.playbook.newcomers, run.newcomers_until)
            memo[key] = plan_on(calendar, nudge=nudge, terms=terms, facts=facts, now=self._state.now)
        return memo[key]

    def _begins_on(self, run: Run, seat: Seat) -> date | None:
        begins_on = run.staging.begins_on(is_pilot=seat.is_pilot)
        return None if begins_on is None else own_start(run.playbook.newcomers, begins_on, seat.joined_at)

    def _facts(self, run: Run, nudge: Nudge, person: Person, seat: Seat) -> Facts:
        wish, when = self._state.wish(person.person_id), nudge.when
        return Facts(
            is_sendable=person.kind not in NEVER_SENDABLE,
            is_in_audience=seat.is_inside,
            is_held_out=seat.is_held_out,
            joined_at=seat.joined_at,
            predecessor=None if isinstance(when, FixedDay) else self._predecessor(run, when, person.person_id),
            standing=Standing(is_stopped=wish.is_stopped, paused_until=wish.paused_until),
            is_topic_off=not wish.topics.allows(run.playbook.topics_of(nudge)),
            blocked=run.stopped.get(nudge.key),
        )

    def _take(self, run: Run, nudge: Nudge, person: Person, decision: Decision) -> None:
        if isinstance(decision, Waiting):
            self._ask_again(run, nudge, person)
            return
        row = self._new_row(run, nudge, person.person_id, decision)
        self._state.put(row)
        if isinstance(decision, Planned):
            self._state.tell(Event.PLANNED, row.key, until=decision.due_at)
        else:
            self._state.tell(Event.SKIPPED, row.key, reason=decision.reason)
            self.settled(row)

    def _ask_again(self, run: Run, nudge: Nudge, person: Person) -> None:
        """A holiday moved it beyond the horizon: ask when it is near; otherwise its predecessor will ask."""
        when = nudge.when
        before = self._predecessor(run, when, person.person_id) if isinstance(when, AfterNudge) else None
        if not isinstance(when, AfterNudge) or before is None or before.sent_at is None:
            return
        due = planned_after(when, sent_at=before.sent_at, calendar=self._state.calendar(person))
        if isinstance(due, Planned):
            self._state.agenda.add(due.due_at - HORIZON, lambda: self._plan_one(run, nudge, person.person_id))

    def _new_row(self, run: Run, nudge: Nudge, person_id: str, decision: Planned | Skipped) -> Row:
        is_planned = isinstance(decision, Planned)
        return Row(
            key=(run.campaign_id, nudge.key, person_id),
            delivery_id=self._delivery_id(run, nudge, person_id),
            priority=nudge.priority,
            status=DeliveryStatus.PLANNED if is_planned else DeliveryStatus.SKIPPED,
            decided_at=self._state.now,
            reason=decision.reason if isinstance(decision, Skipped) else "",
            planned=decision if isinstance(decision, Planned) else None,
            ready_at=decision.due_at if isinstance(decision, Planned) else None,
        )

    def _delivery_id(self, run: Run, nudge: Nudge, person_id: str) -> str:
        return delivery_id(
            key=self._state.world.key,
            workspace_id=self._state.world.workspace_id,
            campaign_id=run.campaign_id,
            nudge_key=nudge.key,
            person_id=person_id,
            occurrence=1,
        )
