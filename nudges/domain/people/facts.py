"""Which facts rules ask for: this module tells what to read, what is private, and for whom it decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from nudges.domain.people.fact_rules import (
    Answered,
    BehaviourRule,
    DidNotAnswer,
    InChannel,
    InUserGroup,
    JoinedWithin,
    QuizBelow,
    Used,
)
from nudges.domain.people.segments import AllOf, AnyOf, InSegment, Not, Rule, Segments, leaves

ANYBODY, NOBODY = AllOf(()), AnyOf(())


@dataclass(frozen=True)
class Wanted:
    """What must be read of everybody before some rules can be asked; a span of nothing reads no usage."""

    nudges: frozenset[str] = frozenset()
    quizzes: frozenset[str] = frozenset()
    usage: timedelta = timedelta(0)
    joining: bool = False
    user_groups: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    @property
    def playbooks(self) -> frozenset[str]:
        """Return the playbooks whose answers are asked for."""
        return frozenset(name.partition("/")[0] for name in self.nudges)


NOTHING_WANTED = Wanted()


def wanted_by(rules: Iterable[Rule], segments: Segments) -> Wanted:
    """Return what these rules ask for, also by way of other segments."""
    asked = [leaf for rule in rules for leaf in leaves(rule, segments)]
    return Wanted(
        nudges=frozenset(name for one in asked if isinstance(one, Answered | DidNotAnswer) for name in one.nudges),
        quizzes=frozenset(one.playbook for one in asked if isinstance(one, QuizBelow)),
        usage=max((one.within for one in asked if isinstance(one, Used)), default=timedelta(0)),
        joining=any(isinstance(one, JoinedWithin) for one in asked),
        user_groups=frozenset(name for one in asked if isinstance(one, InUserGroup) for name in one.group_ids),
        channels=frozenset(name for one in asked if isinstance(one, InChannel) for name in one.names),
    )


def asks_behaviour(rule: Rule, segments: Segments) -> bool:
    """Return whether the rule asks what somebody did: then nobody may be named or counted exactly by it."""
    return any(isinstance(leaf, BehaviourRule) for leaf in leaves(rule, segments))


def hinges_on_behaviour(rule: Rule, segments: Segments) -> Rule:
    """Return the rule of those for whom it is what they did that decides; of all others nothing is given away."""
    return AllOf((_with(rule, segments, best=True), Not(_with(rule, segments, best=False))))


def _with(rule: Rule, segments: Segments, *, best: bool) -> Rule:
    """Return the rule as if whatever is asked of behaviour had turned out best, or worst."""
    match rule:
        case AllOf(rules):
            return AllOf(tuple(_with(part, segments, best=best) for part in rules))
        case AnyOf(rules):
            return AnyOf(tuple(_with(part, segments, best=best) for part in rules))
        case Not(inner):
            return Not(_with(inner, segments, best=not best))
        case InSegment(name):
            return _with(segments[name], segments, best=best)
        case _ if isinstance(rule, BehaviourRule):
            return ANYBODY if best else NOBODY
        case _:
            return rule
