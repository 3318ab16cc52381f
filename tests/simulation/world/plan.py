"""What happens to the world and when: this module draws one plan from one seed, and nothing that happens changes it.

Whom an act is about is drawn when it comes, from a luck of its own, because by then other people may be there.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Clocks change on these days: in the United States, Israel, Europe and New Zealand, in spring and in autumn.
CLOCK_CHANGES = tuple(
    date.fromisoformat(day)
    for day in ("2027-03-14", "2027-03-26", "2027-03-28", "2027-04-04", "2027-09-26", "2027-10-31", "2027-11-07")
)


class Act(StrEnum):
    """One thing that happens."""

    JOIN = "join"
    LEAVE = "leave"
    TRAVEL = "travel"
    MOVE = "move"
    TELL = "tell"  # Slack's directory and the people file reach the app
    STOP = "stop"
    START = "start"
    PAUSE = "pause"
    FORGET = "forget"
    REPLY = "reply"
    PUBLISH = "publish"
    EDIT = "edit"
    BREAK = "break"
    UPDATE = "update"
    CORRECT = "correct"
    RECALL = "recall"
    WIDEN = "widen"
    PAUSE_CAMPAIGN = "pause campaign"
    RESUME_CAMPAIGN = "resume campaign"
    HOLD = "hold"
    RESUME = "resume"
    CRASH = "crash"
    STORM = "storm"
    CALM = "calm"
    SLACK_DOWN = "slack down"
    SLACK_UP = "slack up"
    SLEEP = "sleep"
    WAKE = "wake"
    LEAP = "leap"
    CLOCK_RIGHT = "clock right"
    NEW_ZONES = "new zones"


# How often a day each of them comes, and what ends it after how long (from, to).
RATES: dict[Act, float] = {
    Act.JOIN: 0.08, Act.LEAVE: 0.05, Act.TRAVEL: 0.15, Act.MOVE: 0.15, Act.TELL: 0.12,
    Act.STOP: 0.1, Act.START: 0.25, Act.PAUSE: 0.1, Act.FORGET: 0.08, Act.REPLY: 0.2,
    Act.PUBLISH: 0.2, Act.EDIT: 0.12, Act.BREAK: 0.04, Act.UPDATE: 0.1, Act.CORRECT: 0.15, Act.RECALL: 0.04,
    Act.WIDEN: 0.1, Act.PAUSE_CAMPAIGN: 0.05, Act.HOLD: 0.02, Act.CRASH: 0.06, Act.STORM: 0.15,
    Act.SLACK_DOWN: 0.04, Act.SLEEP: 0.025, Act.LEAP: 0.04, Act.NEW_ZONES: 0.04,
}  # fmt: skip
ENDS: dict[Act, tuple[Act, timedelta, timedelta]] = {
    Act.PAUSE_CAMPAIGN: (Act.RESUME_CAMPAIGN, 2 * HOUR, 3 * DAY),
    Act.HOLD: (Act.RESUME, 2 * HOUR, 2 * DAY),
    Act.STORM: (Act.CALM, 2 * HOUR, 20 * HOUR),
    Act.SLACK_DOWN: (Act.SLACK_UP, 1 * HOUR, 5 * HOUR),
    Act.SLEEP: (Act.WAKE, 4 * HOUR, 3 * DAY),
    Act.LEAP: (Act.CLOCK_RIGHT, HOUR / 2, 12 * HOUR),
}
MORE = 10
# After these the jobs find nothing new; what they change is asked for at the next posting or in the next daily round.
QUIET = frozenset({
    Act.JOIN, Act.LEAVE, Act.TRAVEL, Act.MOVE, Act.REPLY, Act.STORM, Act.CALM, Act.SLACK_DOWN, Act.SLACK_UP, Act.STOP,
    Act.PAUSE, Act.FORGET, Act.EDIT, Act.BREAK, Act.CORRECT, Act.HOLD, Act.NEW_ZONES, Act.SLEEP, Act.PAUSE_CAMPAIGN,
})  # fmt: skip
# These reach a world whose app rests.
OUTSIDE = frozenset({
    Act.WAKE, Act.JOIN, Act.LEAVE, Act.TRAVEL, Act.SLACK_UP, Act.CALM, Act.CLOCK_RIGHT,
})  # fmt: skip
ENDINGS = frozenset({Act.RESUME, Act.RESUME_CAMPAIGN})  # what somebody does once the app is there again
INTRUSIONS = (Act.STOP, Act.PAUSE, Act.FORGET, Act.PAUSE_CAMPAIGN)


@dataclass(frozen=True)
class Planned:
    """One act, when it comes, and the seed of its luck; an end knows its beginning."""

    at: datetime
    act: Act
    luck: str
    ends: str = ""


@dataclass(frozen=True)
class WorldPlan:
    """All of a seed's acts, in order."""

    seed: int
    begins_at: datetime
    ends_at: datetime
    acts: tuple[Planned, ...]


def draw_plan(seed: int, days: int, *, more: tuple[Act, ...] = ()) -> WorldPlan:
    """Return the plan of a seed: it begins shortly before a clock change. Of `more` there is ten times as much."""
    luck = random.Random(f"world:{seed}")
    begins_on = luck.choice(CLOCK_CHANGES) - timedelta(days=luck.randint(2, 6))
    begins_at = datetime(begins_on.year, begins_on.month, begins_on.day, 6, tzinfo=UTC)
    acts = [Planned(begins_at + HOUR * (1 + number), Act.PUBLISH, f"{seed}:first:{number}") for number in range(6)]
    for act, rate in RATES.items():
        acts += _drawn(luck, seed, act, rate * (MORE if act in more else 1), begins_at, days)
    ordered = sorted(acts, key=lambda one: (one.at, one.act, one.luck))
    return WorldPlan(seed, begins_at, begins_at + days * DAY, tuple(ordered))


def _drawn(luck: random.Random, seed: int, act: Act, rate: float, begins_at: datetime, days: int) -> list[Planned]:
    found: list[Planned] = []
    at = begins_at + luck.expovariate(rate) * DAY
    while at < begins_at + days * DAY:
        at = at.replace(microsecond=0)
        name = f"{seed}:{act}:{len(found)}"
        found.append(Planned(at, act, name))
        if act in ENDS:
            end, least, most = ENDS[act]
            at += least + luck.random() * (most - least)
            found.append(Planned(at.replace(microsecond=0), end, f"{name}:end", ends=name))
        at += luck.expovariate(rate) * DAY
    return found
