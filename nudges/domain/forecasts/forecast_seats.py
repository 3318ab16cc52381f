"""Seats of workshops in a forecast: this module is what the store keeps of them, in memory."""

from datetime import date

from nudges.domain.delivery.presence import Presence, is_wanted
from nudges.domain.delivery.taps import SeatState, Tap
from nudges.domain.forecasts.forecast import Run
from nudges.domain.forecasts.forecast_books import Row
from nudges.domain.forecasts.forecast_state import State
from nudges.domain.forecasts.reactions import Reaction, ReactionKind
from nudges.domain.playbooks.playbook import AroundSession, Workshop
from nudges.domain.playbooks.sequels import Attendance
from nudges.domain.times.session_times import begins_at, session_name

_Place = tuple[int, str, str]  # campaign, nudge, session


class Seats:
    """Who has a seat in which workshop, and who waits for one, in the order of asking."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._standing: dict[_Place, dict[str, SeatState]] = {}
        self._said: dict[tuple[_Place, str], Presence] = {}  # of their coming
        for one in state.world.seats:
            place = (one.campaign_id, one.nudge_key, one.session)
            self._note(place, one.person_id, one.state)
            self._said[place, one.person_id] = one.presence

    def lacks(self, run: Run, row: Row) -> bool:
        """Return whether the row is about a workshop in which the person has no seat."""
        nudge = run.playbook.nudge(row.key[1])
        if nudge is None or not isinstance(nudge.when, AroundSession):
            return False
        starts_on = self._starts_on(run, row.key[2])
        if starts_on is None:
            return True
        place = (run.campaign_id, nudge.when.after, session_name(nudge.when.session, starts_on))
        state, said = self._standing.get(place, {}).get(row.key[2]), self._said.get((place, row.key[2]), Presence())
        return not is_wanted(nudge.when, state, said, is_question=isinstance(nudge, Attendance))

    def tapped(self, run: Run, row: Row, reaction: Reaction) -> None:
        """Give or take back a seat, if that is what was tapped and the workshop has not begun."""
        workshop, starts_on = run.playbook.nudge(row.key[1]), self._starts_on(run, row.key[2])
        if reaction.kind == ReactionKind.TAP and isinstance(workshop, Attendance):
            self._say(run, workshop, row.key[2], reaction.value)
        if reaction.kind != ReactionKind.TAP or not isinstance(workshop, Workshop) or starts_on is None:
            return
        if self._state.now >= begins_at(workshop.held, starts_on):
            return
        place, person_id = (run.campaign_id, workshop.key, session_name(workshop.held, starts_on)), row.key[2]
        present = self._standing.get(place, {}).get(person_id)
        if reaction.value == Tap.COMING and present not in (SeatState.SEATED, SeatState.WAITING):
            is_free = self._count(place) < workshop.seats
            self._note(place, person_id, SeatState.SEATED if is_free else SeatState.WAITING)
        elif reaction.value == Tap.NOT_THIS_TIME and present in (SeatState.SEATED, SeatState.WAITING):
            self._note(place, person_id, SeatState.GIVEN_BACK)
            if present == SeatState.SEATED:
                self._move_up(place)

    def _say(self, run: Run, asked: Attendance, person_id: str, word: str) -> None:
        """Keep what somebody says of their own coming; the first word counts."""
        starts_on = self._starts_on(run, person_id)
        if starts_on is None or not isinstance(asked.when, AroundSession):
            return
        place = (run.campaign_id, asked.of, session_name(asked.when.session, starts_on))
        said = self._said.get((place, person_id), Presence())
        self._said[place, person_id] = Presence(said.own or word, said.host)

    def _starts_on(self, run: Run, person_id: str) -> date | None:
        seat = run.seats.get(person_id)
        return run.staging.begins_on(is_pilot=seat.is_pilot) if seat is not None else None

    def _count(self, place: _Place) -> int:
        return sum(state == SeatState.SEATED for state in self._standing.get(place, {}).values())

    def _note(self, place: _Place, person_id: str, state: SeatState) -> None:
        standing = self._standing.setdefault(place, {})
        standing.pop(person_id, None)  # whoever asks again stands at the end
        standing[person_id] = state

    def _move_up(self, place: _Place) -> None:
        standing = self._standing[place]
        first = next((one for one, state in standing.items() if state == SeatState.WAITING), None)
        if first is not None:
            standing[first] = SeatState.SEATED
