"""What is known of a person beside the people file: this module is the facts that some rules ask for.

They are read only where a rule asks, for everybody at once, and are counted back from the instant of reading, so that
no rule needs a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

CHANNEL_PREFIX = "#"  # before a channel's name among the groups; a user group stands there by its id


@dataclass(frozen=True)
class Score:
    """How many quizzes of a playbook a person answered, and how many of them right."""

    right: int
    answered: int


@dataclass(frozen=True)
class UsageWeek:
    """On how many days of one week a tool was used, and how long ago that week's Monday is."""

    tool: str
    days_ago: int
    active_days: int


@dataclass(frozen=True)
class Behaviour:
    """What a person did, for how long they are here, and where they belong.

    `answered` and `sent` hold `playbook/nudge` and, for any of its nudges, the playbook's name alone; `sent` only what
    arrived at least a day ago. `here_for` is None for whoever was there when Nudger came.
    """

    answered: frozenset[str] = frozenset()
    sent: frozenset[str] = frozenset()
    scores: Mapping[str, Score] = field(default_factory=dict)
    usage: tuple[UsageWeek, ...] = ()
    here_for: timedelta | None = None
    groups: frozenset[str] = frozenset()


NOTHING_KNOWN = Behaviour()
