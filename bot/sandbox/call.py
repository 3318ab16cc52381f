"""One call of the Web API: who may make it and with what: this module is the door of the sandbox's methods."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.contract import is_true, method
from bot.sandbox.errors import Refusal
from bot.sandbox.records import Channel, Json, Token
from bot.sandbox.state import State

NOBODY = Token(value="", kind="none", scopes=frozenset())
TOKENLESS = frozenset({"oauth.v2.access"})
ABOUT_THE_TOKEN = frozenset({"auth.revoke", "auth.teams.list", "auth.test"})
NEED_TEAM = frozenset(
    {
        "bots.info",
        "conversations.list",
        "usergroups.list",
        "usergroups.users.list",
        "users.conversations",
        "users.list",
    }
)


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    args: Json
    token: Token

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        return is_true(self.args.get(name))

    def need_scope(self, scope: str) -> None:
        """Raise the refusal that names the missing scope and those the token has."""
        if scope not in self.token.scopes:
            provided = ",".join(sorted(self.token.scopes))
            raise Refusal("missing_scope", needed=scope, provided=provided)

    def need_channel_scope(self, channel: Channel, right: str) -> None:
        self.need_scope(f"{'im' if channel.kind == 'im' else 'channels'}:{right}")


def identify(state: State, name: str, token: str | None) -> Token:
    """Return the known token of the right kind; raise the refusal that fits."""
    if name in TOKENLESS:
        return NOBODY
    if not token:
        raise Refusal("not_authed")
    known = state.installs.tokens.get(token)
    if known is None:
        raise Refusal("invalid_auth")
    if known.ended:
        raise Refusal(known.ended)
    if known.expires_at is not None and state.clock.now() >= known.expires_at:
        raise Refusal("token_expired")
    wanted = "app" if name == "apps.connections.open" else "bot"
    if known.kind != wanted and name != "auth.test":
        raise Refusal("not_allowed_token_type")
    return known


def need_access(state: State, call: Call) -> None:
    """Hold the token of an organisation to the workspaces it was let into, and to naming one where it must."""
    if not call.token.is_org_wide or call.method in ABOUT_THE_TOKEN:
        return
    if call.method in NEED_TEAM and not call.args.get("team_id"):
        documented = method(call.method)["errors"]
        error = "missing_argument" if "missing_argument" in documented else "invalid_arguments"
        raise Refusal(error, messages=("[ERROR] missing required field: team_id",))
    installation = state.installs.installations.get(call.token.owner)
    if installation is None or state.app.team_id not in installation.let_in:
        raise Refusal("team_access_not_granted")


def visible_channel(state: State, channel_id: str) -> Channel:
    """Return a conversation the app is in or could see; raise channel_not_found otherwise."""
    channel = state.channels.get(channel_id)
    if channel is None or (channel.kind == "im" and state.app.bot_user not in channel.members):
        raise Refusal("channel_not_found")
    return channel
