"""How a world's app posts: this module lets it be killed, misled by its clock and overtaken by others as it does."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from bot.simulation.trace import Event, Happening, Trace
from nudges.services.delivery.change_messages import change_due
from nudges.services.delivery.send_deliveries import AT_ONCE, Attempt, send_due
from tests.simulation.world.acts import ACTS
from tests.simulation.world.house import WorldHouse
from tests.simulation.world.plan import INTRUSIONS, Act, Planned
from tests.simulation.world.row_judges import RowJudge
from tests.simulation.world.scene import Scene
from tests.simulation.world.weather import falter

One = TypeVar("One")  # a delivery, or the change of a message
INTRUDED = 0.4  # of all batches: others act while it is posted
INTRUDES = 0.05  # of the posts of such a batch: somebody acts just before it
FALTERS = 0.2  # of the batches while answers get lost: the clock is wrong just then
IN_THE_ACT = 15  # times as likely as at a transaction is a kill just before a post, and just after


@dataclass
class Posting:
    """Who posts what is due, and what comes between; `schedule` takes the end of what began meanwhile."""

    house: WorldHouse
    scene: Scene
    row_judge: RowJudge
    luck: random.Random
    happened: Counter[str]
    trace: Trace
    schedule: Callable[[Planned], None]
    faltered: Callable[[], None]  # hears that the clock has gone wrong
    _is_alone: bool = field(default=True, init=False)
    _broken_off: tuple[Act, float, str] | None = field(default=None, init=False)  # what, with which luck, about whom

    def drain(self, told: Callable[[], None]) -> None:
        """Post and change until nothing is due; `told` hears of each batch."""
        while (self._is_anything_due() and self._send()) or (self.scene.has_orders and self._change()):
            told()

    def _is_anything_due(self) -> bool:
        """Whether a look of the sender can find anything; asked of the bare rows, which is much quicker."""
        return self.row_judge.is_due(self.house.core.workspace_id, self.house.core.clock())

    def _change(self) -> list[Attempt]:
        return change_due(self.house.core, limit=AT_ONCE, run=self._each)

    def _send(self) -> list[Attempt]:
        self._falter()
        core = replace(self.house.core, is_alone=self.luck.random() >= INTRUDED)
        self._is_alone = core.is_alone
        return send_due(core, limit=AT_ONCE, run=self._each)

    def _each(self, post: Callable[[One], Attempt], claimed: list[One]) -> list[Attempt]:
        """Post one after another; the app may be killed, and others may act, just before any of them."""
        done = []
        for delivery in claimed:
            self.house.fate.strike(IN_THE_ACT)
            if not self._is_alone and self.luck.random() < INTRUDES:
                self._intrude(delivery)
            done.append(post(delivery))
        return done

    def _falter(self) -> None:
        """Let the clock be wrong just when answers get lost, and right, or not, when they are looked up."""
        if not self.scene.is_stormy or self.house.app_clock.skew or self.luck.random() >= FALTERS:
            return
        now = self.house.clock()
        self.schedule(Planned(now + timedelta(minutes=self.luck.randint(1, 30)), Act.CLOCK_RIGHT, f"falter:{now}"))
        told = falter(self.scene, self.luck)
        self.faltered()
        self.happened["leap while posting"] += 1
        self.trace.add(Event(now, Happening.HAPPENED, "", "leap while posting", told))

    def _intrude(self, delivery: object) -> None:
        self._broken_off = (self.luck.choice(INTRUSIONS), self.luck.random(), getattr(delivery, "person_id", ""))
        self.take_up()

    def take_up(self) -> None:
        """Do what somebody began meanwhile; killed in the middle it is done again, for it may have been committed."""
        if self._broken_off is None:
            return
        act, seed, person_id = self._broken_off
        told = self.scene.about(person_id, ACTS[act], random.Random(seed))
        self._broken_off = None
        if told is not None:
            self.happened["meanwhile"] += 1
            self.trace.add(Event(self.house.clock(), Happening.HAPPENED, "", f"meanwhile {act.value}", told))
            if act is Act.PAUSE_CAMPAIGN or act is Act.HOLD:
                self._plan_end(act)

    def _plan_end(self, act: Act) -> None:
        end = Act.RESUME_CAMPAIGN if act is Act.PAUSE_CAMPAIGN else Act.RESUME
        at = self.house.clock() + timedelta(hours=self.luck.randint(1, 30))
        self.schedule(Planned(at, end, f"{self.house.seed}:{at}"))
