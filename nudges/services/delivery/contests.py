"""What else waits for the same person: this module gathers what the giving out of slots asks, for one delivery."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery
from nudges.domain.delivery.sharing import Claim, Shares
from nudges.domain.delivery.turns import Contest, Tell, Told
from nudges.errors import StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.own.votes import lifts
from nudges.store import campaigns, history
from nudges.store.campaigns import Campaign
from nudges.store.once import once


def contest_for(session: Session, core: Core, delivery: Delivery) -> Contest:
    """Return the delivery beside all others that wait for its person and are not held with their campaign."""
    others = history.claims(session, core.workspace_id, delivery.person_id, besides=delivery.delivery_id)
    return Contest(_claim(delivery), others, _tell(session, core), _shares(session, core, delivery))


def _claim(delivery: Delivery) -> Claim:
    times = (delivery.due_at, delivery.due_at, delivery.window_ends_at, delivery.fresh_until)
    return Claim(delivery.delivery_id, delivery.campaign_id, delivery.nudge_key, delivery.priority, *times)


def _shares(session: Session, core: Core, delivery: Delivery) -> Shares:
    def shares(since: date) -> Mapping[int, int]:
        begun_at = datetime.combine(since, datetime.min.time(), UTC)
        return history.shares(session, core.workspace_id, delivery.person_id, begun_at)

    return shares


def _tell(session: Session, core: Core) -> Tell:
    def tell(campaign_id: int, nudge_key: str) -> Told:
        campaign = campaigns.by_id(session, core.workspace_id, campaign_id)
        if campaign is None:
            return Told()
        wanted = once(session, "lifts", lambda: lifts(session, core))  # read only where slots are contested
        return Told(_kind(campaign, nudge_key), campaign.starts_on, wanted.get(campaign.playbook, 0))

    return tell


def _kind(campaign: Campaign, nudge_key: str) -> str:
    try:
        nudge = frozen(campaign)[0].nudge(nudge_key)
    except StorageError:  # a text that cannot be read any more still has a share
        return ""
    return nudge.kind if nudge else ""
