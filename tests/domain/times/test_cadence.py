"""When a nudge is due: this module is the tests of days, windows and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.delivery.deliveries import Planned, Skipped, SkipReason
from nudges.domain.playbooks.playbook import AfterNudge, FixedDay
from nudges.domain.times.cadence import (
    in_window,
    may_send_at,
    next_monday,
    next_opening,
    nominal_day,
    planned_after,
    planned_for,
    rederive,
)
from nudges.domain.times.hours import OpenSpan, Weekday, WorkingWeek
from nudges.domain.times.workdays import WorkCalendar
from tests.builders import A_MONDAY, a_day

OFFICE = WorkingWeek.parse("09:00-17:00 mon-fri")
LISBON = WorkCalendar("Europe/Lisbon", OFFICE, "PT")
GULF = WorkCalendar("Asia/Dubai", WorkingWeek.parse("09:00-17:00 mon-thu, 09:00-12:00 fri"))
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("posix", "right")))


def due(when: FixedDay, starts_on: date = A_MONDAY, calendar: WorkCalendar = LISBON) -> str:
    """Return the wall time at which the nudge is due, or the reason why it is not."""
    planned = planned_for(when, starts_on=starts_on, calendar=calendar)
    return planned.local_due if isinstance(planned, Planned) else planned.reason.value


def test_a_campaign_without_a_date_starts_on_the_monday_after_publishing() -> None:
    assert next_monday(date(2027, 1, 12)) == date(2027, 1, 18)
    assert next_monday(date(2027, 1, 11)) == date(2027, 1, 18)
    assert next_monday(date(2027, 1, 17)) == date(2027, 1, 18)


@pytest.mark.parametrize(
    ("starts_on", "week", "day", "expected"),
    [
        (A_MONDAY, 1, "mon", date(2027, 1, 11)),
        (A_MONDAY, 1, "sun", date(2027, 1, 17)),
        (A_MONDAY, 2, "tue", date(2027, 1, 19)),
        (date(2027, 1, 13), 1, "tue", date(2027, 1, 19)),
        (date(2027, 1, 13), 1, "wed", date(2027, 1, 13)),
    ],
)
def test_week_one_is_the_seven_days_from_the_start(starts_on: date, week: int, day: str, expected: date) -> None:
    assert nominal_day(a_day(week=week, day=day), starts_on) == expected


@pytest.mark.parametrize(
    ("when", "starts_on", "expected"),
    [
        (a_day(), A_MONDAY, "2027-01-12T10:00"),
        (a_day(day="sat"), A_MONDAY, "no_working_day"),
        (a_day(day="sat"), date(2027, 1, 13), "2027-01-18T10:00"),
        (a_day(day="fri"), date(2027, 3, 22), "no_working_day"),  # Good Friday, then the weekend
        (a_day(day="wed", at="14:00"), date(2026, 12, 7), "2026-12-09T14:00"),
        (a_day(day="tue", at="14:00"), date(2026, 12, 7), "2026-12-09T14:00"),  # 8 December is a feast in Portugal
        (a_day(at="07:30"), A_MONDAY, "2027-01-12T09:00"),
        (a_day(at="17:00"), A_MONDAY, "2027-01-13T09:00"),
        (a_day(day="fri", at="18:00"), A_MONDAY, "2027-01-15T15:00"),
    ],
)
def test_the_day_and_the_hour_move_into_working_time(when: FixedDay, starts_on: date, expected: str) -> None:
    assert due(when, starts_on) == expected


def test_a_half_friday_has_an_hour_left_when_its_week_has_no_other_day() -> None:
    assert due(a_day(day="fri", at="14:00"), calendar=GULF) == "2027-01-15T10:00"


def test_a_nudge_at_lunch_waits_for_the_afternoon() -> None:
    calendar = WorkCalendar("Europe/Lisbon", WorkingWeek.parse("09:00-12:30 mon-fri, 13:30-17:00 mon-fri"))
    assert due(a_day(at="12:45"), calendar=calendar) == "2027-01-12T13:30"


def test_the_window_lasts_two_hours_and_the_freshness_until_midnight() -> None:
    planned = planned_for(a_day(), starts_on=A_MONDAY, calendar=GULF)
    assert planned == Planned(
        local_due="2027-01-12T10:00",
        zone="Asia/Dubai",
        due_at=datetime(2027, 1, 12, 6, tzinfo=UTC),
        window_ends_at=datetime(2027, 1, 12, 8, tzinfo=UTC),
        fresh_until=datetime(2027, 1, 12, 20, tzinfo=UTC),
    )


def test_the_window_closes_with_the_office_and_freshness_can_be_given() -> None:
    when = a_day(at="16:00", window=timedelta(hours=3), valid_for=timedelta(days=2))
    planned = planned_for(when, starts_on=A_MONDAY, calendar=LISBON)
    assert isinstance(planned, Planned)
    assert planned.window_ends_at == datetime(2027, 1, 12, 17, tzinfo=UTC)
    assert planned.fresh_until == datetime(2027, 1, 14, 16, tzinfo=UTC)


def test_after_another_nudge_counts_calendar_days_and_keeps_the_local_time_over_a_clock_change() -> None:
    sent_at = datetime(2027, 3, 25, 10, 7, 31, tzinfo=UTC)  # Lisbon goes to summer time on the 28th
    planned = planned_after(AfterNudge(after="x", days=6), sent_at=sent_at, calendar=LISBON)
    assert isinstance(planned, Planned)
    assert planned.local_due == "2027-03-31T10:07"
    assert planned.due_at == datetime(2027, 3, 31, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "at", "expected"),
    [
        (4, time(9, 30), "2027-01-18T09:30"),  # Saturday moves to Monday
        (1, time(18, 0), "2027-01-14T09:00"),
        (0, time(15, 0), "2027-01-12T15:00"),
        (0, time(9, 0), "2027-01-12T10:31"),  # never before its predecessor
    ],
)
def test_after_another_nudge_moves_like_any_other(days: int, at: time, expected: str) -> None:
    sent_at = datetime(2027, 1, 12, 10, 30, tzinfo=UTC)
    planned = planned_after(AfterNudge(after="x", days=days, at=at), sent_at=sent_at, calendar=LISBON)
    assert isinstance(planned, Planned)
    assert planned.local_due == expected


def test_nobody_who_never_works_is_nudged() -> None:
    calendar = WorkCalendar("UTC", WorkingWeek(()))
    assert due(a_day(), calendar=calendar) == "no_working_day"
    assert next_opening(calendar, datetime(2027, 1, 12, tzinfo=UTC)) is None
    after = planned_after(AfterNudge(after="x", days=1), sent_at=datetime(2027, 1, 12, tzinfo=UTC), calendar=calendar)
    assert after == Skipped(SkipReason.NO_WORKING_DAY)


@pytest.mark.parametrize(
    ("now", "window", "sendable"),
    [
        ("2027-01-12T09:59:59", False, False),
        ("2027-01-12T10:00:00", True, True),
        ("2027-01-12T11:59:59", True, True),
        ("2027-01-12T12:00:00", False, True),  # a catch-up, still working time
        ("2027-01-12T17:00:00", False, False),
        ("2027-01-13T10:00:00", False, False),
    ],
)
def test_after_its_window_a_fresh_nudge_may_still_go_in_working_time(now: str, window: bool, sendable: bool) -> None:
    planned = planned_for(a_day(), starts_on=A_MONDAY, calendar=LISBON)
    assert isinstance(planned, Planned)
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert in_window(instant, planned) == window
    assert may_send_at(instant, planned, LISBON) == sendable


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2027-01-12T10:00", "2027-01-12T10:00"),
        ("2027-01-12T17:00", "2027-01-13T09:00"),
        ("2027-01-15T17:30", "2027-01-18T09:00"),
        ("2026-12-24T18:00", "2026-12-28T09:00"),
    ],
)
def test_the_next_opening_is_now_or_when_work_begins_again(instant: str, expected: str) -> None:
    start = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert next_opening(LISBON, start) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_new_rules_for_a_zone_move_the_instant_and_keep_the_wall_time() -> None:
    # As in Lebanon in 2023: summer time was put off when messages were planned already.
    old = planned_for(a_day(), starts_on=A_MONDAY, calendar=WorkCalendar("Etc/GMT-3", OFFICE))
    assert isinstance(old, Planned)
    new = rederive(old.local_due, calendar=WorkCalendar("Etc/GMT-2", OFFICE))
    assert isinstance(new, Planned)
    assert new.local_due == old.local_due
    assert new.due_at - old.due_at == timedelta(hours=1)


def test_a_person_who_moved_is_never_written_to_outside_the_hours_of_their_new_home() -> None:
    new = rederive("2027-01-15T16:30", calendar=GULF)
    assert isinstance(new, Planned)
    assert new.local_due == "2027-01-18T09:00"


def weeks() -> st.SearchStrategy[WorkingWeek]:
    """Give any working week, night shifts and five-minute openings included."""
    minute = st.integers(0, 24 * 12 - 1).map(lambda n: time(n // 12, n % 12 * 5))
    days = st.frozensets(st.sampled_from(Weekday), min_size=1)
    span = st.builds(OpenSpan, days, minute, minute).filter(lambda span: span.start < span.end)
    return st.lists(span, min_size=1, max_size=3).map(lambda spans: WorkingWeek(tuple(spans)))


def calendars() -> st.SearchStrategy[WorkCalendar]:
    """Give any zone with any working week and some countries' holidays."""
    return st.builds(WorkCalendar, st.sampled_from(ZONES), weeks(), st.sampled_from(["", "PT", "DE-BY", "IN", "US"]))


