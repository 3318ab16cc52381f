"""Twelve made-up companies through half a year: this module counts what of the naive policy's cells stays visible.

The naive policy shows the count of a cell when k people stand there and r of them said it. `python -m
tests.privacy.organisations` prints the figures of docs/barriers.md; the suite looks at the first ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from nudges.domain.barriers.barriers import Belonging, Report
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.publication import Publication
from tests.detection.organisation import Climate, Organisation, organisation
from tests.privacy.attacker import SPOKEN, Name, Seen, bounds, groups_of, hidden_unions
from tests.privacy.companies import Span, Standing, publish_span

WEEKS, PERIOD = 24, 4
LIMITS = Limits()
UNIONS = 16  # looked at for each whole and division


@dataclass
class Tally:
    """What was seen of one company."""

    people: int
    naive: int = 0
    shown: int = 0
    older: int = 0  # of these, left as they were because a few people moved
    audited: int = 0
    exposed: int = 0


def climates() -> Iterator[Climate]:
    """Yield small, middling and large companies, in which little or much is said, and few or many people move."""
    for teams, departments, places in ((40, 4, 3), (100, 6, 4), (200, 8, 6)):
        for noise in (0.004, 0.015):
            for moves in (0.0005, 0.001):
                said = Climate(weeks=WEEKS, noise=noise, told=0.04, moves=moves)
                yield replace(said, teams=teams, departments=departments, places=places)


def tally(seed: int, climate: Climate) -> Tally:
    """Return what of one company may be seen, and whether somebody who adds it all up learns of a few."""
    made = organisation(seed, climate)
    found = Tally(len(made.team_of))
    before: Publication | None = None
    last_seen: dict[BarrierKind, list[dict[Name, str]]] = {}
    for number in range(WEEKS // PERIOD):
        span = _span(made, number)
        before = publish_span(span, number, LIMITS, before)
        cells = {(cell.scope.type.value, cell.scope.scope_id, cell.kind): cell for cell in before.cells}
        groups = groups_of(span.at_start, span.at_end)
        for kind in {report.kind for report in span.reports}:
            said = frozenset(report.person_key for report in span.reports if report.kind == kind)
            naive = [name for name, members in groups.items() if len(members) >= LIMITS.k <= len(members & said)]
            shown = [cells[(*name, kind)] for name in naive if (*name, kind) in cells]
            found.naive += len(naive)
            found.shown += len(shown)
            found.older += sum(cell.period != number for cell in shown)
            bands = {name: cells[(*name, kind)].band for name in groups if (*name, kind) in cells}
            fresh = {name: band for name, band in bands.items() if cells[(*name, kind)].period == number}
            _audit(found, Seen(groups, fresh, LIMITS.r), said)
            last_seen.setdefault(kind, []).append(fresh)
    found.exposed += sum(
        int(_tells_of_a_few(one, other)) for seen in last_seen.values() for one, other in combinations(seen, 2)
    )
    return found


def _audit(found: Tally, seen: Seen, said: frozenset[str]) -> None:
    for _, people in hidden_unions(seen, most=UNIONS):
        if not people & said:
            continue  # the fewest of them are none, since none of them said it
        least, most = bounds([seen], people)
        found.audited += 1
        found.exposed += 1 <= least <= most < LIMITS.r or least >= len(people)


def _tells_of_a_few(one: dict[tuple[str, str], str], other: dict[tuple[str, str], str]) -> int:
    """Return how many cells differ between two publications by what is known to be one to four."""
    ranges = [(SPOKEN[one[name]], SPOKEN[other[name]]) for name in one.keys() & other.keys()]
    steps = [(later[0] - before[1], later[1] - before[0]) for before, later in ranges]
    return sum(0 < least <= most < LIMITS.r or -LIMITS.r < least <= most < 0 for least, most in steps)


def _span(made: Organisation, number: int) -> Span:
    first = number * PERIOD
    said = (one for one in made.reports if one.is_button and first <= one.week < first + PERIOD)
    reports = tuple(Report(str(one.person), BarrierKind(one.kind)) for one in said)
    return Span(_standing(made, first), _standing(made, min(first + PERIOD, WEEKS - 1)), reports)


def _standing(made: Organisation, week: int) -> Standing:
    """Return where everybody stands; the first of each team leads it and stands in none."""
    standing: Standing = {}
    led: set[int] = set()
    for person, team in enumerate(made.team_of[:, week].tolist()):
        name = f"t{team}" if team in led else ""
        led.add(team)
        standing[str(person)] = Belonging(name, f"d{made.department_of[team]}", f"p{made.place_of[team]}")
    return standing


def main() -> None:
    """Print the figures."""
    tallies = []
    for seed, climate in enumerate(climates()):
        tallies.append(tally(seed, climate))
        print(seed, tallies[-1], flush=True)
    naive, shown = sum(one.naive for one in tallies), sum(one.shown for one in tallies)
    older, exposed = sum(one.older for one in tallies), sum(one.exposed for one in tallies)
    print(f"{shown} of {naive} cells kept ({shown / naive:.0%}), {older} of them older; {exposed} exposed")


if __name__ == "__main__":
    main()
