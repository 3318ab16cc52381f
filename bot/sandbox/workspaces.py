"""Every workspace of one sandbox, found by a call's token and what it names: this module is the switchboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.errors import Impossible
from bot.sandbox.installs import Installs
from bot.sandbox.records import Json, Token

if TYPE_CHECKING:
    from bot.sandbox.workspace import Slack


class Workspaces:
    """The first one is home: it serves what belongs to no other."""

    def __init__(self, installs: Installs) -> None:
        self.installs = installs
        self._by_team: dict[str, Slack] = {}

    def add(self, slack: Slack) -> None:
        self._by_team[slack.state.app.team_id] = slack

    def all(self) -> list[Slack]:
        return list(self._by_team.values())

    def __len__(self) -> int:
        return len(self._by_team)

    def __contains__(self, team_id: str) -> bool:
        return team_id in self._by_team

    def get(self, team_id: str) -> Slack:
        found = self._by_team.get(team_id)
        if found is None:
            raise Impossible("unknown_workspace", f"There is no workspace {team_id} in this sandbox.")
        return found

    def lobby(self, where: str) -> Slack:
        """Return the workspace, or the one that speaks for an organisation: the first it was let into."""
        if where in self._by_team:
            return self._by_team[where]
        return next(iter(self._of_organisation(where)), self.home())

    def home(self) -> Slack:
        return next(iter(self._by_team.values()))

    def serving(self, method: str, args: Json, token: str | None) -> Slack:
        """Return the workspace that this call is about."""
        if len(self._by_team) == 1:
            return self.home()
        if method == "oauth.v2.access":
            return self.lobby(self._buyer(args))
        known = self.installs.tokens.get(token or "")
        if known is None or not known.owner:
            return self.home()
        return self._named(known, args) if known.is_org_wide else self.lobby(known.owner)

    def _buyer(self, args: Json) -> str:
        """Return where the code or refresh token comes from, so that its faults befall the exchange."""
        code = self.installs.codes.get(str(args.get("code")))
        return code.where if code else self.installs.refresh_tokens.get(str(args.get("refresh_token")), "")

    def _named(self, token: Token, args: Json) -> Slack:
        """Return the workspace of the channel, person, view or trigger a call names, else of its team_id."""
        for slack in self._of_organisation(token.owner):
            if _knows(slack, args):
                return slack
        return self.lobby(str(args.get("team_id") or token.owner))

    def _of_organisation(self, organisation: str) -> list[Slack]:
        """Return its workspaces, those that the app was let into first."""
        installation = self.installs.installations.get(organisation)
        let_in = installation.let_in if installation else frozenset()
        teams = self.installs.workspaces_of(organisation)
        return [self._by_team[team] for team in sorted(teams, key=lambda team: team not in let_in)]

    def teams_of(self, user_id: str, organisation: str | None) -> list[str]:
        """Return the workspaces of the organisation that a person is in."""
        teams = self.installs.workspaces_of(organisation) if organisation else []
        return [team for team in teams if user_id in self._by_team[team].state.users]

    def with_response_url(self, key: str) -> Slack:
        return next((one for one in self._by_team.values() if key in one.state.response_urls), self.home())


def _knows(slack: Slack, args: Json) -> bool:
    state = slack.state
    channel, view = str(args.get("channel") or ""), str(args.get("view_id") or "")
    trigger = str(args.get("trigger_id") or args.get("interactivity_pointer") or "")
    person = str(args.get("user_id") or args.get("user") or args.get("users") or "").partition(",")[0]
    if channel:
        return channel in state.channels or channel in state.users
    return trigger in state.triggers or view in state.views or person in state.users
