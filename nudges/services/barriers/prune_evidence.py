"""Evidence in time: this module deletes what no decision looks at any more and keeps its counts, without anybody."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.barriers.periods import period_now
from nudges.services.core import Core
from nudges.store import evidence, flags
from nudges.store.evidence import PastReports

PERIODS_KEPT = 3  # the last closed ones that a decision may still look at
BACKGROUND_PERIODS = 7  # 26 weeks and what is left of the last period: the company's own background


def prune_evidence(session: Session, core: Core, *, asked_before: datetime) -> int:
    """Delete reports and memberships of periods that no decision looks at; return how many reports.

    How many people of the whole company named each kind stays for half a year: it says what is usual here.
    """
    present = period_now(session, core)
    oldest = present - PERIODS_KEPT
    for period in flags.frozen_before(session, core.workspace_id, oldest):
        evidence.keep_past(session, core.workspace_id, _counted(session, core, period))
    gone = evidence.prune(session, core.workspace_id, before_period=oldest, asked_before=asked_before)
    flags.prune_memberships(session, core.workspace_id, before_period=oldest)
    evidence.prune_past(session, core.workspace_id, before_period=present - BACKGROUND_PERIODS)
    return gone


def _counted(session: Session, core: Core, period: int) -> Iterator[PastReports]:
    people: dict[str, set[str]] = defaultdict(set)
    for report in evidence.reports_of_period(session, core.workspace_id, period):
        people[report.kind].add(report.person_hash)
    members = len(flags.membership(session, core.workspace_id, period))
    # A kind that nobody named is a count as well: without it the usual would look too much.
    return (PastReports(period, kind.value, len(people[kind.value]), members) for kind in BarrierKind)
