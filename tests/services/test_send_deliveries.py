"""Posting on a real database: this module is the tests of every answer Slack can give, and of asking once more."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from nudges.domain.delivery.deliveries import Delivery
from nudges.domain.people.people import PersonKind
from nudges.errors import (
    ContentRefused,
    InstallationStopped,
    OutcomeUnknown,
    RecipientUnreachable,
    TemporaryFailure,
)
from nudges.services.delivery.send_deliveries import Attempt, Step, send_due
from nudges.services.delivery.steer import pause_campaigns, release, resume_campaigns
from nudges.services.keeping.forget_person import forget
from nudges.services.own.preferences import pause, stop
from nudges.services.people.sync_people import sync_people
from nudges.store import instance
from nudges.store.tables import NoticeRow
from tests.builders import a_person
from tests.fakes import Lost, utc
from tests.services.house import ADMIN, ANA, AUTHOR, House, a_text
from tests.services.nine_due import NINE, row


def test_what_is_due_is_posted_once_and_its_place_remembered(due: House) -> None:
    assert Counter(attempt.step for attempt in due.send()) == {Step.POSTED: NINE}
    assert due.states() == {"sent": NINE}
    delivery = due.delivery()
    (standing,) = [one for one in due.messenger.standing if one.person_id == ANA]
    assert (delivery.channel_id, delivery.message_ts) == (standing.receipt.channel_id, standing.receipt.message_ts)
    assert delivery.sent_at == due.clock()
    assert due.send() == []


Case = tuple[Exception, Step, str, str]
CASES: dict[str, Case] = {
    "recipient": (
        RecipientUnreachable(slack_code="user_disabled"), Step.REFUSED, "failed", "user_disabled",
    ),
    "content": (ContentRefused(slack_code="invalid_blocks"), Step.REFUSED, "failed", "invalid_blocks"),
    "temporary": (TemporaryFailure(slack_code="connection_refused"), Step.REFUSED, "retry", "connection_refused"),
    "limited": (
        TemporaryFailure(slack_code="slow", retry_after=timedelta(hours=1)), Step.LIMITED, "retry", "slow",
    ),
    "unknown": (OutcomeUnknown(slack_code="fatal_error"), Step.REFUSED, "unknown", "fatal_error"),
    "installation": (InstallationStopped(slack_code="token_revoked"), Step.REFUSED, "planned", ""),
    "a bug of ours": (KeyError("ts"), Step.REFUSED, "unknown", "KeyError"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_answer_of_slack_leaves_the_delivery_in_its_state(due: House, name: str) -> None:
    error, step, status, reason = CASES[name]
    due.messenger.answers.append(error)
    (attempt,) = send_due(due.core, limit=1)
    (asked,) = due.messenger.asked
    (found,) = due.rows(delivery_id=asked)
    assert (attempt.step, found.status, found.reason) == (step, status, reason)


def test_a_busy_slack_says_how_long_to_wait_and_that_is_no_failure(due: House) -> None:
    due.messenger.answers.append(TemporaryFailure(slack_code="ratelimited", retry_after=timedelta(seconds=30)))
    (attempt,) = send_due(due.core, limit=1)
    assert attempt == Attempt(Step.LIMITED, timedelta(seconds=30))
    (found,) = due.rows(status="retry")
    assert (found.ready_at - due.clock(), found.failures) == (timedelta(seconds=30), 0)
    due.send()
    due.clock.advance(seconds=30)
    due.send()
    assert due.states() == {"sent": NINE}


def test_failures_of_its_own_make_the_wait_grow(due: House) -> None:
    due.messenger.always = TemporaryFailure(slack_code="connection_refused")
    waits = []
    others = [one.person_id for one in due.rows() if one.person_id != ANA]
    for person_id in others:
        stop(due.core, person_id)
    for _ in range(6):
        send_due(due.core, limit=1)
        (found,) = due.rows(person_id=ANA)
        waits.append((found.ready_at - due.clock()).total_seconds())
        due.clock.now = found.ready_at
    assert waits == [5, 10, 20, 40, 80, 160]


def test_a_refused_installation_holds_the_workspace_until_an_admin_resumes(due: House) -> None:
    due.messenger.answers.append(InstallationStopped(slack_code="token_revoked"))
    send_due(due.core, limit=1)
    with due.core.db.reading() as session:
        here = instance.workspace(session, due.core.workspace_id)
    assert here is not None
    assert here.hold_reason == "slack:token_revoked"
    assert due.send() == []
    assert resume_campaigns(due.core, ADMIN, "all") == []
    due.send()
    assert due.states() == {"sent": NINE}
    assert not release(due.core, ADMIN)


def test_a_refused_content_stops_the_nudge_for_everybody_and_tells_its_owner_once(due: House) -> None:
    due.messenger.answers.extend([ContentRefused(slack_code="invalid_blocks")] * 3)
    send_due(due.core, limit=3)
    due.tick()
    assert Counter(due.states()) == {"failed": 3, "skipped:nudge_stopped": NINE - 3}
    (notice,) = due.messenger.sent_to(AUTHOR)
    assert notice.notice_key == "notice.nudge_stopped"
    assert dict(notice.notice_values)["code"] == "invalid_blocks"
    assert len(due.rows(NoticeRow)) == 1
    assert due.books().is_balanced


def test_an_admin_hears_of_it_when_the_owner_has_left(due: House) -> None:
    due.directory.replace(a_person(AUTHOR, kind=PersonKind.DEACTIVATED))
    sync_people(due.core)
    due.messenger.answers.append(ContentRefused(slack_code="invalid_blocks"))
    due.send()
    assert [message.notice_key for message in due.messenger.sent_to(ADMIN)] == ["notice.nudge_stopped"]


def test_a_message_to_an_owner_waits_for_their_working_hours(house: House) -> None:
    house.run()
    house.at("2027-01-11 12:00")
    house.messenger.answers.append(ContentRefused(slack_code="invalid_blocks"))
    house.at("2027-01-11 20:00")  # Tuesday at ten in Kiribati, Monday evening in Lisbon
    assert house.states()["failed"] == 1
    assert house.messenger.sent_to(AUTHOR) == []
    house.at("2027-01-12 08:59")
    assert house.messenger.sent_to(AUTHOR) == []
    house.at("2027-01-12 09:00")
    assert len(house.messenger.sent_to(AUTHOR)) == 1


# ---- asked once more at the moment of posting


def between_claim_and_post(act: Callable[[], object]) -> Callable[..., Iterable[Attempt]]:
    """Let something happen after the claim was committed and before anything is posted."""

    def run(post: Callable[[Delivery], Attempt], claimed: list[Delivery]) -> Iterable[Attempt]:
        if claimed:
            act()
        return map(post, claimed)

    return run


def deactivate(house: House) -> None:
    house.directory.replace(a_person(ANA, kind=PersonKind.DEACTIVATED))
    sync_people(house.core)


ACTS: dict[str, tuple[Callable[[House], object], tuple[str, str]]] = {
    "stop": (lambda house: stop(house.core, ANA), ("skipped", "stopped")),
    "pause": (lambda house: pause(house.core, ANA, 14), ("skipped", "paused")),
    "deactivated": (deactivate, ("skipped", "not_sendable")),
    "campaign paused": (lambda house: pause_campaigns(house.core, ADMIN, "all"), ("planned", "")),
}


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_posted_once_a_no_is_committed(due: House, name: str) -> None:
    act, (status, reason) = ACTS[name]
    send_due(due.core, limit=20, run=between_claim_and_post(lambda: act(due)))
    assert due.messenger.sent_to(ANA) == []
    assert row(due, ANA) == (status, reason)


def test_nothing_is_posted_to_somebody_forgotten_after_the_claim(due: House) -> None:
    send_due(due.core, limit=20, run=between_claim_and_post(lambda: forget(due.core, ANA)))
    assert due.messenger.sent_to(ANA) == []
    assert due.rows(person_id=ANA) == []


def test_a_no_that_arrives_while_many_are_posted_at_once_is_heeded(due: House) -> None:
    stopped: set[str] = set()
    broken: list[str] = []

    def stop_another(person_id: str, _message: object) -> None:
        if person_id in stopped:
            broken.append(person_id)

    due.messenger.before_send = stop_another
    with ThreadPoolExecutor(8) as pool:

        def run(post: Callable[[Delivery], Attempt], claimed: list[Delivery]) -> Iterable[Attempt]:
            for delivery in claimed[::2]:
                stop(due.core, delivery.person_id)
                stopped.add(delivery.person_id)
            return pool.map(post, claimed)

        while send_due(due.core, limit=20, run=run):
            pass
    assert broken == []
    assert len(stopped) + len(due.messenger.standing) == NINE


def test_outside_working_hours_a_claimed_delivery_goes_back(house: House) -> None:
    house.run(a_text(first_tip='{week: 1, day: tue, at: "16:30", valid_for: 3d}', segments="billing"))
    house.at("2027-01-12 12:00")
    house.at("2027-01-12 18:00")
    assert house.messenger.standing == []
    assert {row.ready_at for row in house.rows()} == {utc("2027-01-13 09:00")}
    house.at("2027-01-13 09:00")
    assert house.states() == {"sent": NINE}


def test_after_three_days_of_outage_nobody_gets_more_than_one_message_a_day(house: House) -> None:
    for number, day in enumerate(("tue", "wed", "thu")):
        house.run(
            a_text(f"wave{number}", first_tip=f'{{week: 1, day: {day}, at: "10:00", valid_for: 10d}}'), f"wave{number}"
        )
    house.run(a_text("stale"), "stale")
    house.at("2027-01-11 12:00")
    house.clock.now = utc("2027-01-15 10:30")  # nothing ran from Monday noon to Friday
    house.tick()
    assert set(Counter(one.person_id for one in house.messenger.standing).values()) == {1}
    house.walk("2027-01-15 23:00")
    friday = Counter(one.person_id for one in house.messenger.standing if one.sent_at >= utc("2027-01-15 10:00"))
    assert max(friday.values()) == 1
    assert {row.status for row in house.rows(campaign_id=4)} <= {"expired", "skipped"}


def test_a_retry_beyond_its_freshness_expires_instead(due: House) -> None:
    due.messenger.answers.append(TemporaryFailure(slack_code="team_added_to_org", retry_after=timedelta(hours=20)))
    send_due(due.core, limit=1)
    due.send()
    due.at("2027-01-13 06:00")
    assert due.states() == {"sent": NINE - 1, "expired": 1}
    assert due.books().is_balanced


def test_a_nudge_text_that_is_gone_is_skipped_and_not_sent_empty(due: House) -> None:
    with due.core.db.begin() as session:
        session.execute(text("UPDATE deliveries SET nudge_key = 'never-was'"))
    due.send()
    assert due.messenger.standing == []
    assert due.states("never-was") == {"skipped:nudge_stopped": NINE}


def test_a_held_workspace_still_knows_what_became_of_its_messages(due: House) -> None:
    due.messenger.answers.append(Lost())
    send_due(due.core, limit=1)
    with due.core.db.begin() as session:
        instance.hold(session, due.core.workspace_id, reason="copied", now=due.clock())
    due.clock.advance(minutes=5)
    due.tick()
    assert due.states() == {"sent": 1, "planned": NINE - 1}
