"""Faults in texts, times, books and logs: this module is patches of what is said, counted and written down."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

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
from nudges.domain.delivery.deliveries import DeliveryStatus

send = nudges.services.delivery.send_deliveries
settle = nudges.services.delivery.settle_deliveries
store = nudges.store.deliveries
standing = nudges.services.delivery.standing
planning = nudges.services.delivery.plan_deliveries
eligibility = nudges.domain.delivery.eligibility


def text_of_today(patch: pytest.MonkeyPatch) -> None:
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


def zones_not_followed(patch: pytest.MonkeyPatch) -> None:
    """What waits keeps its instant when the person or the rules of their zone move."""
    patch.setattr(nudges.services.people.sync_people, "follow_zones", lambda _core: 0)


def window_too_long(patch: pytest.MonkeyPatch) -> None:
    """A window is open until the evening, whatever the closing hour is."""
    real = nudges.domain.delivery.planning.planned_for

    def longer(*what: Any, **how: Any) -> Any:
        planned = real(*what, **how)
        end = getattr(planned, "window_ends_at", None)
        return replace(planned, window_ends_at=end + timedelta(hours=4)) if end else planned

    patch.setattr(nudges.domain.delivery.planning, "planned_for", longer)


def reason_dropped(patch: pytest.MonkeyPatch) -> None:
    """Why something was skipped is not written down."""
    patch.setattr(
        store,
        "mark_skipped",
        lambda session, delivery, _reason: store._leave(session, delivery, DeliveryStatus.SKIPPED, reason=""),
    )


def dropped_on_a_limit(patch: pytest.MonkeyPatch) -> None:
    """What Slack asks us to send later is called expired."""
    patch.setattr(store, "mark_retry", lambda session, delivery, **_how: store.mark_expired(session, delivery))


def claims_without_end(patch: pytest.MonkeyPatch) -> None:
    """All that is due is taken at once."""
    patch.setattr(send, "AT_ONCE", 10_000)
    real = store.claim_due
    patch.setattr(store, "claim_due", lambda s, w, *, now, limit: real(s, w, now=now, limit=10_000))


def words_in_the_log(patch: pytest.MonkeyPatch) -> None:
    """What people type is logged."""
    answers = nudges.services.answers.record_response
    real = answers.keep_text

    def talkative(session: Any, core: Any, person_id: str, source: str, text: str) -> int:
        logging.getLogger("nudges.services.answers.record_response").debug("kept", extra={"words": text})
        return real(session, core, person_id, source, text)

    patch.setattr(answers, "keep_text", talkative)


def token_in_the_log(patch: pytest.MonkeyPatch) -> None:
    """A failure is logged with the token it was tried with."""
    real = send._record_failure

    def talkative(core: Any, delivery: Any, error: Any) -> Any:
        logging.getLogger("nudges.services.delivery.send_deliveries").warning(
            "failed with %s", core.messenger._client.token
        )
        return real(core, delivery, error)

    patch.setattr(send, "_record_failure", talkative)


def no_escaping(patch: pytest.MonkeyPatch) -> None:
    """Names go into a message as they are."""
    patch.setattr(nudges.domain.delivery.messages, "render_mrkdwn", unescaped)


def unescaped(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def long_plain_text(patch: pytest.MonkeyPatch) -> None:
    """Messages go out as one long text without blocks."""
    real = bot.slack_api.messenger.prepared

    def plain(message: Any) -> str:
        text, blocks = real(message)
        is_long = len(text) > 2000
        shown = {"text": text * 2, "blocks": []} if is_long else {"text": text, "blocks": blocks}
        return json.dumps(shown)[1:-1]

    patch.setattr(bot.slack_api.messenger, "prepared_json", plain)


def events_count_twice(patch: pytest.MonkeyPatch) -> None:
    """What Slack tells twice is kept twice."""
    patch.setattr(nudges.store.responses, "see_event", lambda *_what: True)


def a_job_that_breaks(patch: pytest.MonkeyPatch) -> None:
    """Settling breaks on what Slack answers when it is unwell."""

    def fragile(core: Any, delivery: Any, code: str) -> None:
        raise KeyError(code)

    patch.setattr(settle, "_note_failed_read", fragile)
