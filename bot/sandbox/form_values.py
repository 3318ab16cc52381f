"""What people typed and chose, as `state.values` carries it: this module is about the values of elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.records import Blocks, Json

# The key under which an element's choice travels, what an untouched one reports, and where its first value comes from.
VALUE_KEYS: dict[str, tuple[str, Any, str]] = {
    "plain_text_input": ("value", None, "initial_value"),
    "email_text_input": ("value", None, "initial_value"),
    "url_text_input": ("value", None, "initial_value"),
    "number_input": ("value", None, "initial_value"),
    "static_select": ("selected_option", None, "initial_option"),
    "external_select": ("selected_option", None, "initial_option"),
    "radio_buttons": ("selected_option", None, "initial_option"),
    "checkboxes": ("selected_options", [], "initial_options"),
    "multi_static_select": ("selected_options", [], "initial_options"),
    "multi_external_select": ("selected_options", [], "initial_options"),
    "users_select": ("selected_user", None, "initial_user"),
    "multi_users_select": ("selected_users", [], "initial_users"),
    "conversations_select": ("selected_conversation", None, "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", [], "initial_conversations"),
    "channels_select": ("selected_channel", None, "initial_channel"),
    "multi_channels_select": ("selected_channels", [], "initial_channels"),
    "datepicker": ("selected_date", None, "initial_date"),
    "timepicker": ("selected_time", None, "initial_time"),
    "datetimepicker": ("selected_date_time", None, "initial_date_time"),
    "rich_text_input": ("rich_text_value", None, "initial_value"),
}


def elements_of(blocks: Blocks) -> Iterator[tuple[Json, Json]]:
    """Yield each block with each of its elements that a person can use."""
    for block in blocks:
        parts = [block.get("element"), block.get("accessory")]
        if block.get("type") in ("actions", "context_actions"):
            parts.extend(block["elements"])
        for part in parts:
            if isinstance(part, dict) and "action_id" in part:
                yield block, part


def find_element(blocks: Blocks, block_id: str, action_id: str) -> tuple[Json, Json] | None:
    for block, element in elements_of(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    return None


def merged(values: Json, later: Json) -> Json:
    """Return both, element by element; the later ones win."""
    blocks = {**values, **later}
    return {block_id: {**values.get(block_id, {}), **later.get(block_id, {})} for block_id in blocks}


def all_values(blocks: Blocks, given: Json) -> Json:
    """Return the value of every stateful element: what was given, else its initial value, else null."""
    values: Json = {}
    for block, element in elements_of(blocks):
        if element["type"] not in VALUE_KEYS:
            continue
        key, nothing, initial = VALUE_KEYS[element["type"]]
        typed = (given.get(block["block_id"]) or {}).get(element["action_id"])
        value = element.get(initial, nothing) if typed is None else typed.get(key, nothing)
        values.setdefault(block["block_id"], {})[element["action_id"]] = {
            "type": element["type"],
            key: value or nothing,
        }
    return values


def input_errors(blocks: Blocks, values: Json) -> dict[str, str]:
    """Return what Slack's own form would object to before it asks the app, by block id."""
    errors = {}
    for block, element in elements_of(blocks):
        if block["type"] != "input":
            continue
        key = VALUE_KEYS.get(element["type"], ("value", None, ""))[0]
        value = values.get(block["block_id"], {}).get(element["action_id"], {}).get(key)
        problem = _problem(element, value, is_optional=bool(block.get("optional")))
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _problem(element: Json, value: Any, *, is_optional: bool) -> str | None:
    if value in (None, "", []):
        return None if is_optional else "Please complete this required field."
    if not isinstance(value, str):
        return None
    if len(value) < int(element.get("min_length") or 0):
        return f"Please write at least {element['min_length']} characters."
    if element.get("max_length") and len(value) > int(element["max_length"]):
        return f"Please write at most {element['max_length']} characters."
    return None
