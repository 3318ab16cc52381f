"""One way to Slack: this module is slack_sdk's client with kept-alive connections and no retry handlers."""

import weakref
from collections.abc import Callable, Mapping
from logging import CRITICAL, Logger, getLogger
from typing import Any
from urllib.request import Request

from slack_sdk import WebClient

from bot.slack_api.connections import Connections

TokenSource = str | Callable[[], str]


class PooledWebClient(WebClient):
    """slack_sdk's WebClient over one pool of connections; what they raise tells whether a post may have left."""

    def __init__(self, *, http: Connections | None = None, token: TokenSource = "", **kwargs: Any) -> None:
        self._token = token
        super().__init__(**kwargs)
        # A client copied by Bolt for one request shares nothing but settings, so it makes a pool of its own when asked.
        self.http = http or Connections(timeout_s=self.timeout, proxy=self.proxy or "")
        # Nobody ends a client; its connections end with it instead of with the process.
        weakref.finalize(self, self.http.close)

    @property
    def token(self) -> str | None:
        """Return the token as it is now: one that changes by itself is asked for at each call."""
        return (self._token if isinstance(self._token, str) else self._token()) or None

    @token.setter
    def token(self, token: str | None) -> None:
        # The library's own constructor says None, because it was not given one.
        self._token = token or self._token

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        content = req.data if isinstance(req.data, bytes) else None
        answer = self.http.post(url, content=content, headers=dict(req.header_items()))
        headers = {**answer.headers, **_lower_retry_after(answer.headers)}
        return {"status": answer.status, "headers": headers, "body": answer.text}


def web_client(
    *,
    token: TokenSource,
    base_url: str,
    timeout_s: float,
    http: Connections | None = None,
    logger: Logger | None = None,
) -> PooledWebClient:
    """Return a client that never retries by itself: a post whose answer was lost must not be sent again."""
    # An explicit empty list: the default handler would post twice.
    timeout = int(max(1, timeout_s))
    logger = logger or quiet_logger()
    return PooledWebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[], http=http, logger=logger)


def quiet_logger() -> Logger:
    """Return a logger with a level of its own: without one the library writes out each request before it is dropped.

    Whoever calls says what went wrong, so the library says nothing.
    """
    logger = getLogger("slack_sdk.web.calls")
    logger.setLevel(CRITICAL)
    return logger


def _lower_retry_after(headers: Mapping[str, str]) -> dict[str, str]:
    return {"retry-after": headers["Retry-After"]} if "Retry-After" in headers else {}
