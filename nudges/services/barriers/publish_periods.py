"""What may be seen of four closed weeks: this module fixes a period's limits as it begins and publishes it at its end.

Only closed periods pass through here, each once. Whoever raises a flag asks here which of them may be raised.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Memberships, Proposal, Report
from nudges.domain.privacy.limits import Limits, limits_of
from nudges.domain.privacy.publication import Publication, publish, raisable
from nudges.services.core import Core
from nudges.store import publications


@dataclass(frozen=True)
class Evidence:
    """Where everybody stood at the ends of a span of closed periods, and what they said in it."""

    at_start: Memberships
    at_end: Memberships
    reports: tuple[Report, ...]


def begin_period(session: Session, core: Core, period: int) -> Limits:
    """Fix the limits of a period as it begins: a change of company.yaml is for the next one."""
    return publications.fix_limits(session, core.workspace_id, period, limits_of(core.company()))


def limits_in(session: Session, core: Core, period: int) -> Limits:
    """Return the limits a period began with; the present ones where nobody saw it begin."""
    return publications.limits_of_period(session, core.workspace_id, period) or limits_of(core.company())


def publish_period(session: Session, core: Core, period: int, said: Evidence) -> Publication:
    """Publish a closed period from what was said in it; what was published before stays as it is."""
    published = publications.of_period(session, core.workspace_id, period)
    if published is not None:
        return published
    fresh = publish(
        period,
        at_start=said.at_start,
        at_end=said.at_end,
        reports=said.reports,
        before=publications.latest(session, core.workspace_id),
        limits=limits_in(session, core, period),
    )
    publications.keep(session, core.workspace_id, fresh)
    return fresh


def may_be_raised(
    session: Session, core: Core, period: int, said: Evidence, found: Iterable[Proposal]
) -> list[Proposal]:
    """Return which of these flags may be raised as a period ends, from what was said in the periods they look at."""
    limits = limits_in(session, core, period)
    return raisable(found, at_start=said.at_start, at_end=said.at_end, reports=said.reports, limits=limits)
