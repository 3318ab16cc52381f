"""The look at Slack's contract, looked at: this module plants breaches and sees each of them found."""

import pytest

from bot.sandbox.workspace import BOT_TOKEN
from tests.acceptance import small_company
from tests.acceptance.recording import ACK_SECONDS, RecordingSlack

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}
LONG = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
GOOD = {"channel": "U0MAYA", "text": "Hello", "blocks": [SECTION]}


@pytest.fixture
def slack() -> RecordingSlack:
    return RecordingSlack(people=small_company.users())


def test_a_call_as_it_should_be_has_no_faults(slack: RecordingSlack) -> None:
    slack.call("chat.postMessage", GOOD, BOT_TOKEN)
    assert slack.methods() == {"chat.postMessage"}
    assert slack.contract_faults() == []


@pytest.mark.parametrize(
    ("method", "args", "fault"),
    [
        ("chat.shout", {}, "is no method of Slack's"),
        ("chat.postMessage", {**GOOD, "colour": "red"}, "colour is unknown"),
        ("chat.postMessage", {"text": "Hello"}, "channel is missing"),
        ("chat.postMessage", {**GOOD, "text": ""}, "says nothing to a screen reader"),
        ("chat.postMessage", {**GOOD, "blocks": [LONG]}, "3001"),
        ("chat.postMessage", {**GOOD, "blocks": [SECTION] * 51}, "51"),
        ("views.open", {"trigger_id": "1", "view": {"type": "modal", "title": {"text": "x" * 25}, "blocks": []}}, "25"),
    ],
)
def test_every_breach_is_named(slack: RecordingSlack, method: str, args: dict[str, object], fault: str) -> None:
    slack.call(method, args, BOT_TOKEN)
    assert any(fault in found for found in slack.contract_faults()), slack.contract_faults()


def test_answers_outside_the_web_api_are_looked_at_too(slack: RecordingSlack) -> None:
    slack.respond("nowhere", {"text": "Hello", "blocks": [LONG]})
    slack.acks.append({"response_action": "update", "view": {"type": "modal", "blocks": [LONG]}})
    assert {fault.partition(":")[0] for fault in slack.contract_faults()} == {"answer", "update"}


def test_an_acknowledgement_after_three_seconds_is_a_fault(slack: RecordingSlack) -> None:
    late = ACK_SECONDS * 1000 + 1
    slack.calls.add(direction="slack_to_app", what="/nudge", ok=True, ms=late, summary="")
    assert slack.contract_faults() == [f"/nudge took {late} ms"]
