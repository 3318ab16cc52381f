"""Who does a similar job: this module is the tests of the rule by which a story finds its readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.segments import matches
from nudges.domain.stories.peers import Job, blurred, job_of, peers_rule, similar, title_family
from tests.builders import a_person

AGENT = Job("Customer service", "agent", "Billing agent", "Billing Lisbon", "U0BOSS")
K = 5


def a_peer(person_id: str = "U0BERLIN", **values: str) -> Person:
    return a_person(person_id, **({"team": "Billing Berlin", "title": "Billing agent"} | values))


def some(count: int, **values: str) -> list[Person]:
    return [a_peer(f"U0P{number}", **values) for number in range(count)]


@pytest.mark.parametrize(
    ("values", "is_similar"),
    [
        ({}, True),
        ({"team": " billing LISBON "}, False),
        ({"role": "clerk", "title": "Senior Billing Agent II"}, True),
        ({"role": "clerk", "title": "Accountant"}, False),
        ({"department": "Sales"}, False),
    ],
)
def test_similar_is_the_same_work_in_the_same_department_and_another_team(
    values: dict[str, str], is_similar: bool
) -> None:
    person = a_peer(**values)
    assert similar(person, AGENT, {person.title}) is is_similar


def test_whoever_slack_takes_no_message_for_is_no_peer() -> None:
    assert not similar(a_peer(kind=PersonKind.DEACTIVATED), AGENT, {"Billing agent"})  # type: ignore[arg-type]  # no text


@pytest.mark.parametrize(
    ("title", "family"), [("Sr. Billing Agent II", "billing agent"), ("Lead agent", "lead agent"), ("Senior", "")]
)
def test_a_title_without_its_seniority_is_its_family(title: str, family: str) -> None:
    assert title_family(title) == family


def test_the_closest_rule_that_holds_enough_people_is_taken() -> None:
    near, elsewhere, other_work = some(5), some(5, department="Sales"), some(5, role="clerk", title="Clerk")
    closest = peers_rule(AGENT, near + elsewhere, K)
    assert closest is not None
    assert {matches(closest, one, {}) for one in near} == {True}
    assert {matches(closest, one, {}) for one in elsewhere} == {False}
    wider = peers_rule(AGENT, near[:4] + elsewhere, K)
    assert wider is not None
    assert {matches(wider, one, {}) for one in elsewhere} == {True}
    widest = peers_rule(AGENT, near[:2] + other_work, K)
    assert widest is not None
    assert {matches(widest, one, {}) for one in other_work} == {True}
    assert peers_rule(AGENT, some(4), K) is None


def test_without_a_team_the_reports_of_the_same_manager_are_the_own_team() -> None:
    job = Job("Customer service", "agent", "", "", "U0BOSS")
    assert not similar(a_peer(manager_id="U0BOSS"), job, ())
    assert similar(a_peer(manager_id="U0DIETER"), job, ())


def test_an_author_of_whom_nothing_is_known_has_no_peers() -> None:
    assert peers_rule(Job(), some(50), K) is None


@given(
    people=st.lists(st.tuples(*(st.sampled_from("ab") for _ in range(4))), min_size=1, max_size=30),
    k=st.integers(5, 8),
)
def test_what_is_kept_of_a_job_without_a_name_is_shared_by_k_people(people: list[tuple[str, ...]], k: int) -> None:
    everybody = [
        a_peer(f"U0P{number}", department=department, role=role, title=title, team=team)
        for number, (department, role, title, team) in enumerate(people)
    ]
    kept = blurred(job_of(everybody[0]), everybody, k)
    told = {name: value for name, value in kept.__dict__.items() if value}
    assert kept.manager_id == ""
    assert not told or sum(all(getattr(one, name) == value for name, value in told.items()) for one in everybody) >= k
