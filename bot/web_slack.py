"""From a signed request to Bolt and back: this module is Slack's endpoint."""

import asyncio
import json
import logging
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import parse_qsl

from slack_bolt import BoltRequest, BoltResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.web_guard import SIGNATURE, TIMESTAMP, Guard, Refused, read_body
from bot.web_shapes import looks_like_slack, without_nothing

logger = logging.getLogger(__name__)

AT_ONCE = 20
RETRY_HEADERS = ("x-slack-retry-num", "x-slack-retry-reason")
SSL_CHECK = re.compile(rb"(?:^|&)ssl_check=1(?:&|$)")


class Answers(Protocol):
    """What stands behind the endpoint: Bolt's app, or whoever finds the right one."""

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer a request that is surely Slack's."""
        ...


class SlackEndpoint:
    """Takes events, interactions and commands; nothing reaches Bolt that the guard has not let through."""

    def __init__(self, bolt: Answers, guard: Guard) -> None:
        self._bolt = bolt
        self._guard = guard
        # Threads of its own: slow listeners must leave those of the health pages free.
        self._threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="slack-request")

    async def receive(self, request: Request) -> Response:
        """Answer one request; 401 for everything that Slack did not surely sign."""
        try:
            return await self._answer(request, await read_body(request))
        except Refused as refusal:
            # Never the body: it holds people's words.
            logger.info("request refused", extra={"status": refusal.status})
            return PlainTextResponse(refusal.sentence + "\n", refusal.status)

    async def _answer(self, request: Request, raw: bytes) -> Response:
        if _is_unsigned_ssl_check(request, raw):
            return Response(status_code=200)
        if not self._guard.is_genuine(request.headers, raw):
            raise Refused(401, "This request does not carry a valid signature of Slack.")
        body = parse_body(raw)
        if body.get("ssl_check") == "1":
            return Response(status_code=200)
        if body.get("type") == "url_verification":
            return JSONResponse({"challenge": str(body.get("challenge", ""))})
        for_bolt = bolt_request(body, request.headers)
        return await self._guard.repeats.once(request.headers[SIGNATURE], lambda: self._dispatch(for_bolt))

    async def _dispatch(self, request: BoltRequest) -> Response:
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._threads, self._bolt.dispatch, request)
        except Exception:
            # A listener that fails answers through Bolt; what comes up here is a payload that Bolt cannot read.
            logger.exception("request could not be dispatched")
            return PlainTextResponse("This request cannot be understood.\n", 400)
        return _http(answer)


def parse_body(raw: bytes) -> dict[str, Any]:
    """Return the fields of JSON, of a form, or of the JSON in a form's `payload`; raise Refused (400) otherwise."""
    try:
        text = raw.decode("utf-8")
        if text.lstrip().startswith(("{", "[")):
            found = json.loads(text)
        else:
            fields = dict(parse_qsl(text, keep_blank_values=True))
            found = json.loads(fields["payload"]) if _is_interaction(fields) else fields
    except (ValueError, RecursionError):
        raise Refused(400, "The body is neither JSON nor a form.") from None
    if not isinstance(found, dict):
        raise Refused(400, "The body is not what Slack sends.")
    return found


def bolt_request(body: dict[str, Any], headers: Mapping[str, str]) -> BoltRequest:
    """Return the request as Bolt takes parsed ones, by the mode of sockets; raise Refused (400) for odd shapes.

    Bolt's own parsing of forms loses a command whose text holds the word "payload", and lazy listeners parse again.
    """
    kept: dict[str, str | Sequence[str]] = {name: headers[name] for name in RETRY_HEADERS if name in headers}
    try:
        if looks_like_slack(body):
            return BoltRequest(body=without_nothing(body), headers=kept, mode="socket_mode")
    except RecursionError:  # nested without end; json reads deeper than we walk
        pass
    raise Refused(400, "The body is not what Slack sends.")


def _is_interaction(fields: Mapping[str, str]) -> bool:
    return "payload" in fields and "command" not in fields


def _is_unsigned_ssl_check(request: Request, raw: bytes) -> bool:
    """Return whether this only tries our certificate; Slack sends such requests without a signature."""
    is_unsigned = SIGNATURE not in request.headers and TIMESTAMP not in request.headers
    return is_unsigned and SSL_CHECK.search(raw) is not None


def _http(answer: BoltResponse) -> Response:
    headers = {
        name: value for name, value in answer.first_headers_without_set_cookie().items() if name != "content-length"
    }
    return Response(answer.body.encode("utf-8", "replace"), answer.status, headers=headers)
