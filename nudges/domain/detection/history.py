"""What a company's weeks look like to the detector: this module is counts by group and week, and nothing of persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nudges.domain.detection.filter import Floats
from nudges.domain.detection.likes import Places

PERIOD_WEEKS = 4  # reports are looked at when such a period closes, never in between
WINDOW_PERIODS = 3
SCOPE_TYPES = ("team", "department", "place")


@dataclass(frozen=True)
class Groups:
    """All groups of one sort: arrays are groups x weeks, in the order of `ids`.

    `asked` and `answered` count deliveries and those answered; `usable` and `used` count the days on which the tool
    could be and was used. For teams, `rows` and `columns` are the department and the place of each in each week, as the
    number of that group; -1 where it has none.
    """

    scope_type: str
    ids: tuple[str, ...]
    members: Floats
    asked: Floats
    answered: Floats
    usable: Floats | None = None
    used: Floats | None = None
    rows: Places | None = None
    columns: Places | None = None


@dataclass(frozen=True)
class Cell:
    """One kind in one group: what is published, or not, as a whole."""

    scope_type: str
    scope_id: str
    kind: str


@dataclass(frozen=True)
class Loudest:
    """The one team of a department or a place that said something most: its reporters, and its members there."""

    reporters: int
    members: int


@dataclass(frozen=True)
class ClosedPeriod:
    """What was said until a period's end: reporters by cell over the last periods, sizes, and the company's own.

    `members` are those who belonged to the group at both ends of the period. `company_reporters` counts them for each
    kind in the same span. `loudest` is told of every cell of a department or a place.
    """

    week: int  # the first week after the period
    reporters: Mapping[Cell, int]
    members: Mapping[tuple[str, str], int]
    company_reporters: Mapping[str, int]
    company_members: int
    loudest: Mapping[Cell, Loudest]


@dataclass(frozen=True)
class History:
    """Everything the detector sees of a company up to its last week; `groups` in the order of SCOPE_TYPES."""

    weeks: int
    groups: Sequence[Groups]
    periods: Sequence[ClosedPeriod]
