"""Who came to a workshop: this module asks the host once it is over, and takes what they say, for two weeks.

The host is the playbook's owner; admins can say it too, because an owner may have left. Each look is in the audit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.delivery.presence import Marking, Sheet, closes_at, marking_at, word_for
from nudges.domain.measuring.views import Role
from nudges.domain.playbooks.playbook import Playbook, Workshop
from nudges.errors import StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.delivery.meetings import Meeting, meeting_on
from nudges.services.delivery.notices import notify
from nudges.services.people.roles import role_of
from nudges.store import audit, campaigns, people, workshops
from nudges.store.campaigns import Campaign
from nudges.store.workshops import Place

ACTION = "who_came"


def ask_who_came(core: Core) -> int:
    """Ask the host of each workshop that has ended in these two weeks, once; return how many were asked."""
    with core.db.reading() as session:
        places = workshops.held(session, core.workspace_id)
        over = [one for one in _found(session, core, places) if _is_open(one[2], core.clock())]
    if not over:
        return 0
    with core.db.begin() as session:
        return sum(_ask(session, core, campaign, meeting) for campaign, _, meeting in over)


def sheet(core: Core, actor_id: str, place: Place) -> Sheet:
    """Return who had a seat, for the host; the look is noted in the audit."""
    with core.db.begin() as session:
        found = _sheet(session, core, actor_id, place)
        if found.marking is Marking.OPEN:
            _note(session, core, actor_id, place)
    return found


def mark(core: Core, actor_id: str, place: Place, *, came: Sequence[str], shown: Sequence[str]) -> Sheet:
    """Keep the host's word: who is ticked came, and who was shown and is not ticked did not; again, it is corrected."""
    with core.db.begin() as session:
        before = _sheet(session, core, actor_id, place)
        if before.marking is not Marking.OPEN:
            return before
        there, away = [one for one in shown if one in came], [one for one in shown if one not in came]
        for ids, is_ticked in ((there, True), (away, False)):
            workshops.say_host(session, core.workspace_id, place, ids, word_for(is_ticked=is_ticked))
        _note(session, core, actor_id, place)
        return replace(_sheet(session, core, actor_id, place), marking=Marking.NOTED)


def meetings_of(campaign: Campaign, workshop: Workshop) -> Iterator[Meeting]:
    """Give each time that a workshop of a campaign is held: once for each start, or once where it has a date."""
    seen = set()
    for wave in campaign.staging.waves:
        meeting = meeting_on(campaign.campaign_id, workshop, wave.begins_on)
        if meeting.place not in seen:
            seen.add(meeting.place)
            yield meeting


def place_of(campaign_id: int, nudge_key: str, session: str) -> Place:
    """Return where the seats of a workshop are kept."""
    return Place(campaign_id, nudge_key, session)


def _sheet(session: Session, core: Core, actor_id: str, place: Place) -> Sheet:
    found = next(_found(session, core, (place,)), None)
    if found is None:
        return Sheet(Marking.GONE)
    _, playbook, meeting = found
    if actor_id != playbook.owner and role_of(core, actor_id) is not Role.ADMIN:
        return Sheet(Marking.NOT_YOURS)
    marking = marking_at(meeting.ends_at, core.clock())
    empty = Sheet(marking, meeting.workshop.title, meeting.ends_at, closes_at(meeting.ends_at))
    if marking is not Marking.OPEN:
        return empty
    said = workshops.seated(session, core.workspace_id, place)
    known = people.several(session, core.workspace_id, tuple(said))
    names = {one: (known[one].first_name if one in known else "").casefold() for one in said}
    in_order = sorted(said, key=lambda one: (names[one], one))
    return replace(empty, seated={one: said[one] for one in in_order})


def _found(session: Session, core: Core, places: Sequence[Place]) -> Iterator[tuple[Campaign, Playbook, Meeting]]:
    """Give the workshops at these places with what they belong to; what cannot be read (any more) is left out."""
    for place in places:
        campaign = campaigns.by_id(session, core.workspace_id, place.campaign_id)
        playbook = _playbook(campaign) if campaign else None
        workshop = playbook.nudge(place.nudge_key) if playbook else None
        if campaign is None or playbook is None or not isinstance(workshop, Workshop):
            continue
        yield from ((campaign, playbook, one) for one in meetings_of(campaign, workshop) if one.place == place)


def _playbook(campaign: Campaign) -> Playbook | None:
    try:
        return frozen(campaign)[0]
    except StorageError:
        return None


def _is_open(meeting: Meeting, now: datetime) -> bool:
    return marking_at(meeting.ends_at, now) is Marking.OPEN


def _ask(session: Session, core: Core, campaign: Campaign, meeting: Meeting) -> bool:
    place = meeting.place
    value = f"{place.campaign_id}:{place.nudge_key}:{place.session}"
    day = closes_at(meeting.ends_at).date().isoformat()
    values = {"title": meeting.workshop.title, "day": day, "place": value}
    return notify(
        session, core, playbook_of=campaign, notice_key=f"came:{value}", text_key="notice.who_came", values=values
    )


def _note(session: Session, core: Core, actor_id: str, place: Place) -> None:
    subject = f"{place.campaign_id}/{place.nudge_key}"
    audit.record(session, core.workspace_id, actor_id=actor_id, action=ACTION, subject=subject, now=core.clock())
