"""Plans and what an edit changes: this module tests the counting, the clashes, the privacy and the audit."""

from datetime import date

import pytest

from nudges.domain.forecasts.forecast_views import Plan
from nudges.domain.forecasts.reactions import Reaction, read_reactions
from nudges.errors import CampaignNotFound, NotAllowed, PlaybookRefused
from nudges.services.authoring.plan_ahead import Question, plan_ahead, plan_person
from nudges.services.authoring.plan_diff import plan_changes
from nudges.services.authoring.publish import update
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.store.tables import AuditRow, DeliveryRow
from tests.fakes import utc
from tests.services.house import ANA, AUTHOR, BILLING, COMPANY, House, a_text
from tests.services.living import Life

pytestmark = pytest.mark.once

NAME = "find-an-expert"
MEANT = 21
TUESDAY, WEDNESDAY = '{week: 1, day: tue, at: "10:00"}', '{week: 1, day: wed, at: "10:00"}'


def planned(house: House, text: str = "", **options: object) -> Plan:
    house.write(text or a_text(), NAME)
    return plan_ahead(house.core, Question(NAME, **options), AUTHOR)  # type: ignore[arg-type]


def script(*lines: str) -> tuple[Reaction, ...]:
    return read_reactions("person,playbook,nudge,reaction,value,after\n" + "\n".join(lines))[0]


def test_a_plan_counts_people_times_and_zones_and_stores_nothing_but_the_look(house: House) -> None:
    plan = planned(house)
    (nudge,) = plan.nudges
    assert (plan.draft.audience, nudge.people, nudge.sent, plan.first_ever) == (MEANT, MEANT, MEANT, MEANT)
    assert {(one.zone, one.people) for one in nudge.times[:2]} == {("Europe/Lisbon", 9), ("Europe/Berlin", 8)}
    assert {one.local_due for one in nudge.times} == {"2027-01-12T10:00"}
    assert len(plan.decisions) == MEANT
    assert house.rows(DeliveryRow) == []
    assert [(row.actor_id, row.subject) for row in house.rows(AuditRow, action="plan")] == [(AUTHOR, NAME)]


def test_the_weeks_begin_when_they_are_asked_to_and_no_longer_ago(house: House) -> None:
    plan = planned(house, starts_on=date(2027, 2, 1))
    assert {one.local_due for one in plan.nudges[0].times} == {"2027-02-02T10:00"}
    with pytest.raises(PlaybookRefused, match="past"):
        planned(house, starts_on=date(2026, 12, 1))


def test_an_audience_of_nobody_is_said_at_once(house: House) -> None:
    with pytest.raises(PlaybookRefused, match="nobody is in nobody"):
        planned(house, a_text(segments="nobody"))


def test_what_another_campaign_takes_and_loses_is_named(house: House) -> None:
    house.write(COMPANY.replace("week: 3", "week: 1"), "company")
    house.run(a_text("other", early=TUESDAY, late='{week: 1, day: fri, at: "10:00", valid_for: 5d}'), "other")
    plan = planned(house, a_text(mine='{week: 2, day: mon, at: "10:00", valid_for: 8d}'))
    found = {(one.campaign, one.nudge, one.taken_by): (one.lost, one.put_off) for one in plan.clashes}
    assert sum(sum(counts) for counts in found.values()) > 0
    assert all(losing != taking for losing, _, taking in found)


def test_the_load_counts_every_campaign_week_by_week(house: House) -> None:
    house.run(a_text("other", other=TUESDAY), "other")
    plan = planned(house, a_text(mine=WEDNESDAY, again='{week: 2, day: wed, at: "10:00"}'))
    assert [week.people for week in plan.load] == [(0, 0, MEANT), (0, MEANT)]
    assert [week.starts_on for week in plan.load] == [date(2027, 1, 11), date(2027, 1, 18)]


def test_a_wave_that_posting_cannot_finish_in_its_window_is_said(house: House) -> None:
    plan = planned(house, a_text(first=TUESDAY.replace("}", ", window: 30m}")), posts_per_second=1 / 300)
    (nudge,) = plan.nudges
    assert not plan.fits
    assert nudge.late > 0
    assert nudge.sent + nudge.missed + sum(count for _, count in nudge.skipped) == MEANT


