"""One line for each nudge and person: this module is what `rehearse --format json` says, to be held against `plan`."""

from typing import Any

from bot.simulation.rehearsal import Rehearsal
from nudges.domain.deliveries import WAITING, DeliveryStatus
from nudges.domain.outcomes import Outcome
from nudges.domain.workdays import WorkCalendar

OPEN = "open"  # not settled when the rehearsal ended; `plan` calls it so too


def lines(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """Return what became of each nudge for each person, by person, playbook and nudge."""
    found = [outcome_line(one, rehearsal.calendars.get(one.person_id)) for one in rehearsal.outcomes]
    return sorted(found, key=lambda line: (line["person"], line["playbook"], line["nudge"]))


def summary(rehearsal: Rehearsal) -> dict[str, Any]:
    """Return how the rehearsal was made and how it went, without the lines."""
    return {
        "seed": rehearsal.request.seed,
        "trace": rehearsal.digest,
        "events": rehearsal.events,
        "people": len(rehearsal.people),
        "weeks": rehearsal.request.weeks,
        "begins_at": rehearsal.begins_at.isoformat(),
        "ends_at": rehearsal.ends_at.isoformat(),
        "playbooks": sorted(rehearsal.playbooks),
        "approved_automatically": [f"{yes.kind} {yes.campaign}" for yes in rehearsal.agreed],
        "reactions": len(rehearsal.deeds),
    }


def outcome_line(one: Outcome, calendar: WorkCalendar | None) -> dict[str, Any]:
    """Return one decision; the keys are those of `plan --format json`."""
    is_open, is_sent = one.status in WAITING, one.status == DeliveryStatus.SENT
    return {
        "person": one.person_id,
        "playbook": one.playbook,
        "campaign": one.campaign,
        "nudge": one.nudge_key,
        "outcome": OPEN if is_open else one.status.value,
        "reason": "" if is_sent else one.reason,
        "planned_local": one.local_due or None,
        "zone": calendar.zone if calendar else one.zone,
        "sent_local": calendar.local(one.sent_at).isoformat(timespec="seconds") if calendar and one.sent_at else None,
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
    }
