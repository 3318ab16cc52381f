"""Whose turn it is, in a forecast: this module gathers for one row what the services read for one delivery."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from nudges.domain.delivery.sharing import Claim, Shares
from nudges.domain.delivery.turns import Contest, Tell, Told
from nudges.domain.forecasts.forecast_books import Row
from nudges.domain.forecasts.forecast_state import State
from nudges.domain.playbooks.playbook import Playbook


def contest_of(state: State, row: Row) -> Contest:
    """Return the row beside all others that wait for its person."""
    others = (one for one in state.waiting(row.key[2]) if one is not row and one.key[0] not in state.halted)
    return Contest(_claim(row), [_claim(one) for one in others], _tell(state), _shares(state, row.key[2]))


def _claim(row: Row) -> Claim:
    campaign_id, nudge_key, _ = row.key
    planned = row.planned
    if planned is None:  # what waits has a time
        raise ValueError(row.key)
    ready_at = row.ready_at or planned.due_at
    times = (planned.due_at, ready_at, planned.window_ends_at, planned.fresh_until)
    return Claim(row.delivery_id, campaign_id, nudge_key, row.priority, *times)


def _shares(state: State, person_id: str) -> Shares:
    def shares(since: date) -> Mapping[int, int]:
        return state.shares(person_id, datetime.combine(since, datetime.min.time(), UTC))

    return shares


def _tell(state: State) -> Tell:
    def tell(campaign_id: int, nudge_key: str) -> Told:
        run = state.runs.get(campaign_id)
        if run is not None:
            lift = state.world.lifts.get(run.playbook.playbook, 0)
            return Told(_kind(run.playbook, nudge_key), run.staging.starts_on, lift)
        past = state.world.past.get(campaign_id)
        return Told(_kind(past, nudge_key)) if past else Told()

    return tell


def _kind(playbook: Playbook, nudge_key: str) -> str:
    nudge = playbook.nudge(nudge_key)
    return nudge.kind if nudge else ""
