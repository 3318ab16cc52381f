"""The plays that come with the product: this module reads them once, by the same loader as a company's own."""

from functools import lru_cache
from importlib import resources

from nudges.domain.files.loading import load_plays
from nudges.domain.plays.models import NO_PLAYS, Plays

FILE = "plays.yaml"


def shipped_text() -> str:
    """Return the file as it is shipped, to begin one's own from."""
    return (resources.files("nudges.domain.plays") / FILE).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def shipped_plays() -> Plays:
    """Return our plays for every kind and grade."""
    return load_plays(shipped_text(), file=FILE).value or NO_PLAYS
