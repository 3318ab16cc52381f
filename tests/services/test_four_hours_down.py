"""Slack away for four hours of a working day: this module holds that nobody is flooded afterwards."""

from collections import Counter

import pytest

from nudges.domain.delivery.messages import Message
from nudges.domain.times.workdays import calendar_of
from nudges.errors import OutcomeUnknown, TemporaryFailure
from tests.fakes import utc
from tests.services.house import House, a_text, everybody

AWAY_FROM, AWAY_UNTIL = utc("2027-01-12 09:30"), utc("2027-01-12 13:30")
UNREACHABLE = TemporaryFailure(slack_code="connection_refused")
UNWELL = OutcomeUnknown(slack_code="http_503")  # nobody can say whether it was taken
PEOPLE = {person.person_id: person for person in everybody()}
WAVES = {
    "at-nine": ("billing", '{week: 1, day: tue, at: "09:00"}'),  # out before Slack goes
    "at-noon": ("customer-service", '{week: 1, day: tue, at: "12:00"}'),
    "until-friday": ("customer-service", '{week: 1, day: tue, at: "12:30", valid_for: 3d}'),
    "at-four": ("customer-service", '{week: 1, day: tue, at: "16:00"}'),  # due when Slack is back
    "on-wednesday": ("customer-service", '{week: 1, day: wed, at: "10:00"}'),
}


@pytest.mark.parametrize("fault", [UNREACHABLE, UNWELL], ids=["unreachable", "503"])
def test_after_four_hours_without_slack_nobody_gets_more_than_one_and_nobody_out_of_hours(
    house: House, fault: TemporaryFailure | OutcomeUnknown
) -> None:
    for name, (segment, when) in WAVES.items():
        house.run(a_text(name, first_tip=when, segments=segment), name)
    posted_while_away: list[str] = []

    def look(person_id: str, message: Message) -> None:
        now, company = house.clock(), house.core.company()
        assert calendar_of(PEOPLE[person_id], company).is_open(now), f"posted to {person_id} out of hours"
        if AWAY_FROM <= now < AWAY_UNTIL:
            posted_while_away.append(message.delivery_id)

    house.messenger.before_send = look
    house.walk("2027-01-12 09:29")
    _go_away(house, fault)
    _live(house, until=AWAY_UNTIL)
    house.messenger.always = house.messenger.unreadable = None
    house.walk("2027-01-16 12:00")

    days = Counter(
        (one.person_id, one.sent_at.date()) for one in house.messenger.standing if not _is_notice(one.message)
    )
    assert max(days.values()) == 1, "at most one a day, what was missed included"
    assert house.messenger.doubled() == 0
    assert {row.status for row in house.rows()} <= {"sent", "expired", "skipped"}, "nothing is left hanging"
    assert {row.reason for row in house.rows(status="skipped")} <= {"cap_day", "cap_week", "backed_off"}
    assert all(house.books(name).is_balanced for name in WAVES)
    assert max(Counter(posted_while_away).values()) < 15, "it is tried ever more rarely"
    assert len(house.messenger.standing) > len(PEOPLE) / 2, "what was still fresh has gone out"


def _go_away(house: House, fault: TemporaryFailure | OutcomeUnknown) -> None:
    house.clock.now = AWAY_FROM
    house.messenger.always = fault
    house.messenger.unreadable = UNREACHABLE


def _live(house: House, *, until: object) -> None:
    while house.clock() < until:  # type: ignore[operator]
        house.tick()
        house.clock.advance(minutes=4)


def _is_notice(message: Message) -> bool:
    return message.kind == "notice"
