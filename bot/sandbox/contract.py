"""Names, arguments and errors of the Web API as documented: this module is the contract the sandbox keeps."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from bot.sandbox.errors import Refusal
from bot.sandbox.records import Json

FOLDER = Path(__file__).parent / "contract"

# The SDK adds these to any call: `token` may ride in the body, `team_id` names the workspace of an org-wide install.
ALWAYS_ALLOWED = frozenset({"token", "team_id"})
JSON_ARGUMENTS = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_arguments",
    "metadata": "invalid_metadata_format",
    "view": "invalid_arguments",
}
# Where the documentation names a more fitting refusal than invalid_arguments.
MISSING_ERRORS = {
    ("chat.postMessage", "channel"): "channel_not_found",
    ("chat.postEphemeral", "channel"): "channel_not_found",
    ("chat.update", "channel"): "channel_not_found",
    ("chat.delete", "channel"): "channel_not_found",
    ("chat.getPermalink", "channel"): "channel_not_found",
    ("conversations.history", "channel"): "channel_not_found",
    ("conversations.info", "channel"): "channel_not_found",
    ("conversations.members", "channel"): "channel_not_found",
    ("users.info", "user"): "user_not_found",
}


@cache
def load(name: str) -> Json:
    """Return one of the three contract files."""
    data: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return data


@cache
def method(name: str) -> Json:
    found: Json = load("methods-today")["methods"][name]
    return found


def unknown_arguments(name: str, args: Json) -> tuple[str, ...]:
    return tuple(sorted(set(args) - set(method(name)["arguments"]) - ALWAYS_ALLOWED))


def admit(name: str, args: Json, *, strict: bool) -> tuple[Json, tuple[str, ...]]:
    """Return the arguments with JSON texts parsed, and warnings; raise Refusal for what is unknown or missing."""
    unknown = unknown_arguments(name, args)
    if unknown and strict:
        raise Refusal("invalid_arg_name", messages=tuple(f"[ERROR] unknown argument: {arg}" for arg in unknown))
    for arg, facts in method(name)["arguments"].items():
        if facts["required"] and args.get(arg) in (None, ""):
            error = MISSING_ERRORS.get((name, arg), "invalid_arguments")
            raise Refusal(error, messages=(f"[ERROR] missing required field: {arg}",))
    parsed = {arg: _parsed(arg, value) for arg, value in args.items() if value is not None}
    return parsed, tuple(f"unknown argument: {arg}" for arg in unknown)


def _parsed(arg: str, value: Any) -> Any:
    if arg not in JSON_ARGUMENTS or not isinstance(value, str):
        return value
    if value == "":
        return None
    try:
        return json.loads(value)
    except ValueError:
        messages = (f"[ERROR] must be valid JSON [json-pointer:/{arg}]",)
        raise Refusal(JSON_ARGUMENTS[arg], messages=messages) from None


def is_true(value: Any) -> bool:
    return str(value).lower() in ("1", "true")


def whole_number(value: Any, *, default: int) -> int:
    """Return the number given as int or text; raise Refusal for anything else."""
    if value in (None, ""):
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refusal("invalid_arguments", messages=("[ERROR] must be a number: limit",)) from None
