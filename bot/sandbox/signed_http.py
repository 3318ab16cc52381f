"""Events, interactions and commands by signed HTTP: this module is the transport for apps without a socket."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from typing import Literal
from urllib.parse import urlencode

import httpx

from bot.sandbox.delivery import Ack, Envelope
from bot.sandbox.errors import DeliveryFailed
from bot.sandbox.records import Json

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
VERIFY_SECONDS = 3.0


class SignedHttp:
    """Posts to the app's events address, signed with real time as Slack does."""

    name: Literal["http"] = "http"

    def __init__(self, url: str, signing_secret: str) -> None:
        self._url = url
        self._secret = signing_secret
        self._client = httpx.Client(trust_env=False)

    def is_up(self) -> bool:
        return True

    def send(self, envelope: Envelope, timeout: float) -> Ack:
        content_type, body = _encoded(envelope)
        response = self._post(body, content_type, timeout=timeout, extra=_retry_headers(envelope))
        if not 200 <= response.status_code < 300:
            raise DeliveryFailed(f"http_{response.status_code}")
        return Ack(_payload(response))

    def drop(self) -> None:
        """Nothing stays open between requests."""

    def verify(self) -> bool:
        """Ask the address to echo a challenge, as Slack does once when it is configured."""
        challenge = secrets.token_hex(16)
        body = json.dumps({"type": "url_verification", "token": "", "challenge": challenge}).encode()
        try:
            response = self._post(body, JSON, timeout=VERIFY_SECONDS, extra={})
        except DeliveryFailed:
            return False
        return response.status_code == 200 and challenge in response.text

    def close(self) -> None:
        self._client.close()

    def _post(self, body: bytes, content_type: str, *, timeout: float, extra: dict[str, str]) -> httpx.Response:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
            **extra,
        }
        try:
            return self._client.post(self._url, content=body, headers=headers, timeout=timeout)
        except httpx.TimeoutException:
            raise DeliveryFailed("timeout") from None
        except httpx.HTTPError:
            raise DeliveryFailed("connection_failed") from None


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return Slack's v0 signature of a request."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _encoded(envelope: Envelope) -> tuple[str, bytes]:
    if envelope.type == "events_api":
        return JSON, json.dumps(envelope.payload).encode()
    if envelope.type == "interactive":
        return FORM, urlencode({"payload": json.dumps(envelope.payload)}).encode()
    return FORM, urlencode(envelope.payload).encode()


def _retry_headers(envelope: Envelope) -> dict[str, str]:
    if not envelope.retry_attempt:
        return {}
    return {"X-Slack-Retry-Num": str(envelope.retry_attempt), "X-Slack-Retry-Reason": envelope.retry_reason}


def _payload(response: httpx.Response) -> Json | None:
    """Return what the app answered: JSON as it is, plain text as the text of a reply."""
    if not response.content.strip():
        return None
    if response.headers.get("content-type", "").startswith(JSON):
        found = response.json()
        return found if isinstance(found, dict) else None
    return {"text": response.text}
