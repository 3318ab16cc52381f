"""What a segment means and says: this module is the tests of rules over people, audiences and teams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.people.audiences import audience, first_segment, in_pilot
from nudges.domain.people.people import PersonKind
from nudges.domain.people.segments import (
    FIELDS,
    AllOf,
    AnyOf,
    HasValue,
    InSegment,
    Not,
    Rule,
    describe,
    kinds_named,
    matches,
    segments_named,
)
from nudges.domain.people.teams import team_of, teams_of
from nudges.domain.playbooks.playbook import AudienceRule, Pilot
from tests.builders import a_company, a_person, a_playbook

SERVICE = HasValue("department", ("Customer service",))
NO_INTERNS = Not(HasValue("role", ("intern", "contractor")))


@pytest.mark.parametrize("written", ["customer service", " CUSTOMER SERVICE ", "Customer service"])
def test_letter_case_and_outer_spaces_do_not_matter(written: str) -> None:
    assert matches(SERVICE, a_person(department=written), {})


def test_two_ways_of_writing_an_accent_are_one_value() -> None:
    assert matches(HasValue("place", ("Sa\u0303o Paulo",)), a_person(place="São Paulo"), {})


def test_all_any_and_not_join_rules() -> None:
    rule = AllOf((SERVICE, NO_INTERNS, AnyOf((HasValue("place", ("Porto",)), HasValue("country", ("PT", "ES"))))))
    assert matches(rule, a_person(place="Lisbon", country="ES"), {})
    assert not matches(rule, a_person(role="Intern"), {})
    assert not matches(rule, a_person(place="Berlin", country="DE"), {})


def test_a_segment_may_build_on_another() -> None:
    segments: dict[str, Rule] = {
        "service": SERVICE,
        "pilot": AllOf((InSegment("service"), HasValue("team", ("Billing Lisbon",)))),
    }
    assert matches(segments["pilot"], a_person(), segments)
    assert not matches(segments["pilot"], a_person(department="Sales"), segments)


def test_the_manager_and_columns_of_ones_own_can_be_asked_for() -> None:
    person = a_person(manager_id="U0BOSS", attributes={"Shift": "Night"})
    assert matches(HasValue("manager", ("u0boss",)), person, {})
    assert matches(HasValue("attribute:shift", ("night",)), person, {})
    assert not matches(HasValue("attribute:shift", ("night",)), a_person(), {})


def test_a_rule_says_itself_in_words() -> None:
    rule = AllOf((SERVICE, NO_INTERNS))
    assert describe(rule, {}) == "works in Customer service; and is not intern or contractor"


def test_and_within_or_stands_in_brackets() -> None:
    rule = AnyOf((HasValue("place", ("Porto",)), AllOf((SERVICE, NO_INTERNS))))
    assert describe(rule, {}) == ("is based in Porto; or (works in Customer service; and is not intern or contractor)")


def test_a_segment_named_in_a_rule_is_spelled_out() -> None:
    rule = AllOf((InSegment("service"), HasValue("attribute:shift", ("night",))))
    assert describe(rule, {"service": SERVICE}) == (
        "is in segment service (works in Customer service); and has shift night"
    )
    assert segments_named(rule) == {"service"}


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_words_for_yes_and_for_no(field: str) -> None:
    rule = HasValue(field, ("X",))
    assert describe(rule, {}).endswith(" X")
    assert "not" in describe(Not(rule), {})


@pytest.mark.parametrize("kind", [PersonKind.BOT, PersonKind.DEACTIVATED, PersonKind.STRANGER, PersonKind.INVITED])
def test_who_takes_no_message_is_never_in_an_audience_even_when_named(kind: PersonKind) -> None:
    company = a_company(segments={"customer-service": AnyOf((SERVICE, HasValue("kind", (kind.value,))))})
    assert audience(a_playbook(), company, [a_person(kind=kind)]) == []


def test_guests_are_nudged_only_where_a_rule_names_them() -> None:
    guest = a_person(kind=PersonKind.GUEST)
    naming = AllOf((SERVICE, HasValue("kind", ("guest", "member"))))
    sparing = AllOf((SERVICE, Not(HasValue("kind", ("guest",)))))
    assert audience(a_playbook(), a_company(), [guest]) == []
    assert audience(a_playbook(), a_company(segments={"customer-service": naming}), [guest]) == [guest]
    assert audience(a_playbook(), a_company(segments={"customer-service": sparing}), [guest]) == []
    assert kinds_named(InSegment("x"), {"x": naming}) == {"guest", "member"}


def test_an_audience_is_a_union_and_the_first_segment_gives_the_win() -> None:
    company = a_company(
        segments={"sales": HasValue("department", ("Sales",)), "lisbon": HasValue("place", ("Lisbon",))}
    )
    playbook = a_playbook(audience=AudienceRule(segments=("sales", "lisbon")))
    both, second, none = (
        a_person("U1", department="Sales"),
        a_person("U2"),
        a_person("U3", place="Porto"),
    )
    assert audience(playbook, company, [both, second, none]) == [both, second]
    assert [first_segment(playbook, company, person) for person in (both, second, none)] == ["sales", "lisbon", ""]


def test_the_pilot_lies_inside_the_audience() -> None:
    company = a_company(segments={"customer-service": SERVICE, "pilot": HasValue("team", ("Billing Lisbon",))})
    rule = AudienceRule(segments=("customer-service",), pilot=Pilot(segment="pilot", answers=10, useful=0.6))
    playbook = a_playbook(audience=rule)
    assert in_pilot(playbook, company, a_person())
    assert not in_pilot(playbook, company, a_person(department="Sales"))


def test_without_a_team_the_direct_reports_of_a_manager_are_one() -> None:
    people = [a_person(f"U{n}", team="", manager_id="U0BOSS") for n in range(3)]
    boss = a_person("U0BOSS", team="", manager_id="U0CEO")
    teams = teams_of([*people, boss])
    assert team_of(people[0], teams) == teams["manager:U0BOSS"]
    assert teams["manager:U0BOSS"].member_ids == {"U0", "U1", "U2"}
    assert teams["manager:U0BOSS"].leader_ids == {"U0BOSS"}


def test_the_manager_of_a_named_team_leads_it_and_is_not_counted_in_it() -> None:
    people = [a_person(f"U{n}", team=" Billing lisbon" if n else "Billing Lisbon") for n in range(3)]
    boss = a_person("U0BOSS", manager_id="U0CEO")
    teams = teams_of([*people, boss])
    assert len(teams) == 1
    assert team_of(boss, teams) is None
    team = team_of(people[0], teams)
    assert team is not None
    assert team.member_ids == {"U0", "U1", "U2"}
    assert "U0BOSS" in team.leader_ids


def rules() -> st.SearchStrategy[Rule]:
    """Give any rule over departments, places and roles."""
    word = st.sampled_from(["Sales", "Lisbon", "intern", "agent", "Customer service"])
    leaf = st.builds(HasValue, st.sampled_from(FIELDS), st.tuples(word))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.lists(inner, max_size=3).map(lambda parts: AllOf(tuple(parts))),
            st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        ),
        max_leaves=8,
    )


@given(rules())
def test_a_rule_and_its_opposite_never_agree_and_every_rule_has_words(rule: Rule) -> None:
    person = a_person()
    assert matches(rule, person, {}) != matches(Not(rule), person, {})
    assert describe(rule, {})
