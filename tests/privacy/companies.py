"""Companies for the rules of privacy: this module draws their groups, reports and moves from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from nudges.domain.barriers.barriers import Belonging, Report
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.publication import Publication, publish
from tests.soak import lucks, times

KINDS = (BarrierKind.MANAGER_DISCOURAGES, BarrierKind.NO_TIME)
HOW_MANY = times(200, 10_000)
PERIODS = 2
LARGEST_TEAM = 40
Standing = dict[str, Belonging]


@dataclass(frozen=True)
class Span:
    """One period of a company: where everybody stood at its ends, and what they said."""

    at_start: Standing
    at_end: Standing
    reports: tuple[Report, ...]


@dataclass(frozen=True)
class Life:
    """Some periods of one company, the limits it chose, and what was published of each period."""

    seed: int
    limits: Limits
    spans: tuple[Span, ...]
    publications: tuple[Publication, ...]


def lives() -> Iterator[Life]:
    """Yield the companies that every rule is tried on; the same ones in each test."""
    for seed in lucks(HOW_MANY):
        yield life(seed)


@cache
def life(seed: int) -> Life:
    """Return the company of this seed through some periods."""
    rng = Random(seed)  # not hypothesis: each rule looks at the same companies, which are then published only once
    limits = Limits(rng.choice([5, 5, 5, 8]), rng.choice([5, 5, 5, 6, 8, 10]))
    standing = company(rng)
    spans: list[Span] = []
    found: list[Publication] = []
    for number in range(PERIODS):
        after = moved(rng, standing)
        spans.append(Span(standing, after, said(rng, standing | after, limits.r)))
        found.append(publish_span(spans[-1], number, limits, found[-1] if found else None))
        standing = after
    return Life(seed, limits, tuple(spans), tuple(found))


def publish_span(span: Span, number: int, limits: Limits, before: Publication | None = None) -> Publication:
    """Return what is published of one period."""
    ends = {"at_start": span.at_start, "at_end": span.at_end}
    return publish(number, **ends, reports=span.reports, before=before, limits=limits)


def company(rng: Random) -> Standing:
    """Return people in teams of departments, mostly all of a team in one place; some leaders stand in no team."""
    standing: Standing = {}
    departments, places = rng.randint(1, 3), rng.randint(1, 3)
    for team in range(rng.randint(1, 7)):
        department, place = rng.randint(1, departments), rng.randint(1, places)
        abroad = rng.choice([0, 0, 0, 1, 4])
        for number in range(rng.randint(1, LARGEST_TEAM)):
            here = "far" if number < abroad else f"p{place}"
            standing[f"t{team}-{number}"] = Belonging(f"t{team}", f"d{department}", here)
    for number in range(rng.choice([0, 0, 1, 3, 6])):
        standing[f"lead-{number}"] = Belonging("", f"d{1 + number % departments}", "p1")
    return standing


def said(rng: Random, standing: Standing, r: int) -> tuple[Report, ...]:
    """Return what people of each team said: nobody, one less than r, r, nearly all, all, or any number of them."""
    teams: dict[str, list[str]] = {}
    for person_key, belonging in standing.items():
        teams.setdefault(belonging.team, []).append(person_key)
    reports = []
    for kind in KINDS[: rng.randint(1, 2)]:
        for members in teams.values():
            some = rng.randint(0, len(members))
            count = rng.choice([0, 0, 1, 2, r - 1, r, r + 1, len(members), len(members) - 1, some])
            # From either end of the team: those abroad come first.
            ordered = members if rng.random() < 0.5 else members[::-1]
            reports += [Report(person_key, kind) for person_key in ordered[: max(count, 0)]]
    return tuple(reports)


def moved(rng: Random, standing: Standing) -> Standing:
    """Return where everybody stands four weeks later: some left, some came, some changed their team."""
    after, people = dict(standing), sorted(standing)
    for number in range(rng.choice([0, 0, 0, 1, 3, 6])):
        person_key, example = rng.choice(people), standing[rng.choice(people)]
        choice = rng.choice(["leaves", "moves", "comes"])
        if choice == "leaves" and len(after) > 1:
            after.pop(person_key, None)
        elif choice == "moves":
            after[person_key] = example
        else:
            after[f"new-{number}-{len(after)}-{person_key}"] = example
    return after
