"""Somebody who presses everything at once: this module counts what each person asks, so that nobody holds others up.

Slack says who asks. A person reads, thinks and taps; sixty requests within ten seconds are a stuck key or a script.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

AT_MOST = 60  # requests of one person within SPAN_S
SPAN_S = 10.0
PEOPLE_KEPT = 10_000  # who has asked longest ago is forgotten first

Monotonic = Callable[[], float]


class Eager:
    """Who has asked how often lately; for each process, in memory."""

    def __init__(self, now: Monotonic = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._asked: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()

    def is_too_much(self, workspace_id: str, person_id: str) -> bool:
        """Count one more request of a person; return whether it is beyond what is answered. No id is nobody."""
        if not person_id:
            return False
        now, who = self._now(), (workspace_id, person_id)
        with self._lock:
            since, count = self._asked.pop(who, (now, 0))
            if now - since >= SPAN_S:
                since, count = now, 0
            self._asked[who] = (since, count + 1)
            if len(self._asked) > PEOPLE_KEPT:
                self._asked.popitem(last=False)
        return count >= AT_MOST


def asker_of(body: Mapping[str, Any]) -> str:
    """Return the id of the person who asks, as Slack says it; empty where nobody does or it cannot be read."""
    user, event = body.get("user"), body.get("event")
    places = (
        user.get("id") if isinstance(user, Mapping) else user,
        body.get("user_id"),
        event.get("user") if isinstance(event, Mapping) else None,
    )
    return next((found for found in places if isinstance(found, str) and found), "")
