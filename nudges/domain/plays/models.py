"""A play: this module is the types of plays.yaml, by kind of flag and by how sure we are."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from pydantic import Field

from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_kinds import FlagKind
from nudges.domain.playbooks.fields import Format, Language, Line, Name, Prose, Saying
from nudges.domain.playbooks.playbook import Part, Remedy


class Receivers(StrEnum):
    """Who gets what a play sends; never the flagged team's own leader alone, which would point at them."""

    MANAGERS = "managers"  # all who lead people in the area
    EVERYBODY = "everybody"  # all who work in the area


class NoteWords(Part):
    """What a play sends, in another language."""

    title: Line
    text: Prose


class Sends(Part):
    """One nudge that a play sends when it starts, through the outbox, caps and hours of all nudges."""

    to: Receivers
    title: Line
    text: Prose
    language: Language = "en"  # of `title` and `text`
    translations: Mapping[Language, NoteWords] = Field(default_factory=dict)


class Play(Part):
    """Steps with owner and days, how to see whether it helped, and what is sent or held back meanwhile."""

    play: Name
    title: Line
    steps: tuple[Remedy, ...] = Field(min_length=1, max_length=6)
    measure: Saying
    sends: Sends | None = None
    eases: timedelta | None = None  # for so long the area gets half as many nudges


class KindPlays(Part):
    """What is offered about one kind: while a flag is early only what hurts nobody if it turns out to be false."""

    early: tuple[Play, ...] = ()
    confirmed: tuple[Play, ...] = ()

    def of(self, grade: Grade) -> tuple[Play, ...]:
        """Return the plays written for this grade."""
        return self.early if grade is Grade.EARLY else self.confirmed


class Plays(Part):
    """plays.yaml: plays by kind; what a company writes for a kind and grade stands in the place of ours."""

    plays: Mapping[FlagKind, KindPlays] = Field(default_factory=dict)
    format: Format = 1

    def of(self, kind: str, grade: Grade) -> tuple[Play, ...]:
        """Return the plays for this kind and grade; none where nothing is written."""
        return self.plays[FlagKind(kind)].of(grade) if kind in self.plays else ()


NO_PLAYS = Plays()
