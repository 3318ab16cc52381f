"""Until when a step is due: this module moves a day on which nobody works to the next on which its owner does."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from nudges.domain.barriers.flags import Step
from nudges.domain.people.people import Person
from nudges.domain.times.workdays import WorkCalendar, calendar_of
from nudges.services.core import Core
from nudges.store import people

_DAY = timedelta(days=1)
_SEARCHED = 60  # days; who works on none of them keeps the day as it is


def on_working_days(session: Session, core: Core, steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps, each due on a working day of whoever has it."""
    told = tuple(steps)
    known = people.several(session, core.workspace_id, [one.by_id for one in told])
    company = core.company()
    calendars = {one.by_id: calendar_of(known.get(one.by_id) or Person(one.by_id), company) for one in told}
    return tuple(replace(one, due_on=_working_day(one.due_on, calendars[one.by_id])) for one in told)


def _working_day(day: date, calendar: WorkCalendar) -> date:
    days = (day + _DAY * step for step in range(_SEARCHED))
    return next((one for one in days if calendar.is_working_day(one)), day)
