"""Everything at once: this module lets an office live at random and checks what must hold after every step.

`NUDGER_SOAK=1` plays more of it; a failure names the seed and the step.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import Feedback
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.times.workdays import calendar_of
from nudges.errors import OutcomeUnknown, RecipientUnreachable, TemporaryFailure
from nudges.services.answers.record_response import record_barrier, record_feedback
from nudges.services.authoring.publish import update
from nudges.services.delivery.settle_deliveries import abandon_all
from nudges.services.delivery.steer import pause_campaigns, resume_campaigns
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.prune_history import prune_history
from nudges.services.own.preferences import pause, start, stop, wishes_of
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import rollups
from tests.fakes import Lost
from tests.places import PLACES
from tests.services.house import ADMIN, AUTHOR, BERLIN, BILLING, FAR, House, a_text, everybody, people_csv
from tests.soak import lucks, times

PEOPLE = (*BILLING[:4], *BERLIN[:3], *FAR)
SEEDS = lucks(times(2 if PLACES.is_sqlite else 1, 30))
STEPS = 80
FIRST = {"first_tip": '{week: 1, day: tue, at: "10:00"}', "after_tip": "{after: first-tip, days: 2}",
         "second_tip": '{week: 2, day: wed, at: "15:30", valid_for: 3d}'}  # fmt: skip
OTHER = {"other_tip": '{week: 1, day: wed, at: "11:00", valid_for: 4d}', "late_tip": '{week: 3, day: mon, at: "09:00"}'}


class Office:
    """A house in which anything may happen next, and what was promised to whom."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.dice = random.Random(seed)
        self.quiet: set[str] = set()  # have stopped, or are forgotten
        self.forgotten: set[str] = set()  # whoever begins anew is introduced anew
        self.texts = [a_text(**FIRST), a_text(**FIRST | {"extra_tip": '{week: 2, day: fri, at: "10:00"}'})]
        self.house.messenger.before_send = self._check_sending
        house.run(self.texts[0])
        house.run(a_text("other", **OTHER), "other")

    def step(self) -> str:
        """Do something, let the app do what is due, and check."""
        act = self.dice.choice(self._acts())
        act()
        self.house.messenger.always = self.dice.choice([None, None, None, Lost(), OutcomeUnknown(slack_code="x")])
        self.house.messenger.answers.extend(self.dice.choice(self._answers()) for _ in range(3))
        self.house.tick()
        self.check()
        return act.__name__

    def check(self) -> None:
        assert self.house.messenger.doubled() == 0
        for name in ("find-an-expert", "other"):
            assert self.house.books(name).is_balanced
        firsts = Counter(one.person_id for one in self.house.messenger.standing if one.message.is_first)
        assert all(count == 1 for person_id, count in firsts.items() if person_id not in self.forgotten)
        with self.house.core.db.reading() as session:
            assert rollups.differences(session) == 0
        rows = self.house.rows()
        assert not [row for row in rows if row.status == DeliveryStatus.SENDING]
        assert not [row for row in rows if row.person_id in self.quiet and row.status in ("planned", "retry")]

    def _check_sending(self, person_id: str, message: object) -> None:
        person = next(one for one in everybody() if one.person_id == person_id)
        assert person_id not in self.quiet, "sent to somebody who had stopped"
        assert calendar_of(person, self.house.core.company()).is_open(self.house.clock()), "sent outside of hours"
        assert wishes_of(self.house.core, person_id).paused_until is None, "sent to somebody who rests"

    def _answers(self) -> list[Exception | Lost | None]:
        limited = TemporaryFailure(slack_code="ratelimited", retry_after=timedelta(seconds=9))
        gone = RecipientUnreachable(slack_code="channel_not_found")
        return [None] * 6 + [Lost(timedelta(seconds=90)), limited, gone, RuntimeError("a bug")]

    def _acts(self) -> list[Callable[[], object]]:
        often = [self.wait_a_little, self.wait_a_little, self.wait_hours, self.wait_hours, self.wait_a_day, self.tap]
        return [*often, self.someone_stops, self.someone_starts, self.someone_rests, self.someone_moves,
                self.someone_is_forgotten, self.campaign_rests, self.campaign_goes_on, self.author_updates,
                self.directory_is_read, self.process_is_killed, self.conversations_close,
                self.history_is_pruned]  # fmt: skip

    def _anybody(self) -> str:
        return self.dice.choice(PEOPLE)

    def wait_a_little(self) -> None:
        self.house.clock.advance(minutes=self.dice.randint(1, 40))

    def wait_hours(self) -> None:
        self.house.clock.advance(hours=self.dice.randint(1, 6))

    def wait_a_day(self) -> None:
        self.house.clock.advance(days=1)

    def tap(self) -> None:
        core = self.house.core
        for one in self.dice.sample(self.house.messenger.standing, k=min(3, len(self.house.messenger.standing))):
            record_feedback(core, one.person_id, one.delivery_id, Feedback.USEFUL)
            record_barrier(core, one.person_id, one.delivery_id, BarrierKind.NO_TIME)

    def someone_stops(self) -> None:
        person_id = self._anybody()
        stop(self.house.core, person_id)
        self.quiet.add(person_id)

    def someone_starts(self) -> None:
        person_id = self._anybody()
        start(self.house.core, person_id)
        self.quiet.discard(person_id)

    def someone_rests(self) -> None:
        pause(self.house.core, self._anybody(), self.dice.randint(1, 9))

    def someone_moves(self) -> None:
        person_id, place = self._anybody(), self.dice.choice(["Customer service", "Sales"])
        moved = [replace(one, department=place) if one.person_id == person_id else one for one in everybody()]
        import_people(self.house.core, people_csv(moved))

    def someone_is_forgotten(self) -> None:
        person_id = self._anybody()
        forget(self.house.core, person_id)
        self.quiet.add(person_id)
        self.forgotten.add(person_id)

    def campaign_rests(self) -> None:
        pause_campaigns(self.house.core, ADMIN, self.dice.choice(["other", "all"]))

    def campaign_goes_on(self) -> None:
        resume_campaigns(self.house.core, ADMIN, "all")

    def author_updates(self) -> None:
        self.house.write(self.dice.choice(self.texts))
        update(self.house.core, "find-an-expert", AUTHOR)

    def directory_is_read(self) -> None:
        sync_people(self.house.core)

    def process_is_killed(self) -> None:
        abandon_all(self.house.core)

    def conversations_close(self) -> None:
        is_open = self.house.messenger.unreadable is not None
        self.house.messenger.unreadable = None if is_open else TemporaryFailure(slack_code="internal_error")

    def history_is_pruned(self) -> None:
        prune_history(self.house.core)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_in_whatever_order(house: House, seed: int) -> None:
    office = Office(house, seed)
    done: list[str] = []
    for _ in range(STEPS):
        try:
            done.append(office.step())
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, after {done[-12:]} at {house.clock():%F %R}: {error}") from error
    house.messenger.always = house.messenger.unreadable = None
    house.messenger.answers.clear()
    resume_campaigns(house.core, ADMIN, "all")
    house.walk(f"{house.clock() + timedelta(days=45):%F %R}")
    waiting = [row.status for row in house.rows() if row.status in ("planned", "retry", "sending", "unknown")]
    assert waiting == []
    office.check()
