"""What people wish holds: this module tests topics, hours, fewer, newcomers and coming back with the real services."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.people.topics import TopicWish
from nudges.services.own import preferences
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store.tables import DeliveryRow, PreferenceRow
from tests.builders import a_person
from tests.fakes import utc
from tests.services.house import ANA, BILLING, COMPANY, House, a_text, everybody, people_csv

FILES = TopicWish(frozenset({"files"}))
WEEKS = {f"tip_{week}": f'{{week: {week}, day: tue, at: "10:00"}}' for week in (1, 2, 3)}


def of_ana(house: House, name: str = "") -> list[DeliveryRow]:
    return [row for row in house.rows() if row.person_id == ANA and row.nudge_key.startswith(name)]


def sent_to_ana(house: House) -> list[str]:
    return [f"{one.sent_at:%a %d %H:%M}" for one in house.messenger.standing if one.person_id == ANA]


def test_a_topic_switched_off_is_skipped_at_once_and_comes_back_when_it_is_on_again(house: House) -> None:
    house.run(a_text(segments="billing", more="topics: [files]", **WEEKS))
    house.walk("2027-01-11 09:00")
    preferences.set_topics(house.core, ANA, FILES)
    assert [row.reason for row in of_ana(house, "tip-1")] == [SkipReason.TOPIC_OFF]
    preferences.set_topics(house.core, ANA, TopicWish())
    house.walk("2027-01-12 18:00")
    assert sent_to_ana(house) == ["Tue 12 10:00"]


def test_a_topic_is_honoured_when_planning_and_at_the_moment_of_posting(house: House) -> None:
    house.run(a_text(segments="billing", more="topics: [files]", **WEEKS))
    house.walk("2027-01-12 09:00")
    with house.core.db.begin() as session:  # as if it came between the claim and the posting
        session.add(PreferenceRow(workspace_id=house.core.workspace_id, person_id=ANA, topics="only mail"))
    house.walk("2027-01-20 18:00")
    assert sent_to_ana(house) == []
    assert {row.reason for row in of_ana(house)} == {SkipReason.TOPIC_OFF}


def test_a_nudge_with_topics_of_its_own_is_not_about_its_playbooks(house: House) -> None:
    own = (
        '  - tip: own\n    topics: [mail]\n    when: {week: 1, day: wed, at: "10:00"}\n    text: Ask *#ask-billing*.\n'
    )
    house.run(a_text("find-an-expert", own, segments="billing", more="topics: [files]"))
    preferences.set_topics(house.core, ANA, FILES)
    house.walk("2027-01-14 18:00")
    assert sent_to_ana(house) == ["Wed 13 10:00"]


def test_own_hours_move_what_waits_and_bind_what_comes(house: House) -> None:
    house.run(a_text(segments="billing", **WEEKS))
    house.walk("2027-01-11 09:00")
    wishes = preferences.set_hours(house.core, ANA, "13-15 mon-thu")
    assert (wishes.hours, wishes.is_outside) == ("13:00-15:00 mon-thu", False)
    house.walk("2027-01-19 18:00")
    assert sent_to_ana(house) == ["Tue 12 13:00", "Tue 19 13:00"]
    with pytest.raises(ValueError, match="not a span"):
        preferences.set_hours(house.core, ANA, "when it rains")


def test_fewer_is_half_as_many_and_usual_is_all_again(house: House) -> None:
    days = {f"tip_{day}": f'{{week: 1, day: {day}, at: "10:00"}}' for day in ("mon", "tue", "wed")}
    house.run(a_text(segments="billing", **days))
    assert preferences.fewer(house.core, ANA).most_a_week == 1
    house.walk("2027-01-15 18:00")
    assert sent_to_ana(house) == ["Mon 11 10:00"]
    assert [row.reason for row in of_ana(house, "tip-wed")] == [SkipReason.CAP_WEEK]
    assert preferences.usual(house.core, ANA).most_a_week == 3


def test_after_a_pause_what_was_missed_comes_once_and_the_best_of_it(house: House) -> None:
    days = {f"tip_{day}": f'{{week: 1, day: {day}, at: "10:00"}}' for day in ("mon", "tue", "wed")}
    urgent = '  - tip: urgent\n    priority: 2\n    when: {week: 1, day: tue, at: "11:00"}\n    text: Ask there.\n'
    house.run(a_text("find-an-expert", urgent, segments="billing", **days))
    house.at("2027-01-10 09:00")
    preferences.pause(house.core, ANA, 9)
    house.walk("2027-01-25 18:00")
    assert sent_to_ana(house) == ["Tue 19 09:00"]
    fates = {row.nudge_key: row.reason for row in of_ana(house) if row.status == DeliveryStatus.SKIPPED}
    assert fates == dict.fromkeys(("tip-mon", "tip-tue", "tip-wed"), SkipReason.LEFT_BEHIND)


def test_whoever_comes_back_early_gets_one_and_not_the_pile(house: House) -> None:
    days = {f"tip_{day}": f'{{week: 1, day: {day}, at: "10:00"}}' for day in ("mon", "tue")}
    house.run(a_text(segments="billing", **days))
    house.at("2027-01-10 09:00")
    preferences.pause(house.core, ANA, 14)
    house.walk("2027-01-14 09:30")
    preferences.start(house.core, ANA)
    house.walk("2027-01-15 18:00")
    assert len(sent_to_ana(house)) == 1
    assert [row.reason for row in of_ana(house, "tip-mon")] == [SkipReason.LEFT_BEHIND]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("from_start", ["Tue 26 10:00", "Tue 02 10:00", "Tue 09 10:00"]),
        ("from_now", ["Tue 26 10:00"]),
        ("skip", []),
    ],
)
def test_a_newcomer_enters_by_the_playbooks_rule(house: House, rule: str, expected: list[str]) -> None:
    house.run(a_text(segments="billing", more=f"newcomers: {rule}", **WEEKS))
    house.walk("2027-01-20 12:00")  # a Wednesday
    house.directory.everybody = [*everybody(), a_person("U0NEW")]
    sync_people(house.core)
    import_people(house.core, people_csv(house.directory.everybody))
    house.walk("2027-02-20 18:00")
    sent = [f"{one.sent_at:%a %d %H:%M}" for one in house.messenger.standing if one.person_id == "U0NEW"]
    assert sent == expected
    rest = {row.reason for row in house.rows() if row.person_id == "U0NEW" and row.status != DeliveryStatus.SENT}
    assert rest == {"from_start": set(), "from_now": {SkipReason.JOINED_LATE}, "skip": {SkipReason.NEWCOMER}}[rule]


class Resting:
    """Says of Ana that she rests until an instant, and counts who asks."""

    def __init__(self, until: datetime) -> None:
        self.ends_at = until
        self.looked: list[str] = []

    def look(self, person_ids: Sequence[str]) -> None:
        self.looked += person_ids

    def until(self, person_id: str, now: datetime) -> datetime | None:
        return self.ends_at if person_id == ANA and now < self.ends_at else None


@pytest.mark.parametrize(
    ("until", "expected"),
    [("2027-01-12 14:30", ["Tue 12 14:30"]), ("2027-01-13 08:00", [])],
)
def test_do_not_disturb_means_later_or_a_reason(house: House, until: str, expected: list[str]) -> None:
    house.write(COMPANY + "do_not_disturb: yes\n", "company")
    house.run(a_text(segments="billing"))
    quiet = Resting(utc(until))
    house.core = replace(house.core, quiet=quiet)
    house.walk("2027-01-13 18:00")
    assert sent_to_ana(house) == expected
    assert set(BILLING) <= set(quiet.looked)
    assert [row.reason for row in of_ana(house)] == [""] if expected else [SkipReason.DO_NOT_DISTURB]


def test_nobody_asks_slack_unless_the_company_wants_it(house: House) -> None:
    house.run(a_text(segments="billing"))
    quiet = Resting(datetime(2027, 2, 1, tzinfo=UTC))
    house.core = replace(house.core, quiet=quiet)
    house.walk("2027-01-12 18:00")
    assert (sent_to_ana(house), quiet.looked) == (["Tue 12 10:00"], [])


def test_two_campaigns_share_a_full_week(house: House) -> None:
    for name in ("first", "second"):
        days = {f"{name}_{day}": f'{{week: 1, day: {day}, at: "10:00"}}' for day in ("mon", "tue", "wed", "thu")}
        house.run(a_text(name, segments="billing", **days), name)
    house.walk("2027-01-15 18:00")
    got = [row.nudge_key.partition("-")[0] for row in of_ana(house) if row.status == DeliveryStatus.SENT]
    assert sorted(got) in (["first", "first", "second"], ["first", "second", "second"])


def test_a_later_nudge_that_is_more_urgent_gets_the_days_only_slot(house: House) -> None:
    urgent = '  - tip: urgent\n    priority: 1\n    when: {week: 1, day: tue, at: "15:00"}\n    text: Ask there.\n'
    house.run(a_text(first_tip='{week: 1, day: tue, at: "10:00", valid_for: 2h}', segments="billing"))
    house.run(a_text("other", urgent, segments="billing"), "other")
    house.walk("2027-01-12 18:00")
    assert sent_to_ana(house) == ["Tue 12 15:00"]
    assert [row.reason for row in of_ana(house, "first")] == [SkipReason.GAVE_WAY]


def test_a_pause_that_runs_out_on_a_friday_afternoon_is_followed_by_nothing_before_monday_morning(house: House) -> None:
    days = {f"tip_{day}": f'{{week: 1, day: {day}, at: "16:00"}}' for day in ("thu", "fri")}
    house.run(a_text(segments="billing", **days))
    house.at("2027-01-13 16:30")
    assert preferences.pause(house.core, ANA, 2).paused_until == utc("2027-01-18 09:00")

    house.walk("2027-01-19 18:00")

    assert [sent[:8] for sent in sent_to_ana(house)] == ["Mon 18 0"]
