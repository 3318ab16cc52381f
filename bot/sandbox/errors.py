"""What the sandbox refuses and how an answer gets lost: this module is the sandbox's errors."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Slack says no: becomes an `ok: false` answer with its code."""

    def __init__(self, error: str, *, messages: tuple[str, ...] = (), **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages
        self.extra = extra

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": list(self.messages)}
        return answer


class RateLimited(Refusal):
    """Too many calls: HTTP 429 with `Retry-After`."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class AnswerLost(ConnectionResetError):
    """The call may have happened; its answer never arrives."""


class NotConnected(Exception):
    """No app listens: neither a socket, nor an events address, nor a handler in process."""


class DeliveryFailed(Exception):
    """The app was reached but gave no good answer; the text says how (`timeout`, `http_500`, `dropped`)."""


class Impossible(Exception):
    """A person asked for what the page cannot offer: an unknown person, button or form."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
