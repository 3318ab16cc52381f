"""What acts work on: this module is the scene, and how somebody is found whom an act is about."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.simulation.world.ground import Ground, Run
from tests.simulation.world.house import WorldHouse
from tests.simulation.world.humans import OFFICE, Human
from tests.simulation.world.judges import Judge
from tests.simulation.world.texts import BookSpec


@dataclass
class Scene:
    """What acts work on, and how things stand beside the app."""

    house: WorldHouse
    ground: Ground
    judge: Judge
    books: Mapping[str, BookSpec]
    again: str  # the command that lives through the same again
    is_asleep: bool = False
    is_unsettled: bool = False
    has_orders: bool = False  # somebody has ordered corrections or recalls
    is_stormy: bool = False  # answers get lost
    versions: dict[str, int] = field(default_factory=dict)  # of the file, by playbook
    broken: set[str] = field(default_factory=set)
    _wanted: str = ""  # whom an act is about, where that is known

    @property
    def is_cut_off(self) -> bool:
        """Return whether nobody's click can reach the app."""
        return self.is_asleep or bool(self.house.slack.trouble)

    def about(self, person_id: str, act: "Doing", luck: random.Random) -> str | None:
        """Do an act about this person."""
        self._wanted = person_id if person_id in self.ground.humans else ""
        try:
            return act(self, luck)
        finally:
            self._wanted = ""

    def somebody(self, luck: random.Random) -> Human:
        """Return whom an act is about."""
        humans = self.ground.humans
        if self._wanted:
            return humans[self._wanted]
        return humans[luck.choice([name for name in sorted(humans) if name not in OFFICE])]

    def some_run(self, luck: random.Random) -> Run | None:
        """Return one of the campaigns there are."""
        runs = self.ground.runs
        return runs[luck.choice(sorted(runs))] if runs else None

    def change(self, human: Human) -> None:
        """Make somebody as they are now, at Slack too; the app hears of it when it is told."""
        self.ground.humans[human.person_id] = human
        self.house.slack.state.users[human.person_id] = {"team_id": "T0SANDBOX", **human.account()}


Doing = Callable[[Scene, random.Random], str | None]
