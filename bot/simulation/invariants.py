"""What must hold whatever happens: this module judges each step of a run by the ground truth at the simulated Slack."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from bot.simulation.reacting import Deed, Post
from nudges.domain.delivery.eligibility import CAP_WEEK_DAYS
from nudges.domain.forecasts.reactions import ReactionKind
from nudges.domain.people.people import Person
from nudges.domain.playbooks.company import Caps, Company
from nudges.domain.times.workdays import WorkCalendar, calendar_of
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.measuring.figures import books
from nudges.store import campaigns, people

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Breach:
    """Something happened that must never happen."""

    rule: str
    sentence: str


class Invariant(Protocol):
    """One rule; it is told what people did and what was posted, and answers with what is wrong."""

    def reacted(self, deed: Deed) -> None:
        """Hear what a person did, once it was committed."""
        ...

    def posted(self, post: Post) -> Breach | None:
        """Judge one message at the simulated Slack."""
        ...


@dataclass
class NeverTwice:
    """No delivery stands twice at Slack."""

    seen: set[str] = field(default_factory=set)

    def reacted(self, deed: Deed) -> None:
        """A deed posts nothing."""

    def posted(self, post: Post) -> Breach | None:
        """Object to an id that was seen before."""
        if post.delivery_id in self.seen:
            return Breach("never twice", f"{post.subject} stands twice in the conversation of {post.person_id}")
        self.seen.add(post.delivery_id)
        return None


@dataclass
class InHours:
    """Nothing is posted outside the person's working hours."""

    calendars: Mapping[str, WorkCalendar]

    def reacted(self, deed: Deed) -> None:
        """A deed changes nobody's hours."""

    def posted(self, post: Post) -> Breach | None:
        """Object to a post outside working hours, or to somebody whom nobody knows."""
        calendar = self.calendars.get(post.person_id)
        if calendar is None:
            return Breach(
                "in hours", f"{post.subject} was posted to {post.person_id}, whom the directory does not know"
            )
        if calendar.is_open(post.at):
            return None
        wall = f"{calendar.local(post.at):%a %H:%M} in {calendar.zone}"
        return Breach("in hours", f"{post.subject} reached {post.person_id} on {wall}, outside their working hours")


@dataclass
class StopMeansStop:
    """After a stop has committed nothing is posted until the person starts again; notices are about their office."""

    stopped: set[str] = field(default_factory=set)

    def reacted(self, deed: Deed) -> None:
        """Remember who stopped and who started."""
        if deed.kind is ReactionKind.STOP:
            self.stopped.add(deed.post.person_id)
        elif deed.kind is ReactionKind.START:
            self.stopped.discard(deed.post.person_id)

    def posted(self, post: Post) -> Breach | None:
        """Object to a nudge after a stop."""
        if post.is_notice or post.person_id not in self.stopped:
            return None
        return Breach("stop means stop", f"{post.subject} was posted to {post.person_id}, who had stopped")


@dataclass
class CapsKept:
    """Nobody gets more nudges in a day or in any seven days than the company allows."""

    caps: Caps
    calendars: Mapping[str, WorkCalendar]
    days: dict[str, Counter[date]] = field(default_factory=dict)

    def reacted(self, deed: Deed) -> None:
        """A deed changes no cap."""

    def posted(self, post: Post) -> Breach | None:
        """Object to one nudge too many."""
        if post.is_notice or post.person_id not in self.calendars:
            return None
        day = self.calendars[post.person_id].local_day(post.at)
        count = self.days.setdefault(post.person_id, Counter())
        count[day] += 1
        week = sum(count[day - DAY * back] for back in range(CAP_WEEK_DAYS))
        if count[day] <= self.caps.day and week <= self.caps.week:
            return None
        return Breach(
            "caps kept", f"{post.person_id} got {count[day]} nudges on {day} and {week} in the seven days to it"
        )


def invariants(core: Core) -> list[Invariant]:
    """Return the rules that every post is judged by, for the people the directory knows now."""
    company = core.company()
    with core.db.reading() as session:
        everybody = list(people.everybody(session, core.workspace_id))
    known = calendars(everybody, company)
    return [NeverTwice(), InHours(known), StopMeansStop(), CapsKept(company.caps, known)]


def calendars(everybody: Sequence[Person], company: Company) -> dict[str, WorkCalendar]:
    """Return everybody's working time by id."""
    return {person.person_id: calendar_of(person, company) for person in everybody}


def books_balance(core: Core) -> list[Breach]:
    """Return a breach for each campaign whose books do not balance; every nudge for every person counts once."""
    with core.db.reading() as session:
        running = campaigns.campaigns(session, core.workspace_id)
        found = [(one, books(session, one, frozen(one)[0], core.clock().date())[0]) for one in running]
    return [
        Breach("books balance", f"the books of {campaign.name} do not balance: {count.difference} are missing")
        for campaign, count in found
        if not count.is_balanced
    ]
