"""Setting Nudger up: this module is `doctor` and `manifest`."""

import typer

from bot.cli.console import Format, app, say
from bot.manifest import manifest_yaml


@app.command()
def manifest(
    url: str = typer.Option("", help="The public https address of the web side; without it, Socket Mode."),
) -> None:
    """Print the Slack app's manifest.

    Paste it at api.slack.com/apps: Create New App, From a manifest.
    """
    say(manifest_yaml(url, socket_mode=not url))
