"""What should come next: this module counts votes, a quarter of the year at a time, and says what they come to.

A vote holds from its day on until the person changes their mind or the quarter ends. Votes go through the same gate as
answers (nudges.domain.measuring.release): days count when they are over and are told whole and in their order, so that
watching the numbers adds nothing, and every side told stands for at least k people.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo

from nudges.domain.measuring.disclosure import band
from nudges.domain.measuring.release import Change, Told, released

MONTHS_A_QUARTER = 3
LIFT = 1  # by how many steps of `priority` the most wanted playbook goes before others


def quarter_of(day: date) -> int:
    """Return the number of the quarter of the calendar in which a day lies."""
    return day.year * 4 + (day.month - 1) // MONTHS_A_QUARTER


def told_votes(votes: Iterable[tuple[str, datetime, datetime | None]], *, here: tzinfo, until: date, k: int) -> Told:
    """Return which playbooks' votes may be told at the end of the day `until`, exact and for this room only.

    A vote is what is wanted, since when, and until when. Days are those of the company's own zone.
    """
    changes: list[Change] = []
    for playbook, voted_at, ended_at in votes:
        changes.append(Change(voted_at.astimezone(here).date(), "", playbook))
        if ended_at is not None:
            changes.append(Change(ended_at.astimezone(here).date(), "", playbook, -1))
    return released(changes, until=until, k=k).whole or Told({}, 0)


def bands(told: Told, k: int) -> Mapping[str, str]:
    """Return how many want each playbook, as bands, the most wanted first; the others are not told."""
    wanted = sorted(told.sides.items(), key=lambda side: (-side[1], side[0]))
    return {playbook: said for playbook, count in wanted if (said := band(count, k))}


def most_wanted(told: Told) -> str:
    """Return the playbook that more people want than any other; empty while two are alike or nothing is told."""
    wanted = sorted(told.sides.items(), key=lambda side: -side[1])
    if not wanted or (len(wanted) > 1 and wanted[0][1] == wanted[1][1]):
        return ""
    return wanted[0][0]


def lifts(told: Told) -> Mapping[str, int]:
    """Return by how many steps of `priority` each playbook's nudges go before others of the same day."""
    winner = most_wanted(told)
    return {winner: LIFT} if winner else {}
