"""`nudger ...`: this package is the command line, thin commands over the services; commands.py lists them all."""

import sys

from bot.cli.commands import load
from bot.cli.console import app, fail
from bot.start import starting
from bot.threads import bound_threads
from nudges.errors import NudgerError

__all__ = ["main"]


def main() -> None:
    """Run one command: exit 0 clean, 1 findings, 2 could not run."""
    bound_threads()
    try:
        with starting():
            load(sys.argv[1:])
        app()
    except NudgerError as error:
        fail(error)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
