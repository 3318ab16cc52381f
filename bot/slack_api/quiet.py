"""Who does not want to be disturbed now: this module asks Slack for up to fifty people at once, where it may.

What it hears is kept for ten minutes in memory and nowhere else. Where Slack does not tell, everybody may be written
to: our own hours and each person's wishes hold anyway.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from nudges.clock import steady_clock

logger = logging.getLogger(__name__)

SCOPE = "dnd:read"
AT_ONCE = 50  # Slack's limit
KNOWN_S = 600.0
GAP_S = 3.0  # twenty calls a minute are allowed
UNASKED_S = 900.0  # after a refusal
REMEMBERED = 10_000  # people


@dataclass(frozen=True)
class _Rest:
    """When somebody rests, and when we heard of it."""

    heard: float
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class SlackQuiet:
    """The Quiet port on dnd.teamInfo; without the scope it calls nothing but, now and then, auth.test."""

    def __init__(self, client: WebClient, *, steady: Callable[[], float] = steady_clock) -> None:
        self._client = client
        self._steady = steady
        self._lock = Lock()
        self._known: dict[str, _Rest] = {}
        self._asks_from = 0.0
        self._is_granted = False

    def look(self, person_ids: Sequence[str]) -> None:
        """Learn of these, as far as they are not known; see the port."""
        now = self._steady()
        if not self._lock.acquire(blocking=False):  # somebody else is asking
            return
        try:
            wanted = [id_ for id_ in dict.fromkeys(person_ids) if not self._knows(id_, now)][:AT_ONCE]
            if wanted and now >= self._asks_from:
                self._asks_from = now + GAP_S
                self._ask(wanted, now)
        finally:
            self._lock.release()

    def until(self, person_id: str, now: datetime) -> datetime | None:
        """Return until when this person rests, if they do now; see the port."""
        rest = self._known.get(person_id)
        if rest is None or not self._knows(person_id, self._steady()) or rest.starts_at is None or rest.ends_at is None:
            return None
        return rest.ends_at if rest.starts_at <= now < rest.ends_at else None

    def _knows(self, person_id: str, now: float) -> bool:
        rest = self._known.get(person_id)
        return rest is not None and now - rest.heard < KNOWN_S

    def _ask(self, person_ids: Sequence[str], now: float) -> None:
        try:
            self._is_granted = self._is_granted or self._may_ask()
            if not self._is_granted:
                self._asks_from = now + UNASKED_S
                return
            answer = self._client.dnd_teamInfo(users=list(person_ids)).data
        except SlackApiError as error:
            self._rest_after(error, now)
            return
        except (SlackClientError, OSError):
            logger.warning("do-not-disturb times not read")
            return
        users = answer.get("users") if isinstance(answer, dict) else None
        found = users if isinstance(users, dict) else {}
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._known.update({id_: _rest(found.get(id_), now) for id_ in person_ids})

    def _may_ask(self) -> bool:
        headers = {name.lower(): value for name, value in self._client.auth_test().headers.items()}
        return SCOPE in {scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",")}

    def _rest_after(self, error: SlackApiError, now: float) -> None:
        headers = getattr(error.response, "headers", {}) or {}
        wait = str(headers.get("Retry-After") or headers.get("retry-after") or "")
        self._is_granted = bool(wait)  # refused for another reason than haste: the scope may be gone
        self._asks_from = now + (float(wait) if wait.isdigit() else UNASKED_S)
        logger.warning("do-not-disturb times refused", extra={"slack_code": error.response.get("error", "")})


def _rest(told: Any, now: float) -> _Rest:
    if not isinstance(told, Mapping) or not told.get("dnd_enabled"):
        return _Rest(now)
    # Slack says 1 where there is no such time.
    starts, ends = (_instant(told.get(f"next_dnd_{name}_ts")) for name in ("start", "end"))
    return _Rest(now, starts, ends) if starts and ends else _Rest(now)


def _instant(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(float(seconds), UTC) if isinstance(seconds, int | float) and seconds > 1 else None
