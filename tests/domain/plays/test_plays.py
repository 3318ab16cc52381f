"""Plays: this module is the tests of those that are shipped, of a company's own, and of whom a play writes to."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from nudges.domain.barriers.barriers import Grade, Scope, ScopeType
from nudges.domain.barriers.flag_kinds import FlagKind
from nudges.domain.checks.findings import Code
from nudges.domain.files.loading import load_company, load_playbook, load_plays
from nudges.domain.people.people import Person
from nudges.domain.people.segments import matches
from nudges.domain.playbooks.playbook import Remedy
from nudges.domain.plays.choosing import OWN, choices, steps_of
from nudges.domain.plays.models import NO_PLAYS, Receivers, Sends
from nudges.domain.plays.sending import carrier, readers_rule
from nudges.domain.plays.shipped import shipped_plays, shipped_text
from tests.builders import a_person

OURS = shipped_plays()
OWN_FILE = """
plays:
  no_time:
    confirmed:
      - play: free-fridays
        title: Fridays without meetings
        steps: [{do: Talk with the managers, within: 7d}]
        measure: Answers for each nudge.
"""
SCOPE = Scope(ScopeType.TEAM, "Billing Lisbon")


def keys(kind: FlagKind, grade: Grade, own: str = "", remedies: tuple[Remedy, ...] = ()) -> list[str]:
    plays = load_plays(own, file="plays.yaml").value or NO_PLAYS if own else NO_PLAYS
    return [one.key for one in choices(kind, grade, remedies=remedies, own=plays, ours=OURS)]


def test_the_shipped_file_has_no_faults_and_early_and_confirmed_plays_for_every_kind() -> None:
    assert load_plays(shipped_text(), file="plays.yaml").findings == ()
    assert all(OURS.of(kind, grade) for kind in FlagKind for grade in Grade)


def test_a_companys_play_stands_in_the_place_of_ours_for_its_kind_and_grade_alone() -> None:
    assert keys(FlagKind.NO_TIME, Grade.CONFIRMED, OWN_FILE) == ["free-fridays", "fewer-and-shorter"]
    assert keys(FlagKind.NO_TIME, Grade.EARLY, OWN_FILE) == ["fewer-and-shorter"]
    assert keys(FlagKind.LACKS_SKILL, Grade.EARLY, OWN_FILE) == ["thirty-seconds"]


def test_while_a_flag_is_early_only_what_hurts_nobody_is_offered() -> None:
    remedies = (Remedy(do="Talk with her"),)
    assert keys(FlagKind.MANAGER_DISCOURAGES, Grade.EARLY, remedies=remedies) == ["kit-for-all-managers"]
    assert keys(FlagKind.MANAGER_DISCOURAGES, Grade.CONFIRMED, remedies=remedies)[0] == OWN


def test_a_step_has_its_day_and_goes_to_nobody_who_may_not_see_the_flag() -> None:
    steps = (Remedy(do="One", by="U0LEE", within=timedelta(days=3)), Remedy(do="Two", by="U0BOSS"))
    made = steps_of(steps, owner_id="U0PRIYA", barred=frozenset({"U0BOSS"}), started_on=date(2027, 2, 1))
    assert [(one.by_id, one.due_on) for one in made] == [
        ("U0LEE", date(2027, 2, 4)), ("U0PRIYA", date(2027, 2, 15)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("no_time:", "notime:", Code.UNKNOWN_WORD),
        ("confirmed:", "sure:", Code.UNKNOWN_KEY),
        ("        measure: Answers for each nudge.\n", "", Code.MISSING_KEY),
        ("within: 7d", "within: soon", None),
        ("[{do: Talk with the managers, within: 7d}]", "[]", None),
    ],
)
def test_a_fault_has_its_place_and_a_fix(old: str, new: str, code: Code | None) -> None:
    loaded = load_plays(OWN_FILE.replace(old, new), file="plays.yaml")
    assert loaded.value is None
    finding = loaded.findings[0]
    assert code is None or finding.code == code
    assert finding.place.startswith("plays.yaml:")
    assert finding.fix


def test_two_plays_of_one_name_are_told() -> None:
    twice = OWN_FILE + OWN_FILE.split("confirmed:\n")[1].replace("Fridays", "Mondays")
    (finding,) = load_plays(twice, file="plays.yaml").findings
    assert (finding.code, "free-fridays" in finding.sentence) == (Code.DUPLICATE_KEY, True)


def people() -> list[Person]:
    """Return two departments of two teams each; each team of six has a manager of role manager."""
    found = []
    for department in ("Service", "Sales"):
        for team in ("Lisbon", "Porto"):
            lead = f"U0{department}{team}".upper()
            name = "Billing Lisbon" if (department, team) == ("Service", "Lisbon") else f"{department} {team}"
            found.append(a_person(lead, department=department, role="manager", team="", manager_id="U0TOP"))
            found += [
                a_person(f"{lead}{n}", department=department, role="agent", team=name, manager_id=lead)
                for n in range(6)
            ]
    return [*found, a_person("U0TOP", department="Board", role="executive", team="", manager_id="")]


def test_everybody_is_the_whole_department_of_the_team_so_that_the_team_is_not_singled_out() -> None:
    rule = readers_rule(Receivers.EVERYBODY, SCOPE, people(), 5)
    assert rule is not None
    assert {one.department for one in people() if matches(rule, one, {})} == {"Service"}


def test_managers_are_reached_only_many_together_and_where_roles_tell_who_they_are() -> None:
    rule = readers_rule(Receivers.MANAGERS, SCOPE, people(), 5)
    assert rule is not None
    got = [one for one in people() if matches(rule, one, {})]
    assert {one.role for one in got} == {"manager", "executive"}
    assert {"Service", "Sales"} < {one.department for one in got}, "two of one department would be too few"
    unknown = [replace(one, role="", title="") for one in people()]
    assert readers_rule(Receivers.MANAGERS, SCOPE, unknown, 5) is None


@pytest.mark.parametrize("sends", [play.sends for both in OURS.plays.values() for play in both.early if play.sends])
def test_what_a_shipped_play_sends_is_a_playbook_without_faults(sends: Sends) -> None:
    rule = readers_rule(Receivers.EVERYBODY, SCOPE, people(), 5)
    assert rule is not None
    made = carrier(sends, rule, number=1, owner_id="U0PRIYA", tool="-", starts_on=date(2027, 2, 2))
    company = load_company(made.company_text, file="company.yaml").value
    assert company is not None
    loaded = load_playbook(made.text, file="note", company=company)
    assert loaded.value is not None
    assert loaded.value.languages == ("de", "es")
    told = loaded.value.nudges[0].translations
    for language, words in sends.translations.items():
        assert told[language].text == f"*{words.title}*\n{words.text}"
        assert words.text != sends.text
