"""Who lives in the demo: this module is the personas, their habits and what stands in the way, read from a file."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("cast.yaml")
Day = Literal["mon", "tue", "wed", "thu", "fri"]
DAYS: Mapping[str, int] = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4}
Does = Literal["vote", "tell_story", "type", "command", "report", "fewer", "pause", "open_home"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Habit(_Part):
    """How likely somebody is to do each thing about one nudge, and how long they take."""

    slow: float = Field(gt=0)  # minutes; half of what they do comes sooner
    answers: float
    right: float
    sure: float
    taps: float
    useful: float  # of those who tap
    tries: float
    saves: float = 0.0
    promises: float = 0.0
    keeps: float = 0.0  # their promises


class Dated(_Part):
    """Something done at a time of one's own, whatever messages there are."""

    week: int = Field(ge=1)
    day: Day
    at: str = Field(pattern=r"^\d\d:\d\d$")
    does: Does
    words: str = ""
    kind: str = ""
    days: int = 0


class Persona(_Part):
    """One of those with a name of their own."""

    id: str
    nature: str
    habit: Habit
    deeds: tuple[Dated, ...] = ()


class Trouble(_Part):
    """What stands in the way of one group: who is in it, who says so and when, and how much less it answers."""

    kind: str
    team: str = ""
    department: str = ""
    place: str = ""
    tellers: int
    weeks: tuple[int, int]
    hush: float
    ends: int | None = None  # in which week, whatever is done

    def is_about(self, person: Mapping[str, str]) -> bool:
        """Return whether a line of the people file is one of the group; whoever leads it is not meant."""
        wanted = {"team": self.team, "department": self.department, "place": self.place}
        is_theirs = all(person.get(name) == value for name, value in wanted.items() if value)
        return is_theirs and person.get("role") not in ("manager", "executive")


class Cast(_Part):
    """Everybody and everything of the file."""

    personas: tuple[Persona, ...]
    troubles: tuple[Trouble, ...] = ()


COLLEAGUES: Mapping[str, Habit] = {  # all others, a third each
    "keen": Habit(slow=60, answers=0.9, right=0.75, sure=0.6, taps=0.5, useful=0.9, tries=0.4, promises=0.5, keeps=0.7),
    "usual": Habit(slow=120, answers=0.6, right=0.65, sure=0.5, taps=0.3, useful=0.85, tries=0.2),
    "quiet": Habit(slow=240, answers=0.3, right=0.6, sure=0.3, taps=0.1, useful=0.8, tries=0.1),
}


@cache
def demo_cast() -> Cast:
    """Return the cast that ships with the demo."""
    return Cast.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
