"""A world that goes on: this module moves the clock from one instant to the next, lets things happen, and judges.

As in a rehearsal people act first, then the due jobs run, then what is due is posted. Here the app may also be killed
at any of its transactions and after any post, sleep for days, be told a wrong time, and meet a Slack that is away.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from bot.sandbox.records import Posted
from bot.simulation.engine import InvariantBroken, patient_collector
from bot.simulation.fault_plan import Killed
from bot.simulation.habits import Habits
from bot.simulation.invariants import Breach, books_balance
from bot.simulation.reacting import Deed, Post, buttons_of, perform
from bot.simulation.timetable import Timetable
from bot.simulation.trace import Event, Happening, Trace
from nudges.domain.forecasts.reactions import ReactionKind
from nudges.errors import NudgerError
from nudges.scheduler import JOBS, Job, next_instant, run_job
from nudges.services.core import Core
from nudges.store import outcomes
from tests.simulation.world.acts import ACTS
from tests.simulation.world.ground import Ground
from tests.simulation.world.house import Listener, WorldHouse
from tests.simulation.world.judges import Judge, count_pieces
from tests.simulation.world.plan import ENDINGS, OUTSIDE, QUIET, Act, Planned, WorldPlan
from tests.simulation.world.posting import Posting
from tests.simulation.world.row_judges import RowJudge
from tests.simulation.world.scene import Scene

DAY = timedelta(days=1)
SETTLE = next(job for job in JOBS if job.name == "settle_deliveries")
TOLD_TWICE = 0.05  # of all clicks: Slack tells of them twice
MISSED = timedelta(hours=6)  # after which somebody tries again what they could not do
MORTAL = 0.001  # of a transaction: the app is killed before it, before its commit, or after it


@dataclass(frozen=True)
class Lived:
    """What a run was."""

    seed: int
    days: int
    posts: int
    digest: str
    happened: Counter[str]


@dataclass
class Life:
    """One run of one seed."""

    plan: WorldPlan
    house: WorldHouse
    ground: Ground
    scene: Scene
    judge: Judge
    row_judge: RowJudge
    listener: Listener
    trace: Trace = field(default_factory=Trace)
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._luck = random.Random(f"life:{self.plan.seed}")
        told = (self._luck, self.happened, self.trace, self._plan, self._doubt_clock)
        self._posting = Posting(self.house, self.scene, self.row_judge, *told)
        self._habits = Habits(self.plan.seed)
        self._timetable = Timetable()
        self._order = count()
        self._acts = list(reversed(self.plan.acts))
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._seen = len(self.house.slack.state.posted)
        self._following: datetime | None = None
        self._judged_on = self.house.clock()
        self._has_synced = False
        self._believed_at: datetime | None = None

    def run(self) -> Lived:
        """Live until the end of the plan; InvariantBroken tells what must never happen."""
        clock = self.house.clock
        with patient_collector():
            while True:
                self._step()
                if clock() >= self.plan.ends_at:
                    break
                clock.move_to(min(self._next(), self.plan.ends_at))
        self._judge_day(clock())
        self.fail(count_pieces(self.house.slack))
        days = (self.plan.ends_at - self.plan.begins_at).days
        return Lived(self.plan.seed, days, self._seen, self.trace.digest, self.happened)

    def fail(self, breaches: Iterable[Breach]) -> None:
        """Raise InvariantBroken with the seed, the last events and how to see it again."""
        found = list(breaches)
        if found:
            head = "; ".join(f"{one.rule}: {one.sentence}" for one in found[:3])
            events = self.trace.tail()
            seed, again = self.plan.seed, self.scene.again
            raise InvariantBroken(f"{head}.\nSeed {seed}; the last events:\n{events}\nAgain: {again}")

    def _step(self) -> None:
        """Do all that is due now; a kill is followed by a new start, and what was being done is done again."""
        now = self.house.clock()
        self.house.core.db.look_anew()  # what is made of rows may hang on the instant too
        while True:
            try:
                self._posting.take_up()
                self._let_things_happen(now)
                self._let_people_act(now)
                self._work(now)
            except Killed:
                self._rise(now)
                continue
            self._judge(now)
            if not (self._acts and self._acts[-1].at <= now) and not (self._deeds and self._deeds[0][0] <= now):
                return

    def _rise(self, now: datetime) -> None:
        self.house.crash()
        self.ground.crashes.append(now)
        self.happened["kill"] += 1
        self.trace.add(Event(now, Happening.CRASHED, "", f"start {self.house.crashes}"))
        # A start looks at everything; what is read once in a while is left out of most, or it would be half the work.
        self.stir(everything=self._luck.random() < 0.3)

    def stir(self, *, everything: bool = False) -> None:
        """Say that anything may have changed; everything: also what is read seldom, as at a start."""
        self._timetable.stir(everything=everything)
        self._following = None

    def _let_things_happen(self, now: datetime) -> None:
        while self._acts and self._acts[-1].at <= now:
            planned = self._acts[-1]
            self._happen(planned, now)
            self._acts.pop()

    def _happen(self, planned: Planned, now: datetime) -> None:
        """Do one act; killed in the middle, it is done again from the start with the same luck."""
        if self.scene.is_asleep and planned.act not in OUTSIDE:
            self._miss(planned, now)
            return
        told = ACTS[planned.act](self.scene, random.Random(planned.luck))
        if told is None:
            return
        self.happened[planned.act.value + (" refused" if " refused: " in told else "")] += 1
        self.trace.add(Event(now, Happening.HAPPENED, "", planned.act.value, told))
        if planned.act is Act.NEW_ZONES:  # what waits was planned by the old rules until everybody is read again
            self.row_judge.looked_at = self.house.core.clock() + timedelta(microseconds=1)
        if planned.act is Act.WAKE or planned.act is Act.CRASH:
            self._rise(now)
        elif planned.act in QUIET:
            self._following = None
        else:
            self.stir(everything=planned.act in (Act.TELL, Act.CLOCK_RIGHT))

    def _miss(self, planned: Planned, now: datetime) -> None:
        self.happened["missed in a rest"] += 1
        if planned.act in ENDINGS:
            self._plan(replace(planned, at=now + MISSED))

    def _plan(self, planned: Planned) -> None:
        self._acts.append(planned)
        self._acts.sort(key=lambda one: one.at, reverse=True)

    def _let_people_act(self, now: datetime) -> None:
        while self._deeds and self._deeds[0][0] <= now:
            _, _, deed = self._deeds[0]
            if not self.scene.is_cut_off:
                self._do(deed, now)
            heappop(self._deeds)

    def _do(self, deed: Deed, now: datetime) -> None:
        person_id = deed.post.person_id
        is_done = perform(self.house.core, deed)
        if self._luck.random() < TOLD_TWICE:
            perform(self.house.core, deed)
            self.happened["told twice"] += 1
        self.trace.add(Event(now, Happening.REACTED, person_id, deed.post.subject, f"{deed.kind.value} {is_done}"))
        if is_done and person_id not in self.ground.forgotten:
            self._note_wish(deed)
        self._timetable.reacted()
        if not deed.kind.is_response:
            self._following = None

    def _note_wish(self, deed: Deed) -> None:
        if deed.kind is ReactionKind.STOP:
            self.ground.stopped.add(deed.post.person_id)
        elif deed.kind is ReactionKind.PAUSE:
            self.ground.rest(deed.post.person_id, self.house.core.clock() + DAY * int(deed.value))

    def _work(self, now: datetime) -> None:
        if self.scene.is_asleep:
            return
        if self._following is not None and now < self._following and not self._timetable.is_due(now):
            return
        ran = self._timetable.run_due(self.house.core, now, run=self._run_job)
        if (self.scene.is_unsettled or self._believed_at is None) and not ran:
            self._run_job(self.house.core, SETTLE)
        if ran or self._following is None or now >= self._following:
            self._posting.drain(self._note_posts)
        self._note_posts()
        was_unsettled, self.scene.is_unsettled = self.scene.is_unsettled, self._any_unsettled()
        if was_unsettled and not self.scene.is_unsettled:
            self._timetable.stir()  # what follows a message that was found can be decided now
        skew = self.house.app_clock.skew
        self._following = max(next_instant(self.house.core) - skew, now + timedelta(seconds=1))

    def _run_job(self, core: Core, job: Job) -> None:
        """Run a job as the scheduler does; while the clock goes well it is asked about it once in a round."""
        if self._believed_at == self.house.clock() and not self.house.app_clock.skew:
            went_well = _run_trusting(core, job)
        else:
            went_well = run_job(core, job)
            self._believed_at = self.house.clock() if went_well else None
        if went_well and job.name == "sync_people":
            self.ground.hear_slack()
            self._has_synced = True

    def _doubt_clock(self) -> None:
        self._believed_at = None

    def _any_unsettled(self) -> bool:
        query = "SELECT 1 FROM deliveries WHERE workspace_id = ? AND status = 'unknown' LIMIT 1"
        return self.row_judge.rows.execute(query, (self.house.core.workspace_id,)).fetchone() is not None

    def _note_posts(self) -> None:
        posted = self.house.slack.state.posted[self._seen :]
        self._seen += len(posted)
        self.fail(self.judge.breaches)
        if not posted:
            return
        core = self.house.core
        with core.db.reading() as session:
            known = outcomes.several(session, core.workspace_id, [str(one.delivery_id) for one in posted])
        for one in posted:
            outcome = known.get(str(one.delivery_id))
            names = (outcome.campaign, outcome.playbook, outcome.nudge_key) if outcome else ("", "", "")
            self._note_post(one, Post(str(one.delivery_id), str(one.user), *names, _at(one), one.ts))
        # By a wrong clock what follows may seem to be long decided, or not to be for hours.
        now = self.house.clock()
        self._timetable.posted([replace(one, sent_at=now) for one in known.values() if one.sent_at is not None], core)

    def _note_post(self, posted: Posted, post: Post) -> None:
        self.trace.add(Event(post.at, Happening.POSTED, post.person_id, post.subject))
        self.happened["post" if not post.is_notice else "notice"] += 1
        self.judge.see(self.house.slack, posted)
        self.fail(self.judge.breaches)
        for deed in self._habits.deeds(post, buttons_of(self.house.slack.state, post)):
            heappush(self._deeds, (deed.at, next(self._order), deed))

    def _judge(self, now: datetime) -> None:
        self.judge.look_again(self.house.slack)
        breaches = [*self.judge.breaches, *self._heard()]
        lost = sum(at > now - 3 * DAY for at in self.house.slack.lost[-500:])
        breaches += self.row_judge.after_step(now, lost=lost)
        if not self.scene.is_asleep:
            breaches += self.row_judge.times(everything=self._has_synced)
            self.row_judge.looked_at, self._has_synced = self.house.core.clock(), False
        self.fail(breaches)
        if now >= self._judged_on:
            self._judge_day(now)
            self._judged_on = now + DAY

    def _judge_day(self, now: datetime) -> None:
        self.fail(self.row_judge.daily(now, self.house.slack))
        self.fail(books_balance(self.house.core))

    def _heard(self) -> Iterator[Breach]:
        yield from (
            Breach("quiet logs", f"a line of the log tells too much: {line}") for line in self.listener.indiscreet
        )
        yield from (Breach("nothing breaks", line) for line in self.listener.broken)

    def _next(self) -> datetime:
        known = [self._timetable.next_at, *([self._acts[-1].at] if self._acts else [])]
        known += [self._deeds[0][0]] if self._deeds else []
        if self.scene.is_asleep:
            return min(known[1:], default=self.plan.ends_at)
        return min([*known, *([self._following] if self._following else [])])


def _run_trusting(core: Core, job: Job) -> bool:
    try:
        job.service(core)
    except NudgerError:  # as the scheduler does: the next tick tries again
        return False
    return True


def _at(posted: Posted) -> datetime:
    return datetime.fromtimestamp(round(posted.at, 6), UTC)
