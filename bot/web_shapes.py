"""What a payload of Slack's looks like: this module is the few types that Bolt relies on without asking."""

from typing import Any

_Nothing = type(None)
_NAMED = (str, dict, _Nothing)  # an id alone, or an object with it, or absent as in org-wide installs
TYPES: dict[str, tuple[type, ...]] = {
    "type": (str,),
    "command": (str,),
    "callback_id": (str,),
    "text": (str, _Nothing),
    "user": _NAMED,
    "team": _NAMED,
    "enterprise": _NAMED,
    "channel": _NAMED,
    "event": (dict,),
    "view": (dict,),
    "actions": (list,),
    "authorizations": (list, _Nothing),
    "response_urls": (list,),
}
LISTS = ("actions", "authorizations", "response_urls")


def looks_like_slack(body: dict[str, Any]) -> bool:
    """Return whether what Bolt will look into has the types that Slack documents."""
    return all(_fits(part) for part in (body, body.get("event", {}), body.get("view", {}))) and _has_its_core(body)


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
        return "type" in body.get("event", {})
    if kind == "block_actions":
        actions = body.get("actions", [])
        return bool(actions) and all(isinstance(action.get("action_id"), str) for action in actions)
    if kind.startswith("view_"):
        return isinstance(body.get("view", {}).get("callback_id"), str)
    return True
