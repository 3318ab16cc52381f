"""What may be shown: this module is the smallest group, the bands, and the hiding of what would point at a person.

One gate for pages, cards, commands and exports: a number that did not pass here is not shown anywhere. Hidden and zero
look the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST_K = 5  # a company may ask for more, never for fewer
UNNAMED_LEFT = 2  # members who said nothing: with fewer, everybody is known to have said it
BANDS = ((50, "50+"), (20, "20-49"), (10, "10-19"), (SMALLEST_K, "5-9"))


@dataclass(frozen=True)
class Cell:
    """A group in one period: how many people it has, and how many of them said one thing."""

    members: int
    reporters: int


def band(count: int, k: int) -> str:
    """Return how many as a band, or empty below k, where nothing may be said."""
    if count < max(k, SMALLEST_K):
        return ""
    return next(words for least, words in BANDS if count >= least)


def share_band(part: int, whole: int) -> str:
    """Return a share in steps of ten points; empty of nothing."""
    if whole <= 0:
        return ""
    # In whole numbers: 3 of 10 must not become 29.999 %.
    tens = 10 * part // whole
    if tens < 1:
        return "under 10 %"
    return "over 90 %" if tens >= 9 else f"{tens * 10}-{tens * 10 + 10} %"


def may_show(*, members: int, reporters: int, k: int) -> bool:
    """Return whether a count of this group may be shown: enough people, enough who said it, and some who did not."""
    least = max(k, SMALLEST_K)
    return members >= least and reporters >= least and members - reporters >= UNNAMED_LEFT


def suppress(whole: Cell, parts: Mapping[str, Cell], k: int) -> dict[str, Cell]:
    """Return the parts that may stand beside their whole, so that no subtraction leaves fewer than k people.

    `parts` is a partition of the whole. What is hidden must, taken together, be nobody or enough; while it is
    neither, the smallest visible part is hidden too.
    """
    visible = {name: cell for name, cell in parts.items() if _shows(cell, k)}
    if not _shows(whole, k):
        return visible
    while visible and not _is_safe(_left_over(whole, visible), k):
        smallest = min(visible, key=lambda name: (visible[name].reporters, visible[name].members, name))
        del visible[smallest]
    return visible


def _shows(cell: Cell, k: int) -> bool:
    return may_show(members=cell.members, reporters=cell.reporters, k=k)


def _left_over(whole: Cell, visible: Mapping[str, Cell]) -> Cell:
    return Cell(
        whole.members - sum(cell.members for cell in visible.values()),
        whole.reporters - sum(cell.reporters for cell in visible.values()),
    )


def _is_safe(hidden: Cell, k: int) -> bool:
    least = max(k, SMALLEST_K)
    return (hidden.reporters <= 0 or hidden.reporters >= least) and (hidden.members <= 0 or hidden.members >= least)
