"""How often people use a tool: this module takes over a usage file, whole or not at all.

Usage is kept by the week, for people we know, and decides only who gets a nudge; nobody is shown by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from nudges.services.core import Core
from nudges.services.keeping.prune_history import HISTORY_KEPT
from nudges.services.people.sync_people import refresh_audiences
from nudges.services.people.usage_file import read_usage
from nudges.store import people, usage


@dataclass(frozen=True)
class UsageReport:
    """What a usage file brought: rows and people stored, the span of its weeks, and what was left out."""

    rows: int
    people: int
    first_on: date | None
    last_on: date | None
    tools: tuple[str, ...]
    strangers: int
    too_old: int


def import_usage(core: Core, text: str, tell: Callable[[int, int], None] = lambda _done, _all: None) -> UsageReport:
    """Take over a usage file; ImportRefused lists every faulty line, and then nothing is stored.

    The same file twice changes nothing; a week that is given again is replaced. `tell` hears how many of how many rows
    are stored so far.
    """
    now = core.clock()
    rows = read_usage(text, core.directory.ids_by_email, today=now.date())
    oldest = (now - HISTORY_KEPT).date()
    with core.db.begin(thinks_long=True) as session:
        known = people.first_seen(session, core.workspace_id).keys()
        kept = [row for row in rows if row.person_id in known and row.week_on >= oldest]
        usage.take_over(session, core.workspace_id, kept, lambda done: tell(done, len(kept)))
    refresh_audiences(core)
    weeks = [row.week_on for row in kept]
    return UsageReport(
        rows=len(kept),
        people=len({row.person_id for row in kept}),
        first_on=min(weeks, default=None),
        last_on=max(weeks, default=None),
        tools=tuple(sorted({row.tool for row in kept if row.tool})),
        strangers=len({row.person_id for row in rows if row.person_id not in known}),
        too_old=sum(row.week_on < oldest for row in rows),
    )
