"""Stories and promises as they look: this module is the tests of their forms, lists and messages in each language."""

from dataclasses import replace
from datetime import date

import pytest
from slack_sdk.models.views import View

from bot.blocks import stories, stories_waiting
from bot.blocks.messages import fallback_text, message_blocks
from bot.texts import languages
from nudges.domain.delivery.messages import Message
from nudges.domain.playbooks.involved import Involved
from nudges.domain.stories.stories import LONGEST_STORY, Consent, DeclineReason, StoryState
from nudges.domain.stories.story_views import Decided, OwnStory, StoryDecision, Telling, WaitingStory
from tests.bot import examples
from tests.bot.limits import faults

DAY = date(2027, 3, 9)
LONGEST = ("<!channel> *b* & “" * LONGEST_STORY)[:LONGEST_STORY]
TIP = examples.a_tip_message()


def an_own_story(state: StoryState, consent: Consent, words: str = LONGEST, reached: str = "") -> OwnStory:
    edited = words if state is StoryState.ASKED else ""
    reason = DeclineReason.TOO_CLOSE.value if state is StoryState.DECLINED else ""
    return OwnStory("a" * 32, words, edited, consent, state, DAY, DAY, "b" * 16, reason, reached)


def a_waiting_story(state: StoryState, consent: Consent, **changes: object) -> WaitingStory:
    author = "U0ANA" if consent.is_named else ""
    one = WaitingStory("a" * 32, 1, LONGEST, LONGEST, consent, state, DAY, author, "Billing Lisbon", "x")
    return replace(one, **changes)  # type: ignore[arg-type]  # by name


def views(language: str) -> list[View]:
    own = [an_own_story(state, consent, reached="20-49") for state in StoryState for consent in Consent]
    waiting = [a_waiting_story(state, consent) for state in StoryState for consent in Consent]
    return [
        stories.tell_form("c" * 32, language, written_in="pt-BR"),
        stories.stories_form(tuple(own), language),
        stories.stories_form((), language),
        stories.too_many_note(LONGEST, language),
        stories_waiting.underway_note(language),
        *(stories.story_form(one, language) for one in own),
        *(stories_waiting.review_form(one, language) for one in waiting),
        *(stories.told_note(consent, language) for consent in Consent),
        *(stories.telling_note(one, language) for one in Telling if one not in NOT_SAID),
    ]


NOT_SAID = (Telling.TOLD, Telling.TOO_MANY, Telling.EMPTY)


@pytest.mark.parametrize("language", languages())
def test_every_form_keeps_to_slacks_limits(language: str) -> None:
    for view in views(language):
        assert faults("modal", view.to_dict()) == []


@pytest.mark.parametrize("language", languages())
def test_what_comms_reads_keeps_to_them_too_and_nothing_typed_becomes_a_mention(language: str) -> None:
    waiting = tuple(a_waiting_story(state, consent) for state in StoryState for consent in Consent) * 2
    answers = [
        stories_waiting.stories_answer(waiting, language),
        stories_waiting.stories_answer((), language),
        *(stories_waiting.decided_answer(StoryDecision(one, "told-1", DAY), language) for one in Decided),
    ]
    for one in answers:
        built = {"text": one.text[:3900], "blocks": [block.to_dict() for block in one.blocks]}
        assert faults("message", built) == []
        assert "<!" not in str(built)


def test_who_left_no_name_is_called_a_colleague_and_never_mentioned() -> None:
    with_place = a_waiting_story(StoryState.WAITING, Consent.ANONYMOUS)
    shown = stories_waiting.stories_answer((with_place, replace(with_place, place=""))).text
    assert "A colleague of Billing Lisbon" in shown and "A colleague without a name" in shown
    assert "<@" not in shown


def test_ones_own_story_has_no_button_for_comms() -> None:
    own = stories_waiting.stories_answer((a_waiting_story(StoryState.WAITING, Consent.INSIDE, is_own=True),))
    assert "Your own: somebody else looks at it." in own.text
    assert "read_story" not in str([block.to_dict() for block in own.blocks])


def labels(message: Message) -> list[str]:
    blocks = [block.to_dict() for block in message_blocks(message)]
    elements = [one for block in blocks for one in [*block.get("elements", []), block.get("accessory") or {}]]
    return [one["text"]["text"] for one in elements if one.get("type") == "button"]


@pytest.mark.parametrize("language", languages())
def test_a_promise_and_a_story_stand_under_the_nudge_in_each_state(language: str) -> None:
    promise = Involved(commit="I will ask in the channel", days=7)
    states = [promise, replace(promise, has_committed=True), Involved(may_tell=True), Involved(has_told=True)]
    for state in states:
        message = replace(TIP, involved=state, language=language, feedback="useful")
        built = {"text": fallback_text(message), "blocks": [block.to_dict() for block in message_blocks(message)]}
        assert faults("message", built) == []
        assert ("I will ask in the channel" in built["text"]) is bool(state.commit)


def test_the_button_to_tell_comes_only_when_it_went_well_and_no_row_has_more_than_five() -> None:
    assert "I tried it" not in labels(replace(TIP, involved=Involved()))
    useful = replace(TIP, involved=Involved(may_tell=True), feedback="useful")
    assert "I tried it" in labels(useful)
    rows = [block.to_dict().get("elements", []) for block in message_blocks(useful) if block.type == "actions"]
    assert all(sum(one["type"] == "button" for one in row) <= 5 for row in rows)


def test_an_edit_shows_the_words_with_a_yes_that_carries_no_words() -> None:
    values = (("story_id", "a" * 32), ("digest", "b" * 16), ("words", LONGEST))
    notice = Message("c" * 32, "notice", "", notice_key="notice.story_asked", notice_values=values)
    assert labels(notice) == ["Yes, share it", "Open it"]
    carried = [
        one["value"]
        for block in message_blocks(notice)
        for one in block.to_dict().get("elements", [])
        if "value" in one
    ]
    assert carried == [f"{'a' * 32}:{'b' * 16}"] * 2
    assert "told a story" in fallback_text(notice)
