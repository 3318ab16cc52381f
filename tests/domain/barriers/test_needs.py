"""Which needs may be told: this module counts what people lack by tool, and looks for the few."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.barriers.barriers import Belonging, Report
from nudges.domain.barriers.needs import Need
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.needed import needed
from tests.soak import times

ACCESS, SKILL, NO_TIME = BarrierKind.ACCESS_OR_IT_PROBLEM, BarrierKind.LACKS_SKILL, BarrierKind.NO_TIME
TOOLS = {"find": "Slack channels", "write": "Canvas", "meet": "Canvas"}
PEOPLE = {f"p{number}": Belonging("", "Sales", "Lisbon") for number in range(40)}


def said(count: int, playbook: str, kind: BarrierKind = ACCESS, *, first: int = 0) -> list[Report]:
    return [Report(f"p{number}", kind, playbook) for number in range(first, first + count)]


def told(*reports: list[Report], people: dict[str, Belonging] = PEOPLE) -> list[Need]:
    everything = [one for part in reports for one in part]
    return needed(everything, TOOLS, at_start=people, at_end=people, limits=Limits())


def test_a_need_is_told_by_tool_when_enough_people_have_said_it() -> None:
    assert told(said(6, "find"), said(12, "write", first=10)) == [
        Need(ACCESS, "Canvas", "10-19"),
        Need(ACCESS, "Slack channels", "5-9"),
    ]


def test_playbooks_of_one_tool_count_together_and_each_person_once() -> None:
    assert told(said(4, "write"), said(3, "meet", first=2)) == [Need(ACCESS, "Canvas", "5-9")]
    assert told(said(3, "write"), said(3, "meet", first=0)) == []


def test_four_people_are_nobody() -> None:
    assert told(said(4, "find")) == []


def test_a_tool_is_not_named_where_a_few_others_would_be_left() -> None:
    assert told(said(6, "find"), said(2, "write", first=10)) == [Need(ACCESS, "", "5-9")]
    assert told(said(6, "find"), said(2, "", first=10)) == [Need(ACCESS, "", "5-9")]


def test_what_belongs_to_no_tool_is_told_beside_the_others_when_it_is_enough() -> None:
    assert told(said(6, "find"), said(5, "", first=10)) == [
        Need(ACCESS, "Slack channels", "5-9"),
        Need(ACCESS, "", "5-9"),
    ]


def test_what_is_no_need_is_no_need() -> None:
    assert told(said(30, "find", NO_TIME)) == []


def test_what_nearly_everybody_said_is_not_told() -> None:
    assert told(said(39, "find", SKILL)) == []


def test_whoever_left_meanwhile_does_not_count() -> None:
    left = {key: where for key, where in PEOPLE.items() if key != "p0"}
    assert needed(said(5, "find"), TOOLS, at_start=PEOPLE, at_end=left, limits=Limits()) == []


@settings(max_examples=times(60, 10_000), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 39), st.sampled_from(["", "find", "write", "meet"])), max_size=60))
def test_reports_of_fewer_than_five_never_show_in_any_line(drawn: list[tuple[int, str]]) -> None:
    reports = [Report(f"p{number}", ACCESS, playbook) for number, playbook in drawn]
    found = told(reports)
    people = {one.person_key for one in reports}
    named = [one.tool for one in found if one.tool]
    outside = people - {one.person_key for one in reports if TOOLS.get(one.playbook, "") in named}
    if named:
        assert not outside or len(outside) >= 5
    if len(people) < 5:
        assert found == []
    for need in found:
        if need.tool:
            assert len({one.person_key for one in reports if TOOLS.get(one.playbook, "") == need.tool}) >= 5
