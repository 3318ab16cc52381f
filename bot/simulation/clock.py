"""Time that stands still until it is moved: this module is the clock of a simulation."""

from datetime import datetime


class SteppedClock:
    """Shows the instant it was moved to; it never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """Return the present instant."""
        return self._now

    def timestamp(self) -> float:
        """Return the present instant as Slack counts it."""
        return self._now.timestamp()

    def move_to(self, instant: datetime) -> None:
        """Make it this instant; ValueError for one that has passed."""
        if instant < self._now:
            raise ValueError(f"the clock shows {self._now}, so it cannot be moved to {instant}")
        self._now = instant
