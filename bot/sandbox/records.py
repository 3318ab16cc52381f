"""Messages, channels, views, tokens and calls as plain values: this module is what the sandbox remembers."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Blocks = list[Json]


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """The one app as this workspace knows it, and the workspace itself."""

    name: str = "Nudger"
    app_id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    bot_user: str = "U0SANDBOX"
    team_id: str = "T0SANDBOX"
    team_name: str = "Sandbox company"
    domain: str = "sandbox"
    verification_token: str = "sandbox-verification"  # noqa: S105 - Slack's old token, in payloads for show
    enterprise_id: str | None = None  # the organisation the workspace belongs to
    enterprise_name: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; `owner` is the workspace or organisation that installed the app."""

    value: str
    kind: Literal["bot", "app", "none"]
    scopes: frozenset[str]
    owner: str = ""
    is_org_wide: bool = False
    expires_at: float | None = None  # virtual time
    ended: str = ""  # the refusal it gets for ever


@dataclass(frozen=True, slots=True)
class Message:
    """One message as everybody, or only `only_for`, sees it; `user` is the sender."""

    channel: str
    ts: str
    user: str
    text: str
    at: float
    from_app: bool = True
    blocks: Blocks | None = None
    attachments: Blocks | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    only_for: str | None = None
    edited_ts: str | None = None


@dataclass(slots=True)
class Channel:
    """A conversation and its messages in the order of their timestamps."""

    id: str
    kind: Literal["im", "channel"]
    members: frozenset[str]
    name: str
    created: int
    messages: dict[str, Message] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def free_ts(self, at: float) -> str:
        """Return the first timestamp at or after this instant that no message of the channel bears."""
        micros = int(at * 1_000_000)
        while (ts := f"{micros // 1_000_000}.{micros % 1_000_000:06d}") in self.messages:
            micros += 1
        return ts

    def keep(self, message: Message) -> None:
        if message.ts not in self.messages:
            insort(self.order, message.ts)
        self.messages[message.ts] = message

    def drop(self, ts: str) -> None:
        del self.messages[ts]
        self.order.remove(ts)

    def newest_first(self) -> Iterator[Message]:
        return (self.messages[ts] for ts in reversed(self.order))

    def after(self, ts: str) -> list[Message]:
        return [self.messages[later] for later in self.order[bisect_right(self.order, ts) :]]


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a Home tab; `body` is what the app sent, with the ids Slack adds; `values` what was typed in it."""

    id: str
    kind: Literal["modal", "home"]
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    external_id: str = ""
    values: Json = field(default_factory=dict)


@dataclass(slots=True)
class Trigger:
    """A trigger id: good once, for three seconds of real time."""

    user: str
    made_real: float
    view_id: str | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class ResponseUrl:
    """What a `response_url` may touch, and how often it was used."""

    user: str
    channel: str
    made_at: float
    ts: str | None = None
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Posted:
    """Ground truth of one accepted chat.postMessage, for tests that count doubles."""

    delivery_id: str | None
    channel: str
    user: str | None
    ts: str
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What whoever runs the sandbox tells its visitor; `about` tells one story from the next."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One line of the panel of calls."""

    n: int
    at: float
    real_at: float
    direction: Literal["app_to_slack", "slack_to_app"]
    what: str
    ok: bool
    summary: str
    ms: float
    person: str | None = None
    error: str | None = None
    http_status: int | None = None
    warnings: tuple[str, ...] = ()
