"""Publishing from Slack: this module is the tests of its commands, buttons and form, and of who may press them."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks import answers_changes
from bot.blocks.actions import ActionId, CallbackId, InputId, PublishValue
from bot.blocks.publishing_values import ApprovalValue, ChangeValue
from nudges.domain.measuring.publishing_views import ChangeOrdered, ChangeView
from nudges.services.authoring import read_approvals
from nudges.services.authoring.publish import publish, update
from nudges.services.delivery.change_messages import change_due
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.measuring import read_status
from tests.bot.office import ADMIN, ANA, AUTHOR, COMPANY, PLAYBOOK, Office, blocks_text

NAME = "find-an-expert"
UPDATE = f"{ActionId.PUBLISH}.update"


def strict(office: Office) -> None:
    """Let every publishing want a second person."""
    folder = office.core.library.folder
    (folder / "company.yaml").write_text(COMPANY + "publishing: {approval: true}\n", "utf-8")
    (folder / "second.yaml").write_text(PLAYBOOK.replace("playbook: find-an-expert", "playbook: second"), "utf-8")
    office.core.library.refresh()


def edit(office: Office) -> None:
    path = office.core.library.folder / "find-an-expert.yaml"
    path.write_text(PLAYBOOK.replace("Stuck on", "Lost in"), "utf-8")
    office.core.library.refresh()


def mend(office: Office) -> None:
    edit(office)
    update(office.core, NAME, AUTHOR)


def asked(office: Office, person_id: str, text: str) -> dict[str, Any]:
    """Type a command and return its answer."""
    count = len(office.posts)
    answer = office.command(person_id, text)
    return json.loads(answer.body) if answer.body else office.posted(count + 1)[-1]


def button_of(answer: dict[str, Any], action: str) -> str:
    elements = [one for block in answer["blocks"] for one in block.get("elements", [])]
    return str(next(one["value"] for one in elements if one.get("action_id") == action))


def pressed(office: Office, person_id: str, action: str, value: str) -> dict[str, Any]:
    count = len(office.posts)
    office.click(person_id, action, value)
    return office.posted(count + 1)[-1]


def test_publish_approve_and_the_author_hears(office: Office) -> None:
    strict(office)
    shown = asked(office, AUTHOR, "publish second")
    waits = pressed(office, AUTHOR, ActionId.PUBLISH, button_of(shown, ActionId.PUBLISH))
    assert "second person" in waits["text"] and f"<@{ADMIN}>" in blocks_text(waits)
    plan = asked(office, ADMIN, "approve second")
    assert "ask-before-you-search" in plan["text"]
    done = pressed(office, ADMIN, ActionId.APPROVE, button_of(plan, ActionId.APPROVE))
    assert done["replace_original"] and "published" in done["text"]
    assert read_status.campaign(office.core, "second").status == "live"


def test_the_notice_carries_the_plan_and_both_buttons(office: Office) -> None:
    strict(office)
    publish(office.core, "second", AUTHOR)
    send_due(office.core, limit=20)
    ((person_id, message),) = office.messenger.sent
    from bot.blocks.messages import message_blocks

    found = [one.get("action_id") for block in message_blocks(message) for one in block.to_dict().get("elements", [])]
    assert (person_id, found[:3]) == (ADMIN, [ActionId.ASK, ActionId.APPROVE, ActionId.DECLINE])


def test_the_author_sees_the_plan_without_buttons_and_cannot_agree(office: Office) -> None:
    strict(office)
    publish(office.core, "second", AUTHOR)
    plan = asked(office, AUTHOR, "approve second")
    assert ActionId.APPROVE not in blocks_text(plan)
    (question,) = read_approvals.waiting(office.core)
    value = ApprovalValue(question.approval_id, question.content_hash).encode()
    for person_id in (AUTHOR, ANA):
        office.click(person_id, ActionId.APPROVE, value)
        office.click(person_id, ActionId.DECLINE, value)
    assert read_status.campaign(office.core, "second").status == "waiting"
    assert not office.client.calls, "no form was opened for them"


def test_declining_asks_why_and_tells_the_author(office: Office) -> None:
    strict(office)
    publish(office.core, "second", AUTHOR)
    (question,) = read_approvals.waiting(office.core)
    value = ApprovalValue(question.approval_id, question.content_hash).encode()
    office.click(ADMIN, ActionId.DECLINE, value)
    (opened,) = office.called("views.open")
    assert CallbackId.DECLINE_FORM in blocks_text(opened["view"])
    typed = {InputId.WHY.value: {InputId.WHY.value: {"value": "Not this week"}}}
    office.submit(AUTHOR, CallbackId.DECLINE_FORM, metadata=value, values=typed)
    assert read_status.campaign(office.core, "second").status == "waiting"
    office.submit(ADMIN, CallbackId.DECLINE_FORM, metadata=value, values=typed)
    send_due(office.core, limit=20)
    assert dict(office.messenger.sent[-1][1].notice_values)["why"] == "Not this week"
    assert read_status.campaign(office.core, "second").status == "declined"


def test_approve_alone_lists_what_waits(office: Office) -> None:
    assert "Nothing waits" in asked(office, ADMIN, "approve")["text"]
    strict(office)
    publish(office.core, "second", AUTHOR)
    assert "second" in asked(office, ADMIN, "approve")["text"]
    assert "Nothing about" in asked(office, ADMIN, f"approve {NAME}")["text"]


def test_a_second_run_says_so_on_its_button(office: Office) -> None:
    shown = asked(office, AUTHOR, f"publish {NAME}")
    value = button_of(shown, ActionId.PUBLISH)
    assert PublishValue.decode(value) == PublishValue(NAME, f"{NAME}-2", is_again=True)
    assert "second time" in blocks_text(shown)
    refused = pressed(office, AUTHOR, ActionId.PUBLISH, value.removesuffix(":again"))
    assert "runs already" in refused["text"]


def test_an_edit_of_what_runs_is_put_in_force_by_a_button_of_its_own(office: Office) -> None:
    edit(office)
    shown = asked(office, AUTHOR, f"publish {NAME}")
    value = button_of(shown, UPDATE)
    assert PublishValue.decode(value) == PublishValue(NAME, NAME, is_update=True)
    done = pressed(office, AUTHOR, UPDATE, value)
    assert "now runs on the file's present text" in done["text"]
    assert "Lost in" in asked(office, AUTHOR, f"correct {NAME} ask-before-you-search")["text"]
    assert UPDATE not in str(asked(office, AUTHOR, f"publish {NAME}")), "nothing is left to put in force"


def test_an_edit_waits_where_every_publishing_wants_a_second_person(office: Office) -> None:
    strict(office)
    edit(office)
    waits = pressed(office, AUTHOR, UPDATE, button_of(asked(office, AUTHOR, f"publish {NAME}"), UPDATE))
    assert "second person" in waits["text"]


def test_correct_shows_both_words_and_changes_what_was_sent(office: Office) -> None:
    mend(office)
    shown = asked(office, AUTHOR, f"correct {NAME} ask-before-you-search")
    assert "Stuck on" in shown["text"] and "Lost in" in shown["text"]
    done = pressed(office, AUTHOR, ActionId.CORRECT, button_of(shown, ActionId.CORRECT))
    assert "2 messages" in done["text"]
    assert len(change_due(office.core, limit=20)) == 2
    assert all(message.body.startswith("Lost in") for _, message in office.messenger.updated)


def test_recall_stops_and_deletes_after_a_question(office: Office) -> None:
    shown = asked(office, AUTHOR, f"recall {NAME} ask-before-you-search")
    assert office.messenger.deleted == []
    pressed(office, AUTHOR, ActionId.RECALL, button_of(shown, ActionId.RECALL))
    office.clock[0] += timedelta(minutes=1)
    change_due(office.core, limit=20)
    assert len(office.messenger.deleted) == 2


def test_taking_back_what_was_never_sent_counts_nothing() -> None:
    shown = answers_changes.recall_answer(ChangeView(NAME, "where-would-you-ask", 1, messages=0))
    done = answers_changes.ordered_answer("recall.ordered", ChangeOrdered(1, NAME, "where-would-you-ask", 0))
    assert "none of it was sent" in shown.text
    assert "None of it had been sent" in done.text


@pytest.mark.parametrize(
    "text", ["approve", "correct", "recall", f"recall {NAME}", f"correct {NAME} where-would-you-ask"]
)
def test_an_employee_is_refused(office: Office, text: str) -> None:
    assert "for the people who run Nudger" in asked(office, ANA, text)["text"]
    for action in (ActionId.CORRECT, ActionId.RECALL):
        office.click(ANA, action, ChangeValue(NAME, "where-would-you-ask", 1).encode())
    office.idle()
    assert change_due(office.core, limit=20) == []


@pytest.mark.parametrize("text", ["correct", f"correct {NAME}", "recall"])
def test_what_is_missing_is_named(office: Office, text: str) -> None:
    assert "needs a name" in asked(office, AUTHOR, text)["text"]


@pytest.mark.parametrize("value", ["", "1", "1:", "x:y:z", f"{NAME}:tip:x", "1:" + "g" * 64, "a b:c:1"])
def test_a_value_that_we_did_not_write_is_refused(value: str) -> None:
    assert ApprovalValue.decode(value) is None
    assert ChangeValue.decode(value) is None
