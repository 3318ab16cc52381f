"""A week of a group, counted: this module is the value that is kept of it, and nothing of persons."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WeeklyCount:
    """What one group did in one week; a team has the department and the place of most of its people.

    `members` are those who stood there since the week's period began. `usable` and `used` are days, 0 where no usage
    is known.
    """

    week: int
    scope_type: str
    scope_id: str
    members: int
    asked: int
    answered: int
    usable: int = 0
    used: int = 0
    department: str = ""
    place: str = ""
