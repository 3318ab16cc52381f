"""Posts that leave in time or never: this module refuses to write a request whose time to leave is over.

The time is looked at where nothing comes between, before each write to the socket; nudges/deadline.py says why. A
request that lacks its last part does not count at Slack, so what is refused here has surely not been posted.
"""

import ssl
from typing import Any

import httpcore
import httpx

from nudges.deadline import is_over


class PunctualTransport(httpx.HTTPTransport):
    """httpx's own transport, over connections that look at the time before they write."""

    def __init__(self, *, limits: httpx.Limits, proxy: str | None = None) -> None:
        super().__init__(limits=limits, proxy=proxy, trust_env=False)
        # httpx has no way to name the backend of its pool; a test fails when an upgrade moves it.
        pool: Any = self._pool
        pool._network_backend = _Backend(pool._network_backend)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_tcp(*args, **kwargs))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        write = self._inner.write
        if is_over():
            raise httpcore.ConnectTimeout("The time to leave is over.")  # as one that was never connected
        write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
