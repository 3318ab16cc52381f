"""The calendar file of a workshop: this module makes it anew at each asking, from what the campaign says now."""

from nudges.domain.playbooks.markup import render_plain
from nudges.domain.playbooks.playbook import Workshop
from nudges.domain.times.calendar_file import CalendarEvent, calendar_text
from nudges.errors import StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.delivery.calendar_links import read_token
from nudges.services.delivery.meetings import meeting_on
from nudges.store import campaigns


def calendar_file(core: Core, token: str) -> str | None:
    """Return the text of the file that a link leads to; None when there is no such workshop (any more)."""
    place = read_token(core, token)
    if place is None:
        return None
    with core.db.reading() as session:
        campaign = campaigns.by_id(session, core.workspace_id, place.campaign_id)
    if campaign is None:
        return None
    try:
        workshop = frozen(campaign)[0].nudge(place.nudge_key)
    except StorageError:
        return None
    starts = [wave.begins_on for wave in campaign.staging.waves]
    meetings = [meeting_on(place.campaign_id, workshop, on) for on in starts] if isinstance(workshop, Workshop) else []
    meeting = next((one for one in meetings if one.place == place), None)
    if meeting is None:
        return None
    held = meeting.workshop
    about = [render_plain(held.text, {}), held.join or ""]
    return calendar_text(
        CalendarEvent(
            uid=f"{token.rpartition('.')[2]}@nudger",
            title=held.title,
            begins_at=meeting.begins_at,
            ends_at=meeting.ends_at,
            written_at=core.clock(),
            sequence=campaign.version,
            place=held.place or held.join or "",
            about="\n\n".join(part for part in about if part),
            link=held.join or "",
        )
    )
