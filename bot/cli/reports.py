"""Looking at a running Nudger: this module is `status` for the terminal."""

from dataclasses import asdict

import typer

from bot.bootstrap import build_core, known_installation
from bot.cli.console import Format, app, say, say_json
from bot.settings import read_settings
from nudges.domain.views import CampaignView, StatusView
from nudges.services.read_status import status as read_status

CLI = "command line"


@app.command()
def status(format: Format = typer.Option(Format.TEXT, help="text or json")) -> None:
    """Show what was sent, waits or is stuck."""
    settings = read_settings()
    found = read_status(build_core(settings, known_installation(settings)), CLI)
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
    return "\n".join([head, *hold, *faults, *(_campaign(campaign) for campaign in found.campaigns)])


def _reason(hold_reason: str) -> str:
    known = {
        "copied": "this looks like a copy or a restored backup",
        "clock": "the clock of this machine has leapt (it goes on by itself once the clock is right)",
    }
    return known.get(hold_reason) or f"Slack said {hold_reason.removeprefix('slack:')}"


def _campaign(found: CampaignView) -> str:
    books = found.books
    waiting = books.planned + books.retry + books.sending
    skipped = sum(count for _, count in books.skipped)
    return (
        f"{found.name} ({found.status}): {books.audience_people} people, {books.enqueued} enqueued = {books.sent} sent"
        f" + {waiting} waiting + {books.unknown} unknown + {skipped} skipped + {books.expired} expired"
        f" + {books.failed} failed{'' if books.is_balanced else '  THE BOOKS DO NOT BALANCE'}"
    )
