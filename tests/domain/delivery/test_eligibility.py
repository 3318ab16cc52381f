"""Whether a person may get a nudge now: this module is the tests of caps, pauses, silence and catching up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.delivery.deliveries import Planned, Skipped, SkipReason
from nudges.domain.delivery.eligibility import (
    Go,
    NotNow,
    Sending,
    Standing,
    Verdict,
    has_been_silent,
    skip_reason,
    verdict,
)
from nudges.domain.playbooks.company import Caps
from nudges.domain.times.hours import WorkingWeek
from nudges.domain.times.workdays import WorkCalendar
from tests.builders import a_planned

CALENDAR = WorkCalendar("Europe/Lisbon", WorkingWeek.parse("09:00-17:00 mon-fri"))
TUESDAY = datetime(2027, 1, 12, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2027, 1, 13, tzinfo=UTC)


def asked(
    *,
    now: datetime = TUESDAY,
    standing: Standing | None = None,
    caps: Caps | None = None,
    fresh_until: datetime = MIDNIGHT,
    due_at: datetime = TUESDAY,
) -> Verdict:
    """Return the verdict on a nudge due on Tuesday at ten."""
    planned = a_planned(due_at, fresh_until=fresh_until)
    return verdict(planned=planned, standing=standing or Standing(), calendar=CALENDAR, caps=caps or Caps(), now=now)


def sent(*instants: datetime, is_answered: bool = True, is_catch_up: bool = False) -> Standing:
    """Return how things stand after these sendings."""
    return Standing(sendings=tuple(Sending(at, is_answered, is_catch_up) for at in instants))


def reason(**changes: object) -> SkipReason | None:
    """Return the reason for good of a person whom nothing speaks against, but for these changes."""
    usual: dict[str, object] = {
        "is_sendable": True,
        "is_in_audience": True,
        "is_held_out": False,
        "is_stopped": False,
        "paused_until": None,
        "fresh_until": MIDNIGHT,
        "ends_on": None,
        "local_day": date(2027, 1, 12),
        "now": TUESDAY,
    }
    return skip_reason(**(usual | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"is_held_out": True, "is_stopped": True}, SkipReason.HOLDOUT),
        ({"is_sendable": False}, SkipReason.NOT_SENDABLE),
        ({"is_in_audience": False}, SkipReason.LEFT_AUDIENCE),
        ({"is_stopped": True}, SkipReason.STOPPED),
        ({"paused_until": MIDNIGHT}, SkipReason.PAUSED),
        ({"paused_until": MIDNIGHT - HOUR}, None),
        ({"ends_on": date(2027, 1, 11)}, SkipReason.CAMPAIGN_ENDED),
        ({"ends_on": date(2027, 1, 12)}, None),
        ({"now": MIDNIGHT}, SkipReason.STALE),
    ],
)
def test_each_reason_for_good_has_its_name(changes: dict[str, object], expected: SkipReason | None) -> None:
    assert reason(**changes) == expected


def test_a_person_whom_nothing_speaks_against_gets_it_now() -> None:
    assert asked() == Go()
    assert asked(now=TUESDAY + 6 * HOUR) == Go(), "after the window, still fresh, still working time"


def test_before_it_is_due_it_waits_until_then() -> None:
    assert asked(now=TUESDAY - HOUR) == NotNow(TUESDAY)


def test_outside_hours_it_waits_while_fresh_and_is_stale_after() -> None:
    evening = TUESDAY + 7 * HOUR
    assert asked(now=evening) == Skipped(SkipReason.STALE)
    assert asked(now=evening, fresh_until=TUESDAY + 2 * DAY) == NotNow(datetime(2027, 1, 13, 9, tzinfo=UTC))


def test_a_day_that_is_full_skips_what_ends_with_it_and_delays_what_lasts() -> None:
    standing = sent(TUESDAY - HOUR)
    assert asked(standing=standing) == Skipped(SkipReason.CAP_DAY)
    later = asked(standing=standing, fresh_until=TUESDAY + 2 * DAY)
    assert later == NotNow(datetime(2027, 1, 13, 9, tzinfo=UTC), SkipReason.CAP_DAY)


def test_a_week_is_any_seven_days_in_a_row() -> None:
    last_week = [datetime(2027, 1, day, 10, tzinfo=UTC) for day in (6, 7, 8)]
    assert asked(standing=sent(*last_week)) == Skipped(SkipReason.CAP_WEEK)
    assert asked(standing=sent(*last_week), fresh_until=TUESDAY + 5 * DAY) == NotNow(
        datetime(2027, 1, 13, 9, tzinfo=UTC), SkipReason.CAP_WEEK
    )
    assert asked(standing=sent(*(at - DAY for at in last_week))) == Go()


def test_days_are_counted_where_the_person_lives() -> None:
    kiritimati = WorkCalendar("Pacific/Kiritimati", CALENDAR.week)
    now = datetime(2027, 1, 11, 20, tzinfo=UTC)  # Tuesday morning there
    standing = sent(datetime(2027, 1, 11, 9, tzinfo=UTC))  # Monday evening there
    planned = a_planned(now, fresh_until=now + 8 * HOUR)
    assert verdict(planned=planned, standing=standing, calendar=kiritimati, caps=Caps(), now=now) == Go()


def test_stop_is_for_good_and_a_pause_only_as_long_as_it_lasts() -> None:
    assert asked(standing=Standing(is_stopped=True)) == Skipped(SkipReason.STOPPED)
    assert asked(standing=Standing(paused_until=TUESDAY + HOUR)) == NotNow(TUESDAY + HOUR, SkipReason.PAUSED)
    assert asked(standing=Standing(paused_until=TUESDAY + 3 * DAY)) == Skipped(SkipReason.PAUSED)
    assert asked(standing=Standing(paused_until=TUESDAY)) == Go()


def test_three_in_a_row_without_an_answer_double_the_gap() -> None:
    silence = [TUESDAY - days * DAY for days in (12, 8, 4)]
    assert asked(standing=sent(*silence, is_answered=False)) == Skipped(SkipReason.BACKED_OFF)
    assert asked(standing=sent(*silence, is_answered=True)) == Go()
    assert asked(standing=sent(*(at - DAY for at in silence), is_answered=False)) == Go(), "4 days 16 hours are over"


def test_one_answer_among_the_latest_three_ends_the_silence() -> None:
    unanswered = [Sending(TUESDAY - days * DAY) for days in (9, 7, 2)]
    assert has_been_silent(unanswered)
    assert not has_been_silent([*unanswered, Sending(TUESDAY, is_answered=True)])
    assert not has_been_silent(unanswered[:2])
    assert has_been_silent([Sending(TUESDAY - 20 * DAY, is_answered=True), *unanswered])


def test_after_an_outage_one_catch_up_a_day_is_enough() -> None:
    standing = sent(TUESDAY - HOUR, is_catch_up=True)
    roomy = Caps(day=5, week=15)
    late = TUESDAY + 3 * HOUR
    assert asked(standing=standing, caps=roomy) == Go(), "inside its own window it is no catch-up"
    assert asked(standing=standing, caps=roomy, now=late) == Skipped(SkipReason.CATCH_UP)
    lasting = asked(standing=standing, caps=roomy, now=late, fresh_until=TUESDAY + 2 * DAY)
    assert lasting == NotNow(datetime(2027, 1, 13, 9, tzinfo=UTC), SkipReason.CATCH_UP)


def test_what_may_wait_never_waits_past_its_freshness() -> None:
    friday = datetime(2027, 1, 15, 16, tzinfo=UTC)
    weekend = asked(now=friday + 2 * HOUR, due_at=friday, fresh_until=friday + 2 * DAY)
    assert weekend == Skipped(SkipReason.STALE)


def nudges() -> st.SearchStrategy[list[Planned]]:
    """Give nudges of several playbooks due within two weeks, some of them lasting for days."""
    hours = st.integers(0, 14 * 24)
    lasting = st.integers(1, 120)
    one = st.builds(lambda h, f: a_planned(TUESDAY + h * HOUR, fresh_until=TUESDAY + (h + f) * HOUR), hours, lasting)
    return st.lists(one, max_size=25)


@settings(max_examples=60, deadline=None)
@given(nudges(), st.integers(1, 2), st.integers(1, 4), st.integers(0, 13 * 24), st.integers(0, 96))
def test_no_cap_is_passed_whatever_is_planned_and_however_long_we_were_away(
    planned: list[Planned], day: int, week: int, outage_at: int, outage_hours: int
) -> None:
    caps, waiting = Caps(day=day, week=week), list(planned)
    sendings: list[Sending] = []
    for hour in range(20 * 24):
        if outage_at <= hour < outage_at + outage_hours:
            continue
        now = TUESDAY + hour * HOUR
        for one in list(waiting):
            answer = verdict(planned=one, standing=Standing(sendings=sendings), calendar=CALENDAR, caps=caps, now=now)
            if isinstance(answer, NotNow):
                assert now < answer.until < one.fresh_until
                continue
            waiting.remove(one)
            if answer == Go():
                assert CALENDAR.is_open(now)
                assert one.due_at <= now < one.fresh_until
                sendings.append(Sending(now, is_answered=True, is_catch_up=now >= one.window_ends_at))
    assert not waiting, "every nudge was settled one way or the other"
    _check_caps(sendings, caps)


def _check_caps(sendings: list[Sending], caps: Caps) -> None:
    days = [CALENDAR.local_day(sending.sent_at) for sending in sendings]
    catch_ups = [CALENDAR.local_day(sending.sent_at) for sending in sendings if sending.is_catch_up]
    for day in days:
        assert days.count(day) <= caps.day
        assert sum(day <= other < day + 7 * DAY for other in days) <= caps.week
    assert len(catch_ups) == len(set(catch_ups))
