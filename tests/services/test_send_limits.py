"""Posting within limits: this module is the tests of caps, first messages, pauses and what goes first."""

from collections import Counter

import pytest

from nudges.domain.delivery.deliveries import SkipReason
from nudges.errors import (
    ContentRefused,
    OutcomeUnknown,
)
from nudges.services.authoring.publish import publish
from nudges.services.delivery.steer import pause_campaigns, resume_campaigns
from nudges.services.own.preferences import pause
from nudges.store.tables import PreferenceRow
from tests.fakes import Lost
from tests.services.house import ADMIN, ANA, AUTHOR, TUESDAY_AT_TEN, House, a_quiz_text, a_text
from tests.services.nine_due import BILLING_ONLY, NINE, TUESDAY

# ---- caps, the first message


def test_the_day_s_cap_holds_over_all_campaigns(house: House) -> None:
    house.run(BILLING_ONLY)
    house.run(a_text("second", segments="billing"), "second")
    house.at(TUESDAY)
    house.at("2027-01-12 12:00")
    assert Counter(one.person_id for one in house.messenger.standing) == dict.fromkeys(
        {row.person_id for row in house.rows()}, 1
    )
    assert Counter(row.reason for row in house.rows(status="skipped")) == {"cap_day": NINE}


def test_the_week_s_cap_holds_over_all_campaigns(house: House) -> None:
    for number, day in enumerate(("mon", "tue", "wed", "thu", "fri")):
        house.run(
            a_text(f"wave{number}", first_tip=f'{{week: 1, day: {day}, at: "10:00"}}', segments="billing"),
            f"wave{number}",
        )
    house.walk("2027-01-16 10:00")
    assert set(Counter(one.person_id for one in house.messenger.standing).values()) == {3}
    assert {row.reason for row in house.rows(status="skipped")} <= {"cap_week", "backed_off"}


def test_the_first_message_introduces_and_no_other_does(house: House) -> None:
    house.run(a_text(first_tip=TUESDAY_AT_TEN, second_tip='{week: 1, day: wed, at: "10:00"}', segments="billing"))
    house.walk("2027-01-14 10:00")
    assert [message.is_first for message in house.messenger.sent_to(ANA)] == [True, False]
    (wish,) = house.rows(PreferenceRow, person_id=ANA)
    assert wish.introduced_at == house.delivery("first-tip").sent_at
    assert wish.channel_id == house.delivery("first-tip").channel_id


def two_a_day(house: House) -> None:
    house.write((house.folder / "company.yaml").read_text("utf-8").replace("{day: 1", "{day: 2"), "company")
    house.run(a_text(first_tip=TUESDAY_AT_TEN, second_tip='{week: 1, day: tue, at: "10:01"}', segments="billing"))
    house.at("2027-01-12 09:00")


@pytest.mark.parametrize("is_lost", [True, False])
def test_while_the_first_message_is_unknown_the_next_one_waits(house: House, is_lost: bool) -> None:
    two_a_day(house)
    house.messenger.always = Lost() if is_lost else OutcomeUnknown(slack_code="fatal_error")
    house.at(TUESDAY)
    house.messenger.always = None
    house.walk("2027-01-12 11:00")
    messages = house.messenger.sent_to(ANA)
    assert [message.is_first for message in messages] == [True, False]
    assert house.states("first-tip") == house.states("second-tip") == {"sent": NINE}


def test_a_notice_introduces_nobody(due: House) -> None:
    due.messenger.answers.append(ContentRefused(slack_code="invalid_blocks"))
    due.send()
    (notice,) = due.messenger.sent_to(AUTHOR)
    assert not notice.is_first
    assert due.rows(PreferenceRow, person_id=AUTHOR)[0].introduced_at is None


# ---- campaigns that rest


def test_a_paused_campaign_sends_nothing_until_it_is_resumed(house: House) -> None:
    name = house.run(a_text(first_tip='{week: 1, day: tue, at: "10:00", valid_for: 2d}', segments="billing"))
    house.at("2027-01-12 09:00")
    assert pause_campaigns(house.core, ADMIN, name) == [name]
    assert pause_campaigns(house.core, ADMIN, name) == []
    house.at(TUESDAY)
    assert house.messenger.standing == []
    assert resume_campaigns(house.core, ADMIN, name) == [name]
    house.at("2027-01-12 11:00")
    assert house.states() == {"sent": NINE}


def test_after_a_pause_only_the_best_of_those_that_waited_goes_out(house: House) -> None:
    for number in range(3):
        house.run(
            a_text(f"wave{number}", first_tip='{week: 1, day: tue, at: "10:00", valid_for: 14d}', segments="billing"),
            f"wave{number}",
        )
    house.at("2027-01-12 09:00")
    pause(house.core, ANA, 3)
    house.walk("2027-01-19 18:00")
    days = [f"{one.sent_at:%a}" for one in house.messenger.standing if one.person_id == ANA]
    assert days == ["Fri"]
    left = [row.nudge_key for row in house.rows() if row.person_id == ANA and row.reason == SkipReason.LEFT_BEHIND]
    assert len(left) == 2


def test_a_quiz_and_a_tip_of_equal_time_go_by_priority(house: House) -> None:
    urgent = a_quiz_text("urgent").replace("    question:", "    priority: 1\n    question:")
    house.write(a_text("find-an-expert", urgent, segments="billing", first_tip=TUESDAY_AT_TEN))
    publish(house.core, "find-an-expert", AUTHOR)
    house.at("2027-01-12 09:00")
    house.at(TUESDAY)
    assert house.states("urgent") == {"sent": NINE}
    assert house.states("first-tip") == {"skipped:cap_day": NINE}
