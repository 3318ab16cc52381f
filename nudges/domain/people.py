"""People as the domain sees them: this module is the type that segments, cadence and eligibility decide upon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class PersonKind(StrEnum):
    """What sort of account this is; only members are nudged unless a segment names the others."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    STRANGER = "stranger"
    INVITED = "invited"


@dataclass(frozen=True)
class Person:
    """One account of a workspace joined with the people file; empty text means not known."""

    person_id: str
    kind: PersonKind = PersonKind.MEMBER
    first_name: str = ""
    zone: str = ""
    department: str = ""
    place: str = ""
    country: str = ""
    region: str = ""
    role: str = ""
    title: str = ""
    team: str = ""
    manager_id: str = ""
    language: str = ""
    hours: str = ""
    working_days: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Preferences:
    """What a person asked of us, and what we keep to be polite; the directory never touches it."""

    is_stopped: bool = False
    paused_until: str = ""
    is_introduced: bool = False
