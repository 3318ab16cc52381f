"""A question that came back, as its reader sees it: this module is what a message says beside the question itself."""

from dataclasses import dataclass
from datetime import date, timedelta

LATELY = timedelta(days=28)  # until then the day says more than the month


@dataclass(frozen=True)
class Review:
    """When the person met the question, and whether it is put in other words this time."""

    met_on: date
    is_lately: bool
    is_reworded: bool = False
    is_known: bool = False  # it rests: learned by now, or the person said so


def review_of(*, met_on: date, asked_on: date, is_reworded: bool) -> Review:
    """Return what is said of a question that comes back on this day."""
    return Review(met_on, asked_on - met_on <= LATELY, is_reworded)
