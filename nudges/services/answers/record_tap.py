"""One tap under a workshop, a challenge, a poll or a question afterwards: this module stores it, and gives seats."""

from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.delivery.taps import SeatState, Tap
from nudges.domain.measuring.views import Outcome, Verdict
from nudges.domain.playbooks.playbook import Playbook, Workshop
from nudges.domain.playbooks.sequels import Attendance
from nudges.services.answers.record_response import record_on
from nudges.services.core import Core
from nudges.services.delivery.meetings import Meeting, meeting_for
from nudges.services.delivery.ready_messages import nudge_of
from nudges.services.delivery.seat_notices import tell_who_moved_up
from nudges.store import campaigns, responses, workshops


def record_tap(core: Core, person_id: str, delivery_id: str, key: str) -> Outcome:
    """Store the first tap; GONE where the nudge does not ask for it. Seats may be given back later."""

    def record(session: Session, delivery: Delivery, now: datetime) -> Verdict:
        found = nudge_of(session, core, delivery)
        if found is None or key not in found[1].taps:
            return Verdict.GONE
        playbook, nudge = found
        is_new = responses.add(session, core.workspace_id, delivery, ResponseKind.TAP, value=key, now=now)
        if isinstance(nudge, Workshop):
            return _seat(session, core, delivery, playbook, key, now)
        if is_new and isinstance(nudge, Attendance):
            _say_came(session, core, delivery, playbook, nudge.of, key)
        return Verdict.RECORDED if is_new else Verdict.REPEATED

    return record_on(core, person_id, delivery_id, record)


def _seat(session: Session, core: Core, delivery: Delivery, playbook: Playbook, key: str, now: datetime) -> Verdict:
    meeting = _meeting(session, core, delivery, playbook, delivery.nudge_key)
    if meeting is None:
        return Verdict.GONE
    if now >= meeting.begins_at:
        return Verdict.REPEATED  # the message then says that it is over
    before = workshops.standing(session, core.workspace_id, meeting.place, delivery.person_id).state
    ids = (session, core.workspace_id, meeting.place, delivery.person_id)
    if key == Tap.COMING:
        after: SeatState | None = workshops.take(*ids, seats=meeting.workshop.seats, now=now)
        return Verdict.REPEATED if after == before else Verdict.RECORDED
    who = workshops.give_back(*ids, now=now)
    if who:
        tell_who_moved_up(session, core, meeting.place, who)
    return Verdict.RECORDED


def _say_came(session: Session, core: Core, delivery: Delivery, playbook: Playbook, of: str, key: str) -> None:
    """Keep it beside the seat too, where the host's word stands, which counts."""
    meeting = _meeting(session, core, delivery, playbook, of)
    if meeting is not None:
        workshops.say_own(session, core.workspace_id, meeting.place, delivery.person_id, key)


def _meeting(session: Session, core: Core, delivery: Delivery, playbook: Playbook, key: str) -> Meeting | None:
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
    if campaign is None:
        return None
    return meeting_for(session, campaign, playbook, key, delivery.person_id)
