"""How fast we may post: this module is one limiter for a workspace whose limit Slack does not tell.

Slots lie on an absolute schedule. Every refusal teaches: what was accepted since we resumed, by the time until we may
resume again, is the limit, if all the while we would have posted faster. We then work just under it, come back to it
slowly, and only later try whether more is allowed by now. Growth is counted in posts, so that refusals stay rare at
any speed. Time is the caller's monotonic seconds; one thread at a time may call.
"""

from dataclasses import dataclass, field

HEADROOM = 0.97  # of the limit as learnt, right after a refusal
RETURN_POSTS = 400  # posts until the learnt limit itself is reached again
PROBE_POSTS = 2000  # further posts until a probe has grown by a half
FIRST_GROWTH = 1.03  # for each post until the first refusal
NEXT_GROWTH = 1.01  # for each post from there to the first refusal that teaches
BLIND_CUT = 0.75  # after a refusal that teaches nothing
MOST_BEHIND_S = 1.0  # slots lost longer ago than this are not made up for


@dataclass
class Pace:
    """A workspace's speed in posts a second, between floor and ceiling."""

    start: float = 1.0
    floor: float = 0.2
    ceiling: float = 4.0
    rate: float = field(init=False)
    stopped_until: float = field(init=False, default=float("-inf"))
    _next_at: float = field(init=False, default=float("-inf"))
    _limit: float | None = field(init=False, default=None)
    _growth: float = field(init=False, default=FIRST_GROWTH)  # while no limit is known
    _resumed_at: float | None = field(init=False, default=None)  # None: this stretch teaches nothing
    _rate_then: float = field(init=False, default=0.0)
    _accepted: int = field(init=False, default=0)  # since the last refusal

    def __post_init__(self) -> None:
        """Begin at the start rate, kept between the two ends."""
        self.rate = self._within(self.start)

    def permits(self, now: float, most: int) -> int:
        """Return how many posts may begin now, at most `most`, and take their slots."""
        if now < self.stopped_until:
            return 0
        self._forget_lost_slots(now)
        # The tiny allowance is for rounding: a slot reached is a slot, not one billionth short of it.
        free = int((now - self._next_at) * self.rate + 1e-6) + 1 if now >= self._next_at - 1e-9 else 0
        granted = max(0, min(free, most))
        self._next_at += granted / self.rate
        return granted

    def next_slot(self, now: float) -> float:
        """Return the seconds until `permits` can be more than nothing."""
        return max(0.0, self._next_at - now, self.stopped_until - now)

    def succeeded(self, now: float) -> None:
        """Note a post that was accepted."""
        self._accepted += 1
        if now >= self.stopped_until:
            self.rate = self._within(self._grown())

    def limited(self, now: float, retry_after: float) -> None:
        """Note a refusal: everything stops until Slack's time is over, and goes on more slowly."""
        stopped_until = max(self.stopped_until, now + max(retry_after, 0.0))
        # Posts in flight together are refused together: that is one lesson, not many.
        if now >= self.stopped_until:
            self._learn(stopped_until)
        self.stopped_until = self._resumed_at = stopped_until
        self._next_at = max(self._next_at, stopped_until)

    def _learn(self, resumes_at: float) -> None:
        if self._limit is None and self._growth == FIRST_GROWTH:
            self._growth = NEXT_GROWTH  # allowance was saved up before we began: nothing to be learnt yet
            self.rate = self._within(self.rate * BLIND_CUT)
        else:
            self._limit = self._within(self._lesson(resumes_at))
            self.rate = self._within(self._limit * HEADROOM)
        self._accepted, self._rate_then = 0, self.rate

    def _lesson(self, resumes_at: float) -> float:
        if self._resumed_at is None:
            return self.rate * HEADROOM
        lesson = self._accepted / max(resumes_at - self._resumed_at, 1e-3)
        if lesson <= self._rate_then:
            return min(lesson or self.rate * BLIND_CUT, self.rate)
        # For a while we were slower than the limit, so the sum says too little; the rate just refused is too much.
        return 0.25 * min(lesson, self.rate) + 0.75 * self.rate

    def _grown(self) -> float:
        if self._limit is None:
            return self.rate * self._growth
        if self._accepted < RETURN_POSTS:
            return self._limit * (HEADROOM + (1 - HEADROOM) * self._accepted / RETURN_POSTS)
        probing = (self._accepted - RETURN_POSTS) / PROBE_POSTS
        return self._limit * (1 + probing * probing / 2)

    def _forget_lost_slots(self, now: float) -> None:
        if now - self._next_at <= MOST_BEHIND_S:
            return
        # We had nothing to post: allowance was saved up meanwhile, so the next refusal teaches nothing.
        self._next_at = now
        self._resumed_at = None

    def _within(self, rate: float) -> float:
        return min(self.ceiling, max(self.floor, rate))
