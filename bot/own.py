"""The workspace of SLACK_BOT_TOKEN: this module is what every process makes of that setting when it starts.

Where workspaces have installed the app, or can, the token need not be set and may be refused: the others are served.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.bootstrap import Installation, SlackUnreachable, sign_in
from bot.offices import Offices
from bot.settings import Settings
from nudges.errors import SettingsError

LONGEST_WAIT_S = 60.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Own:
    """Whose token it is, or why there is nobody."""

    installation: Installation | None
    refusal: SettingsError | None = None

    def check(self, settings: Settings, offices: Offices, say: Say) -> None:
        """Raise the refusal when it leaves nobody to serve; otherwise say that the others are served."""
        if self.refusal is None:
            return
        if not settings.can_install and not offices.workspace_ids():
            raise self.refusal
        say(f"{self.refusal.message} The workspaces that have installed the app are served without it.")


def own_workspace(settings: Settings, say: Say) -> Own:
    """Ask Slack whose token it is, for as long as Slack cannot be reached. A token that is missing where one is needed
    raises SettingsError; of one that is refused it depends on who else is served, see `check`."""
    if not settings.slack_bot_token.get_secret_value() and settings.can_install:
        return Own(None)
    try:
        return Own(sign_in_patiently(settings, say))
    except SettingsError as error:
        if not settings.slack_bot_token.get_secret_value():
            raise
        return Own(None, error)


def sign_in_patiently(settings: Settings, say: Say) -> Installation:
    """Return who we are; an unreachable Slack is asked again with a growing wait."""
    wait = 1.0
    while True:
        try:
            return sign_in(settings)
        except SlackUnreachable as error:
            say(f"{error.message} Trying again in {wait:.0f} s.")
        time.sleep(wait)  # at start there is nothing else to do
        wait = min(LONGEST_WAIT_S, wait * 2)
