"""A seat that has come free: this module tells who has waited longest that it is theirs now."""

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.people.people import Person
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.delivery.meetings import meeting_for, seat_values
from nudges.services.delivery.notices import tell
from nudges.store import campaigns, people, workshops
from nudges.store.workshops import Place


def tell_who_moved_up(session: Session, core: Core, place: Place, person_id: str) -> bool:
    """Tell somebody from the line that a seat is theirs now; False where nothing can be told.

    Where the workshop has begun they stay in the line: whoever is forgotten then leaves a seat that is of no use.
    """
    campaign = campaigns.by_id(session, core.workspace_id, place.campaign_id)
    if campaign is None:
        return False
    found = meeting_for(session, campaign, frozen(campaign)[0], place.nudge_key, person_id)
    if found is None:
        return False
    if found.begins_at <= core.clock():
        workshops.wait_again(session, core.workspace_id, place, person_id)
        return False
    person = people.person(session, core.workspace_id, person_id) or Person(person_id)
    # Without the id: what is kept of a notice outlasts a person who asks to be forgotten.
    hashed = person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
    key = f"seat:{place.campaign_id}:{place.nudge_key}:{hashed}:{core.clock():%Y%m%d%H%M%S}"
    values = seat_values(core, found, person)
    return tell(session, core, person_id=person_id, notice_key=key, text_key="notice.seat_free", values=values)
