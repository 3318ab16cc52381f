"""What must never happen: this module tests that each rule objects, and that a broken app is caught with its seed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.sandbox.records import Json
from bot.simulation.engine import InvariantBroken, Simulation
from bot.simulation.habits import Habits
from bot.simulation.house import House
from bot.simulation.invariants import CapsKept, InHours, NeverTwice, StopMeansStop, books_balance, invariants
from bot.simulation.reacting import Deed, Post
from bot.simulation.rehearsal import scratch
from bot.simulation.synthetic import synthetic_cast
from nudges.domain.delivery.messages import Message
from nudges.domain.forecasts.reactions import ReactionKind
from nudges.domain.playbooks.company import Caps
from nudges.domain.times.hours import WorkingWeek
from nudges.domain.times.workdays import WorkCalendar
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.authoring.publish import publish
from nudges.store import people
from nudges.store.tables import DeliveryRow

NINE_TO_FIVE = WorkCalendar("Europe/Lisbon", WorkingWeek.parse("09:00-17:00 mon-fri"))
TUESDAY = datetime(2027, 1, 12, 10, tzinfo=UTC)


def a_post(at: datetime = TUESDAY, delivery_id: str = "a" * 32) -> Post:
    return Post(delivery_id, "U0ANA", "find-an-expert", "find-an-expert", "ask-first", at, ts="1.0")


def test_the_same_delivery_twice_is_a_breach() -> None:
    rule = NeverTwice()
    assert rule.posted(a_post()) is None
    assert rule.posted(a_post()) is not None


def test_a_post_at_night_or_to_a_stranger_is_a_breach() -> None:
    rule = InHours({"U0ANA": NINE_TO_FIVE})
    assert rule.posted(a_post()) is None
    assert rule.posted(a_post(TUESDAY + timedelta(hours=7))) is not None
    assert InHours({}).posted(a_post()) is not None


def test_a_nudge_after_a_stop_is_a_breach_until_they_start_again() -> None:
    rule = StopMeansStop()
    rule.reacted(Deed(a_post(), ReactionKind.STOP))
    assert rule.posted(a_post()) is not None
    rule.reacted(Deed(a_post(), ReactionKind.START))
    assert rule.posted(a_post()) is None


def test_one_nudge_too_many_in_a_day_or_in_seven_is_a_breach() -> None:
    calendars = {"U0ANA": NINE_TO_FIVE}
    day = CapsKept(Caps(day=1, week=5), calendars)
    assert [day.posted(a_post()) is None for _ in range(2)] == [True, False]
    week = CapsKept(Caps(day=5, week=2), calendars)
    assert [week.posted(a_post(TUESDAY + timedelta(days=day))) is None for day in (0, 3, 6)] == [True, True, False]


def test_a_delivery_too_many_unbalances_the_books(folder: Path) -> None:
    with a_house(folder) as house:
        Simulation(house, Habits(7), ()).run(house.clock() + timedelta(days=5))
        assert not books_balance(house.core)
        with house.core.db.begin() as session:
            rows = select(DeliveryRow.delivery_id).limit(1)
            lost = session.execute(rows).scalar_one()
            session.execute(insert(DeliveryRow), [_copy(session, lost)])
        assert books_balance(house.core)


def test_an_app_that_forgets_a_stop_is_caught_and_the_seed_is_told(folder: Path) -> None:
    with a_house(folder) as house:
        simulation = Simulation(house, Leavers(), invariants(house.core))
        simulation.run(house.clock() + timedelta(days=5))
        with house.core.db.begin() as session:
            for person_id in house.slack.state.users:
                people.change_preference(session, house.core.workspace_id, person_id, stopped_at=None)
        with pytest.raises(InvariantBroken) as broken:
            simulation.run(house.clock() + timedelta(days=21))
    assert "stop means stop" in broken.value.message
    assert "Seed 7; the last events:" in broken.value.message
    assert "reacted" in broken.value.message


def test_a_message_posted_twice_is_caught(folder: Path) -> None:
    with a_house(folder) as house:
        simulation = Simulation(house, Habits(7), invariants(house.core))
        simulation.run(house.clock() + timedelta(days=5))
        post = simulation.posts[0]
        house.core.messenger.send(post.person_id, Message(post.delivery_id, "tip", "Once more."))
        with pytest.raises(InvariantBroken, match="never twice"):
            simulation.run(house.clock() + timedelta(days=7))


def test_a_crash_between_two_steps_changes_nothing_for_the_readers(folder: Path) -> None:
    with a_house(folder) as house:
        calm = Simulation(house, Habits(7), invariants(house.core))
        calm.run(house.clock() + timedelta(days=14))
        sent = [(post.person_id, post.nudge_key, post.at) for post in calm.posts]
    with a_house(folder) as house:
        crashing = Simulation(house, Habits(7), invariants(house.core))
        for _ in range(14):
            crashing.run(house.clock() + timedelta(days=1))
            house.crash()
            crashing.stir(everything=True)
        assert [(post.person_id, post.nudge_key, post.at) for post in crashing.posts] == sent
        assert house.crashes == 14


class Leavers:
    """Everybody stops, five minutes after the first nudge."""

    def deeds(self, post: Post, buttons: Sequence[Json]) -> Iterator[Deed]:
        yield Deed(post, ReactionKind.STOP, after=timedelta(minutes=5))


@contextmanager
def a_house(folder: Path) -> Iterator[House]:
    """Give a furnished house of thirty people in which one playbook has been published on a Friday."""
    library = read_folder(folder)
    assert library.company is not None
    cast = synthetic_cast(library.company, [one.playbook for one in library.playbooks.values()], size=30, seed=7)
    with scratch(folder, cast, datetime(2027, 1, 8, 8, tzinfo=UTC), 7) as house:
        publish(house.core, "find-an-expert", "U0PRIYA")
        yield house


def _copy(session: Session, delivery_id: str) -> dict[str, object]:
    """Return a delivery's values under another id: somebody has the same nudge twice."""
    table = DeliveryRow.__table__  # type: ignore[attr-defined]
    row = session.connection().execute(select(table).where(table.c.delivery_id == delivery_id)).one()
    return {**row._mapping, "delivery_id": "f" * 32}
