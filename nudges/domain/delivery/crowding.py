"""Whether what is due can be posted in time: this module holds the waves ahead against the pace a workspace allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Wave:
    """So many messages that may be posted from one instant on, meant to be posted before another."""

    due_at: datetime
    window_ends_at: datetime
    messages: int


@dataclass(frozen=True)
class Crowding:
    """Of so many messages ahead `late` do not fit into their windows; the last would go at `ends_at`."""

    messages: int
    late: int
    ends_at: datetime
    posts_per_second: float


def crowding(waves: Iterable[Wave], *, posts_per_second: float, now: datetime) -> Crowding | None:
    """Return what does not fit when the waves are posted one after another at this pace, or None when all does."""
    free_at, messages, late = now, 0, 0
    for wave in sorted(waves, key=lambda wave: (wave.due_at, wave.window_ends_at)):
        begins_at = max(free_at, wave.due_at)
        room = int((wave.window_ends_at - begins_at).total_seconds() * posts_per_second)
        late += max(0, wave.messages - max(0, room))
        messages += wave.messages
        free_at = begins_at + timedelta(seconds=wave.messages / posts_per_second)
    return Crowding(messages, late, free_at, posts_per_second) if late else None
