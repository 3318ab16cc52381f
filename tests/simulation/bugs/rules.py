"""Faults in what may be sent, to whom and when: this module is patches of hours, caps, wishes, audiences and holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

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

send = nudges.services.delivery.send_deliveries
settle = nudges.services.delivery.settle_deliveries
store = nudges.store.deliveries
standing = nudges.services.delivery.standing
planning = nudges.services.delivery.plan_deliveries
eligibility = nudges.domain.delivery.eligibility


def no_hours(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks at posting whether the person works now."""
    patch.setattr(eligibility, "next_opening", lambda _calendar, at: at)


def no_holidays(patch: pytest.MonkeyPatch) -> None:
    """Public holidays are days like any other."""
    patch.setattr(nudges.domain.times.workdays, "is_public_holiday", lambda _day, _calendar: False)


def too_early(patch: pytest.MonkeyPatch) -> None:
    """What is due within the next hours is taken for due."""
    real = store.claim_due

    def early(session: Any, workspace_id: str, *, now: datetime, limit: int) -> Any:
        return real(session, workspace_id, now=now + timedelta(hours=3), limit=limit)

    def undue(**asked: Any) -> Any:
        planned = replace(asked["planned"], due_at=datetime.min.replace(tzinfo=UTC))
        return eligibility.verdict(**{**asked, "planned": planned})

    patch.setattr(store, "claim_due", early)
    patch.setattr(standing, "verdict", undue)


def no_caps(patch: pytest.MonkeyPatch) -> None:
    """The caps of the day and of the week are not asked."""
    patch.setattr(eligibility, "_after_full_days", lambda at, *_what: at)


def catch_up_pile(patch: pytest.MonkeyPatch) -> None:
    """After an outage all that is still fresh goes out at once."""
    patch.setattr(eligibility, "_after_catch_up", lambda at, *_what: at)


def stop_ignored(patch: pytest.MonkeyPatch) -> None:
    """A stop is stored and not asked for."""
    real = nudges.store.people.preference
    patch.setattr(nudges.store.people, "preference", lambda *who: replace(real(*who), stopped_at=None))
    patch.setattr(store, "skip_person", lambda *_what: 0)


def pause_ignored(patch: pytest.MonkeyPatch) -> None:
    """A pause is stored and not asked for."""
    real = nudges.store.people.preference
    patch.setattr(nudges.store.people, "preference", lambda *who: replace(real(*who), paused_until=None))


def forgotten_comes_back(patch: pytest.MonkeyPatch) -> None:
    """No tombstone keeps the next reading of the directory from bringing a forgotten person back."""
    patch.setattr(nudges.services.people.sync_people, "_not_forgotten", lambda _session, _core, listed: list(listed))


def no_freshness(patch: pytest.MonkeyPatch) -> None:
    """What is stale is sent as if it were new."""
    patch.setattr(store, "expire_stale", lambda *_what, **_how: 0)
    far = datetime(2050, 1, 1, tzinfo=UTC)
    real = standing.verdict_for
    patch.setattr(send, "verdict_for", lambda s, core, one, now: real(s, core, replace(one, fresh_until=far), now))


def no_holdout(patch: pytest.MonkeyPatch) -> None:
    """The comparison group gets what everybody gets."""
    plan_on = nudges.domain.delivery.planning.plan_on
    patch.setattr(
        nudges.domain.delivery.planning,
        "plan_on",
        lambda calendar, **asked: plan_on(calendar, **{**asked, "facts": replace(asked["facts"], is_held_out=False)}),
    )
    real = standing.skip_reason
    patch.setattr(standing, "skip_reason", lambda **asked: real(**{**asked, "is_held_out": False}))


def no_pilot(patch: pytest.MonkeyPatch) -> None:
    """The rest does not wait for the pilot."""
    real = planning._waves

    def all_at_once(nudge: Any, staging: Any) -> Any:
        return tuple(replace(wave, is_pilot=None) for wave in real(nudge, staging))

    patch.setattr(planning, "_waves", all_at_once)
    patch.setattr(
        nudges.domain.delivery.staging.Staging, "begins_on", lambda staging, *, is_pilot: staging.waves[0].begins_on
    )


def audience_of_yesterday(patch: pytest.MonkeyPatch) -> None:
    """Who left a segment goes on getting what it gets."""
    patch.setattr(nudges.services.people.sync_people, "refresh_audiences", lambda _core: None)


def paused_campaign_sent(patch: pytest.MonkeyPatch) -> None:
    """A paused campaign's deliveries are taken and sent."""
    real = nudges.services.delivery.steer._move

    def only_said(core: Any, actor_id: str, name: str, *, old: Any, new: Any) -> list[str]:
        return (
            [name]
            if new == nudges.store.campaigns.CampaignStatus.PAUSED
            else real(core, actor_id, name, old=old, new=new)
        )

    patch.setattr(nudges.services.delivery.steer, "_move", only_said)


def hold_ignored(patch: pytest.MonkeyPatch) -> None:
    """A held workspace goes on sending."""
    real = nudges.store.instance.workspace
    patch.setattr(nudges.store.instance, "workspace", lambda *what: replace(real(*what), hold_reason=""))


def any_clock_believed(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks whether the clock can be right."""
    patch.setattr(nudges.scheduler, "is_plausible", lambda _core: True)


def recall_forgets_what_waits(patch: pytest.MonkeyPatch) -> None:
    """A recall deletes what was sent and lets what waits go out."""
    patch.setattr(store, "recall_nudge", lambda *_what: 0)
    patch.setattr(nudges.store.campaigns, "stopped_nudges", lambda *_what: {})
