"""Files given to a command: this module reads them, and days, or says why it cannot and ends."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.console import could_not_run

if TYPE_CHECKING:
    from bot.simulation.planted import Planted
    from nudges.domain.forecasts.reactions import Reaction


def read_csv(path: Path) -> str:
    """Return the text of a CSV file."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        could_not_run(f"{path} cannot be read: {error.strerror}. Give the path of a CSV file with a header.")
    except UnicodeDecodeError:
        could_not_run(f"{path} is not UTF-8 text. Save it as CSV UTF-8 and try again.")


def read_script(path: Path) -> "tuple[Reaction, ...]":
    """Return the reactions of a file; one with a fault is refused whole."""
    from nudges.domain.forecasts.reactions import read_reactions

    found, faults = read_reactions(read_csv(path), str(path))
    if faults:
        could_not_run("\n".join(fault.text() for fault in faults))
    return found


def read_barriers(path: Path) -> "Planted":
    """Return the barriers of a file; one with a fault is refused whole."""
    from bot.simulation.planted import read_planted

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        could_not_run(f"{path} cannot be read ({type(error).__name__}). Give the path of a YAML file in UTF-8.")
    found, faults = read_planted(text, str(path))
    if faults:
        could_not_run("\n".join(faults))
    return found


def read_day(text: str) -> date | None:
    """Return a day written as 2027-01-08, or None for an empty text."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        could_not_run(f"{text} is not a date; write it as 2027-01-08.")
