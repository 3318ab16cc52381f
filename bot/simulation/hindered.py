"""People with something in their way: this module takes away what they would have done, and lets some of them say so.

It alone knows what is true: how strong a barrier is for whom and when, and what plays have taken away of it.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.sandbox.records import Json
from bot.simulation.planted import SORTS, Barrier, Group, Placed
from bot.simulation.reacting import Deed, Players, Post
from nudges.domain.barriers.barriers import belonging_of
from nudges.domain.forecasts.reactions import ReactionKind
from nudges.domain.people.people import Person
from nudges.domain.people.teams import teams_of
from nudges.domain.playbooks.comparing import plain
from nudges.errors import PlaybookRefused

WEEK = timedelta(days=7)
SAYS_AFTER = timedelta(minutes=40)
LEAST = 8  # members of a team that the seed picks: of fewer nothing would be seen
NAMES_TOLD = 12


@dataclass(frozen=True)
class Begun:
    """A play that began in a group."""

    group: Group
    at: datetime


@dataclass
class Hindrances:
    """All barriers of a rehearsal; plays are added as they begin."""

    placed: Sequence[Placed]
    groups_of: Mapping[str, frozenset[Group]]  # by person; names as they compare
    first_on: date  # of week 1
    begun: list[Begun] = field(default_factory=list)

    def barrier(self, person_id: str, at: datetime) -> Barrier | None:
        """Return what is most in this person's way, whether a play has taken it away meanwhile or not."""
        week = (at.date() - self.first_on) // WEEK + 1
        mine = self.groups_of.get(person_id, frozenset())
        found = [one.barrier for one in self.placed if one.group in mine and _is_there(one.barrier, week)]
        return max(found, key=lambda one: one.strength, default=None)

    def strength(self, person_id: str, at: datetime, *, is_lifted: bool = True) -> float:
        """Return how much of their reactions is taken away; `is_lifted` counts what plays have done about it."""
        barrier = self.barrier(person_id, at)
        if barrier is None:
            return 0.0
        mine = self.groups_of.get(person_id, frozenset())
        helped = any(one.group in mine and at >= one.at + barrier.lifts_after for one in self.begun)
        return barrier.strength * (1 - barrier.play_lifts) if helped and is_lifted else barrier.strength

    def mean(self, group: Group, at: datetime, *, is_lifted: bool = True) -> float:
        """Return how much is taken away from a group."""
        inside = [one for one, mine in self.groups_of.items() if group in mine]
        return sum(self.strength(one, at, is_lifted=is_lifted) for one in inside) / max(len(inside), 1)

    def begin(self, group: Group, at: datetime) -> None:
        """Note that a play has begun in a group."""
        self.begun.append(Begun((group[0], plain(group[1])), at))


@dataclass(frozen=True)
class HinderedPeople:
    """People who do what they usually would, as far as nothing is in the way."""

    people: Players
    ways: Hindrances
    seed: int

    def deeds(self, post: Post, buttons: Sequence[Json]) -> Iterator[Deed]:
        """Give what they do about this post."""
        barrier = None if post.is_notice else self.ways.barrier(post.person_id, post.at)
        if barrier is None:
            yield from self.people.deeds(post, buttons)
            return
        luck = random.Random(f"{self.seed}:in the way:{post.person_id}:{post.campaign}:{post.nudge_key}")
        strength = self.ways.strength(post.person_id, post.at)
        is_kept = luck.random() < strength
        for deed in self.people.deeds(post, buttons):
            if not (is_kept and deed.kind.is_response and deed.kind is not ReactionKind.BARRIER):
                yield deed
        if strength and luck.random() < barrier.told:
            yield Deed(post, ReactionKind.BARRIER, barrier.kind.value, after=SAYS_AFTER)


def hindrances(barriers: Sequence[Barrier], everybody: Iterable[Person], *, first_on: date, seed: int) -> Hindrances:
    """Return the barriers where they are. Raises PlaybookRefused for a group in which nobody works."""
    groups_of = _groups(everybody)
    names = {(sort, plain(name)): name for mine in groups_of.values() for sort, name in mine}
    compared = {one: frozenset((sort, plain(name)) for sort, name in mine) for one, mine in groups_of.items()}
    sizes = [(group, sum(group in mine for mine in compared.values())) for group in sorted(names)]
    taken = {_compared(one.group) for one in barriers if one.group}
    free = [group for group, size in sizes if group[0] == "team" and size >= LEAST and group not in taken]
    random.Random(f"barriers:{seed}").shuffle(free)
    placed = [Placed(one, _place(one, names, free)) for one in barriers]
    return Hindrances(placed, compared, first_on)


def _place(barrier: Barrier, names: Mapping[Group, str], free: list[Group]) -> Group:
    if barrier.group is None:
        if not free:
            raise PlaybookRefused(
                "There are not enough teams for all barriers without a group.",
                hint=f"A team needs {LEAST} people: make up more with --size, or name the groups.",
            )
        return free.pop()
    sort, name = barrier.group
    if _compared(barrier.group) not in names:
        known = [told for (kind, _), told in names.items() if kind == sort]
        more = f" and {len(known) - NAMES_TOLD} more" if len(known) > NAMES_TOLD else ""
        there = f"{', '.join(sorted(known)[:NAMES_TOLD])}{more}" if known else "none"
        raise PlaybookRefused(f"Nobody works in the {sort} {name}.", hint=f"There are: {there}.")
    return _compared(barrier.group)


def _compared(group: Group) -> Group:
    return group[0], plain(group[1])


def _groups(everybody: Iterable[Person]) -> dict[str, frozenset[Group]]:
    found = list(everybody)
    teams = teams_of(found)
    homes = {one.person_id: belonging_of(one, teams) for one in found}
    return {
        person: frozenset((sort, name) for sort in SORTS if (name := getattr(home, sort)))
        for person, home in homes.items()
    }


def _is_there(barrier: Barrier, week: int) -> bool:
    return barrier.from_week <= week and (barrier.until_week is None or week < barrier.until_week)
