"""What was in the way, and what was said of it: this module tells the flags of a rehearsal beside the truth."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.simulation.flag_owner import Look, PlayedFlag, Truth
from bot.simulation.hindered import Hindrances
from bot.simulation.planted import Barrier
from nudges.domain.barriers.flag_life import Effect


def barrier_lines(ways: Hindrances, flags: Sequence[PlayedFlag]) -> Iterator[str]:
    """Give it in lines for a terminal."""
    yield "What was in the way"
    for one in ways.placed:
        yield f"  {one.group[0]} {one.group[1]}: {_planted(one.barrier)}"
    yield "What was flagged, what was done, and what was said of it"
    if not flags:
        yield "  No flag was raised that its owner was to act on."
    for flag in flags:
        yield f"  {flag.group[0]} {flag.group[1]}: {_told(flag)}"
    yield f"  {verdict(flags)}"


def barrier_json(ways: Hindrances, flags: Sequence[PlayedFlag]) -> dict[str, Any]:
    """Return it for machines."""
    return {
        "planted": [
            {"scope_type": one.group[0], "scope_id": one.group[1], **one.barrier.model_dump(mode="json")}
            for one in ways.placed
        ],
        "flags": [_row(flag) for flag in flags],
    }


def verdict(flags: Sequence[PlayedFlag]) -> str:
    """Return in a sentence how good the words were."""
    looks = [look for flag in flags for look in flag.looks]
    if not looks:
        return "No play was looked back at: the first look comes four weeks after the week in which it began."
    right = sum(look.is_right for look in looks)
    idle = [look for look in looks if look.truth is not Truth.HELPED]
    helped = [look for look in looks if look.truth is Truth.HELPED]
    return (
        f"{right} of {len(looks)} words were right or unclear."
        f" Better was said of {_better(idle)} of {len(idle)} looks at plays that did not help,"
        f" and of {_better(helped)} of {len(helped)} at plays that did."
    )


def _better(looks: Sequence[Look]) -> int:
    return sum(look.said is Effect.BETTER for look in looks)


def _planted(barrier: Barrier) -> str:
    until = f"before week {barrier.until_week}" if barrier.until_week else "the end"
    lifts = f"a play takes {barrier.play_lifts:.0%} of it away" if barrier.play_lifts else "no play helps"
    return f"{barrier.kind.value}, weeks {barrier.from_week} to {until}, {barrier.strength:.0%} of reactions; {lifts}"


def _told(flag: PlayedFlag) -> str:
    false = "" if flag.was_there else " (nothing was in the way)"
    raised = f"{flag.kind}, {flag.grade}, raised {flag.opened_at:%d %b %Y}{false}"
    if flag.started_at is None:
        return f"{raised}; no play began"
    looks = "; ".join(
        f"after {look.weeks} weeks “{look.said.value}”, in truth {look.truth.value}" for look in flag.looks
    )
    return f"{raised}; {flag.play} began {flag.started_at:%d %b %Y}; {looks or 'no look back yet'}"


def _row(flag: PlayedFlag) -> dict[str, Any]:
    return {
        "scope_type": flag.group[0],
        "scope_id": flag.group[1],
        "kind": flag.kind,
        "grade": flag.grade,
        "opened_at": flag.opened_at.isoformat(),
        "was_there": flag.was_there,
        "play": flag.play,
        "started_at": flag.started_at.isoformat() if flag.started_at else None,
        "looks": [
            {"weeks": look.weeks, "said": look.said.value, "truth": look.truth.value, "is_right": look.is_right}
            for look in flag.looks
        ],
    }
