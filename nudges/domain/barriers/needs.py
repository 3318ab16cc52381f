"""What people lack to use a tool: this module is a need, its kinds and what may be decided about one.

A need is about the whole company and one tool: access, language, or knowing how. It says how many people as a band, and
never who, where they sit or what they wrote.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nudges.domain.barriers.barriers import Scope
from nudges.domain.playbooks.playbook import BarrierKind

LONGEST_WHY = 300

NEED_KINDS = (
    BarrierKind.ACCESS_OR_IT_PROBLEM,
    BarrierKind.LANGUAGE_OR_ACCESSIBILITY,
    BarrierKind.LACKS_SKILL,
)


class Choice(StrEnum):
    """What is decided about a need."""

    ADOPT = "adopt"
    DEFER = "defer"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Need:
    """So many people of the company lack this with a tool; the tool is empty where it cannot be told apart."""

    kind: BarrierKind
    tool: str
    band: str


@dataclass(frozen=True)
class NeedView:
    """A need as it may be shown, with what was decided; `where` are groups with an open flag that says the same."""

    number: int
    kind: str
    tool: str
    band: str
    opened_at: datetime
    heard_at: datetime
    where: tuple[Scope, ...] = ()
    decision: str = ""
    why: str = ""
    by_id: str = ""
    decided_at: datetime | None = None


class NeedVerdict(StrEnum):
    """What became of a decision."""

    DONE = "done"
    GONE = "gone"  # there is none of this number, or it is not theirs to see: both look the same
    NO_SUCH = "no_such"  # what is decided is adopt, defer or refuse
    NO_WHY = "no_why"  # a decision says why
