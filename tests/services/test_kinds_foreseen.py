"""Workshops and challenges foreseen: seats, reminders and questions come in a forecast as they come in life."""

from datetime import timedelta

import pytest

from nudges.domain.forecasts.reactions import Reaction, ReactionKind
from tests.services.house import ANA, BERLIN, BILLING, House, a_text
from tests.services.test_forecast_cases import NAME, lived
from tests.services.test_kinds import CHALLENGE, WORKSHOP

pytestmark = pytest.mark.once

DATED = WORKSHOP.replace("week: 2, day: thu", "on: 2027-01-25")  # a Monday: most are reminded on the Friday before
PILOT = (
    "audience: {segments: [customer-service], pilot: {segment: first-few, answers: 5, useful: 10%, then: automatic}}"
)


def tap(who: str, nudge: str, value: str, *, hours: float) -> Reaction:
    return Reaction(who, NAME, nudge, ReactionKind.TAP, timedelta(hours=hours), value)


def taps(nudge: str) -> list[Reaction]:
    """Five ask for two seats, one gives theirs back, one says no, one is too late, one taps what is not there."""
    return [
        *(tap(who, nudge, "coming", hours=1 + place) for place, who in enumerate((*BILLING[:3], *BERLIN[:2]))),
        tap(ANA, nudge, "not_this_time", hours=30),
        tap(BERLIN[3], nudge, "not_this_time", hours=2),
        tap(BERLIN[4], nudge, "coming", hours=24 * 15),
        tap(BERLIN[5], nudge, "will_try", hours=2),
    ]


@pytest.mark.parametrize("workshop", [WORKSHOP, DATED], ids=["counted", "dated"])
def test_seats_are_foreseen_as_they_are_given(house: House, workshop: str) -> None:
    found = lived(house, a_text(NAME, workshop), *taps("together"))

    assert found["together.reminder sent"] == found["together.attendance sent"] == 2


def test_with_a_pilot_each_start_has_a_workshop_of_its_own(house: House) -> None:
    text = a_text(NAME, WORKSHOP).replace("audience: {segments: [customer-service]}", PILOT)
    useful = [Reaction(who, NAME, "together", ReactionKind.USEFUL, timedelta(minutes=5)) for who in (*BILLING, *BERLIN)]

    found = lived(house, text, *useful, *taps("together"))

    assert found["together.reminder sent"] == 4


def test_the_question_after_a_challenge_is_foreseen(house: House) -> None:
    script = [tap(ANA, "one-question", "will_try", hours=3), tap(BILLING[1], "one-question", "rather_not", hours=3)]

    found = lived(house, a_text(NAME, CHALLENGE), *script, tap(BILLING[2], "one-question", "will_try", hours=71))

    assert found["one-question.follow_up sent"] == 1
