"""Flags as they look: this module holds cards, forms and messages of flags against Slack's limits and the snapshots."""

from typing import Any

import pytest

from bot.blocks import flag_forms
from bot.blocks.actions import ActionId
from bot.blocks.flag_values import FlagOrigin, FlagValue, Shown
from bot.blocks.flags import CARDS_SHOWN, barriers_answer, history_blocks, outcome_answer
from bot.blocks.messages import fallback_text, message_blocks
from bot.cli.flags import lines_of_flag, lines_of_list
from bot.texts import languages
from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_digest import digest
from nudges.domain.barriers.flag_kinds import FlagKind
from nudges.domain.barriers.flag_views import Act, FlagOutcome, FlagVerdict, Next, NextThing, PlayView
from nudges.domain.delivery.messages import Message
from nudges.domain.plays.choosing import choices
from nudges.domain.plays.models import NO_PLAYS
from nudges.domain.plays.shipped import shipped_plays
from tests.bot import examples, flag_examples
from tests.bot.limits import faults
from tests.bot.snapshots import assert_snapshot

OPEN = flag_examples.a_flag()
EARLY = flag_examples.a_flag(
    flag_id=2,
    kind="low_response",
    grade="early",
    band="",
    next=Next(NextThing.TO_BE_TAKEN),
    owner_id="",
    acts=(Act.TAKE,),
)
RUNNING = flag_examples.a_flag_in_remedy(flag_id=3)
OVER = flag_examples.a_flag(
    flag_id=4, is_over=True, acts=(Act.OVER, Act.NOT_OVER, Act.ASSIGN), next=Next(NextThing.TO_BE_AGREED)
)
ORIGIN = FlagOrigin(FlagValue(1, Shown.LIST), "https://hooks.slack.com/actions/T0/1/x")


def a_week() -> Message:
    week = digest([OPEN, RUNNING], owner_id="U0PRIYA", today=examples.NOW.date(), since=examples.NOW)
    return Message(examples.DELIVERY, "notice", "", notice_key="notice.flag_week", language="en", flag_week=week)


def plays(kind: FlagKind, grade: Grade) -> tuple[PlayView, ...]:
    found = choices(kind, grade, remedies=(), own=NO_PLAYS, ours=shipped_plays())
    return tuple(PlayView(one.key, one.title, tuple(step.do for step in one.steps), one.measure) for one in found)


def surfaces(language: str) -> dict[str, Any]:
    """Return everything a flag shows itself in."""
    listed = barriers_answer(flag_examples.some_barriers(OPEN, EARLY, RUNNING, OVER), language, said="Done.")
    said = outcome_answer(FlagOutcome(FlagVerdict.MOVED, RUNNING), "Done.", examples.ZONE, language)
    offered = plays(FlagKind.MANAGER_DISCOURAGES, Grade.CONFIRMED)
    told = a_week()
    return {
        "flag-list": {"text": listed.text, "blocks": [block.to_dict() for block in listed.blocks]},
        "flag-outcome": {"text": said.text, "blocks": [block.to_dict() for block in said.blocks]},
        "flag-history": [block.to_dict() for block in history_blocks(RUNNING, examples.ZONE, language)],
        "flag-plays": flag_forms.play_form(RUNNING, offered, ORIGIN, language).to_dict(),
        "flag-dismiss": flag_forms.dismiss_form(ORIGIN, language).to_dict(),
        "flag-assign": flag_forms.assign_form(ORIGIN, language).to_dict(),
        "flag-week": {"text": fallback_text(told), "blocks": [one.to_dict() for one in message_blocks(told)]},
    }


@pytest.mark.parametrize("name", surfaces("en"))
def test_a_flag_looks_as_agreed(name: str) -> None:
    assert_snapshot(name, surfaces("en")[name])


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_flag_keeps_slacks_limits_in_every_language(language: str) -> None:
    for name, shown in surfaces(language).items():
        as_message = shown if isinstance(shown, dict) else {"text": "-", "blocks": shown}
        kind = "modal" if as_message.get("type") == "modal" else "message"
        assert faults(kind, as_message) == [], (language, name)


def test_many_flags_fit_into_one_message_and_the_rest_are_counted() -> None:
    listed = barriers_answer(
        flag_examples.some_barriers(*(flag_examples.a_flag(flag_id=n) for n in range(CARDS_SHOWN + 3)))
    )
    assert len(listed.blocks) <= 50
    assert "3 more flags" in listed.text


@pytest.mark.parametrize("grade", list(Grade))
@pytest.mark.parametrize("kind", list(FlagKind))
def test_every_kind_and_grade_has_a_play_and_a_form_within_slacks_limits(kind: FlagKind, grade: Grade) -> None:
    offered = plays(kind, grade)
    assert offered
    built = flag_forms.play_form(flag_examples.a_flag(kind=kind.value, grade=grade.value), offered, ORIGIN).to_dict()
    assert faults("modal", built) == []


@pytest.mark.parametrize("value", ["1:l:", "1:c:2", "999999999:n:"])
def test_what_a_button_carries_is_read_back(value: str) -> None:
    found = FlagValue.decode(value)
    assert found is not None
    assert found.encode() == value


@pytest.mark.parametrize("value", ["", "1", "1:x:", "-1:l:", "1:l:2:3", "1:l:1111", "１:l:"])
def test_what_we_did_not_write_is_no_value(value: str) -> None:
    assert FlagValue.decode(value) is None


def test_every_button_of_a_card_says_which_flag_and_where_it_stands() -> None:
    blocks = barriers_answer(flag_examples.some_barriers(OPEN)).blocks
    found = [one for block in blocks for one in block.to_dict().get("elements", []) if one["type"] == "button"]
    assert [one["action_id"] for one in found] == [
        ActionId.FLAG_TAKE, ActionId.FLAG_DISMISS, ActionId.FLAG_ASSIGN, ActionId.FLAG_HISTORY,
    ]  # fmt: skip
    assert {one["value"] for one in found} == {"1:l:"}


def test_the_terminal_says_the_same_in_plain_lines() -> None:
    listed = "\n".join(lines_of_list(flag_examples.some_barriers(OPEN, RUNNING)))
    assert "1  team Billing Lisbon: People above me would rather I didn't (confirmed, 5-9 people said so)" in listed
    assert "Next: Have a manager of a similar team tell the area by 2027-02-02." in listed
    told = "\n".join(lines_of_flag(RUNNING))
    assert "x 1. Agree with the leader one level up (U0PRIYA, done 2027-01-15)" in told
    assert "2027-01-12 a play was begun (U0PRIYA)" in told
