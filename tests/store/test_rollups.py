"""Counts beside the rows: this module is the tests that they are those of the rows, whatever is done in which order."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from nudges.domain.delivery.deliveries import NOTICES, DeliveryStatus, NewDelivery, Skipped, SkipReason
from nudges.domain.delivery.responses import ResponseKind
from nudges.store import campaigns, deliveries, responses, rollup_triggers, rollups
from nudges.store.campaigns import Member
from nudges.store.engine import Database
from tests.builders import a_planned
from tests.soak import lucks, times
from tests.store.rows import HERE, NOON, THERE, a_new, claim, put, put_campaign, read

PEOPLE = [f"U{number}" for number in range(6)]
NUDGES = ["tip", "story", "quiz"]
SEEDS = lucks(times(4, 200))
STEPS = 80


class Hands:
    """Anything that writes deliveries, responses and audiences, at random."""

    def __init__(self, db: Database, seed: int) -> None:
        self.db, self.dice, self.now = db, random.Random(seed), NOON
        with db.begin() as session:
            self.campaigns = [put_campaign(session), put_campaign(session, "other")]
        self.known: list[str] = []

    def acts(self) -> list[Callable[[], object]]:
        often = [self.plan, self.plan, self.post, self.post, self.answer, self.answer]
        return [*often, self.turn, self.stop, self.rest, self.prune, self.erase, self.move, self.reopen, self.retell]

    def plan(self) -> None:
        where, nudge = self.dice.choice([*self.campaigns, NOTICES]), self.dice.choice(NUDGES)
        some = self.dice.sample(PEOPLE, k=self.dice.randint(1, 5))
        put(self.db, *(self._new(where, nudge, person_id) for person_id in some))

    def _new(self, campaign_id: int, nudge_key: str, person_id: str) -> NewDelivery:
        due_at = self.now + timedelta(minutes=self.dice.randint(-90, 30))
        against = Skipped(self.dice.choice([SkipReason.HOLDOUT, SkipReason.CAP_DAY]))
        which = self.dice.choice(["", "", "", ":twin", ":back"])
        delivery_id = f"{campaign_id}:{nudge_key}:{person_id}{which}"
        self.known.append(delivery_id)
        return a_new(delivery_id, campaign_id=campaign_id, nudge_key=nudge_key, person_id=person_id,
                     occurrence=2 if which == ":back" else 1,
                     decision=self.dice.choice([a_planned(due_at), a_planned(due_at), against]))  # fmt: skip

    def post(self) -> None:
        batch = claim(self.db, self.now, limit=self.dice.randint(1, 4))
        self.now += timedelta(minutes=self.dice.randint(1, 200))
        with self.db.begin() as session:
            for one in batch:
                self._end(session, one)

    def _end(self, session, one) -> None:  # type: ignore[no-untyped-def]
        sent = lambda: deliveries.mark_sent(session, one, channel_id="D", message_ts="1", now=self.now)  # noqa: E731
        ends = [sent, sent, sent, sent,
                lambda: deliveries.mark_unknown(session, one, code="x", now=self.now),
                lambda: deliveries.mark_failed(session, one, "gone"),
                lambda: deliveries.mark_skipped(session, one, SkipReason.STOPPED),
                lambda: deliveries.mark_retry(session, one, ready_at=self.now, code="busy", counts=True),
                lambda: deliveries.put_back(session, one, ready_at=self.now),
                lambda: None]  # fmt: skip
        self.dice.choice(ends)()

    def answer(self) -> None:
        with self.db.begin() as session:
            for delivery_id in self.dice.sample(sorted(set(self.known)), k=min(4, len(set(self.known)))):
                found = deliveries.find(session, HERE, delivery_id)
                kind = self.dice.choice(list(ResponseKind))
                value = self.dice.choice(["a", "b"]) if kind == ResponseKind.ANSWER else ""
                right = value == "a" if value else None
                at = self.now + timedelta(minutes=self.dice.randint(-40, 40))
                if found is not None and not found.is_notice:
                    responses.add(session, HERE, found, kind, value=value, is_right=right, now=at)

    def turn(self) -> None:
        campaign_id = self.dice.choice(self.campaigns)
        some = self.dice.sample(PEOPLE, k=4)
        members = [Member(one, self.dice.choice(["left", "right"]), False, NOON) for one in some]
        with self.db.begin() as session:
            campaigns.replace_members(session, campaign_id, members, now=self.now)

    def stop(self) -> None:
        with self.db.begin() as session:
            deliveries.skip_nudge(session, HERE, self.dice.choice(self.campaigns), self.dice.choice(NUDGES))

    def rest(self) -> None:
        with self.db.begin() as session:
            deliveries.abandon(session, HERE, claimed_before=None, now=self.now)
            deliveries.expire_stale(session, HERE, self.now)

    def prune(self) -> None:
        before = self.now - timedelta(hours=self.dice.randint(0, 9))
        campaign_id = self.dice.choice(self.campaigns)
        with self.db.begin() as session:
            responses.delete_old(session, campaign_id, before)
            deliveries.delete_old(session, campaign_id, self.dice.sample(NUDGES, k=2), before)
            if self.dice.random() < 0.2:
                campaigns.erase_audience(session, campaign_id)
            rollups.tidy(session)

    def erase(self) -> None:
        person_id = self.dice.choice(PEOPLE)
        steps = [lambda session: deliveries.erase_person(session, HERE, person_id),
                 lambda session: responses.erase_person(session, HERE, person_id, "hash"),
                 lambda session: campaigns.erase_person(session, HERE, person_id)]  # fmt: skip
        self.dice.shuffle(steps)
        with self.db.begin() as session:
            for step in steps:
                step(session)

    def move(self) -> None:
        with self.db.begin() as session:
            for one in deliveries.waiting(session, HERE)[:3]:
                deliveries.move(session, one, a_planned(self.now + timedelta(minutes=self.dice.randint(1, 300))))

    def reopen(self) -> None:
        with self.db.begin() as session:
            deliveries.reopen_campaign(session, self.dice.choice(self.campaigns), self.dice.sample(NUDGES, k=2))

    def retell(self) -> None:
        """Change a response, which no code of ours does, and carry deliveries over existing ones, as a restore does."""
        with self.db.begin() as session:
            session.execute(text("UPDATE responses SET value = 'b', responded_at = created FROM (SELECT "
                                 "min(responded_at) AS created FROM responses) x WHERE kind = 'feedback'"))  # fmt: skip
            session.execute(text("UPDATE deliveries SET status = 'sent', sent_at = created_at WHERE status = 'failed'"))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_counts_are_those_of_the_rows_after_any_acts(db: Database, seed: int) -> None:
    hands = Hands(db, seed)
    done = []
    for _ in range(STEPS):
        act = hands.dice.choice(hands.acts())
        act()
        done.append(act.__name__)
        with db.reading() as session:
            assert rollups.differences(session) == 0, f"seed {seed}, after {done[-6:]}"


def test_a_change_that_is_rolled_back_counts_for_nothing(db: Database) -> None:
    put(db, a_new("d1"))
    with pytest.raises(ZeroDivisionError), db.begin() as session:
        deliveries.expire_stale(session, HERE, NOON + timedelta(days=9))
        raise ZeroDivisionError
    with db.reading() as session:
        assert rollups.nudges(session, HERE, DeliveryStatus.PLANNED) == 1
        assert rollups.nudges(session, HERE, DeliveryStatus.EXPIRED) == 0


def test_counts_are_a_workspace_s_own_and_leave_out_notices(db: Database) -> None:
    put(db, a_new("d1"), a_new("d2", campaign_id=NOTICES))
    put(db, a_new("d3"), workspace_id=THERE)
    with db.reading() as session:
        assert rollups.nudges(session, HERE, DeliveryStatus.PLANNED) == 1
        assert rollups.messages_before(session, HERE, "planned", quarter=rollups.quarter_of(NOON) + 1) == 2


def test_what_was_counted_wrong_is_found_and_mended(db: Database) -> None:
    put(db, a_new("d1"))
    with db.begin() as session:
        session.execute(text("UPDATE rollups SET count = 7"))
    with db.reading() as session:
        assert rollups.differences(session) == 2
    rollups.repair(db)
    with db.reading() as session:
        assert rollups.differences(session) == 0


def test_a_lost_trigger_is_found_and_made_again(db: Database) -> None:
    with db.writer.begin() as connection:
        on = " ON deliveries" if not db.is_sqlite else ""
        name = f"rollup_{'deliveries_update' if on else 'moved'}_{rollup_triggers.VERSION}"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")
    put(db, a_new("d1"))
    claim(db)
    with db.reading() as session:
        assert not rollups.is_watched(session)
    rollups.repair(db)
    with db.reading() as session:
        assert rollups.is_watched(session)
        assert rollups.differences(session) == 0
    assert read(db, "d1").status == DeliveryStatus.SENDING
