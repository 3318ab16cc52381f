"""One call of the Web API: who may make it and with what: this module is the door of the sandbox's methods."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.contract import is_true
from bot.sandbox.errors import Refusal
from bot.sandbox.records import Channel, Json, Token
from bot.sandbox.state import State


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


def identify(state: State, method: str, token: str | None) -> Token:
    """Return the known token of the right kind; raise the refusal that fits."""
    if not token:
        raise Refusal("not_authed")
    known = state.tokens.get(token)
    if known is None:
        raise Refusal("invalid_auth")
    wanted = "app" if method == "apps.connections.open" else "bot"
    if known.kind != wanted and method != "auth.test":
        raise Refusal("not_allowed_token_type")
    return known


def visible_channel(state: State, channel_id: str) -> Channel:
    """Return a conversation the app is in or could see; raise channel_not_found otherwise."""
    channel = state.channels.get(channel_id)
    if channel is None or (channel.kind == "im" and state.app.bot_user not in channel.members):
        raise Refusal("channel_not_found")
    return channel
