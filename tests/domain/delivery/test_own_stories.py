"""Whose story it is, and which words open a message: this module tests both on made-up people."""

import pytest

from nudges.domain.delivery.messages import compose
from nudges.domain.delivery.own_stories import is_own_story
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import OtherWin, PersonalWin, Story
from tests.builders import a_person, a_playbook, a_story, a_tip

MAYA = {"first_name": "Maya", "department": "Customer service", "place": "Lisbon", "team": "Billing Lisbon"}


def told_by(name: str, team: str | None) -> Story:
    return a_story(by={"name": name, "team": team})


@pytest.mark.parametrize("team", ["Customer service Lisbon", "Billing Lisbon", "customer service"])
@pytest.mark.parametrize("name", ["Maya", "Maya Fernandes", "MAYA"])
def test_a_story_is_its_tellers_own_by_name_and_team(name: str, team: str) -> None:
    assert is_own_story(told_by(name, team), a_person(**MAYA))


@pytest.mark.parametrize(
    ("name", "team"), [("Maya", "Customer service Berlin"), ("Arjun", "Billing Lisbon"), ("Maya", None)]
)
def test_a_story_of_another_team_or_colleague_or_of_nobody_known_is_for_all(name: str, team: str | None) -> None:
    assert not is_own_story(told_by(name, team), a_person(**MAYA))


def test_no_two_messages_in_a_row_open_with_the_same_words() -> None:
    win = PersonalWin(kind="easier_day", text="One", also=(OtherWin(text="Two", translations={"de": "Zwei"}),))
    playbook = a_playbook(nudges=[a_tip(key=key) for key in ("a", "b", "c")], personal_wins={"everybody": win})
    person = a_person(language="de")

    def opening(key: str) -> str:
        nudge = playbook.nudge(key)
        assert nudge is not None
        return compose(
            delivery_id="d",
            playbook=playbook,
            nudge=nudge,
            person=person,
            company=Company(),
            segment="everybody",
            is_first=False,
        ).win

    assert [opening(key) for key in ("a", "b", "c")] == ["One", "Zwei", "One"]
