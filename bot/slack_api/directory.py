"""Who is in the workspace: this module is the Directory port on Slack's users.list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from nudges.domain.people import Person, PersonKind
from nudges.errors import DirectoryError

PAGE = 200
PAGES = 5000
SLACKBOT = "USLACKBOT"


class SlackDirectory:
    """The people of one workspace, read to the last page or not at all."""

    def __init__(self, client: WebClient, workspace_id: str) -> None:
        self._client = client
        # Reading twice does no harm, so waiting and asking again is left to the library here.
        self._client.retry_handlers = [RateLimitErrorRetryHandler(max_retry_count=5)]
        self._workspace_id = workspace_id

    def people(self) -> Sequence[Person]:
        """Return everybody; see the port."""
        return [_to_person(user, self._workspace_id) for user in self._users()]

    def ids_by_email(self) -> Mapping[str, str]:
        """Return ids by address in lower case, for joining a people file; empty without the scope for addresses."""
        pairs = (
            (str((user.get("profile") or {}).get("email") or "").lower(), str(user["id"])) for user in self._users()
        )
        return {email: person_id for email, person_id in pairs if email}

    def _users(self) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(PAGES):
            page = self._page(cursor)
            members = page.get("members")
            if not isinstance(members, list):
                raise DirectoryError("Slack answered users.list without a list of members, so none of it was used.")
            yield from (user for user in members if isinstance(user, dict) and user.get("id"))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise DirectoryError("Slack's list of people never ends, so none of it was used.")

    def _page(self, cursor: str) -> dict[str, Any]:
        more = {"cursor": cursor} if cursor else {}
        try:
            data = self._client.users_list(limit=PAGE, include_locale=True, **more).data
        except SlackApiError as error:
            code = error.response.get("error", "") if hasattr(error.response, "get") else ""
            raise DirectoryError(
                f"Slack answered users.list with {code or 'an error'}, so none of it was used."
            ) from error
        except (httpx.HTTPError, SlackClientError, OSError) as error:
            raise DirectoryError("Slack could not be reached, so the list of people was not read.") from error
        return data if isinstance(data, dict) else {}


def _to_person(user: Mapping[str, Any], workspace_id: str) -> Person:
    profile = user.get("profile") or {}
    locale = str(user.get("locale") or "")
    return Person(
        person_id=str(user["id"]),
        kind=_kind(user, workspace_id),
        first_name=_first_name(user, profile),
        zone=str(user.get("tz") or ""),
        title=str(profile.get("title") or ""),
        language=locale.partition("-")[0],
    )


def _kind(user: Mapping[str, Any], workspace_id: str) -> PersonKind:
    team_id = user.get("team_id") or workspace_id
    teams = (user.get("enterprise_user") or {}).get("teams") or []
    checks = (
        (user.get("deleted"), PersonKind.DEACTIVATED),
        # Slackbot says of itself that it is no bot.
        (user.get("is_bot") or user["id"] == SLACKBOT, PersonKind.BOT),
        (user.get("is_stranger") or (team_id != workspace_id and workspace_id not in teams), PersonKind.STRANGER),
        (user.get("is_invited_user"), PersonKind.INVITED),
        (user.get("is_restricted") or user.get("is_ultra_restricted"), PersonKind.GUEST),
    )
    return next((kind for holds, kind in checks if holds), PersonKind.MEMBER)


def _first_name(user: Mapping[str, Any], profile: Mapping[str, Any]) -> str:
    name = str(profile.get("first_name") or profile.get("display_name") or user.get("real_name") or "")
    return name.split()[0] if name.split() else ""
