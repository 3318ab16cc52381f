"""What goes wrong in a run, drawn from its seed: this module loses answers, limits posts and kills the app mid-wave."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bot.sandbox.workspace import Slack
from nudges.domain.delivery.deliveries import Delivery
from nudges.services.delivery.send_deliveries import Attempt


class Killed(BaseException):
    """The process ends here; nothing may catch this but the simulation."""


@dataclass
class FaultPlan:
    """Chances from 0 to 1: of each post for Slack's faults, of each claimed delivery for a kill before it."""

    seed: int = 0
    lost_answer: float = 0.0
    late_acceptance: float = 0.0
    rate_limit: float = 0.0
    server_error: float = 0.0
    kill: float = 0.0
    _luck: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._luck = random.Random(f"faults:{self.seed}")

    def prepare(self, slack: Slack) -> None:
        """Turn Slack's own switches; the engine draws its faults from the seed it was made with."""
        slack.set_faults(
            lost_answer=self.lost_answer,
            late_acceptance=self.late_acceptance,
            rate_limit=self.rate_limit,
            server_error=self.server_error,
        )

    def run(self, post: Callable[[Delivery], Attempt], claimed: list[Delivery]) -> Iterable[Attempt]:
        """Post one after another; Killed may come before any of them and leaves the rest claimed."""
        return list(self._each(post, claimed))

    def _each(self, post: Callable[[Delivery], Attempt], claimed: list[Delivery]) -> Iterator[Attempt]:
        for delivery in claimed:
            if self.kill and self._luck.random() < self.kill:
                raise Killed
            yield post(delivery)
