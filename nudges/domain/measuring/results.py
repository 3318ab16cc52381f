"""What a campaign has brought: this module is the read model of results, every figure of answers already a band."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nudges.domain.measuring.contrasts import Contrast
from nudges.domain.measuring.disclosure import band, share_band
from nudges.domain.measuring.release import Release, Told
from nudges.domain.measuring.views import BandedShare

SPOKE, SILENT = "answered", "silent"


@dataclass(frozen=True)
class Figure:
    """One side of one question in a group: its share in steps of ten points, and of how many as a band."""

    group: str  # empty for all
    side: str
    share: BandedShare
    as_of: date
    is_behind: bool = False  # more has come since, too little to be told


@dataclass(frozen=True)
class ChoiceText:
    """One choice of a quiz or a poll, or a tap in our own words, for showing beside its share."""

    key: str
    text: str
    right: bool | None  # None where nothing is right or wrong


@dataclass(frozen=True)
class NudgeResult:
    """One nudge: how many got it (by segment as a band), and what they did with it, where that may be told."""

    key: str
    kind: str
    title: str
    sent: int
    sent_band: str
    sent_bands: Mapping[str, str]  # by segment; empty where fewer than k people got it
    answered: tuple[Figure, ...] = ()
    useful: tuple[Figure, ...] = ()
    choices: tuple[Figure, ...] = ()
    choice_texts: tuple[ChoiceText, ...] = ()

    def of_all(self, figures: Iterable[Figure]) -> tuple[Figure, ...]:
        """Return the figures that are about everybody who got the nudge."""
        return tuple(figure for figure in figures if not figure.group)

    def of_groups(self, figures: Iterable[Figure]) -> tuple[Figure, ...]:
        """Return the figures that are about single segments."""
        return tuple(figure for figure in figures if figure.group)


@dataclass(frozen=True)
class ResultsView:
    """`/nudge results`: one campaign, its nudges, and the comparison group if there is one."""

    name: str
    title: str
    status: str
    starts_on: date
    until: date  # the last day that counts: answers are told when their day is over
    k: int
    sent: int
    reached: int
    segments: tuple[str, ...]
    nudges: tuple[NudgeResult, ...]
    held_out: int = 0  # people spared as a comparison group
    has_usage: bool = False  # without usage of the tool there is nothing to compare
    contrast: Contrast | None = None


def figures(release: Release, sides: Sequence[str], k: int, *, latest: date | None = None) -> tuple[Figure, ...]:
    """Return the sides that may be told, of all and then by group, as bands; `latest` is when something last came."""
    if release.whole is None or release.as_of is None:
        return ()
    is_behind = latest is not None and release.as_of < latest
    told = _banded("", release.whole, sides, k, as_of=release.as_of, is_behind=is_behind)
    for name, group in (release.groups or {}).items():
        if not name:  # people of whom no segment is known any more: counted, but no segment to show
            continue
        told += _banded(name, group, sides, k, as_of=release.groups_as_of or release.as_of)
    return tuple(told)


def _banded(
    name: str, told: Told, sides: Sequence[str], k: int, *, as_of: date, is_behind: bool = False
) -> list[Figure]:
    of = band(told.of, k)
    shown = [(side, share_band(told.sides[side], told.of)) for side in sides if side in told.sides]
    return [Figure(name, side, BandedShare(share, of), as_of, is_behind) for side, share in shown]
