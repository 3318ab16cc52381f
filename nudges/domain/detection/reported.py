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
HALF_A_PERSON, OF_PEOPLE = 0.5, 50.0  # what every rest is taken to have said besides: nobody of three is not never


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
    # All cells that could speak count as looked at, so that a large company is not offered more by chance.
    large = sum(size >= limits.k for size in period.members.values())
    looked_at = max(large * len(period.company_reporters), len(cells))
    chances = np.array([_chance(cell, period) for cell in cells])
    order = np.argsort(chances)
    passing = np.nonzero(chances[order] <= FALSE_SHARE * (np.arange(len(cells)) + 1) / looked_at)[0]
    kept = order[: int(passing[-1]) + 1] if len(passing) else order[:0]
    return frozenset(cells[place] for place in kept if _stands_out(cells[place], period, limits))


def _is_large(cell: Cell, count: int, period: ClosedPeriod, limits: Limits) -> bool:
    members = period.members.get((cell.scope_type, cell.scope_id), 0)
    return members >= limits.k and count >= limits.reporters and members - count >= NOT_ALL


def _told_apart(cell: Cell, period: ClosedPeriod) -> tuple[int, float]:
    """Return how many said it, and how many would have at the rate of the rest of the company.

    Of a department or a place the team that said it most is left out: what one team says is about that team.
    """
    reporters, members = period.reporters[cell], period.members[(cell.scope_type, cell.scope_id)]
    rest = max(period.company_members - members, 0)
    others = max(period.company_reporters.get(cell.kind, 0) - reporters, 0)
    rate = (others + HALF_A_PERSON) / (rest + OF_PEOPLE)
    loudest = period.loudest.get(cell)
    if loudest is not None:
        reporters, members = reporters - loudest.reporters, members - loudest.members
    return reporters, members * rate


def _stands_out(cell: Cell, period: ClosedPeriod, limits: Limits) -> bool:
    reporters, expected = _told_apart(cell, period)
    return reporters >= limits.reporters and reporters >= TIMES_THE_REST * expected


def _chance(cell: Cell, period: ClosedPeriod) -> float:
    from scipy.stats import nbinom  # takes a second to load, and few look at barriers

    reporters, expected = _told_apart(cell, period)
    return float(nbinom.sf(reporters - 1, SHAPE, SHAPE / (SHAPE + expected)))
