"""What people said, taken together: this module tells which kinds of which groups stand out when a period closes.

Five people of one team within twelve weeks are a word of that team. A department always has some reports, so a group
must also have four times the rate of the rest of the company and more than chance explains: the tail of a negative
binomial (reports come in clusters), with the share of false finds over all cells controlled (Benjamini and Hochberg,
1995).
"""

from dataclasses import dataclass

import numpy as np

from nudges.domain.detection.history import Cell, ClosedPeriod

REPORTERS = 5
NOT_ALL = 2  # so many members must not have said it, else each of them is known to have
TIMES_THE_REST = 4.0
SHAPE = 3.0
FALSE_SHARE = 0.01


@dataclass(frozen=True)
class Limits:
    """How many people a group and a kind need to be spoken of; a company may ask for more, never for fewer."""

    k: int = 5
    reporters: int = REPORTERS


USUAL_LIMITS = Limits()


def named_cells(period: ClosedPeriod, limits: Limits) -> frozenset[Cell]:
    """Return the cells whose reports name a barrier at the end of this period."""
    cells = [cell for cell, count in period.reporters.items() if _is_large(cell, count, period, limits)]
    if not cells:
        return frozenset()
    # All cells there are count as looked at, so that a large company is not offered more by chance.
    looked_at = max(len(period.members) * len(period.company_reporters), len(cells))
    chances = np.array([_chance(cell, period) for cell in cells])
    order = np.argsort(chances)
    passing = np.nonzero(chances[order] <= FALSE_SHARE * (np.arange(len(cells)) + 1) / looked_at)[0]
    kept = order[: int(passing[-1]) + 1] if len(passing) else order[:0]
    return frozenset(cells[place] for place in kept if _stands_out(cells[place], period))


def _is_large(cell: Cell, count: int, period: ClosedPeriod, limits: Limits) -> bool:
    members = period.members.get((cell.scope_type, cell.scope_id), 0)
    return members >= limits.k and count >= limits.reporters and members - count >= NOT_ALL


def _expected(cell: Cell, period: ClosedPeriod) -> float:
    """Return how many reporters the group would have at the rate of the rest; half a person stands for none."""
    members = period.members[(cell.scope_type, cell.scope_id)]
    rest = max(period.company_members - members, 1)
    reporters = max(period.company_reporters.get(cell.kind, 0) - period.reporters[cell], 0)
    return members * (reporters + 0.5) / rest


def _stands_out(cell: Cell, period: ClosedPeriod) -> bool:
    return period.reporters[cell] >= TIMES_THE_REST * _expected(cell, period)


def _chance(cell: Cell, period: ClosedPeriod) -> float:
    from scipy.stats import nbinom  # takes a second to load, and few look at barriers

    expected = _expected(cell, period)
    return float(nbinom.sf(period.reporters[cell] - 1, SHAPE, SHAPE / (SHAPE + expected)))
