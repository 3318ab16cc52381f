"""Virtual time as a plain loop: this module sets the clock to the next instant at which anything can happen.

There is no event loop, no thread and no sleep. At each instant people act first, then the due jobs run, then what is
due is posted, and every post is judged. Instants at which the real process would look and find nothing are left out.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from bot.sandbox.records import Posted
from bot.simulation.approving import APPROVER, Yes, approve_open
from bot.simulation.fault_plan import FaultPlan, Killed
from bot.simulation.house import House
from bot.simulation.invariants import Breach, Invariant, books_balance
from bot.simulation.reacting import Deed, Players, Post, buttons_of, perform
from bot.simulation.timetable import Timetable
from bot.simulation.trace import Event, Happening, Trace
from nudges.domain.delivery.outcomes import Outcome
from nudges.domain.forecasts.reactions import ReactionKind
from nudges.errors import NudgerError
from nudges.scheduler import next_instant
from nudges.services.core import Core
from nudges.services.delivery.send_deliveries import AT_ONCE, Attempt, Step, send_due
from nudges.store import history, outcomes

GARBAGE = 500_000  # objects made and not dropped between two looks for circles


class InvariantBroken(NudgerError):
    """A rehearsal did something that must never happen."""

    code = "simulation.broken"
    hint = "This is a fault of Nudger, not of your playbook: please report it with the seed and the lines above."


class Office(Protocol):
    """Who looks at the app once a day and acts, such as the owner of flags."""

    def act(self, core: Core, now: datetime) -> bool:
        """Do what is to be done; return whether something may be planned or sent because of it."""
        ...


@dataclass
class Simulation:
    """One run: a house, the people in it, and what must hold."""

    house: House
    players: Players
    rules: Sequence[Invariant]
    faults: FaultPlan = field(default_factory=FaultPlan)
    books_every: timedelta = timedelta(days=1)
    trace: Trace = field(default_factory=Trace)
    posts: list[Post] = field(default_factory=list)
    deeds: list[tuple[Deed, bool]] = field(default_factory=list)
    agreed: list[Yes] = field(default_factory=list)
    office: Office | None = None

    def __post_init__(self) -> None:
        self._timetable = Timetable()
        self._deeds: list[tuple[datetime, int, int, Deed]] = []
        self._order = count()
        self._seen = len(self.house.slack.state.posted)
        self._books_at = self.house.clock()
        self._is_unsettled = False
        self.faults.prepare(self.house.slack)
        self._following: datetime | None = None  # the next instant of the app, as far as it is known

    def run(self, until: datetime, *, told: Callable[[datetime], object] = lambda _now: None) -> None:
        """Live until the instant, which is included; `told` hears of each new instant."""
        clock = self.house.clock
        with patient_collector():
            while True:
                self.step()
                if clock() >= until:
                    return
                clock.move_to(min(self._next(), until))
                told(clock())

    def step(self) -> None:
        """Do everything that is due now, people first, until nothing is."""
        now = self.house.clock()
        self.house.core.db.look_anew()  # what is made of rows may hang on the instant too
        while True:
            self._let_people_act(now)
            self._work(now)
            if not self._deeds or self._deeds[0][0] > now:
                return

    def stir(self, *, everything: bool = False) -> None:
        """Say that something changed from outside (a publishing, an edit), so that everything is looked at again."""
        self._timetable.stir(everything=everything)
        self._following = None

    def fail(self, breaches: Sequence[Breach]) -> None:
        """Raise InvariantBroken with the seed and the last events, if there is anything to raise it for."""
        if breaches:
            head = "; ".join(f"{breach.rule}: {breach.sentence}" for breach in breaches)
            raise InvariantBroken(f"{head}.\nSeed {self.house.seed}; the last events:\n{self.trace.tail()}")

    def _let_people_act(self, now: datetime) -> None:
        while self._deeds and self._deeds[0][0] <= now:
            *_, deed = heappop(self._deeds)
            is_done = perform(self.house.core, deed)
            self.deeds.append((deed, is_done))
            detail = deed.told + ("" if is_done else " (nothing came of it)")
            self.trace.add(Event(now, Happening.REACTED, deed.post.person_id, deed.post.subject, detail))
            if is_done:
                for rule in self.rules:
                    rule.reacted(deed)
            self._timetable.reacted()
            if deed.kind is ReactionKind.START:
                self.stir()  # what was skipped for their sake may be decided anew
            elif not deed.kind.is_response:
                self._following = None

    def _work(self, now: datetime) -> None:
        if self._following is not None and now < self._following and not self._timetable.is_due(now):
            return
        if self._is_unsettled:
            self._timetable.stir()  # what may stand at Slack or not is looked up until it is known
        ran = self._timetable.run_due(self.house.core, now)
        if self._timetable.has_staged and self._agree(now):
            self._timetable.run_due(self.house.core, now)
        if self.office is not None and ran and self._timetable.is_new_day and self.office.act(self.house.core, now):
            self.stir()
            self._timetable.run_due(self.house.core, now)
        attempts = self._drain() if self._is_sending_due(now) or ran else []
        self._note_posts()
        if self._is_unsettled or any(attempt.step is Step.REFUSED for attempt in attempts):
            self._is_unsettled = self._any_unsettled()
        if now >= self._books_at:
            self.fail(books_balance(self.house.core))
            self._books_at = now + self.books_every
        self._following = next_instant(self.house.core)

    def _agree(self, now: datetime) -> bool:
        """Say yes to whatever asks for it; return whether anything did."""
        found = approve_open(self.house.core)
        for yes in found:
            self.agreed.append(yes)
            self.trace.add(Event(now, Happening.AGREED, APPROVER, yes.campaign, f"{yes.kind} from {yes.starts_on}"))
            self._timetable.stir()
        return bool(found)

    def _is_sending_due(self, now: datetime) -> bool:
        return self._following is None or now >= self._following

    def _drain(self) -> list[Attempt]:
        done: list[Attempt] = []
        while self._is_anything_due() and (attempts := self._send()):
            done += attempts
        return done

    def _is_anything_due(self) -> bool:
        # Asked by reading, which costs less than beginning to write for nothing.
        core = self.house.core
        with core.db.reading() as session:
            due_at = history.next_due_at(session, core.workspace_id)
        return due_at is not None and due_at <= self.house.clock()

    def _send(self) -> list[Attempt]:
        try:
            return send_due(self.house.core, limit=AT_ONCE, run=self.faults.run)
        except Killed:
            self.house.crash()
            self._is_unsettled = True
            self.trace.add(Event(self.house.clock(), Happening.CRASHED, "", f"crash {self.house.crashes}"))
            return self._send()

    def _any_unsettled(self) -> bool:
        core = self.house.core
        with core.db.reading() as session:
            return bool(history.unsettled_since(session, core.workspace_id))

    def _note_posts(self) -> None:
        posted = self.house.slack.state.posted[self._seen :]
        self._seen += len(posted)
        if not posted:
            return
        core = self.house.core
        with core.db.reading() as session:
            known = outcomes.several(session, core.workspace_id, [str(one.delivery_id) for one in posted])
        for one in posted:
            self._note_post(_post(one, known.get(str(one.delivery_id))))
        self._timetable.posted([known[key] for one in posted if (key := str(one.delivery_id)) in known], core)

    def _note_post(self, post: Post) -> None:
        self.posts.append(post)
        self.trace.add(Event(post.at, Happening.POSTED, post.person_id, post.subject))
        self.fail([breach for rule in self.rules if (breach := rule.posted(post)) is not None])
        for deed in self.players.deeds(post, buttons_of(self.house.slack.state, post)):
            heappush(self._deeds, (deed.at, deed.line, next(self._order), deed))

    def _next(self) -> datetime:
        known = [self._timetable.next_at, *([self._deeds[0][0]] if self._deeds else [])]
        return min([*known, *([self._following] if self._following else [])])


@contextmanager
def patient_collector() -> Iterator[None]:
    """Let garbage wait: hardly anything here stands in a circle, and looking for circles takes a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(GARBAGE)
    gc.freeze()  # what was there before is not looked through again and again
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)


def _post(one: Posted, known: Outcome | None) -> Post:
    return Post(
        delivery_id=str(one.delivery_id),
        person_id=str(one.user),
        campaign=known.campaign if known else "",
        playbook=known.playbook if known else "",
        nudge_key=known.nudge_key if known else "",
        at=datetime.fromtimestamp(round(one.at, 6), UTC),
        ts=one.ts,
    )
