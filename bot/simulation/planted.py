"""What is in the way of made-up people: this module is the barriers a rehearsal is given, read from a small file."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import Field

from nudges.domain.barriers.barriers import Grade
from nudges.domain.checks.findings import Code
from nudges.domain.files.reading import read_fields
from nudges.domain.files.source import At, Report, open_source
from nudges.domain.files.yaml_nodes import MapNode
from nudges.domain.files.yaml_recovery import parse_all
from nudges.domain.playbooks.fields import Line
from nudges.domain.playbooks.nudge_parts import Part
from nudges.domain.playbooks.playbook import BarrierKind

SORTS = ("team", "department", "place")
Group = tuple[str, str]  # sort and name, as the file writes it


class Barrier(Part):
    """One barrier: where, how strong, from which week to which (exclusive), and what a play does about it."""

    kind: BarrierKind
    team: Line = ""
    department: Line = ""
    place: Line = ""
    from_week: int = Field(default=1, ge=1, le=104)
    until_week: int | None = Field(default=None, ge=1, le=104)  # it ends by itself
    strength: float = Field(default=0.6, ge=0, le=1)  # the share of reactions that it takes away
    told: float = Field(default=0.03, ge=0, le=1)  # of those hindered, the share who say so at a nudge
    play_lifts: float = Field(default=0.0, ge=0, le=1)  # the share of it that a play takes away
    lifts_after: timedelta = timedelta(0)  # counted from the beginning of the play

    @property
    def group(self) -> Group | None:
        """Return where it is; None where the file leaves that to the seed, which then picks a team."""
        return next(((sort, name) for sort in SORTS if (name := getattr(self, sort))), None)


class Planted(Part):
    """A file of barriers, and how the owner of the flags goes about them."""

    barriers: tuple[Barrier, ...] = Field(default=(), max_length=200)
    acts_on: Grade = Grade.CONFIRMED  # flags that are less sure are left alone
    waits: timedelta = timedelta(days=7)  # from a flag to its play


@dataclass(frozen=True)
class Placed:
    """A barrier, and the group it is in."""

    barrier: Barrier
    group: Group


def read_planted(text: str, file: str) -> tuple[Planted, tuple[str, ...]]:
    """Return the barriers of a file, and its faults as lines; with a fault nothing of it is used."""
    source, _ = open_source(text, file)
    report = Report(source)
    root = parse_all(source, report).root
    if not isinstance(root, MapNode):
        fix = "Start it with `barriers:` and a list below."
        report.add(Code.WRONG_SHAPE, At(1, 1), "The file must be a block of `key: value` lines.", fix)
        return Planted(), _faults(report)
    read = read_fields(Planted, root, "the file of barriers", report)
    values: dict[str, Any] = read.values
    return (Planted(**values), ()) if read.is_whole and not report.errors else (Planted(), _faults(report))


def _faults(report: Report) -> tuple[str, ...]:
    return tuple(f"{one.place}: {one.sentence} {one.fix}".strip() for one in report.findings())
