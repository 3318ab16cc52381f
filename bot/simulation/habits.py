"""How people usually are: this module draws each person's habit, and what they do about a nudge, from one seed.

Plain shares, guessed and written down here, so that anybody can see what a rehearsal takes for granted.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.blocks.actions import ActionId, PickId
from bot.sandbox.records import Json
from bot.simulation.reacting import Deed, Post
from nudges.domain.forecasts.reactions import ReactionKind
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.playbooks.quizzes import ALSO, THEN

PAUSES = (7, 14)
USUAL_WAIT_S = 25 * 60  # half of all reactions come sooner than about this
LONGEST_WAIT = timedelta(hours=30)


@dataclass(frozen=True)
class Habit:
    """How likely a person is to do each thing about one nudge."""

    share: float  # of all people
    answers: float  # a quiz
    taps: float  # Useful or Not for me
    useful: float  # of those who tap
    tries: float
    reports: float
    pauses: float
    stops: float


class Nature(StrEnum):
    """The sorts of people there are."""

    KEEN = "keen"
    BUSY = "busy"
    SCEPTICAL = "sceptical"
    SILENT = "silent"


# share of people; answers a quiz, taps, useful of taps; tries; reports a barrier; pauses; stops
HABITS = {
    Nature.KEEN: Habit(0.25, 0.80, 0.60, 0.90, 0.40, 0.01, 0.00, 0.000),
    Nature.BUSY: Habit(0.40, 0.45, 0.30, 0.75, 0.15, 0.02, 0.02, 0.002),
    Nature.SCEPTICAL: Habit(0.15, 0.30, 0.40, 0.25, 0.05, 0.10, 0.03, 0.020),
    Nature.SILENT: Habit(0.20, 0.03, 0.02, 0.70, 0.01, 0.00, 0.00, 0.005),
}
BARRIERS = {
    BarrierKind.NO_TIME: 5,
    BarrierKind.NO_PERSONAL_VALUE: 3,
    BarrierKind.MANAGER_DISCOURAGES: 2,
    BarrierKind.NOT_COMFORTABLE_SHARING: 2,
    BarrierKind.TOOL_FATIGUE: 2,
    BarrierKind.COLLEAGUES_ABSENT: 1,
    BarrierKind.LACKS_SKILL: 1,
}


@dataclass(frozen=True)
class Habits:
    """People as they usually are; the same seed gives the same people and the same luck."""

    seed: int

    def nature(self, person_id: str) -> Nature:
        """Return what sort of person this is."""
        luck = random.Random(f"{self.seed}:{person_id}")
        return luck.choices(list(HABITS), [habit.share for habit in HABITS.values()])[0]

    def deeds(self, post: Post, buttons: Sequence[Json]) -> Iterator[Deed]:
        """Give what they do about this post: seldom more than two things, most often nothing."""
        habit = HABITS[self.nature(post.person_id)]
        # By what it is, not by its id: an edit of one nudge must not change everybody's luck with the others.
        luck = random.Random(f"{self.seed}:{post.person_id}:{post.campaign}:{post.nudge_key}")
        if post.is_notice:
            return
        yield from (Deed(post, kind, value, after=_wait(luck)) for kind, value in _wanted(habit, luck, buttons))


def _wanted(habit: Habit, luck: random.Random, buttons: Sequence[Json]) -> Iterator[tuple[ReactionKind, str]]:
    shown = {str(button["action_id"]).partition(".")[0] for button in buttons}
    if ActionId.ANSWER_QUIZ in shown and luck.random() < habit.answers:
        yield ReactionKind.ANSWER, _choice(luck, buttons)
    elif ActionId.CHECK_ANSWER in shown and luck.random() < habit.answers:
        yield ReactionKind.ANSWER, _picks(luck, buttons)
    if ActionId.TAP in shown and luck.random() < habit.answers:
        yield ReactionKind.TAP, _choice(luck, buttons, ActionId.TAP)
    if ActionId.TRY_IT in shown and luck.random() < habit.tries:
        yield ReactionKind.TRY_IT, ""
    if ActionId.MARK_USEFUL in shown and luck.random() < habit.taps:
        yield (ReactionKind.USEFUL if luck.random() < habit.useful else ReactionKind.NOT_FOR_ME), ""
    if luck.random() < habit.reports:
        yield ReactionKind.BARRIER, luck.choices(list(BARRIERS), list(BARRIERS.values()))[0].value
    if luck.random() < habit.pauses:
        yield ReactionKind.PAUSE, str(luck.choice(PAUSES))
    if luck.random() < habit.stops:
        yield ReactionKind.STOP, ""


def _choice(luck: random.Random, buttons: Sequence[Json], of: ActionId = ActionId.ANSWER_QUIZ) -> str:
    """Return a choice's key; nobody but the playbook knows which one is right, so any may be pressed."""
    keys = [
        str(button["value"]).partition(":")[2] for button in buttons if str(button["action_id"]).startswith(f"{of}.")
    ]
    return luck.choice(keys)


def _picks(luck: random.Random, buttons: Sequence[Json]) -> str:
    """Return some of the boxes ticked, or the steps in some order."""
    named = {str(one["action_id"]): one for one in buttons}
    boxes = named.get(PickId.ALL.action)
    if boxes is not None:
        keys = [str(option["value"]) for option in boxes["options"]]
        ticked = luck.sample(keys, luck.randint(1, len(keys)))
        return ALSO.join(key for key in keys if key in ticked)
    steps = named.get(f"{ActionId.PICK}.0", {}).get("options") or []
    return THEN.join(luck.sample([str(option["value"]) for option in steps], len(steps)))


def _wait(luck: random.Random) -> timedelta:
    seconds = luck.expovariate(1 / USUAL_WAIT_S)
    return min(timedelta(seconds=30 + int(seconds)), LONGEST_WAIT)
