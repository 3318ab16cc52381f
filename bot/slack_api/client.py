"""One way to Slack: this module is slack_sdk's client with kept-alive connections and no retry handlers."""

import weakref
from collections.abc import Callable
from logging import Logger
from typing import Any
from urllib.request import Request

import httpx
from slack_sdk import WebClient

from bot.slack_api.punctual import PunctualTransport

IN_FLIGHT = 20
TokenSource = str | Callable[[], str]
LIMITS = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT, keepalive_expiry=20)


class PooledWebClient(WebClient):
    """slack_sdk's WebClient over one pool of connections; what httpx raises tells whether a byte has left."""

    def __init__(self, *, http: httpx.Client | None = None, token: TokenSource = "", **kwargs: Any) -> None:
        self._token = token
        super().__init__(**kwargs)
        # A client copied by Bolt for one request shares nothing but settings, so it makes a pool of its own when asked.
        self.http = http or httpx.Client(
            timeout=httpx.Timeout(self.timeout),
            transport=PunctualTransport(limits=LIMITS, proxy=self.proxy or None),
            trust_env=False,
        )
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
        response = self.http.post(url, content=content, headers=dict(req.header_items()))
        headers = {name.title(): value for name, value in response.headers.items()}
        return {"status": response.status_code, "headers": headers | _lower_retry_after(headers), "body": response.text}


def web_client(
    *,
    token: TokenSource,
    base_url: str,
    timeout_s: float,
    http: httpx.Client | None = None,
    logger: Logger | None = None,
) -> PooledWebClient:
    """Return a client that never retries by itself: a post whose answer was lost must not be sent again."""
    # An explicit empty list: the default handler would post twice.
    timeout = int(max(1, timeout_s))
    return PooledWebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[], http=http, logger=logger)


def _lower_retry_after(headers: dict[str, str]) -> dict[str, str]:
    return {"retry-after": headers["Retry-After"]} if "Retry-After" in headers else {}
