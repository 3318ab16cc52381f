"""What became of one nudge for one person: this module is the line that plan, rehearsal and questions agree on."""

from dataclasses import dataclass
from datetime import datetime

from nudges.domain.delivery.deliveries import DeliveryStatus


@dataclass(frozen=True)
class Outcome:
    """One decision, with the wall time it was due and the instant it went out, as far as there are any."""

    delivery_id: str
    campaign: str
    playbook: str
    nudge_key: str
    person_id: str
    status: DeliveryStatus
    reason: str = ""  # SkipReason, or Slack's code for a failure
    local_due: str = ""
    zone: str = ""
    due_at: datetime | None = None
    sent_at: datetime | None = None
    is_enqueued: bool = True
