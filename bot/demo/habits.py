"""What somebody will do about a nudge, and when: this module draws it from a habit and a seed.

The luck of one message hangs on who reads it and what it says, never on an id that is another in each demo.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.blocks.actions import ActionId
from bot.demo.cast import Habit
from bot.demo.hand import Act
from bot.demo.screen import Control, find
from nudges.domain.delivery.taps import ATTENDANCE_TAPS, CHALLENGE_TAPS, FOLLOW_UP_TAPS, WORKSHOP_TAPS, Tap

MINUTE_S = 60.0
SOONEST_S = 2 * MINUTE_S
LATEST_S = 6 * 3_600.0  # of the same working day, for most
BETWEEN_S = 1 * MINUTE_S  # one thing after the other
LEARNT = 0.6  # of those who did not know it, so many do when it comes back: they have read the answer
BRIEFLY = (Act.ANSWER, Act.TAP, Act.USEFUL, Act.NOT_FOR_ME, Act.TRY, Act.SAVE, Act.NEXT_SCENE)


@dataclass(frozen=True)
class Wanted:
    """One thing somebody will do about one message, so many seconds after it came."""

    act: Act
    how: str
    after_s: float


def reactions(
    habit: Habit, controls: Sequence[Control], luck: random.Random, *, hush: float = 1.0, is_brief: bool = False
) -> list[Wanted]:
    """Return what somebody does about a message that shows these controls; `hush` is how much of it they dare.

    With `is_brief` it is the one thing that matters most, which is enough for somebody in a crowd.
    """
    if find(controls, ActionId.HEARD_RIGHT):
        return [Wanted(Act.CONFIRM, "", BETWEEN_S)]
    if not find(controls, ActionId.MORE):
        return []  # no nudge, such as an answer to something typed
    start = _wait(habit, luck)
    drawn = list(_drawn(habit, controls, luck))
    if is_brief:
        drawn = sorted(drawn, key=lambda one: BRIEFLY.index(one[0]))[:1]
    if luck.random() >= hush:
        return []
    return [Wanted(act, how, start + place * BETWEEN_S) for place, (act, how) in enumerate(drawn)]


def _drawn(habit: Habit, controls: Sequence[Control], luck: random.Random) -> Iterator[tuple[Act, str]]:
    """Give each act with how it is done; every die is thrown, so that one change moves no other luck."""
    answers, is_right, is_sure = luck.random(), luck.random(), luck.random()
    taps, is_useful, tries = luck.random(), luck.random(), luck.random()
    saves, promises, keeps = luck.random(), luck.random(), luck.random()
    if tries < habit.tries:
        yield Act.TRY, ""
    if answers < habit.answers and _asks(controls):
        knows = habit.right + (1 - habit.right) * (LEARNT if find(controls, ActionId.KNOW_IT) else 0.0)
        right, sure = "right" if is_right < knows else "wrong", "sure" if is_sure < habit.sure else "unsure"
        yield Act.ANSWER, f"{right} {sure}"
        yield Act.NEXT_SCENE, ""
    tap = _tap(habit, controls, promises, keeps)
    if tap is not None:
        yield Act.TAP, tap
    if taps < habit.taps:
        yield (Act.USEFUL if is_useful < habit.useful else Act.NOT_FOR_ME), ""
    if saves < habit.saves:
        yield Act.SAVE, ""


def _asks(controls: Sequence[Control]) -> bool:
    return bool(find(controls, ActionId.ANSWER_QUIZ) or find(controls, ActionId.CHECK_ANSWER))


def _tap(habit: Habit, controls: Sequence[Control], promises: float, keeps: float) -> str | None:
    """Return which yes, no or vote is tapped; None where nothing is, or nothing can be."""
    keys = [one.value.rpartition(":")[2] for one in controls if one.name == ActionId.TAP]
    if not keys:
        return None
    if keys[0] in CHALLENGE_TAPS or keys[0] in WORKSHOP_TAPS:
        return keys[0] if promises < habit.promises else (keys[-1] if len(keys) > 1 and keeps < 0.5 else None)
    if keys[0] in ATTENDANCE_TAPS:
        return keys[0] if keeps < habit.keeps else keys[-1]
    if keys[0] in FOLLOW_UP_TAPS:
        return Tap.DONE.value if keeps < habit.keeps else Tap.NOT_YET.value
    return keys[int(promises * len(keys))] if keeps < habit.answers else None


def _wait(habit: Habit, luck: random.Random) -> float:
    """Return how long it takes them, in seconds; half of the time less than the habit says."""
    seconds = luck.expovariate(0.693 / (habit.slow * MINUTE_S))
    return min(max(SOONEST_S, seconds), LATEST_S)
