"""A plan for machines: this module is the shape of `plan --format json`; docs/planning.md says what each key is."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.forecasts.forecast import Foreseen
from nudges.domain.forecasts.forecast_update import Change
from nudges.domain.forecasts.forecast_views import PersonPlan, Plan
from nudges.domain.measuring.disclosure import band

# A delivery that a forecast leaves planned is one whose day lies beyond the weeks looked at.
OUTCOMES: Mapping[DeliveryStatus, str] = {DeliveryStatus.PLANNED: "open"}


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return the whole plan with every decision; of a private one only its outline, in bands."""
    if plan.is_private:
        return _outline(plan)
    told = asdict(replace(plan, decisions=()))  # thousands of them are written by hand, which is quicker
    return told | {"fits": plan.fits, "sent": plan.sent, "decisions": [decision_json(one) for one in plan.decisions]}


def decision_json(one: Foreseen) -> dict[str, Any]:
    """Return one decision: who, which nudge, what becomes of it, when on their wall and when in the world."""
    due = one.planned
    zone = due.zone if due else ""
    return {
        "person": one.person_id,
        "nudge": one.nudge_key,
        "outcome": OUTCOMES.get(one.status, one.status.value),
        "reason": "" if one.is_sent else str(one.reason),
        "zone": zone,
        "planned_local": due.local_due if due else None,
        "sent_local": _local(one.sent_at, zone),
        "sent_at": one.sent_at.astimezone(UTC).isoformat() if one.sent_at else None,
        "is_first_ever": one.is_first_ever,
    }


def change_json(change: Change) -> dict[str, Any]:
    """Return what an edit changes; in bands where counts could point at somebody."""
    if not change.is_private:
        return asdict(change)
    nudges = [{"key": one.key, "was": one.was, "becomes": one.becomes} for one in change.nudges]
    return {"campaign": change.campaign, "version": change.version, "is_private": True, "nudges": nudges}


def person_json(found: PersonPlan) -> dict[str, Any]:
    """Return one person's weeks."""
    return asdict(found)


def _outline(plan: Plan) -> dict[str, Any]:
    nudges = [{"key": nudge.key, "when": nudge.when, "sent": band(nudge.sent, plan.k)} for nudge in plan.nudges]
    return {
        "playbook": plan.draft.playbook,
        "starts_on": plan.draft.starts_on,
        "ends_on": plan.draft.ends_on,
        "is_private": True,
        "people": band(plan.draft.audience, plan.k),
        "fits": plan.fits,
        "nudges": nudges,
    }


def _local(instant: datetime | None, zone: str) -> str | None:
    if instant is None or not zone:
        return None
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="seconds")
