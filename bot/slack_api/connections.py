"""Kept connections to Slack: this module posts each request once, in time or never, and says whether it may have left.

A delivery's claim ends, and afterwards others may send it anew (nudges/deadline.py says why). So the time is looked at
where nothing comes between, before each write to the socket. A request that lacks its last part does not count at
Slack: what was refused there, or found no connection, has surely not been posted. After the last part nothing is sure,
and nothing is ever asked again from here.
"""

import base64
import http.client
import select
import ssl
import threading
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from nudges.deadline import did_in_time

IN_FLIGHT = 20
KEPT_S = 20.0  # shorter than servers and what stands between usually keep an idle connection


class NotConnected(OSError):
    """The request surely did not arrive: no connection, or its time to leave was over."""


class AnswerLost(OSError):
    """The request may have arrived; what came back is no answer."""


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    text: str


class Connections:
    """Up to `IN_FLIGHT` connections, kept alive and used again; each has `timeout_s` for every step."""

    def __init__(self, *, timeout_s: float, proxy: str = "") -> None:
        self._timeout_s = timeout_s
        self._proxy = urlsplit(proxy if "://" in proxy else f"http://{proxy}") if proxy else None
        self._free = threading.BoundedSemaphore(IN_FLIGHT)
        self._kept: list[_Connection] = []
        self._guard = threading.Lock()  # of the list
        self._is_closed = False

    def post(self, url: str, *, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Return the answer. Raises NotConnected when it surely did not arrive, AnswerLost or another OSError else."""
        if not self._free.acquire(timeout=self._timeout_s):
            raise NotConnected("All connections are in use.")
        try:
            return self._exchange(urlsplit(url), content, headers)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close what is idle; what is in use is closed when it comes back."""
        with self._guard:
            self._is_closed = True
            kept, self._kept = self._kept, []
        for connection in kept:
            connection.close()

    def _exchange(self, url: SplitResult, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = self._take(url)
        target, more = url.path + (f"?{url.query}" if url.query else ""), {"Accept-Encoding": "gzip"}
        if self._proxy is not None and url.scheme == "http":
            target, more = url.geturl(), more | _proxy_headers(self._proxy)
        is_whole = False
        try:
            connection.request("POST", target, content, {**headers, **more})
            response = connection.getresponse()
            body = response.read()
            is_whole = True
        except http.client.HTTPException as error:
            raise AnswerLost(f"No answer came back: {type(error).__name__}.") from error
        finally:
            self._give_back(connection, is_whole=is_whole)
        return Answer(
            response.status, {name.title(): value for name, value in response.getheaders()}, _text(response, body)
        )

    def _take(self, url: SplitResult) -> "_Connection":
        """Return a kept connection that the other side has not closed, or a new one."""
        place = (url.scheme, url.netloc)
        while True:
            with self._guard:
                kept = next((one for one in reversed(self._kept) if one.place == place), None)
                if kept is not None:
                    self._kept.remove(kept)
            if kept is None:
                return self._new(url, place)
            if kept.is_usable():
                return kept
            kept.close()

    def _new(self, url: SplitResult, place: tuple[str, str]) -> "_Connection":
        proxy, is_secure = self._proxy, url.scheme == "https"
        near = proxy or url
        port = near.port or (443 if is_secure and proxy is None else 80)
        options: dict[str, Any] = {"port": port, "timeout": self._timeout_s}
        connection = _Secure(near.hostname or "", context=_tls(), **options) if is_secure else _Connection(
            near.hostname or "", **options)  # fmt: skip
        if proxy is not None and is_secure:
            connection.set_tunnel(url.hostname or "", url.port or 443, _proxy_headers(proxy))
        connection.place = place
        return connection

    def _give_back(self, connection: "_Connection", *, is_whole: bool) -> None:
        connection.idle_since = time.monotonic()
        with self._guard:
            if is_whole and connection.sock is not None and not self._is_closed:
                self._kept.append(connection)
                return
        connection.close()


class _Connection(http.client.HTTPConnection):
    """The library's own, looking at the time before it writes; it turns off Nagle's algorithm itself."""

    place = ("", "")
    idle_since = 0.0
    _parts: list[bytes] | None = None  # of a request that is being put together

    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            self.close()
            raise NotConnected(f"No connection: {error}") from error

    def request(self, *args: Any, **values: Any) -> None:
        """Write head and body at once: the library's two writes wake the other side up twice."""
        self._parts = []
        try:
            super().request(*args, **values)
        finally:
            whole, self._parts = b"".join(self._parts), None
        self._write(whole)

    def send(self, data: Any) -> None:
        if self._parts is None:
            self._write(data)  # to a proxy, before the request itself
        else:
            self._parts.append(data)

    def _write(self, data: bytes) -> None:
        if self.sock is None:
            self.connect()
        if not did_in_time(self.sock.sendall, data):
            raise NotConnected("The time to leave is over.")

    def is_usable(self) -> bool:
        """Return whether it may be used again: what can be read while nothing was asked is the other side's end."""
        if self.sock is None or time.monotonic() - self.idle_since > KEPT_S:
            return False
        looking = select.poll()
        looking.register(self.sock, select.POLLIN)
        return not looking.poll(0)


class _Secure(_Connection, http.client.HTTPSConnection):
    """The same inside TLS."""


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    # Reading the authorities takes as long as many posts, so once for all. Imported here: plain HTTP needs none.
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    known = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(known.encode()).decode()}


def _text(response: http.client.HTTPResponse, body: bytes) -> str:
    if response.getheader("Content-Encoding") == "gzip":
        try:
            body = zlib.decompress(body, wbits=zlib.MAX_WBITS | 16)
        except zlib.error as error:
            raise AnswerLost("The answer cannot be unpacked.") from error
    return body.decode("utf-8", errors="replace")
