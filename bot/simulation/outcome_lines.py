"""One line for each nudge and person: this module is what `rehearse` says came and `plan --people` says will come.

Both write the same keys in the same order, so that one can be held against the other with `diff`.
"""

from collections.abc import Iterable
from typing import Any

from bot.simulation.barrier_lines import barrier_json
from bot.simulation.rehearsal import Rehearsal
from nudges.domain.delivery.deliveries import WAITING, DeliveryStatus, SkipReason
from nudges.domain.delivery.outcomes import Outcome
from nudges.domain.forecasts.forecast import Foreseen, World
from nudges.domain.forecasts.forecast_figures import Calendars
from nudges.domain.times.workdays import WorkCalendar

OPEN = "open"  # not settled when the rehearsal ended; `plan` calls it so too


def lines(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """Return what became of each nudge for each person, by person, playbook and nudge."""
    found = [outcome_line(one, rehearsal.calendars.get(one.person_id)) for one in rehearsal.outcomes]
    return _in_order(found)


def foreseen_lines(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """Return what the plan said of each nudge for each person, in the same order."""
    found = (_foreseen_line(rehearsal, one) for one in rehearsal.foreseen)
    return _in_order(found)


def planned_lines(world: World, foreseen: Iterable[Foreseen]) -> list[dict[str, Any]]:
    """Return what is going to become of each nudge for each person."""
    calendars, runs = Calendars(world), {run.campaign_id: run for run in world.runs}
    return _in_order(
        planned_line(one, run.name, run.playbook.playbook, calendars.of(world.people[one.person_id]))
        for one in foreseen
        for run in [runs[one.campaign_id]]
    )


def differences(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """Return where plan and rehearsal part: what was planned beside what happened, None where there was nothing."""
    planned = {_key(line): line for line in foreseen_lines(rehearsal)}
    happened = {_key(line): line for line in lines(rehearsal)}
    return [
        {"planned": planned.get(key), "happened": happened.get(key)}
        for key in sorted(planned.keys() | happened.keys())
        if planned.get(key) != happened.get(key)
    ]


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
        **({"barriers": barrier_json(rehearsal.ways, rehearsal.flags)} if rehearsal.ways is not None else {}),
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
        "reason": "" if is_sent or is_open else one.reason,
        "planned_local": _told(one.reason, one.local_due),
        "zone": calendar.zone if calendar else one.zone,
        "sent_local": calendar.local(one.sent_at).isoformat(timespec="seconds") if calendar and one.sent_at else None,
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
    }


def planned_line(one: Foreseen, campaign: str, playbook: str, calendar: WorkCalendar) -> dict[str, Any]:
    """Return one decision that is foreseen, with the same keys."""
    is_open = one.status in WAITING
    return {
        "person": one.person_id,
        "playbook": playbook,
        "campaign": campaign,
        "nudge": one.nudge_key,
        "outcome": OPEN if is_open else one.status.value,
        "reason": "" if one.is_sent or is_open else str(one.reason),
        "planned_local": _told(one.reason, one.planned.local_due if one.planned else ""),
        "zone": calendar.zone,
        "sent_local": calendar.local(one.sent_at).isoformat(timespec="seconds") if one.sent_at else None,
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
    }


def _told(reason: str, local_due: str) -> str | None:
    # Whether a stop came just before or just after the hour of planning changes nothing for anybody.
    return None if reason == SkipReason.STOPPED else local_due or None


def _foreseen_line(rehearsal: Rehearsal, one: Foreseen) -> dict[str, Any]:
    name = rehearsal.names[one.campaign_id]
    return planned_line(one, name, rehearsal.playbook_of[name], rehearsal.calendars[one.person_id])


def _in_order(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=_key)


def _key(line: dict[str, Any]) -> tuple[str, ...]:
    return line["person"], line["playbook"], line["nudge"], line["campaign"]
