"""Faults put into the app on purpose: this module is the table of what the simulation must catch, and by which rule.

Each is a small patch of one function. A green run means little where one of these would be green too.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

import bot.blocks.parts
import bot.slack_api.messenger
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
from tests.simulation.world import acts, life
from tests.simulation.world.plan import Act

Patch = Callable[[pytest.MonkeyPatch], None]
send = nudges.services.delivery.send_deliveries
settle = nudges.services.delivery.settle_deliveries
store = nudges.store.deliveries
standing = nudges.services.delivery.standing
planning = nudges.services.delivery.plan_deliveries
eligibility = nudges.domain.delivery.eligibility


@dataclass(frozen=True)
class Bug:
    """One planted fault: what is broken, the rules that may object first, the seed that finds it, and the patch."""

    name: str
    rules: tuple[str, ...]
    patch: Patch
    seed: int = 0
    more: tuple[Act, ...] = ()  # what there is much of in its world
    size: int = 18  # of its world


def _blind_retry(patch: pytest.MonkeyPatch) -> None:
    """A lost answer is simply sent again, as slack_sdk's own retry handler does."""
    real = SlackMessenger.send

    def twice(self: SlackMessenger, person_id: str, message: Any) -> Any:
        try:
            return real(self, person_id, message)
        except OutcomeUnknown:
            return real(self, person_id, message)

    patch.setattr(SlackMessenger, "send", twice)


def _mark_before_post(patch: pytest.MonkeyPatch) -> None:
    """The row says `sent` before anything was posted."""
    real = send._send_one

    def early(core: Any, desk: Any, delivery: Any) -> Any:
        with core.db.begin() as session:
            ids = {"channel_id": "D0", "message_ts": "1.0"}
            if standing.verdict_for(session, core, delivery, core.clock()) == eligibility.Go():
                store.mark_sent(session, delivery, now=core.clock(), **ids)
        return real(core, desk, delivery)

    patch.setattr(send, "_send_one", early)


def _no_unique_key(patch: pytest.MonkeyPatch) -> None:
    """Two rows stand for one nudge of one person, because nothing keeps a second id from being made."""
    real = planning._decided

    def doubled(*what: Any) -> Any:
        for one in real(*what):
            again = {delivery_id[::-1]: person_id for delivery_id, person_id in one.person_ids.items()}
            yield replace(one, person_ids={**one.person_ids, **again})

    patch.setattr(planning, "_decided", lambda *what: list(doubled(*what)))


def _no_rest(patch: pytest.MonkeyPatch) -> None:
    """An unknown outcome is looked up at once and once only."""
    real = store.unknown_to_read

    def at_once(session: Any, workspace_id: str, *, now: datetime, **_rest: Any) -> Any:
        return real(session, workspace_id, now=now, settle=timedelta(0), gap=timedelta(0))

    patch.setattr(store, "unknown_to_read", at_once)
    patch.setattr(settle, "_rested", lambda _core, unknown, _doubts: unknown)
    patch.setattr(settle, "READS", 1)


