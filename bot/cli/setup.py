"""Setting Nudger up: this module is `doctor` and `manifest`."""

import typer

from bot.cli.console import Format, app, say
from bot.doctor import examine, exit_code, render
from bot.manifest import manifest_yaml, scopes_for
from bot.settings import read_settings
from nudges.services.authoring.import_playbooks import read_folder


@app.command()
def doctor(format: Format = typer.Option(Format.TEXT, help="text or json")) -> None:
    """Look at everything a deployment needs.

    Says what is missing and how to set it; exit 0 clean, 1 findings, 2 could not run. Changes nothing.
    """
    checks = examine()
    say(render(checks, format.value))
    raise typer.Exit(exit_code(checks))


@app.command()
def manifest(
    url: str = typer.Option("", help="The public https address of the web side; without it, Socket Mode."),
    many: bool = typer.Option(False, "--many", help="For several workspaces, installed from our page /slack/install."),
) -> None:
    """Print the Slack app's manifest.

    Paste it at api.slack.com/apps: Create New App, From a manifest. Where rules of company.yaml name user groups or
    channels, it asks for the scopes to read who is in them.
    """
    settings = read_settings()
    company = read_folder(settings.nudger_playbooks).company
    is_socket = settings.mode == "socket" if many else not url
    address = url or (settings.nudger_public_url if many else "")
    built = manifest_yaml(address, socket_mode=is_socket, optional=scopes_for(company), is_for_many=many)
    say(built.rstrip())
