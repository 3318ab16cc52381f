"""Playbooks set going, mended and taken back: this module is `publish`, `correct` and `recall`."""

import sys
from datetime import date

import typer

from bot.cli.console import app, could_not_run, say
from bot.cli.cores import WORKSPACE, make_core
from bot.cli.drafts import draft_text
from nudges.services.authoring.ask_approval import COMMAND_LINE
from nudges.services.authoring.draft_plan import draft
from nudges.services.authoring.publish import PublishedCampaign, ask_widening
from nudges.services.authoring.publish import publish as publish_playbook
from nudges.services.authoring.publish import update as update_campaign
from nudges.services.delivery.order_changes import order_correction, order_recall, preview_correction, preview_recall


@app.command()
def publish(
    playbook: str = typer.Argument(..., help="The playbook's name; with --update or --widen the campaign's."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
    starts_on: str = typer.Option("", help="First day, as 2027-01-11; by default the Monday after today."),
    update: bool = typer.Option(False, "--update", help="Give a running campaign the file's present text."),
    widen: bool = typer.Option(False, "--widen", help="Ask that the rest follows a campaign's pilot."),
    again: bool = typer.Option(False, "--again", help="Begin a second run of a playbook that runs already."),
    whole: bool = typer.Option(False, "--whole", help="Reach everybody at once, without the pilot."),
    workspace: str = WORKSPACE,
) -> None:
    """Make a playbook a campaign that runs.

    Prints the plan, asks, and freezes the text; later edits reach it only by --update. Where a second person has to
    agree, it waits for them in Slack.
    """
    core = make_core(workspace)
    if widen:
        asked = ask_widening(core, playbook, COMMAND_LINE)
        say(f"{playbook} waits for a yes in Slack; asked: {', '.join(asked)}.")
        return
    if update:
        _say_done(update_campaign(core, playbook, COMMAND_LINE), is_update=True)
        return
    begins = _date(starts_on)
    say(draft_text(draft(core, playbook, starts_on=begins)))
    if not yes and not _is_wanted("Publish?"):
        raise typer.Exit(1)
    done = publish_playbook(core, playbook, COMMAND_LINE, starts_on=begins, is_again=again, is_whole=whole)
    _say_done(done, is_update=False)


@app.command()
def correct(
    campaign: str = typer.Argument(..., help="The campaign's name."),
    nudge: str = typer.Argument(..., help="The nudge's key."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
    workspace: str = WORKSPACE,
) -> None:
    """Give messages that were sent the mended text.

    After publish --update; answers stay, nobody is notified again, and the running app does it at Slack's pace.
    """
    core = make_core(workspace)
    view = preview_correction(core, campaign, nudge)
    say(f"{view.messages} messages of {nudge} would change from\n\n{view.before}\n\nto\n\n{view.after}\n")
    if not yes and not _is_wanted("Correct them?"):
        raise typer.Exit(1)
    done = order_correction(core, campaign, nudge, COMMAND_LINE, version=view.version)
    say(f"Ordered: the running app corrects {done.messages} messages.")


@app.command()
def recall(
    campaign: str = typer.Argument(..., help="The campaign's name."),
    nudge: str = typer.Argument("", help="One nudge; without it the whole campaign, which ends with it."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
    workspace: str = WORKSPACE,
) -> None:
    """Stop what is not sent yet and delete what nobody has answered.

    Answered messages stay, with a line. This cannot be undone.
    """
    core = make_core(workspace)
    view = preview_recall(core, campaign, nudge)
    say(f"{view.waiting} not sent yet would be stopped; {view.messages} deleted, or marked where they were answered.")
    if not yes and not _is_wanted("Take it back? This cannot be undone."):
        raise typer.Exit(1)
    done = order_recall(core, campaign, nudge, COMMAND_LINE)
    say(f"{done.skipped} stopped; the running app works through {done.messages} messages that were sent.")


def _say_done(done: PublishedCampaign, *, is_update: bool) -> None:
    for warning in done.warnings:
        say(f"Not ripe for everybody yet: {warning}")
    if done.is_waiting:
        say(f"{done.name} waits: a second person has to agree, in Slack. Asked: {', '.join(done.asked)}.")
    elif is_update:
        say(f"{done.name} now runs on version {done.version} for {done.audience} people.")
    else:
        say(f"Published {done.name} for {done.audience} people; it starts on {done.starts_on:%A %d %B %Y}.")
    if done.pilot is not None and not is_update:
        say(f"Its pilot comes first: {done.pilot} people. The rest waits until it is widened.")


def _is_wanted(question: str) -> bool:
    if not sys.stdin.isatty():
        could_not_run("Nothing was done, because nobody could be asked. Add --yes to go on without a question.")
    return typer.confirm(question)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        could_not_run(f"{text} is not a date; write it as 2027-01-11.")
