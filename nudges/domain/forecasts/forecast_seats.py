"""Seats of workshops in a forecast: this module is what the store keeps of them, in memory."""

from datetime import date

from nudges.domain.delivery.taps import SeatState, Tap
from nudges.domain.forecasts.forecast import Run
from nudges.domain.forecasts.forecast_books import Row
from nudges.domain.forecasts.forecast_state import State
from nudges.domain.forecasts.reactions import Reaction, ReactionKind
from nudges.domain.playbooks.playbook import AroundSession, Workshop
from nudges.domain.times.session_times import begins_at, session_name

_Place = tuple[int, str, str]  # campaign, nudge, session


class Seats:
    """Who has a seat in which workshop, and who waits for one, in the order of asking."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._standing: dict[_Place, dict[str, SeatState]] = {}
        for one in state.world.seats:
            self._note((one.campaign_id, one.nudge_key, one.session), one.person_id, one.state)

    def lacks(self, run: Run, row: Row) -> bool:
        """Return whether the row is about a workshop in which the person has no seat."""
        nudge = run.playbook.nudge(row.key[1])
        if nudge is None or not isinstance(nudge.when, AroundSession):
            return False
        starts_on = self._starts_on(run, row.key[2])
        if starts_on is None:
            return True
        place = (run.campaign_id, nudge.when.after, session_name(nudge.when.session, starts_on))
        return self._standing.get(place, {}).get(row.key[2]) != SeatState.SEATED

    def tapped(self, run: Run, row: Row, reaction: Reaction) -> None:
        """Give or take back a seat, if that is what was tapped and the workshop has not begun."""
        workshop, starts_on = run.playbook.nudge(row.key[1]), self._starts_on(run, row.key[2])
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
