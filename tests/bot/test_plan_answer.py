"""A plan as people see it: this module tests its lines, its JSON and the answer in Slack."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.blocks.answers_plan import plan_answer
from bot.cli.plan_json import change_json, plan_json
from bot.cli.plan_person_text import change_lines, person_lines
from bot.cli.plan_text import plan_lines
from nudges.services.authoring.plan_ahead import Question, plan_ahead, plan_person
from nudges.services.authoring.plan_diff import plan_changes
from tests.bot.limits import faults
from tests.bot.office import AUTHOR, Office
from tests.bot.test_listeners_commands import answered
from tests.services.house import ANA, COMPANY, FRIDAY, House, a_text, furnish, visit

NAME = "find-an-expert"
TEXT = a_text(first='{week: 1, day: tue, at: "10:00"}', second='{week: 1, day: tue, at: "15:00"}')


@pytest.fixture(scope="module")
def furnished_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan") / "furnished"
    furnish(folder)
    return folder


@pytest.fixture
def house(furnished_house: Path, tmp_path: Path) -> Iterator[House]:
    with visit(furnished_house, tmp_path / "house", FRIDAY) as opened:
        opened.write(TEXT, NAME)
        yield opened


def test_the_five_lines_an_author_needs_come_first(house: House) -> None:
    shown = [line.plain for line in plan_lines(plan_ahead(house.core, Question(NAME), AUTHOR))]
    assert shown[0].startswith("Find an expert before you escalate (find-an-expert), Mon 11 Jan 2027")
    assert shown[1] == "  21 people, 2 nudges: 21 messages in the 8 weeks looked at"
    assert shown[2] == "  every nudge goes out inside its window, at 1 a second"
    assert shown[3] == "  slots wanted twice: 21 lost, 0 moved to a later day"
    assert shown[4] == "  at most 1 a week for anybody, all campaigns together; the first message ever for 21"
    details = "\n".join(shown[5:])
    assert "Tue 12 Jan 10:00 in Europe/Lisbon 9, Europe/Berlin 8" in details
    assert "not: 21 daily limit" in details
    assert "second gives way to first: 21 lose it" in details


def test_a_persons_lines_name_the_zone_and_what_took_the_slot(house: House) -> None:
    story = plan_person(house.core, Question(NAME), ANA, AUTHOR)
    shown = [" ".join(line.plain.split()) for line in person_lines(story)]
    assert shown[0] == "U0ANA: customer-service; all times in Europe/Lisbon"
    assert "Tue 12 Jan 10:00 find-an-expert/first sent" in shown
    assert shown[-1].endswith("not sent: daily limit (slots taken by find-an-expert/first)")


def test_json_tells_every_decision_with_wall_time_and_instant(house: House) -> None:
    told = json.loads(json.dumps(plan_json(plan_ahead(house.core, Question(NAME), AUTHOR)), default=str))
    (mine,) = [one for one in told["decisions"] if (one["person"], one["nudge"]) == ("U0NEWYORK", "first")]
    assert mine["outcome"] == "sent"
    assert mine["planned_local"] == "2027-01-12T10:00"
    assert mine["sent_local"].startswith("2027-01-12T10:00:")
    assert mine["sent_at"].startswith("2027-01-12T15:00:")
    assert len(told["decisions"]) == 42


def test_a_private_plan_names_nobody(house: House) -> None:
    rule = "  keen: {all: [{segment: customer-service}, {not: {answered: other/other-tip}}]}\n"
    house.write(a_text("other", other_tip='{week: 1, day: tue, at: "10:00"}'), "other")
    house.write(COMPANY + rule, "company")
    house.write(a_text(segments="keen"), NAME)
    plan = plan_ahead(house.core, Question(NAME), AUTHOR)
    told = json.dumps(plan_json(plan), default=str) + "\n".join(line.plain for line in plan_lines(plan))
    assert "20-49" in told
    assert "U0" not in told
    assert not {"21", "9"} & set(told.split())


def test_what_an_edit_changes_is_said_in_people_and_nudges(house: House) -> None:
    house.run(TEXT)
    house.write(a_text(first='{week: 1, day: wed, at: "10:00"}'), NAME)
    changes = plan_changes(house.core, Question(NAME), AUTHOR)
    shown = "\n".join(" ".join(line.plain.split()) for line in change_lines(changes))
    assert "find-an-expert (version 1) has waiting edits" in shown
    assert "+0 people, 0 leave; 0 get a nudge more, 0 lose one" in shown
    assert "first moves from week 1, Tuesday at 10:00 to week 1, Wednesday at 10:00, 21 on another day" in shown
    assert "second taken out (was week 1, Tuesday at 15:00)" in shown
    assert change_json(changes[0])["nudges"][0]["moved"] == 21


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_answer_in_slack_keeps_to_slacks_limits_however_much_there_is(house: House, language: str) -> None:
    tips = {f"tip_{number}": f'{{week: {number}, day: tue, at: "10:00"}}' for number in range(1, 41)}
    house.write(a_text(**tips), NAME)
    plan = plan_ahead(house.core, Question(NAME), AUTHOR)
    said = plan_answer(plan, (), language)
    assert faults("message", {"text": said.text, "blocks": [block.to_dict() for block in said.blocks]}) == []


def test_authors_ask_in_slack_and_see_a_running_campaign_first(office: Office) -> None:
    said = answered(office, AUTHOR, f"plan {NAME}")
    assert "Plan of" in said["text"]
    assert "runs already, on the file as it is" in said["text"]
