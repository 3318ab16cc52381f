"""Closed periods: this module is which four weeks an instant belongs to, in the company's own calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from nudges.errors import StorageError
from nudges.services.core import Core
from nudges.store import instance

PERIOD = timedelta(days=28)
WEEK = timedelta(days=7)


def period_now(session: Session, core: Core) -> int:
    """Return the number of the present period, from 0."""
    here = core.clock().astimezone(zone(core)).date()
    return (here - _first_day(session)) // PERIOD


def week_now(session: Session, core: Core) -> int:
    """Return the number of the present week, from 0; four of them are a period."""
    return week_at(session, core, core.clock())


def week_at(session: Session, core: Core, at: datetime) -> int:
    """Return the number of the week that an instant belongs to; negative before the first."""
    return (at.astimezone(zone(core)).date() - _first_day(session)) // WEEK


def week_begins_on(session: Session, week: int) -> date:
    """Return the day on which a week begins, at midnight in the company's default zone."""
    return _first_day(session) + WEEK * week


def closes_at(session: Session, core: Core, period: int) -> datetime:
    """Return the instant at which a period ends: midnight in the company's default zone."""
    day = _first_day(session) + PERIOD * (period + 1)
    return datetime.combine(day, time.min, zone(core)).astimezone(UTC)


def zone(core: Core) -> ZoneInfo:
    """Return the company's default zone."""
    return ZoneInfo(core.company().default_zone)


def _first_day(session: Session) -> date:
    here = instance.instance(session)
    if here is None:
        raise StorageError("This database was not set up.", hint="Run `nudger migrate`.")
    return here.first_period_on
