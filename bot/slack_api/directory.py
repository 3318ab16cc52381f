"""Who is in the workspace, and in which groups: this module is the Directory port on Slack's lists."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.web import SlackResponse

from nudges.domain.people.people import Person, PersonKind
from nudges.errors import DirectoryError, GroupUnreadable

PAGE = 200
PAGES = 5000
SLACKBOT = "USLACKBOT"
EVERYBODY = ("users.list", "auth.teams.list")
# Slack is unwell, or refuses us as a whole: none of this is about the group that was asked for.
NOT_ABOUT_THE_GROUP = frozenset({
    "account_inactive", "fatal_error", "fetch_members_failed", "internal_error", "invalid_auth", "not_authed",
    "ratelimited", "request_timeout", "service_unavailable", "token_expired", "token_revoked",
})  # fmt: skip

Page = Mapping[str, Any]


class SlackDirectory:
    """The people of one workspace, or of all that an organisation lets us into, read to the last page or not at all."""

    def __init__(self, client: WebClient, workspace_id: str, *, is_org: bool = False) -> None:
        self._client = client
        # Reading twice does no harm, so waiting and asking again is left to the library here.
        self._client.retry_handlers = [RateLimitErrorRetryHandler(max_retry_count=5)]
        self._workspace_id = workspace_id
        self._is_org = is_org

    def people(self) -> Iterator[Person]:
        """Give everybody, a page at a time; see the port. Who is in several workspaces of an organisation is one."""
        seen: set[str] = set()
        for user in self._users():
            if user["id"] not in seen:
                seen.add(str(user["id"]))
                yield _to_person(user, self._workspace_id)

    def ids_by_email(self) -> Mapping[str, str]:
        """Return ids by address in lower case, for joining a people file; empty without the scope for addresses."""
        pairs = (
            (str((user.get("profile") or {}).get("email") or "").lower(), str(user["id"])) for user in self._users()
        )
        return {email: person_id for email, person_id in pairs if email}

    def group_members(self, group_id: str) -> Sequence[str]:
        """Return who is in a user group or a channel; see the port."""
        if group_id.startswith("S"):
            return self._user_group(group_id)
        pages = self._pages("conversations.members", "members", self._client.conversations_members, channel=group_id)
        return [str(person_id) for person_id in pages]

    def _user_group(self, group_id: str) -> Sequence[str]:
        places = self._places()
        for place in places:
            try:
                page = _asked("usergroups.users.list", partial(self._group_page, group_id, place))
            except GroupUnreadable as error:
                # A group is of one workspace of the organisation; which one is not known.
                if error.slack_code != "no_such_subteam" or place is places[-1]:
                    raise
                continue
            found = page.get("users")
            if not isinstance(found, list):
                raise DirectoryError("Slack answered usergroups.users.list without users, so none of it was used.")
            return [str(person_id) for person_id in found]
        raise GroupUnreadable("The organisation lets us into none of its workspaces.", slack_code="no_such_subteam")

    def _group_page(self, group_id: str, place: Mapping[str, str]) -> Any:
        return self._client.usergroups_users_list(usergroup=group_id, team_id=place.get("team_id")).data

    def _users(self) -> Iterator[dict[str, Any]]:
        for place in self._places():
            pages = self._pages("users.list", "members", self._client.users_list, include_locale=True, **place)
            yield from (user for user in pages if isinstance(user, dict) and user.get("id"))

    def _places(self) -> Sequence[Mapping[str, str]]:
        """Return what names each workspace to be asked; a token of one workspace names its own."""
        if not self._is_org:
            return [{}]
        teams = self._pages("auth.teams.list", "teams", self._client.auth_teams_list)
        return [{"team_id": str(team["id"])} for team in teams if isinstance(team, dict) and team.get("id")]

    def _pages(self, name: str, key: str, method: Callable[..., SlackResponse], **arguments: Any) -> Iterator[Any]:
        """Give the entries of every page; DirectoryError when one is missing or there is no end."""
        cursor: dict[str, str] = {}
        for _ in range(PAGES):
            page = _asked(name, lambda more=cursor: method(limit=PAGE, **arguments, **more).data)  # type: ignore[misc]  # lambda
            entries = page.get(key)
            if not isinstance(entries, list):
                raise DirectoryError(f"Slack answered {name} without a list of {key}, so none of it was used.")
            yield from entries
            next_cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not next_cursor:
                return
            cursor = {"cursor": next_cursor}
        raise DirectoryError(f"Slack's answer to {name} never ends, so none of it was used.")


def _asked(name: str, call: Callable[[], Any]) -> Page:
    try:
        data = call()
    except SlackApiError as error:
        code = error.response.get("error", "") if hasattr(error.response, "get") else ""
        sentence = f"Slack answered {name} with {code or 'an error'}, so none of it was used."
        if name not in EVERYBODY and code and code not in NOT_ABOUT_THE_GROUP:
            raise GroupUnreadable(sentence, slack_code=code) from error
        raise DirectoryError(sentence) from error
    except (SlackClientError, OSError) as error:
        raise DirectoryError(f"Slack could not be reached, so {name} was not read.") from error
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
    enterprise_user = user.get("enterprise_user") or {}
    team_id = user.get("team_id") or workspace_id
    ours = [*(enterprise_user.get("teams") or []), enterprise_user.get("enterprise_id")]
    checks = (
        (user.get("deleted"), PersonKind.DEACTIVATED),
        # Slackbot says of itself that it is no bot.
        (user.get("is_bot") or user["id"] == SLACKBOT, PersonKind.BOT),
        (user.get("is_stranger") or (team_id != workspace_id and workspace_id not in ours), PersonKind.STRANGER),
        (user.get("is_invited_user"), PersonKind.INVITED),
        (user.get("is_restricted") or user.get("is_ultra_restricted"), PersonKind.GUEST),
    )
    return next((kind for holds, kind in checks if holds), PersonKind.MEMBER)


def _first_name(user: Mapping[str, Any], profile: Mapping[str, Any]) -> str:
    name = str(profile.get("first_name") or profile.get("display_name") or user.get("real_name") or "")
    return name.split()[0] if name.split() else ""
