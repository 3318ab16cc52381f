"""What Slack is asked to show: snapshots of every message and surface, and Slack's limits over all of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.blocks import forms, heard
from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, help_answer, line_answer, wishes_answer
from bot.blocks.answers_data import my_data_answer
from bot.blocks.answers_people import people_answer, why_answer
from bot.blocks.answers_publish import draft_answer, published_answer
from bot.blocks.answers_status import campaign_answer, campaigns_answer, health_answer, status_answer
from bot.blocks.answers_why import why_nudge_answer
from bot.blocks.data_pages import data_page
from bot.blocks.flags import barriers_answer
from bot.blocks.messages import fallback_text, message_blocks
from bot.blocks.saved import saved_view
from bot.blocks.settings import set_answer
from bot.blocks.settings_forms import hours_form, topics_form
from bot.blocks.surfaces import home_view
from nudges.domain.delivery.messages import ChoiceLine, Message
from nudges.domain.measuring.views import Role, Shares
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.recall.reviews import Review
from tests.bot import author_examples, examples, flag_examples
from tests.bot.limits import faults
from tests.bot.snapshots import assert_snapshot

TIP, STORY, QUIZ = examples.a_tip_message(), examples.a_story_message(), examples.a_quiz_message()
BACK = Review(date(2027, 3, 2), is_lately=False, is_reworded=True)
LONG_CHOICES = (ChoiceLine("a", "I write a mail to the billing lead and wait for an answer"), ChoiceLine("b", "I ask"))
MESSAGES = {
    "tip": TIP,
    "tip-first": replace(TIP, is_first=True),
    "tip-useful": replace(TIP, feedback="useful"),
    "tip-not-for-me-reported": replace(TIP, feedback="not_for_me", has_reported=True),
    "story": STORY,
    "quiz": QUIZ,
    "quiz-lettered": replace(QUIZ, choices=LONG_CHOICES),
    "quiz-right": examples.answered(QUIZ, is_right=True),
    "quiz-wrong": examples.answered(QUIZ, is_right=False),
    "quiz-back": replace(QUIZ, review=BACK),
    "quiz-back-known": replace(examples.answered(QUIZ, is_right=True), review=replace(BACK, is_known=True)),
    "tip-saved": replace(TIP, is_saved=True),
    "quiz-wrong-useful": replace(examples.answered(QUIZ, is_right=False), feedback="useful"),
    "notice": examples.a_notice_message(),
}
PAUSED = examples.some_wishes(paused_until=examples.NOW)
HOMES = {
    "home": examples.a_home(),
    "home-busy": examples.a_busy_home(),
    "home-told": examples.a_busy_home(ballot=examples.A_TOLD_BALLOT, saved=()),
    "home-new": examples.a_home(first_name="", sent=(), sent_count=0, next_at=None),
    "home-paused": examples.a_home(wishes=PAUSED),
    "home-stopped-author": examples.a_home(wishes=examples.some_wishes(is_stopped=True), role=Role.AUTHOR),
}
MODALS = {
    "modal-barrier": forms.barrier_form(examples.DELIVERY),
    "modal-thanks": heard.thanks_note(BarrierKind.NO_TIME),
    "modal-thanks-sensitive": heard.thanks_note(BarrierKind.MANAGER_DISCOURAGES),
    "modal-thanks-again": heard.thanks_note(BarrierKind.NO_TIME, is_again=True),
    "modal-ask-back": heard.ask_back_note(examples.an_ask_back(), is_picked=True),
    "modal-ask-back-words": heard.ask_back_note(examples.an_ask_back(), is_picked=False),
    "modal-forget": forms.forget_form(),
    "modal-forget-counted": forms.forget_form(stored=(("nudges", 3), ("voted", 1))),
    "modal-hours": hours_form(examples.a_busy_home().wishes),
    "modal-topics": topics_form(examples.some_wishes(), ["sharing-files", "huddles"]),
    "modal-topics-many": topics_form(examples.some_wishes(), [f"topic-{number}" for number in range(120)]),
    "modal-topics-none": topics_form(examples.some_wishes(), []),
    "modal-saved": saved_view(replace(QUIZ, is_saved=True, feedback="useful")),
    "modal-data-page": data_page(examples.some_data(), 0),
    "modal-forgotten": forms.forgotten_note(),
}
NOBODY_YET = Shares(3)
ANSWERS = {
    "answer-status": status_answer(examples.a_status()),
    "answer-status-held": status_answer(
        examples.a_status(is_held=True, hold_reason="copied", campaigns=(), paused=None, faults=("x.yaml: PB011",))
    ),
    "answer-campaigns": campaigns_answer(
        (examples.a_campaign(), examples.a_campaign("huddles", ends_on=None)), examples.ZONE
    ),
    "answer-campaign": campaign_answer(examples.a_campaign(), examples.ZONE),
    "answer-campaign-small": campaign_answer(
        examples.a_campaign(shares=NOBODY_YET, stopped_nudges=(("x", "invalid_blocks"),), has_edit=True), examples.ZONE
    ),
    "answer-people": people_answer(author_examples.a_segment()),
    "answer-people-unknown": people_answer(author_examples.a_segment(is_known=False, name="servce", nearest="service")),
    "answer-barriers": barriers_answer(flag_examples.some_barriers(flag_examples.a_flag())),
    "answer-barriers-none": barriers_answer(flag_examples.some_barriers()),
    "answer-health": health_answer(examples.some_health()),
    "answer-health-late": health_answer(examples.some_health(last_tick_at=None, unknown=3)),
    "answer-why-nudge": why_nudge_answer(examples.a_why_nudge()),
    "answer-why-nudge-spared": why_nudge_answer(
        examples.a_why_nudge(spared_share=0.1, follows="ask-first", is_still_in=False, due_at=None)
    ),
    "answer-set-fewer": set_answer(ActionId.FEWER_ME, examples.a_busy_home().wishes),
    "answer-set-stop": set_answer(ActionId.STOP_ME, examples.some_wishes(is_stopped=True)),
    "answer-campaigns-wanted": campaigns_answer((), examples.ZONE, wanted=(("Talk it over", "10-19"),)),
    "answer-why": why_answer(examples.a_why()),
    "answer-draft": draft_answer(author_examples.a_draft()),
    "answer-draft-empty": draft_answer(author_examples.a_draft(audience=0)),
    "answer-published": published_answer(
        title="Find an expert", name="find-an-expert", starts_on=author_examples.a_draft().starts_on, audience=160
    ),
    "answer-paused": wishes_answer(PAUSED),
    "answer-help": help_answer(["help", "pause", "stop"], ["status", "publish"], days=7),
    "answer-my-data": my_data_answer(examples.some_data()),
}


def as_message(text: str, blocks: list[Block] | tuple[Block, ...]) -> dict[str, Any]:
    return {"text": text, "blocks": [block.to_dict() for block in blocks]}


def shown(message: Message) -> dict[str, Any]:
    return as_message(fallback_text(message), message_blocks(message, team_id="T0TEST"))


def answer_dict(answer: Answer) -> dict[str, Any]:
    return as_message(answer.text, answer.blocks)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_looks_as_agreed_and_keeps_slacks_limits(name: str) -> None:
    built = shown(MESSAGES[name])
    assert faults("message", built) == []
    assert_snapshot(f"message-{name}", built)


@pytest.mark.parametrize("name", HOMES)
def test_home_looks_as_agreed_and_keeps_slacks_limits(name: str) -> None:
    built = home_view(HOMES[name]).to_dict()
    assert faults("home", built) == []
    assert_snapshot(name, built)


@pytest.mark.parametrize("name", MODALS)
def test_a_modal_looks_as_agreed_and_keeps_slacks_limits(name: str) -> None:
    built = MODALS[name].to_dict()
    assert faults("modal", built) == []
    assert_snapshot(name, built)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_looks_as_agreed_and_keeps_slacks_limits(name: str) -> None:
    built = answer_dict(ANSWERS[name])
    assert faults("message", built) == []
    assert_snapshot(name, built)


def test_the_walker_finds_what_is_too_long() -> None:
    # A detector that never fires would make every test above worth nothing.
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}] * 51
    assert any("3001" in fault for fault in faults("message", {"text": "", "blocks": blocks}))
    assert any("51" in fault for fault in faults("message", {"text": "", "blocks": blocks}))


HOSTILE = (
    "<!channel> & <@U123> <https://evil.example|click>",
    "*bold* _it_ `code` > quote\n> more",
    "{first_name} {0} {} %s",
    "👩‍💻" * 1500,
    "日本語" * 1500,
    "&" * 2999,
    "<" * 40,
    "\u202e\u0000\u2028x",
    "@channel @here @everyone",
    "",
)


def hostile_things(evil: str) -> list[tuple[str, dict[str, Any]]]:
    quiz = replace(QUIZ, by=evil, choices=tuple(ChoiceLine(str(n), evil or "-") for n in range(5)))
    answered = examples.answered(quiz, is_right=False)
    told = (
        replace(answered, answer=replace(answered.answer, text=evil, right_text=evil)) if answered.answer else answered
    )
    notice = replace(examples.a_notice_message(), notice_values=(("campaign", evil), ("nudge", evil), ("code", evil)))
    line = replace(examples.a_home().sent[0], title=evil, summary=evil, answer=evil, kind=evil)
    campaign = examples.a_campaign(evil, title=evil or "-", owner_id=evil, stopped_nudges=((evil, evil),) * 50)
    why = replace(examples.a_why().lines[0], rule=evil, segment=evil, playbook_title=evil, owner_id=evil)
    draft = author_examples.a_draft(title=evil, segments=((evil, evil, 1),) * 60, warnings=(evil,) * 60)
    answers = [
        status_answer(
            examples.a_status(campaigns=(campaign,) * 60, faults=(evil,) * 60, is_held=True, hold_reason=evil)
        ),
        campaigns_answer((campaign,) * 60, evil),
        campaign_answer(campaign, evil),
        people_answer(author_examples.a_segment(name=evil, rule=evil, by_place=((evil, 3),) * 60, sample=(evil,) * 20)),
        barriers_answer(
            flag_examples.some_barriers(
                *(flag_examples.a_flag(flag_id=one, scope_id=evil, owner_id=evil, band=evil) for one in range(60))
            )
        ),
        health_answer(examples.some_health(database=evil, version=evil, zone=evil)),
        why_answer(examples.a_why(lines=(why,) * 60, working_hours=evil)),
        draft_answer(draft),
        line_answer("command.unknown", word=evil, nearest=evil),
        my_data_answer({"person": {evil: evil}, "typed": [{"at": evil, "text": evil}] * 100}),
    ]
    views: list[View] = [home_view(examples.a_home(first_name=evil, sent=(line,) * 40)), forms.failed_note(evil or "-")]
    return [
        *(("message", shown(message)) for message in (quiz, told, notice)),
        *(("message", answer_dict(answer)) for answer in answers),
        ("home", views[0].to_dict()),
        ("modal", views[1].to_dict()),
    ]


def texts_in(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return [text for child in children for text in texts_in(child)]


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_words_never_break_a_limit_nor_become_markup_of_slack(evil: str) -> None:
    for surface, built in hostile_things(evil):
        assert faults(surface, built) == []
        for text in texts_in(built):
            for danger in ("<!", "<@U123>", "<https://evil", "@channel", "@here", "@everyone"):
                assert danger not in text


def test_a_message_updated_gets_new_block_ids() -> None:
    def ids(message: Message) -> set[str]:
        return {block.block_id for block in message_blocks(message) if block.block_id}

    assert ids(TIP).isdisjoint(ids(MESSAGES["tip-useful"]))


def test_answered_quizzes_have_no_choice_left_and_never_a_word_of_blame() -> None:
    built = shown(MESSAGES["quiz-wrong"])
    assert "answer_quiz" not in str(built)
    assert "wrong" not in str(built).lower()
    assert "*The best answer here:* #ask-billing" in str(built)


def test_the_text_read_aloud_is_complete() -> None:
    said = fallback_text(replace(MESSAGES["quiz-lettered"], is_first=True, try_it=examples.LISBON))
    for needed in (
        "Answer the customer",
        "double charge",
        "A. I write a mail",
        "B. I ask",
        "channel=C0BILLING",
        "Nudger",
    ):
        assert needed in said
    assert "*" not in said
    assert "`" not in said