def _resend_unknown(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks up what is unknown: it is taken for not sent."""
    patch.setattr(settle, "_look_up", lambda _core, _delivery: None)


def _looks_back_a_minute(patch: pytest.MonkeyPatch) -> None:
    """A message is looked up from a minute before the claim, by a clock that may have been wrong."""

    def nearly(core: Any, delivery: Any) -> Any:
        known = _channel_of(core, delivery)
        since = (delivery.claimed_at or delivery.due_at) - timedelta(seconds=60)
        return core.messenger.find(delivery.person_id, known, delivery.delivery_id, since)

    patch.setattr(settle, "_look_up", nearly)


def _looks_until_now(patch: pytest.MonkeyPatch) -> None:
    """A message that seems to come from the future is not seen, because the clock goes wrong."""
    real = settle._look_up

    def past_only(core: Any, delivery: Any) -> Any:
        found = real(core, delivery)
        latest = core.clock() + timedelta(seconds=60)
        return found if found and float(found.message_ts) <= latest.timestamp() else None

    patch.setattr(settle, "_look_up", past_only)
    # It shows where the clock is behind from the posting to the second look, which ordinary worlds seldom have.
    patch.setattr(acts, "SMALL_LEAPS", (timedelta(minutes=-50),))
    patch.setattr(life, "FALTERS", 1.0)


def _channel_of(core: Any, delivery: Any) -> str:
    with core.db.reading() as session:
        return nudges.store.people.preference(session, core.workspace_id, delivery.person_id).channel_id


def _crash_means_unsent(patch: pytest.MonkeyPatch) -> None:
    """After a crash what was on its way is planned again."""

    def replan(session: Any, workspace_id: str, **_since: Any) -> int:
        what = (DeliveryRow.workspace_id == workspace_id, DeliveryRow.status == DeliveryStatus.SENDING)
        return rows_changed(session, update(DeliveryRow).where(*what).values(status=DeliveryStatus.PLANNED))

    patch.setattr(store, "abandon", replan)


def _lease_ignored(patch: pytest.MonkeyPatch) -> None:
    """What a dead process was sending stays `sending`."""
    patch.setattr(store, "abandon", lambda *_what, **_how: 0)


def _unknown_without_a_time(patch: pytest.MonkeyPatch) -> None:
    """Nobody notes since when an outcome is unknown, so nobody ever looks it up."""
    real = store.mark_unknown

    def timeless(session: Any, delivery: Any, *, code: str, now: datetime) -> bool:
        done = real(session, delivery, code=code, now=now)
        store._leave(session, replace(delivery, status=DeliveryStatus.UNKNOWN), DeliveryStatus.UNKNOWN, unknown_at=None)
        return done

    patch.setattr(store, "mark_unknown", timeless)


def _no_hours(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks at posting whether the person works now."""
    patch.setattr(eligibility, "next_opening", lambda _calendar, at: at)


def _no_holidays(patch: pytest.MonkeyPatch) -> None:
    """Public holidays are days like any other."""
    patch.setattr(nudges.domain.times.workdays, "is_public_holiday", lambda _day, _calendar: False)


def _too_early(patch: pytest.MonkeyPatch) -> None:
    """What is due within the next hours is taken for due."""
    real = store.claim_due

    def early(session: Any, workspace_id: str, *, now: datetime, limit: int) -> Any:
        return real(session, workspace_id, now=now + timedelta(hours=3), limit=limit)

    def undue(**asked: Any) -> Any:
        planned = replace(asked["planned"], due_at=datetime.min.replace(tzinfo=UTC))
        return eligibility.verdict(**{**asked, "planned": planned})

    patch.setattr(store, "claim_due", early)
    patch.setattr(standing, "verdict", undue)


def _no_caps(patch: pytest.MonkeyPatch) -> None:
    """The caps of the day and of the week are not asked."""
    patch.setattr(eligibility, "_after_full_days", lambda at, *_what: at)


def _catch_up_pile(patch: pytest.MonkeyPatch) -> None:
    """After an outage all that is still fresh goes out at once."""
    patch.setattr(eligibility, "_after_catch_up", lambda at, *_what: at)


def _stop_ignored(patch: pytest.MonkeyPatch) -> None:
    """A stop is stored and not asked for."""
    real = nudges.store.people.preference
    patch.setattr(nudges.store.people, "preference", lambda *who: replace(real(*who), stopped_at=None))
    patch.setattr(store, "skip_person", lambda *_what: 0)


def _pause_ignored(patch: pytest.MonkeyPatch) -> None:
    """A pause is stored and not asked for."""
    real = nudges.store.people.preference
    patch.setattr(nudges.store.people, "preference", lambda *who: replace(real(*who), paused_until=None))


def _forgotten_comes_back(patch: pytest.MonkeyPatch) -> None:
    """No tombstone keeps the next reading of the directory from bringing a forgotten person back."""
    patch.setattr(nudges.services.people.sync_people, "_not_forgotten", lambda _session, _core, listed: list(listed))


def _no_freshness(patch: pytest.MonkeyPatch) -> None:
    """What is stale is sent as if it were new."""
    patch.setattr(store, "expire_stale", lambda *_what, **_how: 0)
    far = datetime(2050, 1, 1, tzinfo=UTC)
    real = standing.verdict_for
    patch.setattr(send, "verdict_for", lambda s, core, one, now: real(s, core, replace(one, fresh_until=far), now))


def _no_holdout(patch: pytest.MonkeyPatch) -> None:
    """The comparison group gets what everybody gets."""
    plan_on = nudges.domain.delivery.planning.plan_on
    patch.setattr(
        nudges.domain.delivery.planning,
        "plan_on",
        lambda calendar, **asked: plan_on(calendar, **{**asked, "facts": replace(asked["facts"], is_held_out=False)}),
    )
    real = standing.skip_reason
    patch.setattr(standing, "skip_reason", lambda **asked: real(**{**asked, "is_held_out": False}))


def _no_pilot(patch: pytest.MonkeyPatch) -> None:
    """The rest does not wait for the pilot."""
    real = planning._waves

    def all_at_once(nudge: Any, staging: Any) -> Any:
        return tuple(replace(wave, is_pilot=None) for wave in real(nudge, staging))

    patch.setattr(planning, "_waves", all_at_once)
    patch.setattr(
        nudges.domain.delivery.staging.Staging, "begins_on", lambda staging, *, is_pilot: staging.waves[0].begins_on
    )


def _audience_of_yesterday(patch: pytest.MonkeyPatch) -> None:
    """Who left a segment goes on getting what it gets."""
    patch.setattr(nudges.services.people.sync_people, "refresh_audiences", lambda _core: None)


def _paused_campaign_sent(patch: pytest.MonkeyPatch) -> None:
    """A paused campaign's deliveries are taken and sent."""
    real = nudges.services.delivery.steer._move

    def only_said(core: Any, actor_id: str, name: str, *, old: Any, new: Any) -> list[str]:
        return (
            [name]
            if new == nudges.store.campaigns.CampaignStatus.PAUSED
            else real(core, actor_id, name, old=old, new=new)
        )

    patch.setattr(nudges.services.delivery.steer, "_move", only_said)


def _hold_ignored(patch: pytest.MonkeyPatch) -> None:
    """A held workspace goes on sending."""
    real = nudges.store.instance.workspace
    patch.setattr(nudges.store.instance, "workspace", lambda *what: replace(real(*what), hold_reason=""))


def _any_clock_believed(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks whether the clock can be right."""
    patch.setattr(nudges.scheduler, "is_plausible", lambda _core: True)


def _recall_forgets_what_waits(patch: pytest.MonkeyPatch) -> None:
    """A recall deletes what was sent and lets what waits go out."""
    patch.setattr(store, "recall_nudge", lambda *_what: 0)
    patch.setattr(nudges.store.campaigns, "stopped_nudges", lambda *_what: {})


def _text_of_today(patch: pytest.MonkeyPatch) -> None:
    """Messages are written from the file as it is now."""
    real = nudges.services.delivery.ready_messages.frozen_for

    def present(session: Any, campaign: Any, delivery: Any, core: Any = None) -> Any:
        playbook, company = real(session, campaign, delivery)
        entry = _present_library[-1]().playbooks.get(campaign.playbook) if _present_library else None
        return (entry.playbook if entry else playbook), company

    real_message_for = nudges.services.delivery.ready_messages.message_for

    def with_library(session: Any, core: Any, delivery: Any, **how: Any) -> Any:
        _present_library.append(core.library)
        return real_message_for(session, core, delivery, **how)

    patch.setattr(nudges.services.delivery.ready_messages, "frozen_for", present)
    patch.setattr(send, "message_for", with_library)


_present_library: list[Any] = []


def _zones_not_followed(patch: pytest.MonkeyPatch) -> None:
    """What waits keeps its instant when the person or the rules of their zone move."""
    patch.setattr(nudges.services.people.sync_people, "follow_zones", lambda _core: 0)


def _window_too_long(patch: pytest.MonkeyPatch) -> None:
    """A window is open until the evening, whatever the closing hour is."""
    real = nudges.domain.delivery.planning.planned_for

    def longer(*what: Any, **how: Any) -> Any:
        planned = real(*what, **how)
        end = getattr(planned, "window_ends_at", None)
        return replace(planned, window_ends_at=end + timedelta(hours=4)) if end else planned

    patch.setattr(nudges.domain.delivery.planning, "planned_for", longer)


def _reason_dropped(patch: pytest.MonkeyPatch) -> None:
    """Why something was skipped is not written down."""
    patch.setattr(
        store,
        "mark_skipped",
        lambda session, delivery, _reason: store._leave(session, delivery, DeliveryStatus.SKIPPED, reason=""),
    )


def _dropped_on_a_limit(patch: pytest.MonkeyPatch) -> None:
    """What Slack asks us to send later is called expired."""
    patch.setattr(store, "mark_retry", lambda session, delivery, **_how: store.mark_expired(session, delivery))


def _claims_without_end(patch: pytest.MonkeyPatch) -> None:
    """All that is due is taken at once."""
    patch.setattr(send, "AT_ONCE", 10_000)
    real = store.claim_due
    patch.setattr(store, "claim_due", lambda s, w, *, now, limit: real(s, w, now=now, limit=10_000))


def _words_in_the_log(patch: pytest.MonkeyPatch) -> None:
    """What people type is logged."""
    answers = nudges.services.answers.record_response
    real = answers.keep_text

    def talkative(session: Any, core: Any, person_id: str, source: str, text: str) -> int:
        logging.getLogger("nudges.services.answers.record_response").debug("kept", extra={"words": text})
        return real(session, core, person_id, source, text)

    patch.setattr(answers, "keep_text", talkative)


def _token_in_the_log(patch: pytest.MonkeyPatch) -> None:
    """A failure is logged with the token it was tried with."""
    real = send._record_failure

    def talkative(core: Any, delivery: Any, error: Any) -> Any:
        logging.getLogger("nudges.services.delivery.send_deliveries").warning(
            "failed with %s", core.messenger._client.token
        )
        return real(core, delivery, error)

    patch.setattr(send, "_record_failure", talkative)


def _no_escaping(patch: pytest.MonkeyPatch) -> None:
    """Names go into a message as they are."""
    patch.setattr(nudges.domain.delivery.messages, "render_mrkdwn", _unescaped)


def _unescaped(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _long_plain_text(patch: pytest.MonkeyPatch) -> None:
    """Messages go out as one long text without blocks."""
    real = bot.slack_api.messenger.prepared

    def plain(message: Any) -> str:
        text, blocks = real(message)
        is_long = len(text) > 2000
        shown = {"text": text * 2, "blocks": []} if is_long else {"text": text, "blocks": blocks}
        return json.dumps(shown)[1:-1]

    patch.setattr(bot.slack_api.messenger, "prepared_json", plain)


def _events_count_twice(patch: pytest.MonkeyPatch) -> None:
    """What Slack tells twice is kept twice."""
    patch.setattr(nudges.store.responses, "see_event", lambda *_what: True)


def _a_job_that_breaks(patch: pytest.MonkeyPatch) -> None:
    """Settling breaks on what Slack answers when it is unwell."""

    def fragile(core: Any, delivery: Any, code: str) -> None:
        raise KeyError(code)

    patch.setattr(settle, "_note_failed_read", fragile)


DAYS = 8  # of the world that each is looked for in
BUGS = (
    Bug("blind retry", ("never twice", "caps kept"), _blind_retry, seed=1, more=(Act.STORM,)),
    Bug("mark before post", ("nothing lost", "books balance"), _mark_before_post, seed=2),
    Bug("no unique key", ("never twice", "books balance", "caps kept"), _no_unique_key),
    Bug("no rest before looking up", ("never twice", "caps kept"), _no_rest, seed=2, more=(Act.STORM,)),
    Bug("unknown is resent blindly", ("never twice", "caps kept"), _resend_unknown, seed=1, more=(Act.STORM,)),
    Bug("looks back a minute", ("never twice", "caps kept"), _looks_back_a_minute, seed=1, more=(Act.STORM,)),
    Bug("looks until now", ("never twice", "caps kept"), _looks_until_now, more=(Act.STORM,)),
    Bug("a crash means unsent", ("never twice", "caps kept"), _crash_means_unsent, seed=11, more=(Act.CRASH,)),
    Bug("lease ignored", ("final in 48 hours", "nothing lost"), _lease_ignored, seed=1, more=(Act.CRASH,)),
    Bug(
        "unknown without a time",
        ("final in 48 hours", "few unknown"),
        _unknown_without_a_time,
        seed=1,
        more=(Act.STORM,),
    ),
    Bug("no hours at posting", ("in hours",), _no_hours, seed=1),
    Bug("no holidays", ("in hours",), _no_holidays, seed=0),
    Bug("sent too early", ("in time",), _too_early, seed=1),
    Bug("no caps", ("caps kept",), _no_caps, seed=2),
    Bug("catch-ups pile up", ("caps kept",), _catch_up_pile, seed=1, more=(Act.SLEEP, Act.PUBLISH), size=60),
    Bug("stop ignored", ("a no is heeded",), _stop_ignored, seed=2, more=(Act.STOP,)),
    Bug("pause ignored", ("a no is heeded",), _pause_ignored, more=(Act.PAUSE,)),
    Bug("forgotten person comes back", ("a no is heeded",), _forgotten_comes_back, more=(Act.FORGET, Act.TELL)),
    Bug("no freshness", ("in time",), _no_freshness, seed=1, more=(Act.SLEEP,)),
    Bug("no comparison group", ("in the audience",), _no_holdout),
    Bug("no pilot", ("in the audience",), _no_pilot),
    Bug("audience of yesterday", ("in the audience",), _audience_of_yesterday, more=(Act.MOVE, Act.TELL)),
    Bug("paused campaign is sent", ("nothing held",), _paused_campaign_sent, seed=0, more=(Act.PAUSE_CAMPAIGN,)),
    Bug("hold ignored", ("nothing held",), _hold_ignored, more=(Act.HOLD,)),
    Bug("any clock believed", ("nothing held", "nothing lost"), _any_clock_believed, seed=13, more=(Act.LEAP,)),
    Bug("recall forgets what waits", ("nothing held",), _recall_forgets_what_waits, more=(Act.RECALL,)),
    Bug("text of today", ("one version",), _text_of_today, seed=2, more=(Act.EDIT,)),
    Bug("zones not followed", ("times derived",), _zones_not_followed, seed=1, more=(Act.TRAVEL, Act.TELL)),
    Bug("window too long", ("times derived",), _window_too_long),
    Bug("reason dropped", ("books balance",), _reason_dropped, seed=1, more=(Act.STOP,)),
    Bug("dropped on a limit", ("nothing lost",), _dropped_on_a_limit, seed=0, more=(Act.STORM,)),
    Bug("claims without end", ("few unknown",), _claims_without_end, seed=1, more=(Act.SLEEP,), size=150),
    Bug("words in the log", ("quiet logs",), _words_in_the_log, more=(Act.REPLY,)),
    Bug("token in the log", ("quiet logs",), _token_in_the_log, seed=1, more=(Act.STORM,)),
    Bug("no escaping", ("one piece",), _no_escaping, seed=1),
    Bug("long plain text", ("one piece",), _long_plain_text, seed=8),
    Bug("events count twice", ("answers count once",), _events_count_twice, more=(Act.REPLY,)),
    Bug("a job that breaks", ("nothing breaks",), _a_job_that_breaks, seed=1, more=(Act.STORM,)),
)
