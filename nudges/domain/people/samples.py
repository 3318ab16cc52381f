"""Stable random samples: this module draws a lot for each person, once and for all, and says who is drawn.

A lot is a number that hangs on the person's id alone. A draw moves all lots by a multiplication modulo a prime, whose
factors hang on the draw's name: within one draw the 10% lie inside the 20%, and two draws know nothing of each other.
The sum is small enough for the whole numbers of every database, so that SQL draws the same people.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

PRIME = 2**31 - 1  # the product of two smaller numbers stays below 2**62
STEPS = 10_000  # shares are told apart to a hundredth of a per cent


@dataclass(frozen=True)
class Draw:
    """The two factors of a draw."""

    times: int
    plus: int

    def place(self, lot: int) -> int:
        """Return where this lot stands in the draw, from 0 to PRIME - 1."""
        return (self.times * lot + self.plus) % PRIME


def is_drawn(person_id: str, *, share: float, draw: str) -> bool:
    """Return whether this person is in the sample; the same person has the same answer for ever."""
    return draw_called(draw).place(lot_of(person_id)) < end_of(share)


def lot_of(person_id: str) -> int:
    """Return the person's number, from 0 to PRIME - 1."""
    return _number(f"person:{person_id}")


@lru_cache(maxsize=256)
def draw_called(name: str) -> Draw:
    """Return the draw of this name."""
    return Draw(times=1 + _number(f"times:{name}") % (PRIME - 1), plus=_number(f"plus:{name}"))


def end_of(share: float) -> int:
    """Return the first place that a share, from 0 to 1, does not reach."""
    # In whole numbers: Python and every database must draw the line at the same place.
    return PRIME * round(share * STEPS) // STEPS


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) % PRIME
