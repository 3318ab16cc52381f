"""Flags by default: this module is how tests of blocks make what services would return about barriers."""

from datetime import date, timedelta
from typing import Any

from nudges.domain.barriers.flag_life import Move
from nudges.domain.barriers.flag_views import Act, BarriersView, FlagCard, HistoryLine, Next, NextThing, StepView
from tests.bot.examples import NOW, ZONE


def a_flag(**values: Any) -> FlagCard:
    """Return a flag of one team that nobody has taken up yet."""
    usual: dict[str, Any] = {
        "flag_id": 1,
        "scope_type": "team",
        "scope_id": "Billing Lisbon",
        "kind": "manager_discourages",
        "grade": "confirmed",
        "band": "5-9",
        "opened_at": NOW - timedelta(days=1),
        "owner_id": "U0PRIYA",
        "state": "open",
        "next": Next(NextThing.TO_BE_TAKEN, date(2027, 1, 18)),
        "history": (HistoryLine(NOW - timedelta(days=1), Move.OPENED, detail="confirmed"),),
        "acts": (Act.TAKE, Act.DISMISS, Act.ASSIGN),
    }
    return FlagCard(**(usual | values))


def a_flag_in_remedy(**values: Any) -> FlagCard:
    """Return the same flag with a play that runs, one of its two steps done."""
    steps = (
        StepView(1, "Agree with the leader one level up", "U0PRIYA", date(2027, 1, 19), date(2027, 1, 15)),
        StepView(2, "Have a manager of a similar team tell the area", "U0PRIYA", date(2027, 2, 2)),
    )
    lines = (Move.OPENED, Move.ACKNOWLEDGED, Move.PLAY_STARTED, Move.STEP_DONE)
    usual: dict[str, Any] = {
        "state": "in_remedy",
        "play": "leader-goes-first",
        "play_title": "The leader one level up goes first",
        "measure": "How often people in the group answer nudges, before and after.",
        "started_on": date(2027, 1, 12),
        "steps": steps,
        "next": Next(NextThing.A_STEP, date(2027, 2, 2), steps[1]),
        "history": tuple(
            HistoryLine(NOW, what, "U0PRIYA" if number else "", detail="1") for number, what in enumerate(lines)
        ),
        "acts": (Act.STEP, Act.ASSIGN),
    }
    return a_flag(**(usual | values))


def some_barriers(*flags: FlagCard) -> BarriersView:
    """Return these flags, with the end of the period."""
    return BarriersView(flags=flags, period_closes_at=NOW + timedelta(days=9), k=5, zone=ZONE)
