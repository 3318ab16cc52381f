"""Asking back in Slack: this module is the tests of the question, its three buttons, and of taking a report back."""

import re
from typing import Any

import pytest

from bot.blocks.actions import ActionId
from nudges.domain.barriers.evidence import AskAnswer
from nudges.services.own.glass_box import my_data
from tests.bot.office import ANA, BEN, RESPONSE_URL, Office, blocks_text

BOSS_WORDS = "My boss hates it when we post there"
KIND = "People above me would rather I didn"
TIP = "ask-before-you-search"


def form(kind: str = "", words: str = "") -> dict[str, Any]:
    values: dict[str, Any] = {"barrier_words": {"barrier_words": {"type": "plain_text_input", "value": words}}}
    if kind:
        values["barrier_kind"] = {"barrier_kind": {"type": "radio_buttons", "selected_option": {"value": kind}}}
    return values


def ask_in(shown: object) -> str:
    found = re.search(r"ask:[0-9a-f]{32}", str(shown))
    assert found is not None, f"nothing is asked in {shown}"
    return found[0]


def asked(office: Office, words: str = BOSS_WORDS, person_id: str = ANA) -> str:
    office.typed(person_id, words)
    return ask_in(office.called("chat.postMessage")[-1])


def reported(office: Office, person_id: str = ANA) -> list[tuple[str, float]]:
    return [(one["kind"], one["weight"]) for one in my_data(office.core, person_id)["reported"]]


def test_typed_words_that_sound_like_a_barrier_are_asked_back_in_one_message(office: Office) -> None:
    office.typed(ANA, BOSS_WORDS)
    (posted,) = office.called("chat.postMessage")
    for said in (KIND, "right?", "Yes, that is it", "Something else", "Just between us", "Your manager is not told"):
        assert said in posted["text"], "read aloud it says the same"
    assert [element["action_id"] for element in posted["blocks"][1]["elements"]] == [
        "heard_right",
        "heard_other",
        "heard_between_us",
    ]
    assert BOSS_WORDS not in blocks_text(posted), "words are repeated nowhere"


@pytest.mark.parametrize(
    ("action", "said", "left"),
    [
        (ActionId.HEARD_RIGHT, "Thank you for saying so", [("manager_discourages", 1.0)]),
        (ActionId.HEARD_OTHER, "my guess is forgotten", []),
        (ActionId.HEARD_BETWEEN_US, "Erased.", []),
    ],
)
def test_each_answer_shows_in_the_place_of_the_question(
    office: Office, action: ActionId, said: str, left: list[tuple[str, float]]
) -> None:
    ask = asked(office)
    assert office.click(ANA, action, ask).status == 200
    shown = office.posted()[0]
    assert (shown["url"], shown["replace_original"]) == (RESPONSE_URL, True)
    assert said in shown["text"]
    assert reported(office) == left


def test_something_else_opens_the_list_at_once(office: Office) -> None:
    office.click(ANA, ActionId.HEARD_OTHER, asked(office))
    assert office.called("views.open")[0]["view"]["callback_id"] == "barrier_form"


def test_between_us_erases_the_words(office: Office) -> None:
    office.click(ANA, ActionId.HEARD_BETWEEN_US, asked(office))
    assert my_data(office.core, ANA)["typed"] == []


@pytest.mark.parametrize("value", ["", "ask:x", "0" * 32, f"ask:{'0' * 32}", "ask:" + "é" * 32])
@pytest.mark.parametrize("action", [ActionId.HEARD_RIGHT, ActionId.HEARD_BETWEEN_US])
def test_an_unknown_question_gets_a_kind_answer_and_changes_nothing(
    office: Office, action: ActionId, value: str
) -> None:
    office.click(ANA, action, value)
    shown = office.posted()[0]
    assert "nothing has changed" in shown["text"]
    assert shown["replace_original"] is False
    assert reported(office) == []


def test_nobody_answers_the_question_of_another(office: Office) -> None:
    office.click(BEN, ActionId.HEARD_RIGHT, asked(office))
    assert "nothing has changed" in office.posted()[0]["text"]
    assert (reported(office), reported(office, BEN)) == ([("manager_discourages", 0.6)], [])


