"""A pilot foreseen: this module counts what comes of it, halts it or lets the rest follow, as the running app does.

Only of a campaign that begins with the forecast is everything known; a pilot that runs already is left as it stands.
Where a second person has to agree, they are taken to do so on the same day.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from nudges.domain.delivery.staging import Halted, PilotTally, Ready, Staging, Wave, pilot_verdict
from nudges.domain.forecasts.forecast import Run
from nudges.domain.forecasts.forecast_books import Key, Row
from nudges.domain.forecasts.forecast_planning import Planner
from nudges.domain.forecasts.forecast_state import Agenda, State
from nudges.domain.forecasts.reactions import Reaction, ReactionKind
from nudges.domain.times.cadence import next_monday


@dataclass
class _Counted:
    """Who did what in one pilot so far."""

    reached: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    useful: set[str] = field(default_factory=set)
    not_for_me: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    reported: set[str] = field(default_factory=set)
    rated: set[Key] = field(default_factory=set)  # the first tap counts
    posts: int = 0

    def tally(self) -> PilotTally:
        """Return the counts that the rules are asked about."""
        return PilotTally(
            reached=len(self.reached),
            answered=len(self.answered),
            useful=len(self.useful),
            not_for_me=len(self.not_for_me),
            stops=len(self.stopped),
            barrier_reports=len(self.reported),
            attempts=self.posts,
        )


class Pilots:
    """Watches every pilot that begins with the forecast."""

    def __init__(self, state: State, planner: Planner) -> None:
        self._state = state
        self._planner = planner
        watched = (run for run in state.runs.values() if run.begins_now and run.staging.is_piloting)
        self._counted = {run.campaign_id: _Counted() for run in watched}
        self._looking: set[int] = set()

    def sent(self, row: Row) -> None:
        """Take note of a message."""
        counted = self._counted.get(row.key[0])
        if counted is not None:
            counted.reached.add(row.key[2])
            counted.posts += 1

    def responded(self, row: Row, reaction: Reaction) -> None:
        """Take note of something done with a message."""
        counted = self._counted.get(row.key[0])
        if counted is None:
            return
        counted.answered.add(reaction.person_id)
        rated = {ReactionKind.USEFUL: counted.useful, ReactionKind.NOT_FOR_ME: counted.not_for_me}.get(reaction.kind)
        if rated is not None and row.key not in counted.rated:
            counted.rated.add(row.key)
            rated.add(reaction.person_id)
        if reaction.kind == ReactionKind.BARRIER:
            counted.reported.add(reaction.person_id)
        self._look_soon(row.key[0])

    def stopped(self, person_id: str, *, is_so: bool) -> None:
        """Take note that somebody stopped everything, or began again."""
        for campaign_id, counted in list(self._counted.items()):
            if person_id in counted.reached:
                (counted.stopped.add if is_so else counted.stopped.discard)(person_id)
                self._look_soon(campaign_id)

    def _look_soon(self, campaign_id: int) -> None:
        """Look once, after everything that people do at this instant."""
        if campaign_id not in self._looking:
            self._looking.add(campaign_id)
            self._state.agenda.add(self._state.now, lambda: self._look(campaign_id), rank=Agenda.LOOK)

    def _look(self, campaign_id: int) -> None:
        self._looking.discard(campaign_id)
        run, company = self._state.runs[campaign_id], self._state.world.company
        pilot = run.playbook.audience.pilot
        if pilot is None:
            return
        verdict = pilot_verdict(self._counted[campaign_id].tally(), pilot, k=company.k)
        if isinstance(verdict, Halted):
            del self._counted[campaign_id]
            self._state.halted[campaign_id] = verdict.reason.value
        elif isinstance(verdict, Ready):
            del self._counted[campaign_id]
            self._widen(run)

    def _widen(self, run: Run) -> None:
        first = self._rest_starts_on(run)
        wider = replace(run, staging=Staging(run.staging.starts_on, first))
        self._state.runs[run.campaign_id] = wider
        self._state.widened[run.campaign_id] = first
        self._planner.begin(wider, [Wave(first, is_pilot=False)])

    def _rest_starts_on(self, run: Run) -> date:
        """The Monday after today, where the company is at home."""
        today = self._state.now.astimezone(ZoneInfo(self._state.world.company.default_zone)).date()
        return max(next_monday(today), run.staging.starts_on)