def test_the_companys_calendar_is_looked_at(house: House) -> None:
    entry = "comms_calendar: [{what: Annual report, starts_on: 2027-01-12, ends_on: 2027-01-13, countries: [PT]}]"
    house.write(f"{COMPANY}\n{entry}\n", "company")
    (clash,) = planned(house).calendar
    assert (clash.what, clash.people) == ("Annual report", len(BILLING))


def test_reactions_change_the_plan_and_those_without_a_sending_are_counted(house: House) -> None:
    text = a_text(first=TUESDAY, second=WEDNESDAY)
    lines = (f"{ANA},{NAME},first,stop,,1h", f"{ANA},{NAME},second,useful,,1h")
    plan = planned(house, text, reactions=script(*lines))
    second = plan.nudges[1]
    assert (second.sent, dict(second.skipped), plan.unused_reactions) == (MEANT - 1, {"stopped": 1}, 1)


def test_one_persons_weeks_are_told_line_by_line_and_the_look_is_noted(house: House) -> None:
    house.write(a_text(), NAME)
    story = plan_person(house.core, Question(NAME), ANA, AUTHOR)
    assert (story.zone, story.segment) == ("Europe/Lisbon", "customer-service")
    assert [(line.event.value, line.nudge_key) for line in story.lines] == [
        ("planned", "first-tip"),
        ("sent", "first-tip"),
    ]
    assert house.rows(AuditRow, action="plan", subject=f"{NAME} {ANA}")
    with pytest.raises(PlaybookRefused, match="U0NOBODY"):
        plan_person(house.core, Question(NAME), "U0NOBODY", AUTHOR)


def test_an_audience_that_hangs_on_what_people_did_is_shown_in_bands_and_without_names(house: House) -> None:
    rule = "  keen: {all: [{segment: customer-service}, {not: {answered: other/other-tip}}]}\n"
    house.write(a_text("other", other_tip=TUESDAY), "other")
    house.write(COMPANY + rule, "company")
    plan = planned(house, a_text(segments="keen"))
    assert plan.is_private
    assert plan.decisions == ()
    with pytest.raises(NotAllowed, match="what people did"):
        plan_person(house.core, Question(NAME), ANA, AUTHOR)


BEFORE = a_text(first=TUESDAY, second=WEDNESDAY, third='{week: 2, day: wed, at: "10:00"}', segments="billing, berlin")
RUNNING = 17  # nine in Lisbon, eight in Berlin; four more are meant by the edit
AFTER = a_text(first=TUESDAY, third='{week: 2, day: thu, at: "10:00"}', fourth='{week: 2, day: fri, at: "10:00"}')


def test_an_edit_is_told_in_people_and_touches(house: House) -> None:
    house.run(BEFORE)
    plan_deliveries(house.core)
    house.write(AFTER)
    (change,) = plan_changes(house.core, Question(NAME), AUTHOR)
    assert (change.people_gained, change.people_lost, change.losing) == (MEANT - RUNNING, 0, RUNNING)
    told = {one.key: (bool(one.was), bool(one.becomes), one.gained, one.lost, one.moved) for one in change.nudges}
    assert told == {
        "first": (True, True, MEANT - RUNNING, 0, 0),
        "third": (True, True, MEANT - RUNNING, 0, RUNNING),
        "fourth": (False, True, MEANT, 0, 0),
        "second": (True, False, 0, RUNNING, 0),
    }


def test_what_an_edit_is_said_to_change_is_what_it_changes(house: House) -> None:
    house.write(COMPANY + "publishing: {growth: 100%}\n", "company")
    house.run(BEFORE)
    plan_deliveries(house.core)
    house.write(AFTER)
    (change,) = plan_changes(house.core, Question(NAME), AUTHOR)
    update(house.core, NAME, AUTHOR)
    life = Life(house)
    life.until(utc("2027-02-01 12:00"))
    sent = [key[1] for key, (status, _, _) in life.fates().items() if status == "sent"]
    gained = {one.key: one.gained for one in change.nudges}
    assert sent.count("fourth") == gained["fourth"]
    assert sent.count("first") == RUNNING + gained["first"]
    assert sent.count("second") == 0


def test_without_a_running_campaign_there_is_nothing_to_compare_with(house: House) -> None:
    house.write(a_text())
    with pytest.raises(CampaignNotFound, match="nothing to compare"):
        plan_changes(house.core, Question(NAME), AUTHOR)
