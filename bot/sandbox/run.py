"""A sandbox with its server, built and run in one call: this module is the sandbox's front door."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bot.sandbox.installs import AppClient
from bot.sandbox.keeping import keep
from bot.sandbox.page_json import PersonFacts
from bot.sandbox.people import Crowd
from bot.sandbox.records import AppIdentity, Json
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, BOT_SCOPES, BOT_TOKEN, SIGNING_SECRET, Slack

DEFAULT_PORT = 3100


def build_server(
    *,
    people: Iterable[Json] | Crowd,
    facts: Mapping[str, PersonFacts] | None = None,
    channels: Mapping[str, str] | None = None,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    app_name: str = "Nudger",
    bot_token: str = BOT_TOKEN,
    app_token: str = APP_TOKEN,
    scopes: Iterable[str] = BOT_SCOPES,
    events_url: str | None = None,
    signing_secret: str = SIGNING_SECRET,
    start: float | None = None,
    seed: int = 0,
    client: AppClient | None = None,
    strict: bool = False,
    kept_at: Path | None = None,
) -> SandboxServer:
    """Return a server not yet started; raise OSError when the port is taken.

    `channels` maps names to ids; `start` is the virtual instant to begin at, None for now. With `kept_at` it goes on
    from what that file holds and keeps every change there; a file that is not whole is said in `server.kept.trouble`.
    """
    slack = Slack(
        people=people,
        app=AppIdentity(name=app_name),
        tokens={bot_token: scopes, app_token: {"connections:write"}},
        start=start,
        seed=seed,
        client=client,
        strict=strict,
    )
    members = [user_id for user_id in slack.state.users if slack.state.can_get_messages(user_id)] if channels else []
    for name, channel_id in (channels or {}).items():
        slack.add_channel(channel_id, name=name, members=members)
    server = SandboxServer(slack, host, port, events_url=events_url, signing_secret=signing_secret, facts=facts)
    if kept_at is not None:  # only now: the port is ours, and nobody is answered before `start`
        server.kept = keep(slack, kept_at)
    return server


def run_sandbox(server: SandboxServer, on_ready: Callable[[SandboxServer], None] | None = None) -> None:
    """Serve until interrupted; `on_ready` is told when requests are answered."""
    with server:
        if on_ready is not None:
            on_ready(server)
        server.wait()


def facts_of(people_csv: str, tags: Mapping[str, Iterable[str]]) -> dict[str, PersonFacts]:
    """Return what the page shows of each person from a people file with `slack_id`, `department` and `place`."""
    rows = {row["slack_id"]: row for row in csv.DictReader(io.StringIO(people_csv))}
    return {
        user_id: PersonFacts(
            department=rows.get(user_id, {}).get("department") or "",
            place=rows.get(user_id, {}).get("place") or "",
            tags=tuple(tags.get(user_id, ())),
        )
        for user_id in {*rows, *tags}
    }
