"""People as the domain sees them: this module is the type that segments, cadence and eligibility decide upon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from nudges.domain.people.behaviour import NOTHING_KNOWN, Behaviour


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
    """One account of a workspace joined with the people file; empty text means not known.

    `behaviour` is filled only where a rule in play asks for it; see `nudges.domain.people.facts`.
    """

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
    own_hours: str = ""  # those the person asked us to keep to
    attributes: Mapping[str, str] = field(default_factory=dict)
    behaviour: Behaviour | None = None

    @property
    def known(self) -> Behaviour:
        """Return what is known beside the people file; nothing where it was not read."""
        return self.behaviour or NOTHING_KNOWN


@dataclass(frozen=True)
class Preferences:
    """What a person asked of us, and what we keep to be polite; the directory never touches it."""

    is_stopped: bool = False
    paused_until: str = ""
    is_introduced: bool = False
