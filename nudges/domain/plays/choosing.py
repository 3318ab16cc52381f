"""Which plays are offered for a flag, and what one asks of whom: this module is the choice and the steps with dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flags import Step
from nudges.domain.playbooks.playbook import Remedy
from nudges.domain.plays.models import Play, Plays

OWN = "own-remedies"  # what the company or the playbook wrote down as `remedies`


@dataclass(frozen=True)
class Choice:
    """A play that may be started now; `is_own` has no title, since a list of remedies has none."""

    key: str
    title: str
    steps: tuple[Remedy, ...]
    measure: str = ""
    play: Play | None = None


def choices(kind: str, grade: Grade, *, remedies: Sequence[Remedy], own: Plays, ours: Plays) -> tuple[Choice, ...]:
    """Return what may be started: remedies that were written down, then the company's plays or else ours.

    While a flag is early, only early plays are: remedies say nothing of who would be hurt if the flag were false.
    Once it is confirmed, the harmless ones are offered as well.
    """
    offered = list(own.of(kind, grade) or ours.of(kind, grade))
    first: tuple[Choice, ...] = ()
    if grade is Grade.CONFIRMED:
        taken = {play.play for play in offered}
        early = own.of(kind, Grade.EARLY) or ours.of(kind, Grade.EARLY)
        offered += [play for play in early if play.play not in taken]
        first = (Choice(OWN, "", tuple(remedies)),) if remedies else ()
    return (*first, *(Choice(play.play, play.title, play.steps, play.measure, play) for play in offered))


def steps_of(steps: Sequence[Remedy], *, owner_id: str, barred: frozenset[str], started_on: date) -> tuple[Step, ...]:
    """Return each step with whose it is and its day; whoever may not see the flag has no step of it."""
    return tuple(
        Step(one.do, owner_id if one.by == "owner" or one.by in barred else one.by, started_on + one.within)
        for one in steps
    )
