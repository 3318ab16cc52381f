"""How well questions stick: this module measures our returns against a fixed ladder and against none.

Four questions are met in the first four weeks, beside one other new thing a week, and asked about after week twelve.
Ours is the policy as it runs: FSRS, working days only, the caps, at most one return at a time and none where something
new wants the day. The ladder asks 1, 3, 7 and 21 days after the last time, then every 21 days, free of every cap.
`python -m tests.bench_recall` takes a minute.
"""

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from nudges.domain.playbooks.company import Caps
from nudges.domain.recall import recall
from nudges.domain.recall.recall import Card
from nudges.domain.recall.recall_slots import Taken, slot
from nudges.domain.times.hours import WorkingWeek
from nudges.domain.times.workdays import WorkCalendar
from tests.learners import CURVES, GUESSED, KNEW, Memory, answer, ease

MONDAY = date(2027, 1, 11)
DAYS = 84
RUNGS = (1, 4, 11, 32, 53, 74)
CALENDAR = WorkCalendar("Europe/Lisbon", WorkingWeek.parse("09:00-17:00 mon-fri"))
CAPS = Caps(day=1, week=3)
HOUR = time(10)
PEOPLE = 40
SEEDS = range(200, 210)  # none of those that the policy was tuned on
# On these days the questions are met, one a week for four weeks, and something else that is new comes once a week.
MET = (3, 10, 17, 24)
NEW = tuple(range(1, DAYS, 7))


@dataclass(frozen=True)
class Learnt:
    """What a policy came to: the share known in the end, and how often a question came back."""

    known: float
    returns: float


Policy = Callable[[list[Memory], list[bool], random.Random], float]  # whether the first answers were right


@dataclass
class _Asked:
    memory: Memory
    met: int
    card: Card
    returned: int = 0
    is_over: bool = False


def learn(curve: str, policy: Policy, *, seed: int, people: int, is_fast: bool = False) -> Learnt:
    """Let so many people learn by a policy; return what they know in the end."""
    known, returns = [], 0.0
    for number in range(people):
        draw = random.Random(f"{curve}:{seed}:{number}")
        talent = draw.gauss(0, 1)
        knew = [draw.random() < KNEW for _ in MET]
        memories = [CURVES[curve].of(draw, talent + ease(one), is_fast=is_fast) for one in knew]
        returns += policy(memories, [one or draw.random() < GUESSED for one in knew], draw)
        known += [memory.recall(DAYS - met) for memory, met in zip(memories, MET, strict=True)]
    return Learnt(statistics.fmean(known), returns / people / len(MET))


def nothing(memories: list[Memory], right: list[bool], draw: random.Random) -> float:
    """Ask once and never again."""
    return 0


def ladder(rungs: int) -> Policy:
    """Return the policy that asks on the first so many rungs."""

    def climb(memories: list[Memory], right: list[bool], draw: random.Random) -> float:
        count = 0
        for memory, met in zip(memories, MET, strict=True):
            for day in RUNGS[:rungs]:
                if met + day < DAYS:
                    answer(memory, day, draw)
                    count += 1
        return count

    return climb


def ours(memories: list[Memory], right: list[bool], draw: random.Random) -> float:
    """Let questions come back as the app does: looked at every morning for that day and the next."""
    asked: list[_Asked] = []
    taken = [Taken(_day(day)) for day in (*MET, *NEW)]
    waiting: dict[int, _Asked] = {}
    for day in range(DAYS):
        if day in MET:
            place = MET.index(day)
            first = recall.answered(None, is_right=right[place], now=_at(day, 11))
            asked.append(_Asked(memories[place], day, first))
        one = waiting.pop(day, None)
        if one is not None:
            _return(one, day, draw)
        if not waiting:
            _plan(asked, day, taken, waiting)
    return sum(one.returned for one in asked)


def _return(one: _Asked, day: int, draw: random.Random) -> None:
    is_right = answer(one.memory, day - one.met, draw)
    one.returned += 1
    one.card = recall.answered(one.card, is_right=is_right, now=_at(day, 11))
    most, met_at = recall.DEFAULT_RETURNS, _at(one.met, 11)
    one.is_over = recall.ending(one.card, returned=one.returned, most=most, met_at=met_at, now=_at(day, 11)) is not None


def _plan(asked: Sequence[_Asked], day: int, taken: list[Taken], waiting: dict[int, _Asked]) -> None:
    now = _at(day, 12)
    for one in sorted((one for one in asked if not one.is_over), key=lambda one: recall.urgency(one.card, now)):
        # What is new is written down a week ahead, and no later than that is known of it.
        known = [other for other in taken if other.is_review or other.day <= _day(day + 7)]
        found = slot(due_at=one.card.due_at, at=HOUR, calendar=CALENDAR, caps=CAPS, taken=known, now=now)
        if found is not None:
            on = CALENDAR.local_day(found.due_at)
            taken.append(Taken(on, is_review=True))
            waiting[(on - MONDAY).days] = one
            return


def _day(day: int) -> date:
    return MONDAY + timedelta(days=day)


def _at(day: int, hour: int) -> datetime:
    return datetime.combine(_day(day), time(hour), UTC)


def rungs_for(known: float, climbed: Sequence[Learnt]) -> float:
    """Return how many returns the ladder needs at least to reach this share, between two rungs in proportion."""
    before = climbed[0]
    for step in climbed[1:]:
        if step.known >= known:
            share = (known - before.known) / (step.known - before.known)
            return before.returns + share * (step.returns - before.returns)
        before = step
    return before.returns


def recalling(*, people: int = PEOPLE, seeds: Sequence[int] = SEEDS) -> None:
    """Print by curve what is known after twelve weeks, and what it takes, with intervals over seeds."""
    for is_fast in (False, True):
        _table(is_fast, people, seeds)


def _table(is_fast: bool, people: int, seeds: Sequence[int]) -> None:
    print("    those who forget fast" if is_fast else "    usual learners")
    print(
        "      known after 12 weeks      ours (returns)       ladder of 4   none    ladder needs for ours, at least",
        flush=True,
    )
    for curve in CURVES:
        runs = [_run(curve, seed, people, is_fast) for seed in seeds]
        ours_, returns = _told([run[0].known for run in runs]), _told([run[0].returns for run in runs], "")
        four, none = _told([run[1][4].known for run in runs]), _told([run[1][0].known for run in runs])
        needs = _told([rungs_for(run[0].known, run[1]) for run in runs], "")
        print(f"    {curve:<22} {ours_} ({returns})   {four}   {none}   {needs}", flush=True)


def _run(curve: str, seed: int, people: int, is_fast: bool) -> tuple[Learnt, list[Learnt]]:
    about = {"seed": seed, "people": people, "is_fast": is_fast}
    climbed = [learn(curve, ladder(rungs), **about) for rungs in range(len(RUNGS) + 1)]
    return learn(curve, ours, **about), climbed


def _told(values: Sequence[float], unit: str = "%") -> str:
    middle, half = statistics.fmean(values), 2.26 * statistics.stdev(values) / len(values) ** 0.5
    return f"{middle:.1%} ±{half:.1%}" if unit else f"{middle:.2f} ±{half:.2f}"


if __name__ == "__main__":
    recalling()
