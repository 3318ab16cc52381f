"""When a play is looked back at: this module says which look is due, and what the last one said.

A look is a line of the flag's history whose detail is its word and its weeks, such as `better_8`.
"""

from collections.abc import Iterable, Sequence

from nudges.domain.barriers.flag_life import Effect, Move

LOOKS = (4, 8)  # weeks after the week in which a play began
Line = tuple[str, str]  # what happened, and its detail


def detail_of(effect: Effect, weeks: int) -> str:
    """Return how a look is written down."""
    return f"{effect.value}_{weeks}"


def look_due(lines: Iterable[Line], *, started: int, counted: int) -> int | None:
    """Return how many weeks after the play the look is that is due now, or None.

    `started` is the week in which the play began, `counted` the last one that was counted. Whoever was away for the
    first look gets the second alone: two answers at once would only puzzle.
    """
    done = {_weeks(detail) for detail in _of_this_play(lines)}
    due = [weeks for weeks in LOOKS if started + weeks <= counted and weeks not in done]
    latest = max(due, default=None)
    return None if latest is None or any(weeks >= latest for weeks in done) else latest


def latest_look(lines: Iterable[Line]) -> str:
    """Return what the last look at the present play said; empty before there was one."""
    told = _of_this_play(lines)
    return told[-1] if told else ""


def _of_this_play(lines: Iterable[Line]) -> Sequence[str]:
    told: list[str] = []
    for what, detail in lines:
        if what in (Move.PLAY_STARTED, Move.REOPENED):
            told = []
        elif what == Move.MEASURED:
            told.append(detail)
    return told


def _weeks(detail: str) -> int:
    number = detail.rpartition("_")[2]
    return int(number) if number.isdigit() else 0
