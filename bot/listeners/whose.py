"""Whose request this is: this module reads from a payload, which Slack has signed, which installation it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Address:
    """The workspace and the organisation that Slack names; either may be absent, and `is_org` says which counts."""

    team_id: str
    enterprise_id: str
    is_org: bool

    @property
    def workspace_ids(self) -> tuple[str, ...]:
        """Return under which ids the installation may be known, the likeliest first."""
        # One for the whole organisation is never served by one of a single workspace in it.
        named = (self.enterprise_id,) if self.is_org else (self.team_id, self.enterprise_id)
        return tuple(name for name in named if name)


def address_of(body: Payload) -> Address:
    """Return whom the payload is for; whatever is missing or odd is left empty."""
    first = body.get("authorizations")
    if isinstance(first, list) and first and isinstance(first[0], Mapping):
        # Of an event that several installations see, the one it is delivered to; outside may stand another workspace.
        return Address(_id(first[0].get("team_id")), _id(first[0].get("enterprise_id")), _is_org(first[0]))
    view = body.get("view")
    installed = view.get("app_installed_team_id") if isinstance(view, Mapping) else None
    team_id = _id(installed) or _id(body.get("team")) or _id(body.get("team_id"))
    return Address(team_id, _id(body.get("enterprise")) or _id(body.get("enterprise_id")), _is_org(body))


def _is_org(part: Payload) -> bool:
    return part.get("is_enterprise_install") in (True, "true")


def _id(value: object) -> str:
    found = value.get("id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else ""
