"""Which counts of answers may be told, and when: this module is the gate for results, their rows and their sequence.

A question has sides (useful or not, the choices of a quiz, spoke or silent) and people fall into groups (segments).
Three things are kept, on exact counts, before anything becomes a band:

- every side told stands for at least k people, and what is not told stands together for nobody or at least k;
- the groups told leave, when taken from the whole, a rest that fulfils the same;
- what is told later differs from what was told before by nobody or at least k people, on every side of the whole, of
  each group and of the rest. Days are released whole and in their order, so that watching adds nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from nudges.domain.measuring.disclosure import SMALLEST_K

Sides = Mapping[str, int]


@dataclass(frozen=True)
class Change:
    """On this day so many more people of the group stood on this side (fewer, when below zero)."""

    on: date
    group: str
    side: str
    by: int = 1


@dataclass(frozen=True)
class Told:
    """The sides that may be told, of how many people altogether."""

    sides: Sides
    of: int


@dataclass(frozen=True)
class Release:
    """What may be told of one question: of all, and by group; each as of the end of a day."""

    whole: Told | None = None
    as_of: date | None = None
    groups: Mapping[str, Told] | None = None
    groups_as_of: date | None = None


@dataclass(frozen=True)
class _Cut:
    """Everything as it stood at the end of a day, and which of it is told."""

    day: date
    whole: Sides
    sides: frozenset[str]
    parts: Mapping[str, Sides]
    groups: frozenset[str] = frozenset()


def released(changes: Iterable[Change], *, until: date, k: int) -> Release:
    """Return what may be told at the end of the day `until`; the same changes always give the same."""
    least = max(k, SMALLEST_K)
    wholes: list[_Cut] = []
    splits: list[_Cut] = []
    for cut in _cuts(changes, until, least):
        # Against all that was ever told, not only the latest: what is told of sides and groups may come and go.
        if not cut.sides or not all(_is_safe_step(old, cut, least) for old in wholes):
            continue
        wholes.append(cut)
        if cut.groups and all(_is_safe_split(old, cut, least) for old in splits):
            splits.append(cut)
    whole, split = wholes[-1] if wholes else None, splits[-1] if splits else None
    return Release(
        whole=_told(whole.whole, whole.sides) if whole else None,
        as_of=whole.day if whole else None,
        groups={name: _told(split.parts[name], split.sides) for name in sorted(split.groups)} if split else None,
        groups_as_of=split.day if split else None,
    )


def told_sides(counts: Sides, least: int) -> frozenset[str]:
    """Return the sides that may be told: the small ones stay together, and nobody is told to be of one mind."""
    told = {side: count for side, count in counts.items() if count >= least}
    hidden = sum(counts.values()) - sum(told.values())
    while told and 0 < hidden < least:
        smallest = min(told, key=lambda side: (told[side], side))
        hidden += told.pop(smallest)
    return frozenset(told) if len(told) + bool(hidden) > 1 else frozenset()


def told_groups(parts: Mapping[str, Sides], sides: frozenset[str], least: int) -> frozenset[str]:
    """Return the groups that may be told beside their whole; each whole or not at all."""
    told = {name for name, counts in parts.items() if _is_tellable(counts, sides, least)}
    while told and not _is_harmless(_sum(parts[name] for name in parts if name not in told), sides, least):
        told.remove(min(told, key=lambda name: (sum(parts[name].values()), name)))
    return frozenset(told)


def _cuts(changes: Iterable[Change], until: date, least: int) -> Iterable[_Cut]:
    now: dict[str, Counter[str]] = {}
    in_order = sorted((change for change in changes if change.on <= until), key=lambda change: change.on)
    for day, todays in groupby(in_order, key=lambda change: change.on):
        for change in todays:
            now.setdefault(change.group, Counter())[change.side] += change.by
        parts = {name: dict(counts) for name, counts in now.items()}
        whole = _sum(parts.values())
        sides = told_sides(whole, least)
        yield _Cut(day, whole, sides, parts, told_groups(parts, sides, least) if sides else frozenset())


def _is_safe_step(old: _Cut, new: _Cut, least: int) -> bool:
    return _differ_safely(old.whole, new.whole, old.sides & new.sides, least)


def _is_safe_split(old: _Cut, new: _Cut, least: int) -> bool:
    sides, both = old.sides & new.sides, old.groups & new.groups
    pairs = [(old.parts[name], new.parts[name]) for name in both]
    rests = [_sum(counts for name, counts in cut.parts.items() if name not in both) for cut in (old, new)]
    return all(_differ_safely(before, after, sides, least) for before, after in [*pairs, (rests[0], rests[1])])


def _differ_safely(old: Sides, new: Sides, sides: frozenset[str], least: int) -> bool:
    steps = (after - before for before, after in zip(_heaps(old, sides), _heaps(new, sides), strict=True))
    return all(step == 0 or abs(step) >= least for step in steps)


def _is_harmless(counts: Sides, sides: frozenset[str], least: int) -> bool:
    return sum(counts.values()) == 0 or _is_tellable(counts, sides, least)


def _is_tellable(counts: Sides, sides: frozenset[str], least: int) -> bool:
    filled = [heap for heap in _heaps(counts, sides) if heap]
    return len(filled) > 1 and all(heap >= least for heap in filled)


def _heaps(counts: Sides, sides: frozenset[str]) -> Sequence[int]:
    """Return how many stand on each of these sides, and how many on all the others together."""
    told = [counts.get(side, 0) for side in sorted(sides)]
    return [*told, sum(counts.values()) - sum(told)]


def _sum(parts: Iterable[Sides]) -> Sides:
    found: Counter[str] = Counter()
    for counts in parts:
        found.update(counts)
    return found


def _told(counts: Sides, sides: frozenset[str]) -> Told:
    return Told({side: counts[side] for side in sides if counts.get(side)}, sum(counts.values()))
