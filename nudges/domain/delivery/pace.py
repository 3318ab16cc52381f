"""How fast we may post: this module is one limiter for a workspace whose limit Slack does not tell.

Slots lie on an absolute schedule. The rate climbs in stairs, each held until what a server saves up for bursts would be
used up, so a stair that holds is allowed. A refusal bounds the limit from both sides: it is below the rate refused, and
not below what was accepted since the refusal before, divided by that time. After `Retry-After` we go on at once between
those bounds, stay there calmly, and then try the next small stair.

Some servers count over a minute and name a second: what comes after it is refused again, until their span is over. That
is one stop, asked about ever more rarely and with one post at a time. What is accepted from the end of one long stop to
the end of the next is the limit itself, whatever was refused in between.

The parent of such limiters is additive increase, multiplicative decrease (Chiu and Jain, 1989), which lives well below
the limit. CUBIC (RFC 9438) remembers where it was refused and climbs slowly there, steeply further away; steps that
halve at a refusal and double when a stair holds do the same. Time is the caller's monotonic seconds; one thread at a
time may call.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

LEAST_STEP = 0.02  # of the rate, from one stair to the next
MOST_STEP = 0.25
HOLD_S = 2.0  # a stair a hundredth higher is held a hundred times as long: then bursts hide nothing
CALM_S = 100.0  # without trying more, once the limit is known
CALM_POSTS = 200  # and so many posts besides, so that refusals stay rare at any speed
FIRST_CALM = 0.1  # of the whole calm, while refusals still teach something new
SURER = 3  # times as calm after a refusal that taught nothing new
ALIKE = 0.05  # two rates closer than this say that the limit is known
TRUST = 0.5  # where between the two bounds we go on
MUCH_LESS = 0.6  # of what seemed to hold: then a server that counts over long spans has misled us
LESS = 0.8  # of what seemed to hold: then it remembers for long
SHUT_CUT = 0.9  # after a refusal before anything was ever accepted: far too fast, or somebody else was here
SAVED_S = 3.0  # of allowance may be saved up while we have nothing to post; a stop that lasts longer is a long one
LONG_STEP = 0.08  # at most, where a server remembers for long: a higher stair would be paid for over all that time
MOST_ASKED_S = 5.0  # between two questions whether a stop is over, beyond what Slack said
ASKED_PER_S = 1.0  # where answers come slowly
FORGET_S = 900.0  # unused for so long, what was learnt may be out of date
MOST_BEHIND_S = 1.0  # slots lost longer ago than this are not made up for
GOLDEN = 0.618  # of a slot: processes that share a workspace must not return in step for ever
GIVEN = ("start", "floor", "ceiling")  # by whoever makes a limiter; everything else is learnt
INSTANTS = ("stopped_until", "_next_at", "_climb_at", "_since", "_open_at")


@dataclass
class Pace:
    """A workspace's speed in posts a second, between floor and ceiling."""

    start: float = 1.0
    floor: float = 0.2
    ceiling: float = 4.0
    rate: float = field(init=False)
    stopped_until: float = field(init=False, default=float("-inf"))
    _next_at: float = field(init=False, default=float("-inf"))
    _known: float = field(init=False)  # the latest stair that held
    _proved: float = field(init=False)  # the one before: held even if a burst helped the latest
    _settled: float = field(init=False)  # what the last refusal taught
    _step: float = field(init=False, default=MOST_STEP)
    _most_step: float = field(init=False, default=MOST_STEP)  # less where the server remembers for long
    _calm: float = field(init=False, default=FIRST_CALM)
    _climb_at: float = field(init=False, default=float("-inf"))
    _accepted: int = field(init=False, default=0)  # since the last refusal
    _since: float = field(init=False, default=float("-inf"))  # when that was
    _stop_s: float = field(init=False, default=0.0)  # how long it stopped us
    _open_at: float = field(init=False, default=float("-inf"))  # when the first post after a stop was accepted
    _between: int = field(init=False, default=0)  # accepted between the last two stops, if both ends can be told
    _asks: float = field(init=False, default=0.0)  # times that we were refused again right after a stop
    _shift: float = field(init=False, default=1 - GOLDEN)  # of a slot; nothing after the first refusal

    def __post_init__(self) -> None:
        """Begin at the start rate, kept between the two ends."""
        self._go_on_at(self._within(self.start))

    def snapshot(self, now: float) -> dict[str, float]:
        """Return what was learnt, its instants counted from `now`, so that another process can go on from there."""
        learnt = {one.name: float(getattr(self, one.name)) for one in fields(self) if one.name not in GIVEN}
        return {name: value - now if name in INSTANTS else value for name, value in learnt.items()}

    def restored(self, learnt: Mapping[str, float], *, now: float, age: float = 0.0) -> "Pace":
        """Take over what another limiter had learnt, whose snapshot was taken `age` seconds ago.

        Slots that passed in between are not made up for: the burst would be refused by a server that counts.
        """
        for name in {one.name for one in fields(self)} - set(GIVEN):
            if name in learnt:
                setattr(self, name, learnt[name] + now - age if name in INSTANTS else learnt[name])
        self.rate = self._within(self.rate)  # the bounds may have been set anew
        if now - self._next_at <= MOST_BEHIND_S:
            self._next_at = max(self._next_at, now)
        return self

    def permits(self, now: float, most: int) -> int:
        """Return how many posts may begin now, at most `most`, and take their slots."""
        if now < self.stopped_until:
            return 0
        self._forget_lost_slots(now)
        # The tiny allowance is for rounding: a slot reached is a slot, not one billionth short of it.
        free = int((now - self._next_at) * self.rate + 1e-6) + 1 if now >= self._next_at - 1e-9 else 0
        granted = max(0, min(free, most, 1 if self._asks else most))
        self._next_at += granted / (min(self.rate, ASKED_PER_S) if self._asks else self.rate)
        return granted

    def next_slot(self, now: float, *, most: int = 1, within: float = 0.0) -> float:
        """Return the seconds until `permits` can be more than nothing, or `most` where they come `within` seconds."""
        gathering = min(most - 1, int(within * self.rate)) / self.rate
        return max(0.0, self._next_at + gathering - now, self.stopped_until - now)

    def soon(self, within: float, most: int) -> int:
        """Return how many slots fall into so many seconds from the first on, at most `most`."""
        return min(most, int(within * self.rate) + 1)

    def succeeded(self, now: float) -> None:
        """Note a post that was accepted."""
        if now < self.stopped_until:
            return
        if not self._accepted:
            self._open(now)
        self._accepted += 1
        if now >= self._climb_at:
            self._climb(now)

    def limited(self, now: float, retry_after: float) -> None:
        """Note a refusal: everything stops until Slack's time is over, and goes on just under the limit."""
        is_news = now >= self.stopped_until  # posts in flight together are refused together: one lesson, not many
        self.stopped_until = max(self.stopped_until, now + max(retry_after, 0.0))
        if is_news and self._stop_s and not self._accepted:
            self._stay_shut(now)
        elif is_news:
            self._learn(now)
        self._next_at = max(self._next_at, self.stopped_until + self._shift / self.rate)

    def _stay_shut(self, now: float) -> None:
        """Still the same stop, longer than was said: it teaches nothing before its end, so ask ever more rarely."""
        shut_s = now - self._since
        self._asks += 1
        self.stopped_until = max(self.stopped_until, now + min(shut_s, MOST_ASKED_S))
        self._climb_at += self.stopped_until - self._since - self._stop_s
        self._stop_s = self.stopped_until - self._since

    def _open(self, now: float) -> None:
        """The first post after a stop was accepted: between the ends of two long stops stands the limit itself."""
        if self._between and self._stop_s > SAVED_S:
            self._go_on_at(self._within(self._between / (now - self._open_at)))
        if self._asks:
            self._asks, self._next_at = 0.0, now
        self._open_at = now

    def _climb(self, now: float) -> None:
        if self.rate > self._known:
            self._proved, self._known = self._known, self.rate
            self._step = min(2 * self._step, self._most_step)
        self.rate = self._within(self._known * (1 + self._step))
        self._climb_at = now + HOLD_S / self._step

    def _learn(self, now: float) -> None:
        self._shift = (self._shift + GOLDEN) % 1
        rate = self._within(self._lesson(now))
        if self._stop_s > SAVED_S or (self.rate <= self._known and rate < LESS * self.rate):
            self._most_step = LONG_STEP  # what had held was far too much: bursts, or a long span, had hidden it
        is_known = abs(rate / self._settled - 1) < ALIKE
        self._calm = min(1.0, SURER * self._calm) if is_known else max(FIRST_CALM, self._calm / 2)
        # After a second long stop the sum is known well, and each further stop is dear.
        self._step = max(LEAST_STEP, self._step / (8 if self._stop_s > SAVED_S else 2))
        self._go_on_at(rate)
        self._between = self._accepted if self._stop_s > SAVED_S else 0
        self._since, self._accepted, self._stop_s = now, 0, self.stopped_until - now
        self._climb_at = self.stopped_until + self._calm * (CALM_S + CALM_POSTS / max(rate, 1.0))

    def _lesson(self, now: float) -> float:
        """Return the rate to go on at: a refused stair costs nothing of what held before it, a refused calm does."""
        accepted = self._accepted / max(now - self._since, 1e-3)
        if self.rate > self._known:
            if self._stop_s > SAVED_S and 0 < accepted < MUCH_LESS * self._proved:
                return accepted  # counted over long spans: a stair that held tells little there, the sum all
            low = min(self._known, max(accepted, self._proved))
            return low + TRUST * (self._known - low)
        if not self._accepted:
            return SHUT_CUT * self.rate
        # What was accepted, the stop included, is the least that is allowed: a bucket may have stood still meanwhile.
        return max(self.rate / 2, min((accepted + self.rate) / 2, (1 - LEAST_STEP / 2) * self.rate))

    def _go_on_at(self, rate: float) -> None:
        self.rate = self._known = self._proved = self._settled = rate

    def _forget_lost_slots(self, now: float) -> None:
        idle = now - self._next_at
        if idle <= MOST_BEHIND_S:
            return
        # We had nothing to post: allowance was saved up meanwhile, and a stair that is not used proves nothing.
        self._next_at, self.rate = now, self._known
        self._since, self._accepted, self._stop_s = now - SAVED_S, 0, 0.0
        self._between, self._asks = 0, 0.0
        if idle > FORGET_S:
            self._step, self._calm, self._climb_at, self._most_step = MOST_STEP, FIRST_CALM, now, MOST_STEP

    def _within(self, rate: float) -> float:
        return min(self.ceiling, max(self.floor, rate))
