"""Plain functions as JSON endpoints, for the page alone: this module is the way from a request to one and back."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.errors import Impossible
from bot.sandbox.records import Json

OWN_TAB = {"Cache-Control": "no-store"}

Endpoint = Callable[[Request], Awaitable[Response]]


def reading(read: Callable[[Json], Json]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await _answer(partial(read, dict(request.query_params)))

    return endpoint


def acting(act: Callable[[Json], Json]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
            return JSONResponse({"error": "foreign_origin", "detail": "Only the sandbox's page may do this."}, 403)
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            return _bad("invalid_json", "The body is not JSON.")
        if not isinstance(body, dict):
            return _bad("invalid_json", "The body is not a JSON object.")
        return await _answer(partial(act, body))

    return endpoint


async def _answer(work: Callable[[], Json]) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(work), headers=OWN_TAB)
    except Impossible as error:
        return _bad(error.code, error.detail)
    except ValueError:
        return _bad("bad_value", "A number in the request is not a number.")


def _bad(error: str, detail: str) -> Response:
    return JSONResponse({"error": error, "detail": detail}, 400, headers=OWN_TAB)


def required(values: Json, name: str) -> str:
    value = values.get(name)
    if value in (None, ""):
        raise Impossible("missing_field", f"The request lacks `{name}`.")
    return str(value)
