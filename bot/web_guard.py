"""What stands before Bolt: this module is the proof that a request is Slack's, complete, fresh and new."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from nudges.clock import Clock, system_clock

BODY_MAX = 256 * 1024  # bytes; Slack's largest, a form with all its state, stays well below
BODY_PATIENCE_S = 10.0
SIGNATURE, TIMESTAMP = "x-slack-signature", "x-slack-request-timestamp"
REMEMBERED_FOR = timedelta(minutes=10)  # twice as long as a signature is accepted
REMEMBERED_MAX = 100_000


class Refused(Exception):
    """A request that goes no further: its status and a plain sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Guard:
    """Tells Slack's requests from all others; holds the only copy of the signing secret on the web side."""

    def __init__(self, signing_secret: str, clock: Clock = system_clock) -> None:
        self._secret = signing_secret
        self._clock = clock
        self.repeats = Repeats(clock)

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Return whether Slack signed exactly these bytes within the last five minutes; never raises."""
        try:
            verifier = SignatureVerifier(self._secret, _Watch(self._clock))
            return verifier.is_valid(body, headers.get(TIMESTAMP), headers.get(SIGNATURE))
        except Exception:  # the library raises several kinds on malformed headers, and each of them means no
            return False


async def read_body(request: Request) -> bytes:
    """Return the raw body; raise Refused when it is too large, too slow or breaks off."""
    if _announced(request) > BODY_MAX:
        raise _too_large()
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_PATIENCE_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size > BODY_MAX:
                    raise _too_large()
                chunks.append(chunk)
    except (TimeoutError, ClientDisconnect):
        raise Refused(400, "The request broke off before it was complete.") from None
    return b"".join(chunks)


class Repeats:
    """Signatures seen in the last minutes; one has its effect once.

    Kept in memory and for each process: across processes, event ids and natural keys in the database do the same.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[bytes, tuple[datetime, asyncio.Future[int]]] = OrderedDict()

    async def once(self, signature: str, work: Callable[[], Awaitable[Response]]) -> Response:
        """Do the work for a new signature; a repeat waits and gets its status without the words, which may be private.

        What failed is forgotten: Slack retries at once, and within one second with the same signature.
        """
        now, key = self._clock(), hashlib.sha256(signature.encode()).digest()
        self._forget_old(now)
        if key in self._seen:
            return Response(status_code=await asyncio.shield(self._seen[key][1]))
        status = asyncio.get_running_loop().create_future()
        self._seen[key] = (now, status)
        code = 500
        try:
            answer = await work()
            code = answer.status_code
            return answer
        finally:
            status.set_result(code)
            if not 200 <= code < 300:
                self._seen.pop(key, None)

    def _forget_old(self, now: datetime) -> None:
        while self._seen:
            seen_at, _ = next(iter(self._seen.values()))
            if now - seen_at <= REMEMBERED_FOR and len(self._seen) < REMEMBERED_MAX:
                return
            self._seen.popitem(last=False)


class _Watch(SlackClock):
    """Our clock as slack_sdk reads one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()


def _announced(request: Request) -> int:
    text = request.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _too_large() -> Refused:
    return Refused(413, f"The request is larger than {BODY_MAX // 1024} KiB.")
