"""What all playbooks share: this module is company.yaml as a frozen type."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from nudges.domain.people.segments import Rule
from nudges.domain.playbooks.fields import (
    Calendar,
    ChannelId,
    ChannelName,
    Country,
    CountryOrDefault,
    Format,
    Line,
    Link,
    Name,
    PersonId,
    Reference,
    RuleCode,
    Saying,
    Zone,
)
from nudges.domain.playbooks.playbook import BarrierKind, Part, Remedy
from nudges.domain.times.hours import WorkingWeek

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


class Level(StrEnum):
    """How much, in three steps."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Brief(Part):
    """What is known of a segment before anything is written for it; effort is shared out by it."""

    priority: int = Field(ge=1, le=9)  # 1 comes first
    evidence: Saying
    said_by: Line
    job: Saying  # the job to be done, in the segment's own words
    tool: Line
    depends_on_collaboration: Level
    likely_to_use: Level


class CalendarEntry(Part):
    """Days on which comms has something else to say, or on which nobody should be nudged."""

    what: Line
    starts_on: date
    ends_on: date
    countries: tuple[Country, ...] | Literal["all"] = "all"


class Profile(StrEnum):
    """How ripe a playbook is meant to be; each asks for more than the one before."""

    DRAFT = "draft"
    PILOT = "pilot"
    LIVE = "live"


class Publishing(Part):
    """Who must agree before people are reached, and how ripe a playbook must be."""

    approval: bool = False  # a second person agrees to every publishing
    growth: float = Field(default=0.2, ge=0, le=1)  # a larger share of new people always wants a second person
    profile: Profile = Profile.DRAFT  # faults of this profile refuse a publishing; those of `live` are always shown
    reviewers: Reference | None = None  # the channel where a preview may be shown


class BarrierPlan(Part):
    """Who hears of flags, and what is done about each kind."""

    owner: PersonId = ""
    remedies: Mapping[BarrierKind, tuple[Remedy, ...]] = Field(default_factory=dict)
    r: int | None = Field(default=None, ge=5)  # so many must say the same; without it as many as `k`


class Company(Part):
    """company.yaml: roles, hours, caps, names and segments shared by all playbooks."""

    admins: tuple[PersonId, ...] = ()
    authors: tuple[PersonId, ...] = ()
    approvers: tuple[PersonId, ...] = ()
    default_zone: Zone = "UTC"
    working_hours: Mapping[CountryOrDefault, WorkingWeek] = Field(default_factory=dict)
    holidays: Mapping[Country, Calendar] = Field(default_factory=dict)
    caps: Caps = Caps()
    do_not_disturb: bool = False  # ask Slack who does not want to be disturbed, just before posting
    k: int = Field(default=5, ge=5)
    channels: Mapping[ChannelName, ChannelId] = Field(default_factory=dict)
    policies: tuple[Policy, ...] = ()
    barriers: BarrierPlan = BarrierPlan()
    segments: Mapping[Name, Rule] = Field(default_factory=dict)
    place_zones: Mapping[Line, Zone] = Field(default_factory=dict)
    briefs: Mapping[Reference, Brief] = Field(default_factory=dict)
    comms_calendar: tuple[CalendarEntry, ...] = ()
    publishing: Publishing = Publishing()
    waive: Mapping[RuleCode, Saying] = Field(default_factory=dict)
    format: Format = 1  # a file that does not say is in the first

    def working_week(self, country: str) -> WorkingWeek:
        """Return the country's own hours, else the default, else nine to five on weekdays."""
        return self.working_hours.get(country) or self.working_hours.get("default") or STANDARD_WEEK
