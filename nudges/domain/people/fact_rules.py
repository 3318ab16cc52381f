"""Rules beyond the people file: this module is what each of them means, and how it says itself with yes and with no."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from nudges.domain.people.behaviour import CHANNEL_PREFIX
from nudges.domain.people.people import Person
from nudges.domain.people.samples import STEPS, is_drawn
from nudges.domain.playbooks.comparing import plain

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Answered:
    """The person tapped something on one of these: `playbook/nudge`, or a playbook for any of its nudges."""

    nudges: tuple[str, ...]

    def holds(self, person: Person) -> bool:
        return not person.known.answered.isdisjoint(self.nudges)

    def words(self, *, is_so: bool) -> str:
        return f"{'has' if is_so else 'has not'} answered {_either(self.nudges)}"


@dataclass(frozen=True)
class DidNotAnswer:
    """The person was sent one of these at least a day ago, and tapped nothing on it."""

    nudges: tuple[str, ...]

    def holds(self, person: Person) -> bool:
        known = person.known
        return any(name in known.sent and name not in known.answered for name in self.nudges)

    def words(self, *, is_so: bool) -> str:
        return f"{'left' if is_so else 'did not leave'} {_either(self.nudges)} unanswered"


@dataclass(frozen=True)
class QuizBelow:
    """Less than this share of the quizzes of a playbook that the person answered was right."""

    playbook: str
    share: float

    def holds(self, person: Person) -> bool:
        score = person.known.scores.get(self.playbook)
        # In whole numbers: 7 of 10 is not below 70 %, whatever 0.7 is in binary.
        return score is not None and score.right * STEPS < score.answered * steps_of(self.share)

    def words(self, *, is_so: bool) -> str:
        verb = "answered" if is_so else "did not answer"
        return f"{verb} less than {percent(self.share)} of the quizzes in {self.playbook} right"


@dataclass(frozen=True)
class Used:
    """The tool was used on at least so many days in the weeks that began in this span; without a tool, any of them."""

    at_least: int
    within: timedelta
    tool: str = ""

    def holds(self, person: Person) -> bool:
        days: Counter[int] = Counter()
        for week in person.known.usage:
            if week.days_ago < self.within.days and (not self.tool or plain(week.tool) == plain(self.tool)):
                # Two tools on one day are one day; of a week we know no more than the larger number.
                days[week.days_ago] = max(days[week.days_ago], week.active_days)
        return days.total() >= self.at_least

    def words(self, *, is_so: bool) -> str:
        tool = self.tool or "any tool"
        if self.at_least == 1:
            return f"{'used' if is_so else 'did not use'} {tool} in the last {self.within.days} days"
        amount = f"at least {self.at_least}" if is_so else f"fewer than {self.at_least}"
        return f"used {tool} on {amount} days of the last {self.within.days}"


@dataclass(frozen=True)
class JoinedWithin:
    """The person was first seen in the directory at most so long ago, and was not there when Nudger came."""

    within: timedelta

    def holds(self, person: Person) -> bool:
        here_for = person.known.here_for
        return here_for is not None and here_for <= self.within

    def words(self, *, is_so: bool) -> str:
        return f"{'joined' if is_so else 'did not join'} in the last {_days(self.within)}"


@dataclass(frozen=True)
class InUserGroup:
    """The person is in one of these user groups of Slack."""

    group_ids: tuple[str, ...]

    def holds(self, person: Person) -> bool:
        return not person.known.groups.isdisjoint(self.group_ids)

    def words(self, *, is_so: bool) -> str:
        return f"{'is' if is_so else 'is not'} in the user group {' or '.join(self.group_ids)}"


@dataclass(frozen=True)
class InChannel:
    """The person is a member of one of these channels, by the names of company.yaml."""

    names: tuple[str, ...]

    def holds(self, person: Person) -> bool:
        return not person.known.groups.isdisjoint(CHANNEL_PREFIX + name for name in self.names)

    def words(self, *, is_so: bool) -> str:
        channels = " or ".join(CHANNEL_PREFIX + name for name in self.names)
        return f"{'is' if is_so else 'is not'} in the channel {channels}"


@dataclass(frozen=True)
class Sampled:
    """The person is in a random sample; within one draw, a smaller sample lies inside a larger one."""

    share: float
    draw: str = ""

    def holds(self, person: Person) -> bool:
        return is_drawn(person.person_id, share=self.share, draw=self.draw)

    def words(self, *, is_so: bool) -> str:
        drawn = f"in the draw {self.draw}" if self.draw else "at random"
        return f"is {'one' if is_so else 'not one'} of the {percent(self.share)} picked {drawn}"


# What somebody did is theirs: such rules decide who gets a nudge, and nobody is ever named by them.
BehaviourRule = Answered | DidNotAnswer | QuizBelow | Used


def steps_of(share: float) -> int:
    """Return the share in hundredths of a per cent."""
    return round(share * STEPS)


def percent(share: float) -> str:
    """Return `60 %` or `2.5 %`."""
    return f"{steps_of(share) / 100:g} %"


def _days(length: timedelta) -> str:
    return "day" if length == DAY else f"{length / DAY:g} days"


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(names)
