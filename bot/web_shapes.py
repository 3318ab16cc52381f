"""What a payload of Slack's looks like: this module is the few types that Bolt relies on without asking."""

from typing import Any

_Nothing = type(None)
_NAMED = (str, dict, _Nothing)  # an id alone, or an object with it, or absent as in org-wide installs
TYPES: dict[str, tuple[type, ...]] = {
    "type": (str,),
    "command": (str,),
    "callback_id": (str,),
    "text": (str, dict, _Nothing),  # words typed, or the label of the button that was pressed
    "user": _NAMED,
    "team": _NAMED,
    "enterprise": _NAMED,
    "channel": _NAMED,
    "event": (dict, _Nothing),
    "view": (dict, _Nothing),
    "actions": (list, _Nothing),
    "authorizations": (list, _Nothing),
    "response_urls": (list, _Nothing),
}
PARTS = ("event", "view", "actions", "response_urls")
LISTS = ("actions", "authorizations", "response_urls")


def looks_like_slack(body: dict[str, Any]) -> bool:
    """Return whether what Bolt will look into has the types that Slack documents."""
    return all(_fits(part) for part in (body, body.get("event") or {}, body.get("view") or {})) and _has_its_core(body)


def without_nothing(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body without parts that are there and null: Bolt asks only whether they are there."""
    return {name: value for name, value in body.items() if value is not None or name not in PARTS}


def _fits(part: Any) -> bool:
    if not isinstance(part, dict):
        return False
    if not all(isinstance(part[name], kinds) for name, kinds in TYPES.items() if name in part):
        return False
    return all(_fits(item) for name in LISTS for item in part.get(name) or [])


def _has_its_core(body: dict[str, Any]) -> bool:
    """Return whether the part is there that this kind of payload is about."""
    kind = body.get("type", "")
    if kind == "event_callback":
        return "type" in (body.get("event") or {})
    if kind == "block_actions":
        actions = body.get("actions") or []
        return bool(actions) and all(isinstance(action.get("action_id"), str) for action in actions)
    if kind.startswith("view_"):
        return isinstance((body.get("view") or {}).get("callback_id"), str)
    return True
