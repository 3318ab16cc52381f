"""Clocks that are set while an outcome is unknown: this module is the tests that another clock measures rests."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from nudges.errors import OutcomeUnknown
from nudges.services.delivery.rests import Rests
from nudges.services.delivery.settle_deliveries import Settling, settle_deliveries
from nudges.services.own.preferences import stop
from tests.fakes import utc
from tests.services.house import BILLING, House, a_text


@dataclass
class Steady:
    """Seconds that only a test lets pass."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


@pytest.fixture
def steady() -> Steady:
    """The clock that nobody sets."""
    return Steady()


@pytest.fixture
def doubtful(house: House, steady: Steady) -> House:
    """Of one person's tip nobody knows whether it stands; it does not."""
    house.run(a_text(segments="billing"))
    for person_id in BILLING[1:]:
        stop(house.core, person_id)
    house.at("2027-01-12 09:00")
    house.clock.now = utc("2027-01-12 10:00")
    house.messenger.answers.append(OutcomeUnknown(slack_code="fatal_error"))
    house.send()
    house.core = replace(house.core, rests=Rests(steady))
    return house


Wait = Callable[[float], Settling]


@pytest.fixture
def wait(doubtful: House, steady: Steady) -> Wait:
    """Both clocks go on together, then there is a tick."""

    def wait(seconds: float) -> Settling:
        doubtful.clock.advance(seconds=seconds)
        steady.seconds += seconds
        return settle_deliveries(doubtful.core)

    return wait


def test_both_clocks_together_settle_as_one(doubtful: House, wait: Wait) -> None:
    wait(0)
    wait(120)
    assert wait(60).again == 1
    assert len(doubtful.messenger.finds) == 2


def test_a_clock_set_forward_does_not_shorten_the_rest(doubtful: House, wait: Wait) -> None:
    wait(0)
    doubtful.clock.advance(hours=1)
    wait(119)
    assert doubtful.messenger.finds == []
    wait(1)
    assert len(doubtful.messenger.finds) == 1


def test_a_clock_set_forward_does_not_bring_the_second_reading_near(doubtful: House, wait: Wait) -> None:
    wait(0)
    wait(120)
    doubtful.clock.advance(hours=1)
    assert wait(59) == Settling()
    assert wait(1).again == 1


def test_a_clock_that_was_wrong_only_when_it_became_unknown_shortens_nothing(
    house: House, doubtful: House, steady: Steady, wait: Wait
) -> None:
    # It was an hour behind then and is right at the next tick: the row looks an hour old.
    doubtful.clock.advance(hours=1)
    wait(30)
    wait(119)
    assert doubtful.messenger.finds == []
    wait(1)
    assert len(doubtful.messenger.finds) == 1


def test_another_process_counts_from_its_own_beginning(doubtful: House, steady: Steady, wait: Wait) -> None:
    wait(0)
    wait(100)
    doubtful.core = replace(doubtful.core, rests=Rests(steady))
    wait(20)
    assert doubtful.messenger.finds == []
    wait(120)
    assert len(doubtful.messenger.finds) == 1


def test_what_is_settled_is_forgotten(steady: Steady, doubtful: House, wait: Wait) -> None:
    wait(0)
    wait(120)
    wait(60)
    rests = doubtful.core.rests
    assert rests is not None
    rests.see([])
    assert not rests.has_rested(doubtful.delivery().doubt, timedelta(0))
