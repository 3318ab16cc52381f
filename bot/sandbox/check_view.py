"""What Slack refuses in a view: this module is the check of modals and Home tabs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox.block_specs import VIEWS
from bot.sandbox.check_blocks import problems
from bot.sandbox.check_fields import fields
from bot.sandbox.errors import Refusal
from bot.sandbox.limits import Problem, limits_of, over_limits
from bot.sandbox.records import Json

BYTES_A_KILOBYTE = 1_000


def check(view: Any, *, kinds: tuple[str, ...]) -> Json:
    """Return the view; raise invalid_arguments naming what is wrong and where, or view_too_large."""
    if not isinstance(view, dict):
        raise _refusal([Problem("must provide an object", "/view")])
    kind = view.get("type")
    if not (kind == "modal" or kind == "home") or kind not in kinds:  # spelled out for the type checker
        raise _refusal([Problem(f"must be one of: {', '.join(kinds)}", "/view/type")])
    most = limits_of("surfaces", kind)["payload_kilobytes"]["max"] * BYTES_A_KILOBYTE
    if len(json.dumps(view, ensure_ascii=False).encode()) > most:
        raise Refusal("view_too_large")
    found = [*_view_problems(view, kind), *problems(view.get("blocks"), kind, "/view/blocks")]
    if found:
        raise _refusal(list(dict.fromkeys(found)))
    return view


def _view_problems(view: Json, kind: str) -> Iterator[Problem]:
    yield from fields(view, VIEWS[kind], "/view", also=frozenset({"type"}))
    without_blocks = {name: value for name, value in view.items() if name != "blocks"}
    yield from over_limits("surfaces", kind, without_blocks, "/view")
    blocks = view.get("blocks")
    parts = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    if kind == "modal" and not view.get("submit") and any(block.get("type") == "input" for block in parts):
        yield Problem("missing required field: submit", "/view")
    if sum(bool(element.get("focus_on_load")) for element in _elements(parts)) > 1:
        yield Problem("only one element may have focus_on_load", "/view/blocks")


def _elements(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        listed = block.get("elements")
        for part in (block.get("element"), block.get("accessory"), *(listed if isinstance(listed, list) else ())):
            if isinstance(part, dict):
                yield part


def _refusal(found: list[Problem]) -> Refusal:
    return Refusal("invalid_arguments", messages=tuple(str(problem) for problem in found))
