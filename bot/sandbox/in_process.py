"""slack_sdk's client on an engine of the same process: this module spares simulations the network."""

from __future__ import annotations

import io
import json
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

from slack_sdk import WebClient

from bot.sandbox.arguments import decoded
from bot.sandbox.oauth import credentials
from bot.sandbox.workspace import BOT_TOKEN, LATE_HEADER, Slack


class InProcessClient(WebClient):
    """All above the socket is the SDK's own code; lost and late answers surface as with a real network."""

    def __init__(self, slack: Slack, *, token: str = BOT_TOKEN, timeout: int = 30) -> None:
        super().__init__(token=token, timeout=timeout, retry_handlers=[])
        self._slack = slack

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """Return status, headers and body; raise as urllib does for errors and when no answer comes in time."""
        token, client = credentials(str(req.get_header("Authorization", "")))
        data = req.data if isinstance(req.data, bytes) else b""
        answer = self._slack.call(url.rsplit("/", 1)[1], {**decoded(data), **client}, token)
        if float(answer.headers.get(LATE_HEADER, 0)) > self.timeout:
            raise TimeoutError("The answer came too late.")
        body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        if answer.status >= 400:
            raise HTTPError(url, answer.status, "", _message(answer.headers), io.BytesIO(body.encode()))
        return {"status": answer.status, "headers": dict(answer.headers), "body": body}


def _message(headers: dict[str, str]) -> Message:
    message = Message()
    for name, value in headers.items():
        message[name] = value
    return message
