"""What all playbooks share: this module is company.yaml as a frozen type."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from nudges.domain.fields import (
    Calendar,
    ChannelId,
    ChannelName,
    Country,
    CountryOrDefault,
    Line,
    Link,
    Name,
    PersonId,
    Zone,
)
from nudges.domain.hours import WorkingWeek
from nudges.domain.playbook import BarrierKind, Part, Remedy
from nudges.domain.segments import Rule

STANDARD_WEEK = WorkingWeek.parse("09:00-17:00 mon-fri")


class Caps(Part):
    """The most nudges a person gets in a day and in a week, over all playbooks."""

    day: int = Field(default=1, ge=1, le=5)
    week: int = Field(default=3, ge=1, le=15)


class Policy(Part):
    """A rule of the house that readers should find."""

    name: Line
    link: Link
    countries: tuple[Country, ...] | Literal["all"] = "all"


class BarrierPlan(Part):
    """Who hears of flags, and what is done about each kind."""

    owner: PersonId = ""
    remedies: Mapping[BarrierKind, tuple[Remedy, ...]] = Field(default_factory=dict)


class Company(Part):
    """company.yaml: roles, hours, caps, names and segments shared by all playbooks."""

    admins: tuple[PersonId, ...] = ()
    authors: tuple[PersonId, ...] = ()
    approvers: tuple[PersonId, ...] = ()
    default_zone: Zone = "UTC"
    working_hours: Mapping[CountryOrDefault, WorkingWeek] = Field(default_factory=dict)
    holidays: Mapping[Country, Calendar] = Field(default_factory=dict)
    caps: Caps = Caps()
    k: int = Field(default=5, ge=5)
    channels: Mapping[ChannelName, ChannelId] = Field(default_factory=dict)
    policies: tuple[Policy, ...] = ()
    barriers: BarrierPlan = BarrierPlan()
    segments: Mapping[Name, Rule] = Field(default_factory=dict)
    place_zones: Mapping[Line, Zone] = Field(default_factory=dict)

    def working_week(self, country: str) -> WorkingWeek:
        """Return the country's own hours, else the default, else nine to five on weekdays."""
        return self.working_hours.get(country) or self.working_hours.get("default") or STANDARD_WEEK
