"""The sandbox's clock followed: this module walks the app through virtual time, one due instant after another.

Only for the demo and tests. Virtual time is real time plus an offset that the sandbox owns.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from bot.sender import Sender
from nudges.clock import system_clock
from nudges.errors import NudgerError
from nudges.scheduler import JOBS, next_instant, next_sending, run_job
from nudges.services.core import Core
from nudges.services.own.own_home import count_sent, waits_for

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

POLL_S = 20
ROUNDING = timedelta(milliseconds=1)  # instants travel as seconds
A_DAY = timedelta(hours=24)
ANSWERS_S = 15.0  # that the walk waits for answers under way; whatever takes longer comes at a later instant
LOOK_S = 0.002


class ClockSilent(OSError):
    """The sandbox's clock gives no answer, or one that says no."""


class VirtualClock:
    """A clock that shows the sandbox's time."""

    def __init__(self, url: str) -> None:
        import httpx  # only the demo follows a clock, and everybody else would wait for it

        self.url = url
        self._http = httpx.Client(timeout=POLL_S + 10, trust_env=False)
        self._offset = timedelta(0)
        self.refresh()

    def __call__(self) -> datetime:
        """Return the sandbox's present instant."""
        return system_clock() + self._offset

    def refresh(self, **params: Any) -> dict[str, Any]:
        """Ask the sandbox for its offset, or wait there for a move; return its answer."""
        return self._take(lambda: self._http.get(self.url, params=params))

    def advance(self, to: datetime) -> None:
        """Set the sandbox's clock to an instant; it never goes back."""
        self._take(lambda: self._http.post(self.url, json={"now": to.timestamp()}))

    def report(self, **body: Any) -> None:
        """Tell the sandbox that a move is over."""
        self._take(lambda: self._http.post(self.url, json=body))

    def close(self) -> None:
        """End the connection to the sandbox; the clock goes on from where it is."""
        self._http.close()

    def _take(self, ask: Callable[[], "httpx.Response"]) -> dict[str, Any]:
        import httpx

        try:
            response = ask().raise_for_status()
        except httpx.HTTPError as error:
            raise ClockSilent(f"The clock at {self.url} gives no answer: {type(error).__name__}.") from error
        answer: dict[str, Any] = response.json()
        self._offset = timedelta(seconds=float(answer["offset"]))
        return answer


class Place(Protocol):
    """One workspace that walks along: its core, its sender, and the lock that lets one of its jobs run at a time."""

    core: Core
    sender: Sender
    jobs: threading.Lock


class Walker:
    """Waits for moves of the clock and walks there; a week on shows a week of nudges."""

    def __init__(
        self, clock: VirtualClock, places: Callable[[], Sequence[Place]], is_idle: Callable[[], bool] = lambda: True
    ) -> None:
        """`is_idle` says that everything people did up to now is answered: the clock stands until then."""
        self._clock = clock
        self._places = places
        self._is_idle = is_idle
        self._daily_at: dict[str, datetime] = {}  # by workspace: when its daily jobs ran last
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="walker", daemon=True)

    def start(self) -> None:
        """Begin to listen for moves."""
        self._thread.start()

    def stop(self) -> None:
        """End; a long poll under way ends with the process."""
        self._stopped.set()

    def walk(self, target: datetime, *, is_there: Callable[[int], bool]) -> None:
        """Do all work due until the target, in order; `is_there` is told how many were sent and may end it sooner."""
        sent = self._work()
        while not is_there(sent) and not self._stopped.is_set():
            following = min([next_instant(place.core) for place in self._places()] + [target])
            self._clock.advance(following)
            self._wait_for_answers()
            if self._clock() < following - ROUNDING:
                continue  # somebody does something before: they do it as the next step begins
            sent = self._work()
            if following >= target:
                return

    def _wait_for_answers(self) -> None:
        end = time.monotonic() + ANSWERS_S
        while not self._is_idle() and time.monotonic() < end and not self._stopped.is_set():
            time.sleep(LOOK_S)

    def _goal(self, answer: dict[str, Any]) -> Callable[[int], bool]:
        """Return what ends a move early: the next nudge of the person shown, or anybody's if none waits for them."""
        if answer.get("kind") != "next":
            return lambda sent: False
        person_id = str(answer.get("person") or "")
        core = next((place.core for place in self._places() if waits_for(place.core, person_id)), None)
        if core is None:
            return lambda sent: sent > 0
        before = count_sent(core, person_id)
        return lambda sent: sent > 0 and count_sent(core, person_id) > before

    def _work(self) -> int:
        return sum(self._work_at(place) for place in self._places())

    def _work_at(self, place: Place) -> int:
        """Run what a real process would have run by now: all but what is done once a day, unless a day has passed."""
        now, known = self._clock(), self._daily_at.get(place.core.workspace_id)
        is_daily = known is None or now - known >= A_DAY - ROUNDING
        if is_daily:
            self._daily_at[place.core.workspace_id] = now
        with place.jobs:
            for job in JOBS:
                if job.name != "sync_people" and (is_daily or job.every < A_DAY):
                    run_job(place.core, job)
        return place.sender.drain()

    def _loop(self) -> None:
        seen = 0
        while not self._stopped.is_set():
            try:
                answer = self._clock.refresh(wait=POLL_S, seen=seen)
                if answer.get("target") is not None and answer["move"] > seen:
                    seen = int(answer["move"])
                    self._answer_move(answer)
            except (ClockSilent, NudgerError, KeyError, ValueError) as error:
                if not self._stopped.is_set():
                    logger.warning("the sandbox's clock cannot be followed", extra={"error": type(error).__name__})
                self._stopped.wait(1)
        self._clock.close()

    def _answer_move(self, answer: dict[str, Any]) -> None:
        target = datetime.fromtimestamp(float(answer["target"]), UTC)
        try:
            self.walk(target, is_there=self._goal(answer))
        finally:
            next_at = min((at for place in self._places() if (at := next_sending(place.core))), default=None)
            self._clock.report(move=answer["move"], done=True, next_at=next_at.timestamp() if next_at else None)
