"""What commands over the database share: this module joins settings, playbooks and store."""

from bot.bootstrap import build_core, known_installation
from bot.cli.console import could_not_run
from bot.settings import read_settings
from nudges.services.core import Core


def make_core() -> Core:
    """Return what services need, for a command that looks at playbooks and the database."""
    settings = read_settings()
    if not settings.nudger_playbooks.is_dir():
        could_not_run(
            f"There is no folder {settings.nudger_playbooks}. Set NUDGER_PLAYBOOKS to where the playbooks are."
        )
    return build_core(settings, known_installation(settings))
