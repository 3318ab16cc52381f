"""Made-up memories: this module is learners who forget by three laws, none of which is the one that we reckon with.

The figures of all three are set to the same marks, chosen from what is usual for facts that mean something, asked
with an answer to read. Of usual learners about nine in ten know it the next day and three in four after a week; having
been asked then, three in four know it a month later, and asked again, eight in ten after three months more. Of those
who forget fast it is eight in ten, six in ten, six in ten and six in ten.
tests/domain/recall/test_recall.py holds the marks.
"""

import math
import random
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

KNEW = 0.4  # before they were asked the first time
GUESSED = 0.3  # right without knowing: one of three or four choices
SLIPS = 0.03  # wrong although it is known


class Memory(ABC):
    """One question in one person's memory; days are counted from when it was met."""

    @abstractmethod
    def recall(self, day: float) -> float:
        """Return how likely it is known on that day, before it is asked."""

    @abstractmethod
    def asked(self, day: float, *, is_known: bool) -> None:
        """Be asked, and read the answer."""


@dataclass
class Exponential(Memory):
    """Forgets by halves; each recall makes the half longer, the more the harder it was."""

    strength: float
    growth: float
    last: float = 0.0

    least: float = 2.5

    @classmethod
    def of(cls, draw: random.Random, talent: float, *, is_fast: bool = False) -> "Exponential":
        strength, least, growth = (13, 2.0, 4.0) if is_fast else (26, 2.5, 6.0)
        own = math.exp(0.3 * talent + draw.gauss(0, 0.3))
        return cls(strength * own, growth * math.exp(draw.gauss(0, 0.2)), least=least)

    def recall(self, day: float) -> float:
        return math.exp(-(day - self.last) / self.strength)

    def asked(self, day: float, *, is_known: bool) -> None:
        forgotten = 1 - self.recall(day)
        self.strength *= self.least + self.growth * forgotten if is_known else max(0.6, min(1.0, 8 / self.strength))
        self.last = day


@dataclass
class Wickelgren(Memory):
    """Forgets by a power of time; each recall makes the fall flatter, a recall after a long time more so."""

    fall: float
    flatter: float
    top: float = 0.97
    pace: float = 1.0
    last: float = 0.0

    @classmethod
    def of(cls, draw: random.Random, talent: float, *, is_fast: bool = False) -> "Wickelgren":
        fall = 0.22 if is_fast else 0.12
        return cls(fall * math.exp(-0.25 * talent + draw.gauss(0, 0.25)), min(0.9, max(0.3, draw.gauss(0.62, 0.06))))

    def recall(self, day: float) -> float:
        return self.top * (1 + self.pace * (day - self.last)) ** -self.fall

    def asked(self, day: float, *, is_known: bool) -> None:
        spaced = min(1.0, math.log1p(day - self.last) / math.log(15))
        self.fall *= 1 - (1 - self.flatter) * (0.4 + 0.6 * spaced) if is_known else 0.9
        self.last = day


@dataclass
class Activation(Memory):
    """Adds up the traces of every meeting; a trace made while much is still active fades sooner (ACT-R)."""

    base: float
    fading: float
    traces: list[tuple[float, float]] = field(default_factory=list)

    UNITS_A_DAY = 86_400 * 0.025  # seconds, slowed down between sessions
    LEAST, SCATTER, OWN_FADING = -0.704, 0.255, 0.217

    @classmethod
    def of(cls, draw: random.Random, talent: float, *, is_fast: bool = False) -> "Activation":
        made = cls(
            (1.13 if is_fast else 1.35) + 0.15 * talent + draw.gauss(0, 0.15), 0.177 * math.exp(draw.gauss(0, 0.08))
        )
        made.traces.append((0.0, made.fading))
        return made

    def recall(self, day: float) -> float:
        return 1 / (1 + math.exp((self.LEAST - self._active(day)) / self.SCATTER))

    def asked(self, day: float, *, is_known: bool) -> None:
        fading = self.fading + self.OWN_FADING * math.exp(self._active(day) - self.base)
        self.traces.append((day, fading))

    def _active(self, day: float) -> float:
        each = (max(0.1, day - met) * self.UNITS_A_DAY for met, _ in self.traces)
        return self.base + math.log(sum(ago**-fading for ago, (_, fading) in zip(each, self.traces, strict=True)))


CURVES = {"exponential": Exponential, "power (Wickelgren)": Wickelgren, "activation (ACT-R)": Activation}


def ease(knew: bool) -> float:
    """Return how much easier a question stays in memory for somebody who knew it before, in deviations of talent."""
    return 1.2 if knew else -0.8


def answer(memory: Memory, day: float, draw: random.Random) -> bool:
    """Ask on that day and return whether the answer was right; a guess teaches as a wrong answer does."""
    is_known = draw.random() < memory.recall(day)
    memory.asked(day, is_known=is_known)
    return draw.random() >= SLIPS if is_known else draw.random() < GUESSED
