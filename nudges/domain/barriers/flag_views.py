"""A flag as its owner sees it: this module is the card, already through the gate, and what may be done with it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_life import Life, Move, has_not_helped, working_day_after
from nudges.domain.barriers.flags import SETTLED, FlagState
from nudges.domain.times.workdays import WorkCalendar


class Act(StrEnum):
    """What somebody can do with a flag; each is a button."""

    TAKE = "take"
    ASSIGN = "assign"
    START = "start"
    STEP = "step"
    OVER = "over"
    NOT_OVER = "not_over"
    DISMISS = "dismiss"


class FlagVerdict(StrEnum):
    """What became of a tap on a flag."""

    DONE = "done"
    MOVED = "moved"  # it does not stand there any more: somebody was quicker, or the card is old
    GONE = "gone"  # there is none, or it is not theirs to see: both look the same
    NOT_YOURS = "not_yours"  # only its owner may do that
    CANNOT_SEE = "cannot_see"  # whoever it was meant for may not see it
    UNREACHABLE = "unreachable"  # nobody of this id gets messages from us
    NO_SUCH = "no_such"  # a play, a step or a reason that is not offered


class NextThing(StrEnum):
    """What a flag waits for."""

    TO_BE_TAKEN = "to_be_taken"
    TO_BE_AGREED = "to_be_agreed"  # it seems over
    A_PLAY = "a_play"
    A_STEP = "a_step"
    THE_MEASURE = "the_measure"
    ANOTHER_PLAY = "another_play"
    NOTHING = "nothing"


@dataclass(frozen=True)
class StepView:
    """One step of the play that runs."""

    number: int
    do: str
    by_id: str
    due_on: date
    done_on: date | None = None


@dataclass(frozen=True)
class HistoryLine:
    """What was done, when, by whom (nobody: by itself), and to whom or which."""

    at: datetime
    what: Move
    actor_id: str = ""
    about_id: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Next:
    """What the flag waits for, and by when."""

    what: NextThing
    due_on: date | None = None
    step: StepView | None = None


@dataclass(frozen=True)
class FlagCard:
    """One flag: a group, a kind, a band, why it was raised, who looks after it, what is being done, what was done."""

    flag_id: int
    scope_type: str
    scope_id: str
    kind: str
    grade: str
    band: str
    opened_at: datetime
    owner_id: str
    state: str
    is_over: bool = False  # it seems so, and waits for its owner's word
    why: tuple[tuple[str, str], ...] = ()  # a reason's key and its value, put into words by the face
    play: str = ""
    play_title: str = ""
    measure: str = ""
    started_on: date | None = None
    steps: tuple[StepView, ...] = ()
    next: Next = Next(NextThing.NOTHING)
    effect: str = ""  # what the last look back at the present play said, such as better_8
    history: tuple[HistoryLine, ...] = ()
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class FlagOutcome:
    """What became of a tap, and the card as it stands now; None where there is none to show."""

    verdict: FlagVerdict
    card: FlagCard | None = None


@dataclass(frozen=True)
class PlayView:
    """A play to choose; without a title it is what the company wrote down as its own remedies."""

    key: str
    title: str
    steps: tuple[str, ...]
    measure: str = ""
    sends_to: str = ""  # "managers" or "everybody"
    eases_days: int = 0


@dataclass(frozen=True)
class BarriersView:
    """Open flags, and when the present period closes."""

    flags: tuple[FlagCard, ...]
    period_closes_at: datetime
    k: int
    zone: str


@dataclass(frozen=True)
class FlagDigest:
    """One owner's week: their flags, how many things are due or late, and how many have moved."""

    cards: tuple[FlagCard, ...]
    due: int
    late: int
    moved: int


def acts_for(life: Life, *, is_owner: bool, may_steer: bool, has_steps: bool) -> tuple[Act, ...]:
    """Return what this person may do with the flag now; only its owner acts for it, others may take or pass it on."""
    if life.state in SETTLED:
        return ()
    own: list[Act] = []
    if life.over_at is not None:
        own += [Act.OVER, Act.NOT_OVER]
    if life.state in (FlagState.ACKNOWLEDGED, FlagState.NOT_RESOLVED):
        own.append(Act.START)
    if life.state is FlagState.IN_REMEDY and has_steps:
        own.append(Act.STEP)
    if life.state is not FlagState.IN_REMEDY:
        own.append(Act.DISMISS)
    first = [Act.TAKE] if life.state is FlagState.OPEN and (is_owner or may_steer) else []
    passing = [Act.ASSIGN] if is_owner or may_steer else []
    return (*first, *(own if is_owner else ()), *passing)


def what_next(life: Life, steps: tuple[StepView, ...], calendar: WorkCalendar, now: datetime) -> Next:
    """Return what a flag waits for and by when, counted in the working days of whoever looks after it."""
    if life.state in SETTLED:
        return Next(NextThing.NOTHING)
    asked_on = calendar.local_day(max(life.asked_at, life.moved_at))
    if life.over_at is not None:
        return Next(NextThing.TO_BE_AGREED, working_day_after(calendar.local_day(life.over_at), calendar))
    if life.state is FlagState.OPEN:
        due_on = working_day_after(asked_on, calendar) if life.grade is Grade.CONFIRMED else None
        return Next(NextThing.TO_BE_TAKEN, due_on)
    if life.state is FlagState.ACKNOWLEDGED:
        return Next(NextThing.A_PLAY, working_day_after(asked_on, calendar))
    if life.state is FlagState.NOT_RESOLVED or has_not_helped(life, now):
        return Next(NextThing.ANOTHER_PLAY, working_day_after(asked_on, calendar))
    left = sorted((one for one in steps if one.done_on is None), key=lambda one: (one.due_on, one.number))
    return Next(NextThing.A_STEP, left[0].due_on, left[0]) if left else Next(NextThing.THE_MEASURE)
