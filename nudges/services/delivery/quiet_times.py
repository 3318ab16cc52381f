"""Do not disturb: this module asks, where the company wants it, who rests at Slack just before messages are posted."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery
from nudges.services.core import Core
from nudges.store import people, work_due

AT_ONCE = 50  # people that Slack tells of together
ABSENCE = timedelta(hours=12)  # a rest that lasts longer is time off, not a meeting or a night


def learn(core: Core, claimed: Sequence[Delivery]) -> None:
    """Ask about those whose messages are next, and about who follows them; nothing where nobody wants that."""
    if core.quiet is None or not claimed or not core.company().do_not_disturb:
        return
    with core.db.reading() as session:
        following = work_due.people_due(session, core.workspace_id, core.clock(), most=AT_ONCE)
    core.quiet.look([*(one.person_id for one in claimed if not one.is_notice), *following])


def resting_until(core: Core, person_id: str, now: datetime) -> datetime | None:
    """Return until when somebody does not want to be disturbed, as far as we have heard."""
    if core.quiet is None or not core.company().do_not_disturb:
        return None
    return core.quiet.until(person_id, now)


def note_absence(session: Session, core: Core, person_id: str, now: datetime) -> None:
    """Remember when somebody is back who rests for long: then they get the best of what waited, and not all of it."""
    until = resting_until(core, person_id, now)
    if until is not None and until - now > ABSENCE:
        people.change_preference(session, core.workspace_id, person_id, back_at=until)
