"""The terminal as a place to draw: this module is its two sides, for commands that show cards, colours and progress.

A command that only prints lines does not import it: the library behind it is two megabytes, also of one that stays.
"""

from rich.console import Console

out = Console(highlight=False, markup=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
