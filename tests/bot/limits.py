"""Slack's limits over a whole message or view: this module names whatever is too long or too many in it."""

import json
from pathlib import Path
from typing import Any

LIMITS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "block-kit-limits.json").read_text("utf-8")
)
SURFACES = ("message", "modal", "home")


def counted(text: str) -> int:
    """Return the stricter of code points and UTF-16 units."""
    return max(len(text), len(text.encode("utf-16-le")) // 2)


def faults(surface: str, built: dict[str, Any]) -> list[str]:
    """Return every breach of a limit in a message ({text, blocks}) or view, each with its path."""
    blocks = built["blocks"]
    found = _check(LIMITS["surfaces"][surface], built, surface)
    if surface == "message" and counted(built["text"]) > 3900:
        found.append(f"text: {counted(built['text'])} > 3900")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    found += [f"block_id twice: {block_id}" for block_id in set(ids) if ids.count(block_id) > 1]
    for place, block in enumerate(blocks):
        found += _walk(block, f"{surface}.blocks[{place}]")
        action_ids = [element["action_id"] for element in block.get("elements", []) if "action_id" in element]
        found += [f"action_id twice: {each}" for each in set(action_ids) if action_ids.count(each) > 1]
    return found


def _walk(node: Any, path: str) -> list[str]:
    if isinstance(node, list):
        return [fault for place, child in enumerate(node) for fault in _walk(child, f"{path}[{place}]")]
    if not isinstance(node, dict):
        return []
    found = _check(_rules_of(node), node, path)
    found += [fault for name, child in node.items() for fault in _walk(child, f"{path}.{name}")]
    for name in ("block_id", "action_id"):
        found += [f"{path}.{name}: too long"] if counted(node.get(name, "")) > 255 else []
    return found


def _rules_of(node: dict[str, Any]) -> dict[str, Any]:
    kind = node.get("type", "")
    if kind in ("mrkdwn", "plain_text"):
        return dict(LIMITS["composition"]["text"])
    if not kind and "value" in node and "text" in node:
        return dict(LIMITS["composition"]["option"])
    return dict(LIMITS["blocks"].get(kind) or LIMITS["elements"].get(kind) or {})


def _check(rules: dict[str, Any], node: dict[str, Any], path: str) -> list[str]:
    found = []
    for name, rule in rules.items():
        for value in _values(node, name):
            size = counted(value) if isinstance(value, str) else len(value) if isinstance(value, list) else None
            longest = rule.get("safe_max_length", rule.get("max_length", rule.get("max_items")))
            shortest = rule.get("min_length", rule.get("min_items", 0))
            if size is not None and longest is not None and not shortest <= size <= longest:
                found.append(f"{path}.{name}: {size} is not within {shortest}..{longest}")
    return found


def _values(node: Any, name: str) -> list[Any]:
    head, _, rest = name.partition(".")
    is_each = head.endswith("[]")
    value = node.get(head.removesuffix("[]")) if isinstance(node, dict) else None
    if value is None:
        return []
    children = value if is_each else [value]
    return [found for child in children for found in _values(child, rest)] if rest else list(children)
