"""Keys of stored tokens: this module is `reseal-tokens`."""

from bot.bootstrap import make_clock, open_store
from bot.cli.console import app, say
from bot.offices import Offices
from bot.settings import read_settings
from nudges.services.workspaces.installing import reseal_tokens


@app.command("reseal-tokens")
def reseal() -> None:
    """Put every stored token under the newest of NUDGER_TOKEN_KEYS.

    Also while Nudger runs with the same keys. Afterwards the older ones may be taken out of the setting.
    """
    settings = read_settings()
    database, key = open_store(settings)
    count = reseal_tokens(database, Offices(settings, database, key, make_clock(settings)).box)
    which = "the first of NUDGER_TOKEN_KEYS" if settings.token_keys else "the key drawn from the secret key"
    say(f"The tokens of {count} workspaces are under {which} now.")
