"""Who lives in the demo, and what was planted: this module tests the cast against the company it plays in."""

import csv
import io
import random
from datetime import datetime, timedelta

from bot.blocks.actions import ActionId
from bot.cli.demo import MONDAY, ZONE
from bot.demo.cast import COLLEAGUES, demo_cast
from bot.demo.habits import reactions
from bot.demo.hand import Act
from bot.demo.screen import Control
from bot.demo.troubles import Troubles
from bot.sandbox.company import demo_company
from bot.sandbox.records import Posted
from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_kinds import FlagKind
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.plays.shipped import shipped_plays

BEGINS = datetime.combine(MONDAY, datetime.min.time(), ZONE)
COMPANY = demo_company()
PEOPLE = list(csv.DictReader(io.StringIO(COMPANY.people_csv)))
QUIZ = [
    Control("b", f"{ActionId.ANSWER_QUIZ}.0", {"value": "d:one"}),
    Control("b", str(ActionId.MARK_USEFUL), {}),
    Control("b", str(ActionId.MORE), {}),
]


def the_troubles(seed: int = 7) -> Troubles:
    return Troubles(demo_cast().troubles, PEOPLE, begins=BEGINS, seed=seed)


def posted(person: str, text: str, day: int) -> Posted:
    return Posted("d", "D1", person, "1.0", (BEGINS + timedelta(days=day)).timestamp(), text)


def test_the_six_are_six_people_of_the_company_with_habits_of_their_own() -> None:
    personas = demo_cast().personas
    known = {row["slack_id"] for row in PEOPLE}
    assert len(personas) == len({one.id for one in personas} & known) == 6
    assert len({one.nature for one in personas}) == len({one.habit for one in personas}) == 6


def test_a_team_an_office_and_a_department_of_enough_people_have_something_in_their_way() -> None:
    sizes = {one.kind: sum(one.is_about(row) for row in PEOPLE) for one in demo_cast().troubles}
    assert sizes["manager_discourages"] >= 15
    assert sizes["access_or_it_problem"] >= 40
    assert sizes["not_comfortable_sharing"] >= 20
    assert set(sizes) <= {kind.value for kind in BarrierKind}


def test_the_same_seed_plants_the_same_words_and_another_seed_others() -> None:
    assert the_troubles().tellings == the_troubles().tellings
    assert the_troubles(8).tellings != the_troubles().tellings


def test_too_few_speak_before_the_fourth_week_to_be_seen() -> None:
    until = (BEGINS + timedelta(weeks=3)).timestamp()
    early = [one for one in the_troubles().tellings if one.at < until and one.kind == "manager_discourages"]
    assert 1 <= len(early) < 5


def test_a_group_dares_less_until_a_week_after_the_note_to_its_leader() -> None:
    troubles = the_troubles()
    trouble = next(one for one in demo_cast().troubles if one.kind == "manager_discourages")
    member = next(row for row in PEOPLE if trouble.is_about(row))
    note = shipped_plays().of(FlagKind.MANAGER_DISCOURAGES, Grade.EARLY)[0].sends
    assert note is not None
    troubles.hear(posted(member["manager"], f"Something. {note.title} More.", day=30))
    assert troubles.hush(member["slack_id"], BEGINS.timestamp() + 36 * 86_400) == trouble.hush
    assert troubles.hush(member["slack_id"], BEGINS.timestamp() + 38 * 86_400) == 1.0


def test_an_ordinary_nudge_to_the_leader_cures_nothing() -> None:
    troubles = the_troubles()
    trouble = next(one for one in demo_cast().troubles if one.kind == "manager_discourages")
    member = next(row for row in PEOPLE if trouble.is_about(row))
    troubles.hear(posted(member["manager"], "Half of the questions are answered within six minutes.", day=30))
    assert troubles.hush(member["slack_id"], BEGINS.timestamp() + 60 * 86_400) == trouble.hush


def test_whoever_is_hushed_does_less_and_nobody_reacts_to_what_is_no_nudge() -> None:
    habit = COLLEAGUES["keen"]
    open_ = sum(bool(reactions(habit, QUIZ, random.Random(seed))) for seed in range(200))
    hushed = sum(bool(reactions(habit, QUIZ, random.Random(seed), hush=0.25)) for seed in range(200))
    assert hushed < open_ / 2
    assert reactions(habit, QUIZ[:2], random.Random(1)) == []


def test_one_of_a_crowd_does_one_thing_and_rather_answers() -> None:
    found = [reactions(COLLEAGUES["keen"], QUIZ, random.Random(seed), is_brief=True) for seed in range(100)]
    assert max(map(len, found)) == 1
    assert sum(one[0].act is Act.ANSWER for one in found if one) > 70
