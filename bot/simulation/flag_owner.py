"""Who looks after the flags of a rehearsal: this module takes them up, starts plays, and notes what came of each.

It goes by what a real owner sees and taps: the cards, through the gate, and the same services as the buttons.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.simulation.approving import APPROVER
from bot.simulation.hindered import WEEK, Hindrances
from bot.simulation.planted import Group, Planted
from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_life import Effect, Move
from nudges.domain.barriers.flag_views import Act, FlagCard, FlagVerdict
from nudges.domain.barriers.remeasured import LOOKS
from nudges.domain.playbooks.comparing import plain
from nudges.services.barriers.flag_cards import barriers, card, plays_shown
from nudges.services.barriers.flag_moves import acknowledge, agree_over, start_play
from nudges.services.core import Core

MOVED = 0.15  # of all reactions: what a group gains or loses less than that, nobody would call a change


class Truth(StrEnum):
    """What became of what was in a group's way, whatever was said of it."""

    HELPED = "the play helped"
    ENDED = "it ended by itself"
    STAYED = "nothing changed"
    GREW = "it got worse"


@dataclass(frozen=True)
class Look:
    """One look back at a play: what was said after so many weeks, and what is true."""

    weeks: int
    said: Effect
    truth: Truth

    @property
    def is_right(self) -> bool:
        """Return whether the word is true; "unclear" never is false."""
        true_word = {Truth.HELPED: Effect.BETTER, Truth.GREW: Effect.WORSE}.get(self.truth)
        return self.said in (Effect.UNCLEAR, true_word)


@dataclass(frozen=True)
class PlayedFlag:
    """A flag of the rehearsal, the play that was started about it, and the looks back."""

    group: Group
    kind: str
    grade: str
    opened_at: datetime
    was_there: bool  # something was in this group's way when the flag was raised
    play: str = ""
    started_at: datetime | None = None
    looks: tuple[Look, ...] = ()


@dataclass
class FlagOwner:
    """The rehearsal's second person, once a day at the cards."""

    planted: Planted
    ways: Hindrances
    seen_at: dict[int, datetime] = field(default_factory=dict)

    def act(self, core: Core, now: datetime) -> bool:
        """Do what is to be done; return whether a play has begun, so that something may be sent."""
        begun = [self._act(core, one, now) for one in barriers(core, APPROVER).flags]
        return any(begun)

    def played(self, core: Core) -> tuple[PlayedFlag, ...]:
        """Return every flag that was seen, with its plays and what was said of them."""
        cards = (card(core, APPROVER, flag_id) for flag_id in sorted(self.seen_at))
        return tuple(line for one in cards if one is not None for line in self._lines(one))

    def _act(self, core: Core, one: FlagCard, now: datetime) -> bool:
        if one.grade != Grade.CONFIRMED and self.planted.acts_on is Grade.CONFIRMED:
            return False
        since = self.seen_at.setdefault(one.flag_id, now)
        if Act.TAKE in one.acts:
            acknowledge(core, APPROVER, one.flag_id)
        if one.is_over and one.effect.endswith(f"_{max(LOOKS)}"):
            agree_over(core, APPROVER, one.flag_id)
        if Act.START not in one.acts or now - since < self.planted.waits:
            return False
        offered = plays_shown(core, APPROVER, one.flag_id)
        if not offered or start_play(core, APPROVER, one.flag_id, offered[0].key).verdict is not FlagVerdict.DONE:
            return False
        self.ways.begin((one.scope_type, one.scope_id), now)
        return True

    def _lines(self, one: FlagCard) -> Iterator[PlayedFlag]:
        group = one.scope_type, plain(one.scope_id)
        was_there = self.ways.mean(group, one.opened_at, is_lifted=False) >= MOVED
        told = PlayedFlag((one.scope_type, one.scope_id), one.kind, one.grade, one.opened_at, was_there)
        begun = [line for line in one.history if line.what is Move.PLAY_STARTED]
        if not begun:
            yield told
        for number, line in enumerate(begun):
            until = begun[number + 1].at if number + 1 < len(begun) else datetime.max.replace(tzinfo=line.at.tzinfo)
            words = [
                later.detail for later in one.history if later.what is Move.MEASURED and line.at < later.at < until
            ]
            looks = tuple(self._look(group, line.at, word) for word in words)
            yield PlayedFlag(**{**told.__dict__, "play": line.detail, "started_at": line.at, "looks": looks})

    def _look(self, group: Group, started_at: datetime, word: str) -> Look:
        said, _, weeks = word.rpartition("_")
        return Look(int(weeks), Effect(said), truth(self.ways, group, started_at, int(weeks)))


def truth(ways: Hindrances, group: Group, started_at: datetime, weeks: int) -> Truth:
    """Return what became of a group in so many weeks after the one in which a play began."""
    later = [started_at + WEEK * number for number in range(1, weeks + 1)]
    before = ways.mean(group, started_at - WEEK / 7)
    left = sum(ways.mean(group, at) for at in later) / weeks
    by_play = sum(ways.mean(group, at, is_lifted=False) for at in later) / weeks - left
    if by_play >= MOVED:
        return Truth.HELPED
    if left - before >= MOVED:
        return Truth.GREW
    return Truth.ENDED if before - left >= MOVED else Truth.STAYED
