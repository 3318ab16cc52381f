"""The rest of the demo company: this module lets colleagues react to their nudges, so that a visitor sees some life.

Whoever the visitor is invited to be is left alone: what those people do is the visitor's own doing.
"""

import random
import threading
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any

from bot.blocks.actions import ActionId
from bot.sandbox.errors import Impossible
from bot.sandbox.records import Posted
from bot.sandbox.workspace import Slack

LOOK_EVERY_S = 0.2
HABITS = (0.75, 0.5, 0.25)  # how often a keen, a usual and a quiet colleague reacts
REACTIONS = {ActionId.ANSWER_QUIZ: 6, ActionId.MARK_USEFUL: 5, ActionId.MARK_NOT_FOR_ME: 1, ActionId.TRY_IT: 2}


class Colleagues:
    """Clicks on messages as they arrive, by a seeded habit of each person."""

    def __init__(self, slack: Slack, *, spared: Collection[str], seed: int = 7) -> None:
        self._slack = slack
        self._spared = frozenset(spared)
        self._seed = seed
        self._seen = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="colleagues", daemon=True)

    def start(self) -> None:
        """Begin to look for messages; those that stand there already have had their time."""
        self._seen = len(self._slack.posted())
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _loop(self) -> None:
        while not self._stopped.wait(LOOK_EVERY_S):
            posted = self._slack.posted()[self._seen :]
            self._seen += len(posted)
            for one in posted:
                self._react(one)

    def _react(self, posted: Posted) -> None:
        person = posted.user
        if person is None or person in self._spared or posted.delivery_id is None or self._stopped.is_set():
            return
        habit = random.Random(f"{self._seed}:{person}").choice(HABITS)
        dice = random.Random(f"{self._seed}:{posted.delivery_id}")
        choices = list(self._buttons(person, posted.ts))
        if dice.random() >= habit or not choices:
            return
        weights = [weight for _, _, weight in choices]
        block_id, action_id, _ = dice.choices(choices, weights)[0]
        with suppress(Impossible):  # the message changed in between
            self._slack.do.click(person, ts=posted.ts, block_id=block_id, action_id=action_id)

    def _buttons(self, person: str, ts: str) -> Iterator[tuple[str, str, int]]:
        for block in self._blocks(person, ts):
            for element in block.get("elements") or []:
                action_id = str(element.get("action_id") or "")
                weight = REACTIONS.get(action_id.partition(".")[0], 0)  # type: ignore[call-overload]  # ids are texts
                if weight:
                    yield block["block_id"], action_id, weight

    def _blocks(self, person: str, ts: str) -> list[dict[str, Any]]:
        message = self._slack.state.dm_with(person).messages.get(ts)
        return list(message.blocks or []) if message is not None else []
