"""`nudger ...`: this package is the command line, thin commands over the services."""

import sys

from bot.cli import checking, demo, people, planning, previewing, publishing, reports, running, setup
from bot.cli.console import app, fail
from nudges.errors import NudgerError

__all__ = [
    "app",
    "checking",
    "demo",
    "main",
    "people",
    "planning",
    "previewing",
    "publishing",
    "reports",
    "running",
    "setup",
]


def main() -> None:
    """Run one command: exit 0 clean, 1 findings, 2 could not run."""
    try:
        app()
    except NudgerError as error:
        fail(error)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
