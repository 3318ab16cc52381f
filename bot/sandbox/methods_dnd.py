"""dnd.info and dnd.teamInfo: this module is when the sandbox's people do not want to be disturbed."""

from __future__ import annotations

from bot.sandbox.call import Call
from bot.sandbox.errors import Refusal
from bot.sandbox.records import Json
from bot.sandbox.state import State

PEOPLE_MOST = 50
NO_TIME = 1  # what Slack says where there is no such time


def info(state: State, call: Call) -> Json:
    """Return one person's times; a bot has none of its own, so it must name somebody."""
    call.need_scope("dnd:read")
    if call.text("user") not in state.users:
        raise Refusal("user_not_found")
    return {**_times(state, call.text("user")), "snooze_enabled": False}


def team_info(state: State, call: Call) -> Json:
    """Return the times of up to fifty people; who is unknown is left out."""
    call.need_scope("dnd:read")
    asked = [one for one in call.text("users").split(",") if one][:PEOPLE_MOST]
    if not asked:
        raise Refusal("no_users_provided")
    return {"users": {user_id: _times(state, user_id) for user_id in asked if user_id in state.users}, "cached": False}


def _times(state: State, user_id: str) -> Json:
    rest = state.rests.get(user_id)
    if rest is None or rest[1] <= state.clock.now():
        return {"dnd_enabled": False, "next_dnd_start_ts": NO_TIME, "next_dnd_end_ts": NO_TIME}
    return {"dnd_enabled": True, "next_dnd_start_ts": int(rest[0]), "next_dnd_end_ts": int(rest[1])}
