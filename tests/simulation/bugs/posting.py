"""Faults in posting and settling: this module is patches that double, lose or forget messages."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

import nudges.domain.delivery.eligibility
import nudges.domain.delivery.messages
import nudges.domain.delivery.planning
import nudges.domain.delivery.staging
import nudges.domain.times.workdays
import nudges.scheduler
import nudges.services.answers.record_response
import nudges.services.delivery.plan_deliveries
import nudges.services.delivery.ready_messages
import nudges.services.delivery.send_deliveries
import nudges.services.delivery.settle_deliveries
import nudges.services.delivery.standing
import nudges.services.delivery.steer
import nudges.services.people.sync_people
import nudges.store.campaigns
import nudges.store.deliveries
import nudges.store.instance
import nudges.store.people
import nudges.store.responses
from bot.slack_api import SlackMessenger
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.errors import OutcomeUnknown
from nudges.store.engine import rows_changed
from nudges.store.tables import DeliveryRow
from tests.simulation.world import posting, weather

send = nudges.services.delivery.send_deliveries
settle = nudges.services.delivery.settle_deliveries
store = nudges.store.deliveries
standing = nudges.services.delivery.standing
planning = nudges.services.delivery.plan_deliveries
eligibility = nudges.domain.delivery.eligibility


def blind_retry(patch: pytest.MonkeyPatch) -> None:
    """A lost answer is simply sent again, as slack_sdk's own retry handler does."""
    real = SlackMessenger.send

    def twice(self: SlackMessenger, person_id: str, message: Any) -> Any:
        try:
            return real(self, person_id, message)
        except OutcomeUnknown:
            return real(self, person_id, message)

    patch.setattr(SlackMessenger, "send", twice)


def mark_before_post(patch: pytest.MonkeyPatch) -> None:
    """The row says `sent` before anything was posted."""
    real = send._send_one

    def early(core: Any, desk: Any, delivery: Any) -> Any:
        with core.db.begin() as session:
            ids = {"channel_id": "D0", "message_ts": "1.0"}
            if standing.verdict_for(session, core, delivery, core.clock()) == eligibility.Go():
                store.mark_sent(session, delivery, now=core.clock(), **ids)
        return real(core, desk, delivery)

    patch.setattr(send, "_send_one", early)


def no_unique_key(patch: pytest.MonkeyPatch) -> None:
    """Two rows stand for one nudge of one person, because nothing keeps a second id from being made."""
    real = planning._decided

    def doubled(*what: Any) -> Any:
        for one in real(*what):
            again = {delivery_id[::-1]: person_id for delivery_id, person_id in one.person_ids.items()}
            yield replace(one, person_ids={**one.person_ids, **again})

    patch.setattr(planning, "_decided", lambda *what: list(doubled(*what)))


def no_rest(patch: pytest.MonkeyPatch) -> None:
    """An unknown outcome is looked up at once and once only."""
    real = store.unknown_to_read

    def at_once(session: Any, workspace_id: str, *, now: datetime, **_rest: Any) -> Any:
        return real(session, workspace_id, now=now, settle=timedelta(0), gap=timedelta(0))

    patch.setattr(store, "unknown_to_read", at_once)
    patch.setattr(settle, "_rested", lambda _core, unknown, _doubts: unknown)
    patch.setattr(settle, "READS", 1)


def resend_unknown(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks up what is unknown: it is taken for not sent."""
    patch.setattr(settle, "_look_up", lambda _core, _delivery: None)


def looks_back_a_minute(patch: pytest.MonkeyPatch) -> None:
    """A message is looked up from a minute before the claim, by a clock that may have been wrong."""

    def nearly(core: Any, delivery: Any) -> Any:
        known = channel_of(core, delivery)
        since = (delivery.claimed_at or delivery.due_at) - timedelta(seconds=60)
        return core.messenger.find(delivery.person_id, known, delivery.delivery_id, since)

    patch.setattr(settle, "_look_up", nearly)


def looks_until_now(patch: pytest.MonkeyPatch) -> None:
    """A message that seems to come from the future is not seen, because the clock goes wrong."""
    real = settle._look_up

    def past_only(core: Any, delivery: Any) -> Any:
        found = real(core, delivery)
        latest = core.clock() + timedelta(seconds=60)
        return found if found and float(found.message_ts) <= latest.timestamp() else None

    patch.setattr(settle, "_look_up", past_only)
    # It shows where the clock is behind from the posting to the second look, which ordinary worlds seldom have.
    patch.setattr(weather, "SMALL_LEAPS", (timedelta(minutes=-50),))
    patch.setattr(posting, "FALTERS", 1.0)


def channel_of(core: Any, delivery: Any) -> str:
    with core.db.reading() as session:
        return nudges.store.people.preference(session, core.workspace_id, delivery.person_id).channel_id


def crash_means_unsent(patch: pytest.MonkeyPatch) -> None:
    """After a crash what was on its way is planned again."""

    def replan(session: Any, workspace_id: str, **_since: Any) -> int:
        what = (DeliveryRow.workspace_id == workspace_id, DeliveryRow.status == DeliveryStatus.SENDING)
        return rows_changed(session, update(DeliveryRow).where(*what).values(status=DeliveryStatus.PLANNED))

    patch.setattr(store, "abandon", replan)


def lease_ignored(patch: pytest.MonkeyPatch) -> None:
    """What a dead process was sending stays `sending`."""
    patch.setattr(store, "abandon", lambda *_what, **_how: 0)


def unknown_without_a_time(patch: pytest.MonkeyPatch) -> None:
    """Nobody notes since when an outcome is unknown, so nobody ever looks it up."""
    real = store.mark_unknown

    def timeless(session: Any, delivery: Any, *, code: str, now: datetime) -> bool:
        done = real(session, delivery, code=code, now=now)
        store._leave(session, replace(delivery, status=DeliveryStatus.UNKNOWN), DeliveryStatus.UNKNOWN, unknown_at=None)
        return done

    patch.setattr(store, "mark_unknown", timeless)
