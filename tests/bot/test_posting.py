"""A post whose body is JSON already: this module tests that Slack gets, and we are told, what the library would say."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.request import Request

import pytest
from slack_sdk import WebClient

from bot.blocks.prepared import prepared
from bot.slack_api.client import PooledWebClient
from bot.slack_api.messenger import SlackMessenger
from bot.slack_api.posting import post_json
from nudges.domain.delivery.messages import Message
from nudges.errors import ContentRefused, DeliveryError, OutcomeUnknown, TemporaryFailure
from tests.bot.examples import a_quiz_message, a_tip_message

SENT = '{"ok": true, "channel": "D1", "ts": "1.000100"}'


class Listening(PooledWebClient):
    """A client that hears what would leave, and is answered as a test says."""

    def __init__(self, status: int = 200, body: str = SENT, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(token="xoxb-1", retry_handlers=[])
        self.answer = {"status": status, "body": body, "headers": dict(headers or {})}
        self.heard: list[tuple[str, Any, dict[str, str]]] = []

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        assert isinstance(req.data, bytes)
        headers = {name.lower(): value for name, value in req.header_items()}
        self.heard.append((url, json.loads(req.data), headers))
        return self.answer


@pytest.fixture
def client() -> Iterator[Listening]:
    made = Listening()
    yield made
    made.http.close()


@pytest.mark.parametrize("message", [a_tip_message(), a_quiz_message()])
def test_what_leaves_is_what_the_library_would_have_sent(client: Listening, message: Message) -> None:
    SlackMessenger(client).send("U0ANA", message)
    text, blocks = prepared(message)
    payload = {"event_type": "nudge_delivery", "event_payload": {"delivery_id": message.delivery_id}}
    WebClient.chat_postMessage(
        client, channel="U0ANA", text=text, blocks=blocks, metadata=payload, unfurl_links=False, unfurl_media=False
    )
    ours, theirs = client.heard
    assert ours == theirs


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, "<html>", OutcomeUnknown),
        (200, "[]", OutcomeUnknown),
        (200, '{"ok": true}', OutcomeUnknown),
        (502, "", OutcomeUnknown),
        (200, '{"ok": false, "error": "invalid_blocks"}', ContentRefused),
        (200, '{"ok": false, "error": "a_new_one"}', OutcomeUnknown),
        (429, '{"ok": false, "error": "ratelimited"}', TemporaryFailure),
    ],
)
def test_an_answer_is_understood_as_ever(status: int, body: str, kind: type[DeliveryError]) -> None:
    client = Listening(status, body, {"Retry-After": "7"})
    with pytest.raises(kind) as raised:
        SlackMessenger(client).send("U0ANA", a_tip_message())
    assert type(raised.value) is kind
    assert (raised.value.retry_after is not None) == (status == 429)
    client.http.close()


def test_the_token_is_the_present_one() -> None:
    tokens = iter(["xoxb-old", "xoxb-new"])
    client = Listening()
    client._token = lambda: next(tokens)
    for _ in range(2):
        post_json(client, "{}")
    assert [headers["authorization"] for _, _, headers in client.heard] == ["Bearer xoxb-old", "Bearer xoxb-new"]
    client.http.close()
