"""Who gets how much care: this module is the tests of sharing out effort by the segments' briefs."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.delivery.effort import EffortShare, effort_shares, effort_warnings
from nudges.domain.playbooks.company import Brief, Company, Level
from nudges.domain.playbooks.playbook import AudienceRule, Playbook
from tests.builders import a_company, a_playbook


def a_brief(priority: int = 1, depends: Level = Level.HIGH, likely: Level = Level.HIGH, **values: Any) -> Brief:
    """Return the brief of a segment that everything speaks for."""
    usual: dict[str, Any] = {
        "priority": priority,
        "evidence": "Six in ten calls wait for somebody else's answer.",
        "said_by": "Dana Ortiz, VP Service",
        "job": "Answer the customer on the first call",
        "tool": "Slack channels",
        "depends_on_collaboration": depends,
        "likely_to_use": likely,
    }
    return Brief(**(usual | values))


def of(*segments: str) -> Playbook:
    return a_playbook(audience=AudienceRule(segments=segments))


def with_briefs(**briefs: Brief) -> Company:
    return a_company(briefs=briefs)


def test_effort_goes_where_people_depend_on_each_other_and_will_use_the_tool() -> None:
    company = with_briefs(service=a_brief(1), sales=a_brief(3, likely=Level.LOW))
    assert [(one.segment, one.share) for one in effort_shares(of("service", "sales"), company, {})] == [
        ("service", 90),  # 3 x 3 / 1 = 9
        ("sales", 10),  # 3 x 1 / 3 = 1
    ]


def test_a_segment_without_a_brief_counts_as_the_middle_and_says_so() -> None:
    (one,) = effort_shares(of("sales"), with_briefs(), {})
    assert one.share == 100
    assert "no brief yet" in one.why


def test_a_segment_nobody_is_in_gets_nothing_and_the_others_share_it_all() -> None:
    company = with_briefs(service=a_brief(), sales=a_brief())
    shares = effort_shares(of("service", "sales"), company, {"service": 0, "sales": 7})
    assert [(one.share, one.why[:6]) for one in shares] == [(0, "nobody"), (100, "priori")]


def test_the_size_of_a_segment_plays_no_part() -> None:
    company = with_briefs(service=a_brief(), sales=a_brief())
    shares = effort_shares(of("service", "sales"), company, {"service": 5, "sales": 5000})
    assert [one.share for one in shares] == [50, 50]


def test_where_nobody_is_meant_there_is_nothing_to_share() -> None:
    assert [one.share for one in effort_shares(of("a", "b"), with_briefs(), {"a": 0, "b": 0})] == [0, 0]


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(Level), st.sampled_from(Level)), min_size=1, max_size=9))
def test_the_shares_always_add_up_and_better_briefs_never_get_less(facts: list[tuple[int, Level, Level]]) -> None:
    briefs = {f"s{n}": a_brief(*fact) for n, fact in enumerate(facts)} | {"best": a_brief(1)}
    shares = effort_shares(of(*briefs), with_briefs(**briefs), {})
    assert sum(one.share for one in shares) == 100
    assert shares[-1].share >= max(one.share for one in shares) - 1  # what rounding leaves goes to the first of equals


def test_a_tiny_share_with_the_same_nudges_is_worth_a_word() -> None:
    company = with_briefs(service=a_brief(), sales=a_brief(9, Level.LOW, Level.LOW))
    (warning,) = effort_warnings(effort_shares(of("service", "sales"), company, {}))
    assert warning.startswith("sales is worth 1 % of the effort")
    assert list(effort_warnings([EffortShare("only", 5, "")])) == []
