"""What Slack refuses in a list of blocks, each fault with its JSON pointer: this module checks surfaces and blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from bot.sandbox.block_specs import BLOCKS, LOOSE_BLOCKS
from bot.sandbox.check_fields import fields
from bot.sandbox.limits import Problem, length_of, limits_of, measured, over_limits
from bot.sandbox.records import Json

Surface = Literal["message", "modal", "home"]

COMMON = frozenset({"type", "block_id"})


def problems(blocks: Any, surface: Surface, pointer: str = "/blocks") -> list[Problem]:
    """Return everything Slack would object to, each once, in reading order."""
    if not isinstance(blocks, list):
        return [Problem("must provide an array", pointer)]
    found = [*_on_the_whole(blocks, surface, pointer)]
    for place, block in enumerate(blocks):
        found.extend(_block(block, surface, f"{pointer}/{place}"))
    return list(dict.fromkeys(found))


def _on_the_whole(blocks: list[Any], surface: Surface, pointer: str) -> Iterator[Problem]:
    yield from measured(blocks, limits_of("surfaces", surface).get("blocks", {}), pointer)
    objects = [block for block in blocks if isinstance(block, dict)]
    for block_id in _repeated(block.get("block_id") for block in objects):
        yield Problem(f"block_id already exists: {block_id}", pointer)
    if surface == "message":
        yield from _message_totals(objects, pointer)


def _message_totals(blocks: list[Json], pointer: str) -> Iterator[Problem]:
    limits = limits_of("surfaces", "message")
    total = sum(length_of(str(block.get("text"))) for block in blocks if block.get("type") == "markdown")
    if total > limits["markdown_blocks_total_text"]["max_length"]:
        yield Problem("the markdown blocks are too long together", pointer)
    tables = sum(block.get("type") == "table" for block in blocks)
    if tables > limits["table_blocks"]["max_items"]:
        yield Problem("only one table is allowed", pointer)


def _block(block: Any, surface: Surface, pointer: str) -> Iterator[Problem]:
    if not isinstance(block, dict):
        yield Problem("must provide an object", pointer)
        return
    kind = block.get("type")
    if kind is None:
        yield Problem("missing required field: type", pointer)
        return
    if not isinstance(kind, str):
        yield Problem("must be a string", f"{pointer}/type")
        return
    allowed = limits_of("blocks", kind).get("surfaces", {}).get("allowed", (surface,))
    if kind not in BLOCKS or surface not in allowed:
        yield Problem(f"unsupported type: {kind}", f"{pointer}/type")
        return
    yield from fields(block, BLOCKS[kind], pointer, also=COMMON, loose=kind in LOOSE_BLOCKS)
    yield from over_limits("blocks", kind, block, pointer)
    yield from measured(block.get("block_id"), limits_of("common", "block.block_id"), f"{pointer}/block_id")
    yield from _block_rules(block, pointer)


def _block_rules(block: Json, pointer: str) -> Iterator[Problem]:
    if block["type"] == "section" and not (block.get("text") or block.get("fields")):
        yield Problem("must provide text or fields", pointer)
    if block["type"] == "image" and bool(block.get("image_url")) == bool(block.get("slack_file")):
        yield Problem("must provide either image_url or slack_file", pointer)
    elements = block.get("elements")
    if block["type"] == "actions" and isinstance(elements, list):
        ids = (element.get("action_id") for element in elements if isinstance(element, dict))
        for action_id in _repeated(ids):
            yield Problem(f"action_id already exists: {action_id}", f"{pointer}/elements")


def _repeated(ids: Iterable[Any]) -> list[Any]:
    seen: set[Any] = set()
    repeated = []
    for one in ids:
        if isinstance(one, str) and one in seen:
            repeated.append(one)
        elif isinstance(one, str):
            seen.add(one)
    return repeated