TIMES = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@settings(max_examples=300, deadline=None)
@given(st.data(), calendars(), DAYS, TIMES)
def test_a_planned_instant_is_working_time_of_the_right_week_in_any_zone(
    data: st.DataObject, calendar: WorkCalendar, starts_on: date, at: time
) -> None:
    when = FixedDay(week=data.draw(st.integers(1, 8)), day=data.draw(st.sampled_from(Weekday)), at=at)
    planned = planned_for(when, starts_on=starts_on, calendar=calendar)
    if isinstance(planned, Skipped):
        return
    assert calendar.is_open(planned.due_at)
    assert planned.due_at < planned.window_ends_at <= planned.fresh_until
    local = calendar.local(planned.due_at)
    assert planned.local_due == local.isoformat(timespec="minutes")
    assert 0 <= (local.date() - starts_on).days - 7 * (when.week - 1) < 7
    assert local.date() >= nominal_day(when, starts_on)
    assert planned_for(when, starts_on=starts_on, calendar=calendar) == planned
    assert rederive(planned.local_due, calendar=calendar) == planned


@settings(max_examples=300, deadline=None)
@given(calendars(), st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)), st.integers(0, 30))
def test_a_follower_is_due_in_working_time_and_after_its_predecessor(
    calendar: WorkCalendar, sent: datetime, days: int
) -> None:
    sent_at = sent.replace(tzinfo=UTC)
    planned = planned_after(AfterNudge(after="x", days=days), sent_at=sent_at, calendar=calendar)
    if isinstance(planned, Skipped):
        return
    assert calendar.is_open(planned.due_at)
    # Counted on the wall clock: in the hour that comes twice, a follower of the same day may use its first pass.
    assert planned.due_at > sent_at or days == 0
    assert (calendar.local_day(planned.due_at) - calendar.local_day(sent_at)).days in range(days, days + 8)


@settings(max_examples=200, deadline=None)
@given(calendars(), st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)))
def test_the_next_opening_is_open_and_not_in_the_past(calendar: WorkCalendar, start: datetime) -> None:
    instant = start.replace(tzinfo=UTC)
    opening = next_opening(calendar, instant)
    if opening is not None:
        assert opening >= instant
        assert calendar.is_open(opening)


@given(st.dates(date(1970, 1, 1), date(2100, 12, 24)), st.integers(1, 60))
def test_leap_days_year_ends_and_week_53_are_days_like_any_other(starts_on: date, week: int) -> None:
    day = nominal_day(a_day(week=week, day="thu"), min(starts_on, date(2099, 1, 1)))
    assert day.weekday() == Weekday.THU
