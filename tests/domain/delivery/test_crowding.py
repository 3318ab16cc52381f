"""Too many at once: this module is the tests of what does not fit into its window."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.delivery.crowding import Crowding, Wave, crowding
from tests.fakes import utc

TEN, NOON = utc("2027-01-12 10:00"), utc("2027-01-12 12:00")


def test_what_fits_is_no_matter() -> None:
    assert crowding([Wave(TEN, NOON, 7_200)], posts_per_second=1, now=TEN) is None


def test_what_does_not_fit_is_counted_and_the_end_is_told() -> None:
    found = crowding([Wave(TEN, NOON, 10_000)], posts_per_second=1, now=utc("2027-01-12 08:00"))
    assert found == Crowding(10_000, 2_800, TEN + timedelta(seconds=10_000), 1)


def test_one_wave_takes_the_room_of_the_next() -> None:
    waves = [Wave(TEN, NOON, 7_000), Wave(TEN + timedelta(hours=1), NOON, 1_000)]
    found = crowding(waves, posts_per_second=1, now=TEN)
    assert found is not None and found.late == 800


def test_a_window_that_is_over_has_room_for_nobody() -> None:
    found = crowding([Wave(TEN, NOON, 3)], posts_per_second=4, now=NOON)
    assert found is not None and found.late == 3


WAVES = st.lists(
    st.builds(
        lambda begins, length, messages: Wave(
            TEN + timedelta(minutes=begins), TEN + timedelta(minutes=begins + length), messages
        ),
        st.integers(0, 600),
        st.integers(1, 300),
        st.integers(1, 5_000),
    ),
    max_size=8,
)


@given(WAVES, st.sampled_from([0.2, 1.0, 4.0]))
def test_never_more_is_late_than_there_is_and_a_quicker_pace_never_hurts(waves: list[Wave], pace: float) -> None:
    def late(pace: float, now: datetime = TEN) -> int:
        found = crowding(waves, posts_per_second=pace, now=now)
        return found.late if found else 0

    assert 0 <= late(2 * pace) <= late(pace) <= sum(wave.messages for wave in waves)
