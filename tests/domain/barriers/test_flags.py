"""Flags, their owners and remedies: this module is the tests of who hears and what is to be done."""

from datetime import date, timedelta

from nudges.domain.barriers.barriers import Grade, Proposal, Scope, ScopeType
from nudges.domain.barriers.flags import (
    leaders_of,
    may_see,
    owner_of,
    plan_flag,
    remedies_for,
)
from nudges.domain.playbooks.company import BarrierPlan
from nudges.domain.playbooks.playbook import BarrierKind, Remedy
from tests.builders import a_company, a_person, a_playbook

MANAGER = BarrierKind.MANAGER_DISCOURAGES
TEAM = Scope(ScopeType.TEAM, "Billing Lisbon")
OURS = Remedy(do="Ask Dana to post her own question", within=timedelta(days=7))
THEIRS = Remedy(do="Send the managers' kit", by="U0LEE")
COMPANY = a_company(barriers=BarrierPlan(owner="U0HR", remedies={MANAGER: (THEIRS,)}))
PLAYBOOK = a_playbook(remedies={MANAGER: (OURS,)})


def a_proposal(scope: Scope = TEAM, kind: BarrierKind = MANAGER) -> Proposal:
    """Return a confirmed proposal of the smallest band."""
    return Proposal(scope, kind, Grade.CONFIRMED, "5-9")


def test_the_playbooks_remedy_serves_when_all_evidence_comes_from_it() -> None:
    assert remedies_for(MANAGER, PLAYBOOK, COMPANY) == (OURS,)
    assert remedies_for(MANAGER, None, COMPANY) == (THEIRS,)
    assert remedies_for(MANAGER, a_playbook(), COMPANY) == (THEIRS,)
    assert remedies_for(BarrierKind.NO_TIME, PLAYBOOK, COMPANY) == ()


def test_a_flag_has_an_owner_and_steps_with_their_days() -> None:
    plan = plan_flag(
        a_proposal(),
        playbook=PLAYBOOK,
        company=COMPANY,
        admin_ids=["U0AMIR"],
        leader_ids=frozenset({"U0BOSS"}),
        opened_on=date(2027, 2, 8),
    )
    assert plan.owner_id == "U0PRIYA"
    assert [(step.do, step.by_id, step.due_on) for step in plan.steps] == [
        ("Ask Dana to post her own question", "U0PRIYA", date(2027, 2, 15))
    ]


def test_whoever_leads_the_scope_neither_owns_the_flag_nor_does_its_steps() -> None:
    plan = plan_flag(
        a_proposal(),
        playbook=None,
        company=COMPANY,
        admin_ids=["U0LEE", "U0AMIR"],
        leader_ids=frozenset({"U0HR", "U0LEE"}),
        opened_on=date(2027, 2, 8),
    )
    assert plan.owner_id == "U0AMIR"
    assert [step.by_id for step in plan.steps] == ["U0AMIR"]


def test_where_everybody_leads_the_scope_nobody_owns_the_flag() -> None:
    assert owner_of("U0HR", ["U0AMIR"], frozenset({"U0HR", "U0AMIR"})) == ""
    assert owner_of("", ["U0AMIR"], frozenset()) == "U0AMIR"


def test_leaders_are_the_managers_of_a_scope_and_those_above_them() -> None:
    people = [
        *(a_person(f"U{n}", manager_id="U0BOSS") for n in range(7)),
        a_person("U0BOSS", manager_id="U0VP", team="Leads"),
        a_person("U0VP", manager_id="U0CEO", team="Leads", department="Service"),
        a_person("U0CEO", manager_id="U0VP", team="", department="", place=""),  # a circle in the file
        a_person("U0PRIYA", manager_id="U0CMO", team="Comms", department="Comms", place="Porto"),
    ]
    assert leaders_of(TEAM, people) == {"U0BOSS", "U0VP", "U0CEO"}
    assert leaders_of(Scope(ScopeType.DEPARTMENT, "customer service"), people) == {"U0BOSS", "U0VP", "U0CEO"}
    assert leaders_of(Scope(ScopeType.PLACE, "Porto"), people) == {"U0CMO"}


def test_a_team_without_a_name_is_led_by_its_manager() -> None:
    people = [a_person(f"U{n}", team="", manager_id="U0BOSS") for n in range(7)]
    assert leaders_of(Scope(ScopeType.TEAM, "manager:U0BOSS"), people) == {"U0BOSS"}


def test_a_leader_never_sees_a_sensitive_kind_of_what_they_lead() -> None:
    leaders = frozenset({"U0BOSS"})
    assert not may_see("U0BOSS", MANAGER, leaders)
    assert may_see("U0BOSS", BarrierKind.NO_TIME, leaders)
    assert may_see("U0AMIR", MANAGER, leaders)
