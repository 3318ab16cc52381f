"""Who has the app, with which tokens, and where it could be: this module is memory that all workspaces share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from bot.sandbox.records import Token

CLIENT_ID = "1000.2000"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - opens a sandbox on loopback, nothing else


@dataclass(frozen=True, slots=True)
class AppClient:
    """The app as OAuth knows it; without `redirect_urls` any address will do."""

    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_urls: tuple[str, ...] = ()
    rotates: bool = True
    old_token_seconds: float | None = None  # how long a refreshed access token goes on; None: to its own end


@dataclass(frozen=True, slots=True)
class Place:
    """Where the app can be installed: a workspace, or an organisation of several."""

    id: str
    name: str
    bot_user: str
    enterprise_id: str | None = None
    enterprise_name: str = ""

    @property
    def is_organisation(self) -> bool:
        return self.id == self.enterprise_id


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in a place; in an organisation it works only in the workspaces it was let into."""

    place: Place
    scopes: frozenset[str]
    installer: str = ""
    let_in: frozenset[str] = frozenset()

    @property
    def is_org_wide(self) -> bool:
        return self.place.is_organisation


@dataclass(slots=True)
class Code:
    """What a browser carries back to the app: good once, for ten minutes."""

    where: str
    scopes: frozenset[str]
    made_at: float
    redirect_uri: str = ""
    person: str = ""


@dataclass(slots=True)
class Installs:
    """Plain data; whoever changes it holds `lock`, which is never kept while the app is called."""

    client: AppClient = field(default_factory=AppClient)
    lock: AbstractContextManager[object] = field(default_factory=threading.RLock)
    places: dict[str, Place] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    refresh_tokens: dict[str, str] = field(default_factory=dict)  # refresh token -> where
    codes: dict[str, Code] = field(default_factory=dict)
    installations: dict[str, Installation] = field(default_factory=dict)
    on_revoked: Callable[[Installation], None] = lambda _: None
    counters: dict[str, int] = field(default_factory=dict)

    def workspaces_of(self, organisation: str) -> list[str]:
        return [one.id for one in self.places.values() if one.enterprise_id == organisation and not one.is_organisation]

    def covering(self, team_id: str, enterprise_id: str | None) -> Installation | None:
        """Return the workspace's own installation, else its organisation's if that was let in."""
        own = self.installations.get(team_id)
        if own is not None or enterprise_id is None:
            return own
        shared = self.installations.get(enterprise_id)
        return shared if shared is not None and team_id in shared.let_in else None

    def next_number(self) -> int:
        with self.lock:
            self.counters["made"] = self.counters.get("made", 0) + 1
            return self.counters["made"]

    def tokens_of(self, where: str) -> list[Token]:
        """Return the bot tokens of an installation that have not been ended."""
        tokens = tuple(self.tokens.values())
        return [token for token in tokens if token.owner == where and token.kind == "bot" and not token.ended]

    def end_tokens(self, where: str, refusal: str) -> None:
        """End every token of an installation: each call of theirs gets this refusal from now on."""
        with self.lock:
            for token in self.tokens_of(where):
                self.tokens[token.value] = replace(token, ended=refusal)
            for value in [value for value, whose in self.refresh_tokens.items() if whose == where]:
                del self.refresh_tokens[value]
