"""One owner's week: this module reads their flags through the gate and says what is due, late or has moved."""

from sqlalchemy.orm import Session

from nudges.domain.barriers.flag_digest import WEEK, digest
from nudges.domain.barriers.flag_views import FlagDigest
from nudges.services.barriers.flag_cards import calendar_for, cards_of
from nudges.services.barriers.flag_gate import visible_flags
from nudges.services.core import Core
from nudges.store import people


def digest_for(session: Session, core: Core, owner_id: str) -> FlagDigest | None:
    """Return what an owner's week brings, through the gate; None where nothing waits and nothing moved."""
    now = core.clock()
    calendar = calendar_for(core, people.person(session, core.workspace_id, owner_id))
    cards = cards_of(session, core, owner_id, visible_flags(session, core, owner_id))
    return digest(cards, owner_id=owner_id, today=calendar.local_day(now), since=now - WEEK)
