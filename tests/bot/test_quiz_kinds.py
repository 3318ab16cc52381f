"""Quizzes with several parts in Slack: what is ticked, put in order or answered twice, and what the person reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.blocks.messages import fallback_text, message_blocks
from nudges.services.answers import record_response
from nudges.services.own.glass_box import my_data
from tests.bot import office as offices
from tests.bot.limits import faults
from tests.bot.office import ANA, BEN, Office, blocks_text

QUIZZES = """
  - quiz: what-helps
    when: {week: 1, day: mon, at: "10:00"}
    question: What helps in time?
    pick: all
    how_sure: yes
    choices:
      - {key: line, text: One line, right: true, reply: Many read it.}
      - {key: mail, text: A mail, reply: It comes tomorrow.}
      - {key: search, text: A search, right: true, reply: Somebody asked before.}
    because: Both are read by many at once.
  - quiz: in-order
    when: {week: 1, day: mon, at: "10:00"}
    question: In which order?
    pick: in_order
    choices:
      - {key: sees, text: What she sees, reply: Whose it is.}
      - {key: tried, text: What you tried, reply: Nobody says it twice.}
      - {key: need, text: What you need, reply: What they act on.}
  - quiz: scenario
    when: {week: 1, day: mon, at: "10:00"}
    question: What first?
    choices:
      - {key: ask, text: Ask, right: true, reply: Good.}
      - {key: wait, text: Wait, reply: She waits too., leads_to: later}
    scenes:
      later:
        text: It is Thursday, {first_name}.
        question: What now?
        choices:
          - {key: call, text: Call, reply: Perhaps.}
          - {key: write, text: Write, right: true, reply: She has it when she lands.}
    because: An answer during the call saves a second one.
"""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quizzes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offices, "PLAYBOOK", offices.PLAYBOOK.replace("\nremedies:", f"{QUIZZES}remedies:"))
        offices.furnish(folder)
    return folder


def shown(office: Office, delivery_id: str, person_id: str = ANA) -> Any:
    return record_response.message_state(office.core, person_id, delivery_id).message


def picks(**chosen: str | list[str]) -> Mapping[str, Any]:
    """Return `state.values` as Slack sends them: a list for boxes, a key for a menu or a circle."""
    found = {}
    for name, value in chosen.items():
        action_id = f"pick.{name.removeprefix('p')}"
        if isinstance(value, list):
            options = [{"value": one} for one in value]
            found[name] = {action_id: {"type": "checkboxes", "selected_options": options}}
        else:
            found[name] = {action_id: {"type": "static_select", "selected_option": {"value": value}}}
    return {"values": found}


def test_a_tick_alone_changes_nothing(office: Office) -> None:
    quiz = office.delivery("what-helps")
    assert office.click(ANA, "pick.all", "", state=picks(all=["line"])).status == 200
    assert shown(office, quiz).answer is None
    assert office.posts == []


def test_several_right_are_right_together_and_each_part_is_told(office: Office) -> None:
    quiz = office.delivery("what-helps")
    office.click(ANA, "check_answer", quiz, state=picks(all=["mail", "line"], sure="think_so"))
    answer = shown(office, quiz).answer
    told = blocks_text(office.posted()[0]["blocks"])
    assert (answer.text, answer.is_right) == ("One line, A mail", False)
    assert "You have 1 of 2" in told
    assert all(part in told for part in ("you found it", "A search* belongs here too", "A mail* is better left out"))
    assert "*Why:* Both are read by many at once." in told
    assert "check_answer" not in told
    stored = my_data(office.core, ANA)["responses"][0]
    assert (stored["value"], stored["how_sure"]) == ("line+mail", "think_so")


def test_nothing_ticked_is_asked_for_kindly_and_not_stored(office: Office) -> None:
    quiz = office.delivery("what-helps")
    office.click(ANA, "check_answer", quiz)
    assert "Tick one or more" in office.posted()[0]["text"]
    assert shown(office, quiz).answer is None


def test_an_order_counts_when_every_step_has_its_place(office: Office) -> None:
    quiz = office.delivery("in-order")
    office.click(ANA, "check_answer", quiz)
    office.click(ANA, "check_answer", quiz, state=picks(p0="sees", p1="sees", p2="need"))
    assert all("Each place needs a step" in post["text"] for post in office.posted(2))
    office.click(ANA, "check_answer", quiz, state=picks(p0="sees", p1="need", p2="tried"))
    told = blocks_text(office.posted(3)[2]["blocks"])
    assert "1 of 3 steps in their place" in told
    assert told.index("1. What she sees* ✓") < told.index("2. What you tried*") < told.index("3. What you need*")


def test_an_order_is_never_shown_as_it_belongs(office: Office) -> None:
    fresh = [shown(office, office.delivery("in-order", who), who) for who in (ANA, BEN)]
    assert all([line.key for line in one.choices] != ["sees", "tried", "need"] for one in fresh)
    assert shown(office, office.delivery("in-order")).choices == fresh[0].choices


def test_the_first_answer_stands_and_a_late_check_shows_it(office: Office) -> None:
    quiz = office.delivery("what-helps")
    office.click(ANA, "check_answer", quiz, state=picks(all=["line", "search"]))
    office.click(ANA, "check_answer", quiz, state=picks(all=["mail"]))
    office.click(ANA, "check_answer", quiz)
    assert shown(office, quiz).answer.is_right
    assert all("All of them, and nothing else" in blocks_text(post["blocks"]) for post in office.posted(3))


def test_a_scene_follows_the_answer_that_leads_to_it(office: Office) -> None:
    quiz = office.delivery("scenario")
    office.click(ANA, "answer_quiz.1", f"{quiz}:wait")
    asked = blocks_text(office.posted()[0]["blocks"])
    assert "It is Thursday, Ana." in asked
    assert "*Why:*" not in asked
    assert "best answer" not in asked, "it would give away what is asked next"
    office.click(ANA, "answer_scene.1", f"{quiz}:write")
    told = blocks_text(office.posted(2)[1]["blocks"])
    assert "She has it when she lands." in told
    assert "*Why:* An answer during the call" in told
    assert shown(office, quiz).answer.is_right is False


def test_a_scene_that_was_not_reached_takes_no_answer(office: Office) -> None:
    quiz = office.delivery("scenario")
    office.click(ANA, "answer_quiz.0", f"{quiz}:ask")
    office.click(ANA, "answer_scene.1", f"{quiz}:write")
    assert shown(office, quiz).quiz.scene is None
    assert [one["what"] for one in my_data(office.core, ANA)["responses"]] == ["answer"]


def test_somebody_elses_quiz_takes_no_ticks(office: Office) -> None:
    quiz = office.delivery("what-helps")
    office.click(BEN, "check_answer", quiz, state=picks(all=["line"]))
    assert shown(office, quiz).answer is None


@pytest.mark.parametrize("nudge", ["what-helps", "in-order", "scenario"])
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_each_kind_keeps_slacks_limits_and_says_itself_aloud(office: Office, nudge: str, language: str) -> None:
    quiz = office.delivery(nudge)
    for answer in ("", "line+mail", "tried>sees>need", "wait"):
        if answer:
            record_response.record_answer(office.core, ANA, quiz, answer)
        message = record_response.message_state(office.core, ANA, quiz, language).message
        assert message is not None
        said = fallback_text(message)
        assert faults("message", {"text": said, "blocks": [block.to_dict() for block in message_blocks(message)]}) == []
        assert all(choice.text in said for choice in message.choices) or message.answer is not None
