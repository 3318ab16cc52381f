"""A few people first: this module is the tests of waves, of how a pilot is judged, and of growth."""

from datetime import date
from typing import Any

import pytest

from nudges.domain.delivery.staging import (
    Going,
    Halted,
    Lack,
    PilotTally,
    Ready,
    Staging,
    StopRule,
    Wave,
    grows_too_much,
    pilot_verdict,
)
from nudges.domain.playbooks.playbook import Pilot, StopRules

MONDAY, LATER = date(2027, 1, 11), date(2027, 2, 1)
GOOD = PilotTally(reached=40, answered=12, useful=9, not_for_me=3, attempts=60)


def a_pilot(**stop_when: Any) -> Pilot:
    """Return a pilot that wants ten answers, 60 % of them useful."""
    return Pilot(segment="first", answers=10, useful=0.6, stop_when=StopRules(**stop_when))


def test_the_rest_waits_until_it_has_a_day_of_its_own() -> None:
    piloting, widened = Staging(MONDAY), Staging(MONDAY, LATER)
    assert (piloting.begins_on(is_pilot=True), piloting.begins_on(is_pilot=False)) == (MONDAY, None)
    assert (widened.begins_on(is_pilot=True), widened.begins_on(is_pilot=False)) == (MONDAY, LATER)
    assert (piloting.last_start, widened.last_start) == (None, LATER)


def test_the_waves_are_the_pilot_then_the_rest_or_all_at_once() -> None:
    assert Staging(MONDAY).waves == (Wave(MONDAY, True),)
    assert Staging(MONDAY, LATER).waves == (Wave(MONDAY, True), Wave(LATER, False))
    assert Staging.whole(MONDAY).waves == (Wave(MONDAY, None),)


def test_enough_useful_answers_make_it_ready() -> None:
    assert pilot_verdict(GOOD, a_pilot()) == Ready()


@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"answered": 9}, Lack.ANSWERS),
        ({"useful": 3, "not_for_me": 1}, Lack.FEEDBACK),
        ({"useful": 5, "not_for_me": 4}, Lack.USEFUL),
    ],
)
def test_what_it_lacks_is_named(changes: dict[str, int], lack: Lack) -> None:
    assert pilot_verdict(PilotTally(**{**GOOD.__dict__, **changes}), a_pilot()) == Going(lack)


def test_fewer_than_k_people_never_make_it_ready_whatever_the_author_asks_for() -> None:
    eager = Pilot(segment="first", answers=1, useful=0)
    assert pilot_verdict(PilotTally(reached=4, answered=4), eager) == Going(Lack.ANSWERS)
    assert pilot_verdict(PilotTally(reached=9, answered=7), eager, k=8) == Going(Lack.ANSWERS)
    assert pilot_verdict(PilotTally(reached=9, answered=8), eager, k=8) == Ready()


@pytest.mark.parametrize(
    ("rules", "changes", "rule"),
    [
        ({"not_for_me": 0.4}, {"useful": 7, "not_for_me": 5}, StopRule.NOT_FOR_ME),
        ({"stops": 0.1}, {"stops": 5}, StopRule.STOPS),
        ({"barrier_reports": 5}, {"barrier_reports": 5}, StopRule.BARRIER_REPORTS),
        ({"errors": 0.05}, {"errors": 3}, StopRule.ERRORS),
    ],
)
def test_a_stop_rule_that_holds_halts_it(rules: dict[str, Any], changes: dict[str, int], rule: StopRule) -> None:
    tally = PilotTally(**{**GOOD.__dict__, **changes})
    assert pilot_verdict(tally, a_pilot(**rules)) == Halted(rule)
    assert not isinstance(pilot_verdict(tally, a_pilot(**rules), overruled=frozenset([rule])), Halted)


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        ({"not_for_me": 0.01}, {"useful": 9, "not_for_me": 4}),
        ({"stops": 0.01}, {"stops": 4}),
        ({"barrier_reports": 1}, {"barrier_reports": 4}),
        ({"errors": 0.01}, {"attempts": 9, "errors": 9}),
    ],
)
def test_too_few_people_behind_it_never_halt_it(rules: dict[str, Any], changes: dict[str, int]) -> None:
    tally = PilotTally(**{**GOOD.__dict__, **changes})
    assert not isinstance(pilot_verdict(tally, a_pilot(**rules)), Halted)


@pytest.mark.parametrize(
    ("present", "added", "too_much"), [(100, 20, False), (100, 21, True), (0, 1, True), (9, 0, False)]
)
def test_growth_is_a_share_of_those_already_meant(present: int, added: int, too_much: bool) -> None:
    assert grows_too_much(present=present, added=added, most=0.2) is too_much
