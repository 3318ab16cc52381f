"""What nobody knew for a while: this module is the count of messages in doubt and of how each doubt ended."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Doubts:
    """Messages of which it was unknown whether they stand at Slack, by what looking them up has shown."""

    found: int = 0  # it stood at Slack
    again: int = 0  # it did not, and was sent anew
    waiting: int = 0  # it did not, and will be sent anew
    too_late: int = 0  # it did not, and its time was over by then
    full: int = 0  # it did not, and another message has taken its place: its person has had enough
    given_up: int = 0  # it did not, and nobody wants it any more: its person or campaign rests, has ended, is gone
    unsettled: int = 0  # it is still being looked up

    @property
    def total(self) -> int:
        """Return how many there were."""
        return sum(count for _, count in self.parts)

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Return each way a doubt can stand, by name, with its count."""
        return tuple((field.name, getattr(self, field.name)) for field in fields(self))


NO_DOUBTS = Doubts()
