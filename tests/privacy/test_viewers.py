"""Who may look at what (P10): this module is the tests of viewers, drawn companies with managers among them."""

from random import Random

import pytest

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.barriers.flags import SENSITIVE
from nudges.domain.people.people import Person
from nudges.domain.people.teams import teams_of
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.viewers import Viewer
from tests.builders import a_person
from tests.soak import lucks, times

SENSITIVE_KIND, PLAIN_KIND = BarrierKind.MANAGER_DISCOURAGES, BarrierKind.NO_TIME
BILLING, SERVICE = Scope(ScopeType.TEAM, "Billing"), Scope(ScopeType.DEPARTMENT, "Service")


def a_team(name: str, size: int, *, lead: str, department: str = "Service") -> list[Person]:
    """Return the members of a team and who leads it."""
    members = [a_person(f"{name}{n}", team=name, department=department, manager_id=lead) for n in range(size)]
    return [*members, a_person(lead, team="", department=department, manager_id="U0HEAD")]


def company(other: int = 6, other_department: str = "Sales") -> list[Person]:
    """Return two teams, their leads, who leads these, and somebody who leads nobody."""
    head = a_person("U0HEAD", team="", department="Management", manager_id="")
    others = a_team("Sales", other, lead="U0LEAD2", department=other_department)
    return [*a_team("Billing", 7, lead="U0LEAD1"), *others, head, a_person("U0PRIYA", team="", manager_id="")]


def sees(viewer_id: str, people: list[Person], scope: Scope = BILLING, kind: str = SENSITIVE_KIND) -> bool:
    """Return whether this person may see it."""
    return Viewer(viewer_id, people, k=5).may_see(scope, kind)


def test_whoever_leads_the_team_never_sees_a_sensitive_kind_of_it() -> None:
    assert not sees("U0LEAD1", company())
    assert sees("U0LEAD1", company(), kind=PLAIN_KIND)
    assert sees("U0PRIYA", company())


@pytest.mark.parametrize(("other", "expected"), [(5, True), (4, False)])
def test_one_level_up_sees_it_only_who_leads_another_large_team(other: int, expected: bool) -> None:
    assert sees("U0HEAD", company(other)) is expected


def test_whoever_leads_the_whole_department_does_not_see_what_is_said_there() -> None:
    everything_is_service = company(other_department="Service")
    assert not sees("U0HEAD", everything_is_service, SERVICE)
    assert sees("U0HEAD", company(), SERVICE)
    assert not sees("U0LEAD1", company(), SERVICE)


def test_with_one_other_member_left_nobody_of_a_team_sees_anything_of_it() -> None:
    people = [*a_team("Billing", 2, lead="U0LEAD1"), *a_team("Sales", 9, lead="U0LEAD2")]
    assert not sees("Billing0", people, kind=PLAIN_KIND)
    assert sees("U0PRIYA", people, kind=PLAIN_KIND)


def test_a_circle_in_the_people_file_ends() -> None:
    people = [a_person("U0A", manager_id="U0B", team="T"), a_person("U0B", manager_id="U0A", team="T")]
    assert sees("U0A", people, Scope(ScopeType.TEAM, "T"), PLAIN_KIND)


def drawn(seed: int) -> list[Person]:
    """Return a tree of people: each is led by somebody who came before."""
    rng = Random(seed)
    people = [a_person("U0", team="", manager_id="", department="d0", place="p0")]
    for number in range(1, rng.randint(8, 60)):
        lead = people[min(rng.randrange(len(people)), rng.randint(0, 6))].person_id
        team = rng.choice(["", f"t{lead}"])
        people.append(
            a_person(f"U{number}", team=team, manager_id=lead, department=f"d{rng.randint(0, 2)}", place="p0")
        )
    return people


def test_p10_nobody_who_leads_a_team_of_a_group_sees_a_sensitive_kind_of_it() -> None:
    for seed in lucks(times(200, 10_000)):
        people = drawn(seed)
        rng, teams = Random(seed), teams_of(people)
        name, team = rng.choice(sorted(teams.items()))
        viewer_id, kind = rng.choice(people).person_id, rng.choice(list(BarrierKind))
        scope = Scope(ScopeType.TEAM, team.name)
        may = Viewer(viewer_id, people, k=5).may_see(scope, kind)
        if kind in SENSITIVE and viewer_id in team.leader_ids:
            assert not may, (seed, name)
        if may and kind in SENSITIVE and leads(viewer_id, team.member_ids, people):
            below = {one.person_id for one in people if leads(viewer_id, frozenset({one.person_id}), people)}
            assert sum(len(one.member_ids & below) >= 5 for one in teams.values()) >= 2, (seed, name)
        if not may and kind not in SENSITIVE:
            assert viewer_id in team.member_ids
            assert len(team.member_ids) <= 2


def leads(viewer_id: str, members: frozenset[str], people: list[Person]) -> bool:
    """Return whether somebody leads one of these, however far up."""
    managers = {one.person_id: one.manager_id for one in people}
    for member in members:
        above = managers.get(member, "")
        while above:
            if above == viewer_id:
                return True
            above = managers.get(above, "")
    return False
