"""What messages have in common: this module tests that a shared row of buttons is the message's own."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.blocks.messages import _bare, _open_buttons
from bot.blocks.prepared import prepared
from nudges.domain.delivery.messages import Message
from nudges.domain.playbooks.involved import Involved
from nudges.domain.playbooks.quiz_shown import QuizShown
from nudges.domain.recall.reviews import Review
from tests.bot.examples import a_quiz_message, a_tip_message

STATES: list[dict[str, Any]] = [
    {},
    {"feedback": "useful", "involved": Involved("Try it once.", 3, may_tell=True)},
    {"feedback": "not_for_me", "is_weary": True},
    {"has_reported": True},
    {"is_saved": True},
    {"kind": "reminder"},
    {"review": Review(date(2027, 1, 8), is_lately=True)},
    {"review": Review(date(2027, 1, 8), is_lately=True, is_known=True)},
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: ",".join(state) or "new")
def test_the_row_of_buttons_hangs_on_nothing_else(state: dict[str, Any]) -> None:
    message: Message = a_tip_message(**state)
    own = [one.to_dict() for one in _open_buttons(message, "en")]
    assert [one.to_dict() for one in _open_buttons(_bare(message), "en")] == own


def test_people_whose_words_are_the_same_share_a_template_and_keep_their_ids() -> None:
    quiz = QuizShown(variables=(("first_name", "Ana"),))
    ana = a_quiz_message(quiz=quiz)
    ben = replace(ana, delivery_id="b" * 32, quiz=replace(quiz, variables=(("first_name", "Ben"),)))
    (text, blocks), (other_text, other_blocks) = prepared(ana), prepared(ben)
    assert other_text == text
    assert str(other_blocks) == str(blocks).replace(ana.delivery_id, "b" * 32)
    assert "b" * 32 in str(other_blocks)
