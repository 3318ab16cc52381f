"""One way to Slack: this module is slack_sdk's client with kept-alive connections and no retry handlers."""

import weakref
from typing import Any
from urllib.request import Request

import httpx
from slack_sdk import WebClient

IN_FLIGHT = 20


class PooledWebClient(WebClient):
    """slack_sdk's WebClient over one pool of connections; what httpx raises tells whether a byte has left."""

    def __init__(self, *, http: httpx.Client | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # A client copied by Bolt for one request shares nothing but settings, so it makes a pool of its own when asked.
        self.http = http or httpx.Client(
            timeout=httpx.Timeout(self.timeout),
            limits=httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT, keepalive_expiry=20),
            proxy=self.proxy or None,
            trust_env=False,
        )
        # Nobody ends a client; its connections end with it instead of with the process.
        weakref.finalize(self, self.http.close)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        content = req.data if isinstance(req.data, bytes) else None
        response = self.http.post(url, content=content, headers=dict(req.header_items()))
        headers = {name.title(): value for name, value in response.headers.items()}
        return {"status": response.status_code, "headers": headers | _lower_retry_after(headers), "body": response.text}


def web_client(*, token: str, base_url: str, timeout_s: float, http: httpx.Client | None = None) -> PooledWebClient:
    """Return a client that never retries by itself: a post whose answer was lost must not be sent again."""
    # An explicit empty list: the default handler would post twice.
    timeout = int(max(1, timeout_s))
    return PooledWebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[], http=http)


def _lower_retry_after(headers: dict[str, str]) -> dict[str, str]:
    return {"retry-after": headers["Retry-After"]} if "Retry-After" in headers else {}
