"""Looking at a running Nudger: this module is `status` for the terminal."""

from dataclasses import asdict

import typer

from bot.cli.console import Format, app, say, say_json
from bot.cli.cores import WORKSPACE, workspace_core
from bot.settings import read_settings
from nudges.domain.delivery.crowding import Crowding
from nudges.domain.delivery.doubts import Doubts
from nudges.domain.measuring.views import CampaignView, StatusView
from nudges.services.measuring.read_status import status as read_status

CLI = "command line"
NO_PART = {
    "web": "no `nudger web` was seen for two minutes, so nobody answers in Slack.",
    "worker": "no `nudger worker` was seen for two minutes, so nothing is sent.",
    "clock": "no `nudger clock` was seen for two minutes, so nothing is planned and no job begins.",
}


@app.command()
def status(format: Format = typer.Option(Format.TEXT, help="text or json"), workspace: str = WORKSPACE) -> None:
    """Show what was sent, waits or is stuck."""
    found = read_status(workspace_core(read_settings(), workspace), CLI)
    if format == Format.JSON:
        say_json(asdict(found))
    else:
        say(_text(found))


def _text(found: StatusView) -> str:
    head = (
        f"{found.people} accounts, {found.sendable} members. Sent today: {found.sent_today}. Unknown: {found.unknown}."
    )
    hold = [f"HELD, {_reason(found.hold_reason)}: nothing is sent until `nudger resume`."] if found.is_held else []
    faults = [f"{len(found.faults)} playbook files have faults: `nudger check`."] if found.faults else []
    hold += [f"MISSING: {NO_PART[part]}" for part in found.missing]
    lines = [head, *_doubts(found.doubts), *_crowding(found.crowding), *hold, *faults, *map(_campaign, found.campaigns)]
    return "\n".join(lines)


def _doubts(found: Doubts) -> list[str]:
    """Say what was in doubt lately, as after a crash, and how that ended."""
    words = {
        "found": "found at Slack",
        "again": "not there and sent again",
        "waiting": "not there, to be sent again",
        "too_late": "not there, and too late",
        "full": "not there, and gave way to another message",
        "given_up": "not there and no longer wanted",
        "unsettled": "still being looked up",
    }
    told = ", ".join(f"{count} {words[name]}" for name, count in found.parts if count)
    return [f"In doubt within the last seven days: {found.total} ({told})."] if found.total else []


def _crowding(found: Crowding | None) -> list[str]:
    if found is None:
        return []
    return [
        f"CROWDED: {found.late} of {found.messages} messages due within a day do not fit into their windows at about "
        f"{found.posts_per_second:.1f} a second; the last would go at {found.ends_at:%Y-%m-%d %H:%M} UTC."
    ]


def _reason(hold_reason: str) -> str:
    known = {
        "copied": "this looks like a copy or a restored backup",
        "slack:app_uninstalled": "the app was removed from the workspace; installing it again brings it back",
        "slack:tokens_revoked": "its token was revoked; installing the app again brings it back",
        "slack:invalid_refresh_token": "its token cannot be renewed; install the app again in that workspace",
        "clock": "the clock of this machine has leapt (it goes on by itself once the clock is right)",
    }
    return known.get(hold_reason) or f"Slack said {hold_reason.removeprefix('slack:')}"


def _campaign(found: CampaignView) -> str:
    books = found.books
    waiting = books.planned + books.retry + books.sending
    skipped = sum(count for _, count in books.skipped)
    returns = f"; reviews: questions came back to {found.returned_to} people, beside these" if found.returned_to else ""
    return (
        f"{found.name} ({found.status}): {books.audience_people} people, {books.enqueued} enqueued = {books.sent} sent"
        f" + {waiting} waiting + {books.unknown} unknown + {skipped} skipped + {books.expired} expired"
        f" + {books.failed} failed{returns}{'' if books.is_balanced else '  THE BOOKS DO NOT BALANCE'}"
    )
