"""Not everybody equally: this module shares out the effort of a playbook over its segments, by their briefs.

A segment's weight is how much it depends on collaboration (1 to 3) times how likely it is to use the tool (1 to 3),
divided by its priority (1 comes first). Its share is its weight in the weight of all segments that hold anybody.
Size plays no part: a large segment is no reason to care more about each of its people.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nudges.domain.playbooks.company import Brief, Company, Level
from nudges.domain.playbooks.playbook import Playbook

WEIGHTS: Mapping[Level, int] = {Level.LOW: 1, Level.MEDIUM: 2, Level.HIGH: 3}
USUAL_PRIORITY = 5  # what a segment without a brief counts as, with both levels in the middle
TINY = 10  # per cent: below that, the same nudges as for the others are more than the segment is worth


class EffortShare(NamedTuple):
    """A segment, its share of the effort in whole per cent, and the reason in words."""

    segment: str
    share: int
    why: str


def effort_shares(playbook: Playbook, company: Company, sizes: Mapping[str, int]) -> tuple[EffortShare, ...]:
    """Return the share of each of the playbook's segments; together 100, or nothing where nobody is meant.

    `sizes` says how many people each segment holds; one that is not named counts as inhabited, an empty one gets 0.
    """
    names = tuple(dict.fromkeys(playbook.audience.segments))
    weights = {name: _weight(company.briefs.get(name)) if sizes.get(name, 1) else 0.0 for name in names}
    shares = _whole_shares(weights)
    return tuple(EffortShare(name, shares[name], _why(company.briefs.get(name), sizes.get(name, 1))) for name in names)


def effort_warnings(shares: Sequence[EffortShare]) -> Iterator[str]:
    """Give a sentence for each segment that gets the same nudges as the others for a tiny share of the effort."""
    for one in shares:
        if len(shares) > 1 and 0 < one.share < TINY:
            yield (
                f"{one.segment} is worth {one.share} % of the effort by its brief, and gets the same nudges as the "
                "others: a shorter playbook of its own, or leaving it out, serves both."
            )


def _weight(brief: Brief | None) -> float:
    if brief is None:
        return WEIGHTS[Level.MEDIUM] * WEIGHTS[Level.MEDIUM] / USUAL_PRIORITY
    return WEIGHTS[brief.depends_on_collaboration] * WEIGHTS[brief.likely_to_use] / brief.priority


def _whole_shares(weights: Mapping[str, float]) -> dict[str, int]:
    """Return whole per cent that add up to 100: what rounding down leaves goes to those it took the most from."""
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(weights, 0)
    exact = {name: 100 * weight / total for name, weight in weights.items()}
    shares = {name: int(share) for name, share in exact.items()}
    # Rounded, so that a difference too small to mean anything leaves the order of the playbook.
    by_loss = sorted(exact, key=lambda name: -round(exact[name] - shares[name], 6))
    for name in by_loss[: 100 - sum(shares.values())]:
        shares[name] += 1
    return shares


def _why(brief: Brief | None, size: int) -> str:
    if not size:
        return "nobody is in it"
    if brief is None:
        return f"no brief yet, so it counts as priority {USUAL_PRIORITY} with medium need and medium chance"
    return (
        f"priority {brief.priority}, depends on collaboration: {brief.depends_on_collaboration.value}, "
        f"likely to use it: {brief.likely_to_use.value}"
    )