def test_the_second_text_of_a_week_gets_the_list_and_no_question(office: Office) -> None:
    asked(office)
    office.typed(ANA, "I have no time for this at all")
    line = office.called("chat.postMessage", 2)[1]
    assert "Nobody is shown your words" in line["text"]
    assert "Something is in the way" in line["text"]
    assert "ask:" not in str(line)


def test_a_question_that_a_tip_answers_is_answered_and_not_asked_back(office: Office) -> None:
    office.typed(ANA, "find an expert for a billing question")
    (line,) = office.called("chat.postMessage")
    assert "ask:" not in str(line)
    assert "Something is in the way" in line["text"], "who did mean that is one tap away from saying so"
    assert my_data(office.core, ANA)["typed"] == []


def test_a_form_with_words_alone_asks_back_in_the_same_window(office: Office) -> None:
    tip = office.delivery(TIP)
    answer = office.submit(ANA, "barrier_form", metadata=tip, values=form(words=BOSS_WORDS))
    assert '"response_action": "update"' in str(answer.body)
    ask = ask_in(answer.body)
    office.click(ANA, ActionId.HEARD_RIGHT, ask, view={"id": "V9", "type": "modal"}, response_url="")
    shown = office.called("views.update")[0]
    assert shown["view_id"] == "V9"
    assert "Thank you for saying so" in blocks_text(shown["view"])
    assert [one["playbook"] for one in my_data(office.core, ANA)["reported"]] == ["find-an-expert"]


def test_something_else_in_the_window_shows_the_list_there(office: Office) -> None:
    ask = ask_in(office.submit(ANA, "barrier_form", values=form(words=BOSS_WORDS)).body)
    office.click(ANA, ActionId.HEARD_OTHER, ask, view={"id": "V9", "type": "modal"}, response_url="")
    assert office.called("views.update")[0]["view"]["callback_id"] == "barrier_form"


def test_a_form_whose_words_sound_like_nothing_asks_for_a_choice_and_keeps_nothing(office: Office) -> None:
    answer = office.submit(ANA, "barrier_form", values=form(words="See you tomorrow"))
    assert '"response_action": "errors"' in str(answer.body)
    assert my_data(office.core, ANA)["typed"] == []


def test_words_that_say_something_else_than_the_choice_are_asked_about_after_the_thanks(office: Office) -> None:
    body = str(office.submit(ANA, "barrier_form", values=form("no_time", BOSS_WORDS)).body)
    assert "Thank you for saying so" in body
    assert "sound like" in body
    assert ask_in(body)


@pytest.mark.parametrize("kind", ["manager_discourages", "not_comfortable_sharing", "language_or_accessibility"])
def test_the_thanks_for_a_sensitive_kind_say_who_is_never_told(office: Office, kind: str) -> None:
    assert "Your manager is not told" in str(office.submit(ANA, "barrier_form", values=form(kind)).body)
    assert "Your manager is not told" not in str(office.submit(BEN, "barrier_form", values=form("no_time")).body)


def test_my_data_takes_a_report_back(office: Office) -> None:
    office.submit(ANA, "barrier_form", values=form("no_time"))
    office.command(ANA, "my-data")
    assert "take_back.no_time" in str(office.posted()[0]["blocks"])
    office.click(ANA, f"{ActionId.TAKE_BACK}.no_time", "no_time")
    shown = office.posted(2)[1]
    assert "Taken back:" in shown["text"]
    assert "take_back.no_time" not in str(shown["blocks"])
    assert reported(office) == []


@pytest.mark.parametrize("value", ["", "no_time", "nothing", "é"])
def test_taking_back_what_is_not_there_says_so(office: Office, value: str) -> None:
    office.click(ANA, f"{ActionId.TAKE_BACK}.x", value)
    assert "nothing to take back" in office.posted()[0]["text"]


def test_every_answer_has_its_button() -> None:
    from bot.blocks.heard import BUTTONS

    assert set(BUTTONS) == set(AskAnswer)
