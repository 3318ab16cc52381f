"""What Slack's codes mean for a delivery: this module holds the table against the documented list."""

import json
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack_api import errors as table
from bot.slack_api.connections import AnswerLost, NotConnected
from bot.slack_api.errors import classify, translated
from nudges.errors import DeliveryError, OutcomeUnknown, TemporaryFailure

CONTRACT = json.loads((Path(__file__).parents[1] / "data" / "methods-today.json").read_text(encoding="utf-8"))
DOCUMENTED = sorted({*CONTRACT["methods"]["chat.postMessage"]["errors"], *CONTRACT["common_errors"]})
AMBIGUOUS = {
    "duplicate_channel_not_found",
    "duplicate_message_not_found",
    "fatal_error",
    "internal_error",
    "service_unavailable",
}


@pytest.mark.parametrize("code", DOCUMENTED)
def test_every_documented_code_is_in_exactly_one_class(code: str) -> None:
    classes = [
        code in table.INSTALLATION_CODES,
        code in table.RECIPIENT_CODES or (code.startswith("slack_connect_") and code.endswith("_blocked")),
        code in table.CONTENT_CODES or code.startswith("draft_"),
        code in table.LATER_CODES,
        code in AMBIGUOUS,
    ]
    assert sum(classes) == 1, code
    assert (classify(code) is OutcomeUnknown) == (code in AMBIGUOUS)


def test_a_code_nobody_documented_is_unknown() -> None:
    assert classify("never_seen_before") is OutcomeUnknown


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (NotConnected("refused"), TemporaryFailure),
        (TimeoutError("slow"), OutcomeUnknown),
        (AnswerLost("cut"), OutcomeUnknown),
        (BrokenPipeError("cut"), OutcomeUnknown),
        (ConnectionResetError(), OutcomeUnknown),
    ],
)
def test_what_breaks_after_the_first_byte_is_unknown(raised: Exception, expected: type[DeliveryError]) -> None:
    with pytest.raises(expected), translated():
        raise raised


@pytest.mark.parametrize(
    ("status", "body", "expected", "wait_s"),
    [
        (429, {"ok": False, "error": "ratelimited"}, TemporaryFailure, 7),
        (503, {"ok": False, "error": "Received a response in a non-JSON format: <html>"}, OutcomeUnknown, None),
        (200, {"ok": False, "error": "Received a response in a non-JSON format: <html>"}, OutcomeUnknown, None),
        (200, {"ok": False, "error": "message_limit_exceeded"}, TemporaryFailure, 7200),
        (200, {"ok": False}, OutcomeUnknown, None),
    ],
)
def test_an_answer_says_what_is_sure(
    status: int, body: dict[str, object], expected: type[DeliveryError], wait_s: int | None
) -> None:
    headers = {"Retry-After": "7"}
    response = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=body, headers=headers, status_code=status
    )
    with pytest.raises(expected) as caught, translated():
        raise SlackApiError("failed", response)
    waited = caught.value.retry_after
    assert (None if waited is None else waited.total_seconds()) == wait_s
