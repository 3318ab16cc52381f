"""Planning on a real database: this module is the tests of who is decided when, and that the books balance."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.domain.delivery.deliveries import SkipReason
from nudges.services.authoring.publish import update
from nudges.services.delivery.plan_deliveries import Planning, plan_deliveries
from nudges.services.own.preferences import pause, start, stop
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import campaigns
from tests.builders import a_person
from tests.services.house import ANA, BILLING, TUESDAY_AT_TEN, House, a_text, everybody, people_csv

TWO = a_text(first_tip=TUESDAY_AT_TEN, second_tip="{after: first-tip, days: 2}")
ALL = 21  # customer service: nine in Lisbon, eight in Berlin, four far away


def balanced(house: House) -> bool:
    found = house.books()
    assert found.is_balanced, found
    assert found.audience == found.enqueued + sum(found.not_enqueued.values()) + found.not_yet
    return True


def test_planning_twice_adds_nothing(house: House) -> None:
    house.run()
    assert plan_deliveries(house.core).planned == ALL
    before = house.rows()
    assert plan_deliveries(house.core) == Planning(0, 0)
    assert house.rows() == before


def test_a_nudge_is_written_down_once_its_day_is_near_for_everybody(house: House) -> None:
    house.run(a_text(first_tip='{week: 3, day: tue, at: "10:00"}'))  # 26 January
    house.at("2027-01-19 11:59")
    assert house.states() == {}
    house.at("2027-01-19 12:00")
    assert house.states() == {"planned": ALL}


def test_everybody_is_due_at_ten_of_their_own_day(house: House) -> None:
    house.run()
    plan_deliveries(house.core)
    due = {row.person_id: f"{row.due_at:%d %H:%M}" for row in house.rows()}
    wanted = {ANA: "12 10:00", "U0BERLIN0": "12 09:00", "U0KIRIBATI": "11 20:00", "U0SAMOA": "12 21:00",
              "U0KOLKATA": "12 04:30", "U0NEWYORK": "12 15:00"}  # fmt: skip
    assert {person_id: due[person_id] for person_id in wanted} == wanted
    assert {row.local_due for row in house.rows()} == {"2027-01-12T10:00"}


def test_whoever_joins_after_a_nudge_was_fresh_is_told_that_it_was_late(house: House) -> None:
    house.run()
    house.at("2027-01-12 16:00")
    house.clock.advance(days=1)
    house.directory.replace(a_person("U0NEW"))
    sync_people(house.core)
    import_people(house.core, people_csv([*everybody(), a_person("U0NEW")]))
    house.tick()
    (row,) = house.rows(person_id="U0NEW")
    assert (row.status, row.reason, row.is_enqueued) == ("skipped", SkipReason.JOINED_LATE, False)
    assert balanced(house)


def test_whoever_joins_before_it_is_due_still_gets_it(house: House) -> None:
    house.run()
    plan_deliveries(house.core)
    house.directory.replace(a_person("U0NEW"))
    sync_people(house.core)
    import_people(house.core, people_csv([*everybody(), a_person("U0NEW")]))
    house.at("2027-01-12 10:00")
    assert [row.status for row in house.rows(person_id="U0NEW")] == ["sent"]


def test_somebody_new_is_decided_even_when_as_many_have_left(house: House) -> None:
    house.run()
    plan_deliveries(house.core)
    others = [person for person in everybody() if person.person_id != ANA]
    house.directory.everybody = [*others, a_person("U0NEW")]
    sync_people(house.core)
    import_people(house.core, people_csv(house.directory.everybody))
    plan_deliveries(house.core)
    assert [row.status for row in house.rows(person_id="U0NEW")] == ["planned"]
    assert balanced(house)


def leave(house: House, person_id: str) -> None:
    moved = [replace(person, department="Sales") if person.person_id == person_id else person for person in everybody()]
    import_people(house.core, people_csv(moved))


def test_whoever_leaves_the_audience_gets_nothing_more_and_stays_in_the_books(house: House) -> None:
    house.run(a_text(first_tip=TUESDAY_AT_TEN, later_tip='{week: 3, day: tue, at: "10:00"}'))
    plan_deliveries(house.core)
    leave(house, ANA)
    house.at("2027-01-12 10:00")
    house.at("2027-01-20 10:00")
    reasons = {row.nudge_key: row.reason for row in house.rows(person_id=ANA)}
    assert reasons == {"first-tip": "left_audience", "later-tip": "left_audience"}
    assert house.messenger.sent_to(ANA) == []
    assert balanced(house)
    assert house.books().audience == 2 * ALL


def test_whoever_comes_back_is_meant_again(house: House) -> None:
    house.run(a_text(first_tip='{week: 2, day: tue, at: "10:00"}'))
    leave(house, ANA)
    house.clock.advance(days=1)
    import_people(house.core, people_csv(everybody()))
    house.at("2027-01-19 10:00")
    assert len(house.messenger.sent_to(ANA)) == 1


def test_a_stopped_nudge_is_planned_for_nobody(house: House) -> None:
    house.run()
    with house.core.db.begin() as session:
        campaigns.stop_nudge(session, 1, "first-tip", slack_code="invalid_blocks", now=house.clock())
    plan_deliveries(house.core)
    assert house.states() == {"skipped:nudge_stopped": ALL}


def test_a_nudge_waits_until_the_one_before_it_is_sent(house: House) -> None:
    house.run(TWO)
    house.at("2027-01-12 08:00")
    assert house.states("second-tip") == {}
    house.at("2027-01-12 10:00")
    house.at("2027-01-12 10:01")
    assert house.states("second-tip")["planned"] == house.states("first-tip")["sent"] > 0
    assert house.delivery("second-tip").local_due == "2027-01-14T10:00"


def test_a_nudge_whose_predecessor_was_not_sent_is_skipped(house: House) -> None:
    house.run(TWO)
    stop(house.core, ANA)
    house.at("2027-01-12 10:00")
    house.tick()
    (second,) = house.rows(nudge_key="second-tip", person_id=ANA)
    assert second.reason == SkipReason.PREREQUISITE
    assert balanced(house)


@pytest.mark.parametrize("days", [0, 7, 20])
def test_a_nudge_after_another_comes_the_days_after_that_were_asked_for(house: House, days: int) -> None:
    house.run(a_text(first_tip=TUESDAY_AT_TEN, second_tip=f'{{after: first-tip, days: {days}, at: "14:00"}}'))
    house.walk("2027-02-09 10:00")
    sent = {row.nudge_key: row.sent_at for row in house.rows(person_id=ANA)}
    if days == 0:
        assert sent["second-tip"] is None  # one a day
    else:
        assert sent["second-tip"].date() - sent["first-tip"].date() == timedelta(days=days)


def test_a_holdout_spares_whole_teams_and_says_so(house: House) -> None:
    house.run(a_text(more="holdout: 50%"))
    plan_deliveries(house.core)
    spared = {row.person_id for row in house.rows(reason="holdout")}
    for team in (set(BILLING), {f"U0BERLIN{number}" for number in range(8)}):
        assert not spared & team or team <= spared
    assert 0 < len(spared) < ALL
    assert house.books().not_enqueued == {SkipReason.HOLDOUT: len(spared)}


def test_a_pause_that_outlasts_the_nudge_is_a_reason_and_ends_with_start(house: House) -> None:
    house.run()
    pause(house.core, ANA, 30)
    plan_deliveries(house.core)
    assert house.states()["skipped:paused"] == 1
    start(house.core, ANA)
    house.at("2027-01-12 10:00")
    assert len(house.messenger.sent_to(ANA)) == 1


def test_starting_again_brings_back_only_what_may_still_come(house: House) -> None:
    house.run(a_text(first_tip=TUESDAY_AT_TEN, later_tip='{week: 2, day: tue, at: "10:00"}'))
    plan_deliveries(house.core)
    stop(house.core, ANA)
    house.at("2027-01-13 12:00")
    house.at("2027-01-13 13:00")
    start(house.core, ANA)
    house.at("2027-01-19 10:00")
    assert [one.status for one in house.rows(person_id=ANA, nudge_key="later-tip")] == ["sent"]
    assert [one.status for one in house.rows(person_id=ANA, nudge_key="first-tip")] == ["skipped"]
    assert balanced(house)


def test_an_update_plans_anew_what_waits(house: House) -> None:
    name = house.run()
    plan_deliveries(house.core)
    house.write(a_text(first_tip='{week: 1, day: wed, at: "11:00"}', new_tip='{week: 1, day: thu, at: "11:00"}'))
    update(house.core, name, "U0PRIYA")
    plan_deliveries(house.core)
    assert {row.local_due for row in house.rows(nudge_key="first-tip")} == {"2027-01-13T11:00"}
    assert house.states("new-tip") == {"planned": ALL}
    assert balanced(house)


def test_an_update_that_takes_a_nudge_out_leaves_balanced_books(house: House) -> None:
    name = house.run(a_text(first_tip=TUESDAY_AT_TEN, gone='{week: 2, day: tue, at: "10:00"}'))
    house.at("2027-01-12 12:00")  # the first went out in part, the second is written down for everybody
    house.write(a_text(first_tip=TUESDAY_AT_TEN))
    update(house.core, name, "U0PRIYA")
    house.tick()
    assert house.states("gone") == {"skipped:nudge_stopped": ALL}
    house.directory.replace(a_person("U0NEW"))
    sync_people(house.core)
    import_people(house.core, people_csv([*everybody(), a_person("U0NEW")]))
    house.at("2027-01-25 12:00")
    assert balanced(house)
    assert house.books().not_yet == 0
    assert house.books().audience == 2 * (ALL + 1)


def test_a_nudge_that_slack_refused_is_planned_again_once_it_is_mended(house: House) -> None:
    name = house.run()
    plan_deliveries(house.core)
    with house.core.db.begin() as session:
        campaigns.stop_nudge(session, 1, "first-tip", slack_code="invalid_blocks", now=house.clock())
    house.write(a_text().replace("Stuck on", "Lost in"))
    update(house.core, name, "U0PRIYA")
    house.at("2027-01-12 10:00")
    assert len(house.messenger.sent_to(ANA)) == 1


def test_what_a_walk_of_six_weeks_leaves_balances_at_every_step(house: House) -> None:
    house.run(
        a_text(
            first_tip=TUESDAY_AT_TEN,
            second_tip="{after: first-tip, days: 7}",
            third_tip='{week: 4, day: thu, at: "15:00", valid_for: 2d}',
        )
    )
    stop(house.core, "U0BILL0")
    pause(house.core, "U0BILL1", 10)

    def check() -> None:
        assert balanced(house)

    house.walk("2027-02-22 10:00", check)
    states = sum((house.states(key) for key in ("first-tip", "second-tip", "third-tip")), Counter())
    assert states["planned"] == states["retry"] == states["unknown"] == 0
    assert house.books().audience == 3 * ALL


def test_a_finished_campaign_is_not_looked_at_and_says_late_to_newcomers(house: House) -> None:
    house.run()
    house.at("2027-01-12 10:00")
    house.clock.advance(days=60)
    house.directory.replace(a_person("U0NEW"))
    sync_people(house.core)
    import_people(house.core, people_csv([*everybody(), a_person("U0NEW")]))
    house.tick()
    assert house.rows(person_id="U0NEW") == []
    assert house.books().audience == ALL
    assert balanced(house)
