"""What must hold of the stored rows: this module reads them bare, past the app's own store, after each step."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.sandbox.workspace import Slack
from bot.simulation.house import WORKSPACE
from bot.simulation.invariants import Breach
from tests.simulation.world.ground import Ground, Run
from tests.simulation.world.humans import Human, wall_of, works_at
from tests.simulation.world.judges import IN_FLIGHT, instant
from tests.simulation.world.resting import is_kept
from tests.simulation.world.rows import Rows

FINAL_WITHIN = timedelta(hours=48)
HALF_HOUR = timedelta(minutes=30)
LONGEST = timedelta(days=5)  # the longest validity, and a little more
UNHEARD = timedelta(days=21)  # as long as a journey may stay unknown to the app
OPEN = "status IN ('planned', 'retry', 'sending', 'unknown')"
# A row that waits for nobody is waited for by its freshness; what is asked for days is waited for until they are over.
LATE = (
    f"SELECT delivery_id, person_id, status FROM deliveries WHERE {OPEN}"
    " AND max(due_at, coalesce(fresh_until, due_at)) < ?"
)
DUE = "SELECT 1 FROM deliveries WHERE workspace_id = ? AND status IN ('planned', 'retry') AND ready_at <= ? LIMIT 1"
UNSETTLED = "SELECT person_id, status FROM deliveries WHERE status IN ('sending', 'unknown')"
REASONLESS = (
    "SELECT delivery_id, status FROM deliveries WHERE status IN ('skipped', 'failed', 'expired') AND reason = ''"
)
DOUBLE_ANSWERS = "SELECT delivery_id, kind FROM responses GROUP BY delivery_id, person_id, kind HAVING count(*) > 1"
DOUBLE_REPLIES = "SELECT count(*) FROM replies GROUP BY text HAVING count(*) > 1"
DOUBLE_DECISIONS = """
SELECT campaign_id, nudge_key, person_id FROM deliveries WHERE campaign_id > 0
GROUP BY campaign_id, nudge_key, person_id, occurrence HAVING count(*) > 1
"""
EXPIRED = """
SELECT delivery_id, person_id, due_at, fresh_until FROM deliveries
WHERE status = 'expired' AND attempt = 0 AND campaign_id > 0 AND fresh_until >= ? AND fresh_until < ?
"""
GIVEN_UP = """
SELECT delivery_id, person_id, fresh_until FROM deliveries
WHERE workspace_id = ? AND status = 'expired' AND ready_at >= ? AND fresh_until > ?
"""
# What comes back (occurrence 2 and later) has days of its own, which no playbook names.
WAITING = """
SELECT d.delivery_id, d.person_id, d.nudge_key, d.local_due, d.zone, d.due_at, d.window_ends_at, d.fresh_until,
  c.playbook, c.name, d.created_at
FROM deliveries d JOIN campaigns c ON c.campaign_id = d.campaign_id
WHERE d.status = 'planned' AND d.attempt = 0 AND d.created_at >= ? AND c.status != 'ended' AND d.occurrence = 1
"""


@dataclass
class RowJudge:
    """Looks at the rows."""

    ground: Ground
    rows: Rows
    looked_at: datetime = field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))

    def after_step(self, now: datetime, *, lost: int) -> Iterator[Breach]:
        """Give what is wrong now; `lost` is how many posts of late nobody knows the outcome of."""
        since = self.ground.working_since(now, FINAL_WITHIN)
        for row in self.rows.execute(LATE, (stored(since),)):
            if row["status"] == "unknown" and self._has_left(row["person_id"]):
                continue
            yield Breach("final in 48 hours", f"{row['delivery_id']} is still {row['status']}")
        open_ones = self.rows.execute(UNSETTLED).fetchall()
        flying = sum(row["status"] == "sending" for row in open_ones)
        unknown = sum(row["status"] == "unknown" and not self._has_left(row["person_id"]) for row in open_ones)
        allowed = lost + IN_FLIGHT * sum(at > since for at in self.ground.crashes)
        if flying > IN_FLIGHT or unknown > allowed:
            yield Breach("few unknown", f"{flying} are on their way, {unknown} unknown, {allowed} can be")

        yield from self._given_up(now)

    def _has_left(self, person_id: str) -> bool:
        """Whether nobody can open their conversation any more: what is unknown stays so and is shown to the admin."""
        human = self.ground.humans.get(person_id)
        return human is not None and human.has_left

    def _given_up(self, now: datetime) -> Iterator[Breach]:
        """What is still fresh is not given up while the person still works before it is stale."""
        if self.ground.was_troubled(now - LONGEST, now, "leap"):
            return  # by the app's clock it may have been stale
        for row in self.rows.execute(GIVEN_UP, (WORKSPACE, stored(now - LONGEST), stored(now))):
            human, fresh = self.ground.told.get(row["person_id"]), instant(row["fresh_until"])
            if human and fresh and not human.has_left and _works_between(human, now, fresh):
                yield Breach(
                    "nothing lost", f"{row['delivery_id']} was given up and is fresh until {fresh:%d %b %H:%M}"
                )

    def is_due(self, workspace_id: str, now: datetime) -> bool:
        """Return whether anything waits whose time has come."""
        return self.rows.execute(DUE, (workspace_id, stored(now))).fetchone() is not None

    def times(self, *, everything: bool) -> Iterator[Breach]:
        """Give what is wrong with the times of what was planned of late, or of all that waits."""
        since = datetime.min if everything else self.looked_at
        for row in self.rows.execute(WAITING, (stored(since),)):
            human, run = self.ground.told.get(row["person_id"]), self.ground.runs.get(row["playbook"])
            if human is None or human.has_left or run is None or run.name != row["name"]:
                continue
            if (wrong := _wrong_time(row, human, run)) and not self._is_kept(row, human):
                yield Breach("times derived", f"{row['name']}/{row['nudge_key']} of {human.person_id} {wrong}")

    def _is_kept(self, row: sqlite3.Row, human: Human) -> bool:
        """Return whether it falls into a pause and is kept for the first working day after it."""
        due, fresh = instant(row["due_at"]), instant(row["fresh_until"])
        if due is None or fresh is None:
            return False
        return is_kept(human, self.ground.rests.get(human.person_id, ()), due=due, fresh=fresh)

    def daily(self, now: datetime, slack: Slack) -> Iterator[Breach]:
        """Give what is wrong with the books."""
        for row in self.rows.execute(REASONLESS):
            yield Breach("books balance", f"{row['delivery_id']} is {row['status']} for no reason")
        for row in self.rows.execute(DOUBLE_ANSWERS):
            yield Breach("answers count once", f"{row['delivery_id']} has two answers of kind {row['kind']}")
        for row in self.rows.execute(DOUBLE_REPLIES):
            yield Breach("answers count once", f"what somebody typed once was kept {row[0]} times")
        for row in self.rows.execute(DOUBLE_DECISIONS):
            yield Breach("books balance", f"{row['nudge_key']} was decided twice for {row['person_id']}")
        yield from self._standing(slack)
        yield from self._lost(now)

    def _standing(self, slack: Slack) -> Iterator[Breach]:
        """What the rows call sent stands at Slack, and what stands there is sent or not known yet."""
        # Of somebody who asked to be forgotten and came back the app cannot know what they had.
        people = {str(one.delivery_id): str(one.user) for one in slack.state.posted}
        known = {row[0]: row[1] for row in self.rows.execute("SELECT delivery_id, status FROM deliveries")}
        for delivery_id, status in known.items():
            if status == "sent" and delivery_id not in people:
                yield Breach("nothing lost", f"{delivery_id} is called sent and stands nowhere")
            is_known = people.get(delivery_id) not in self.ground.ever_forgotten
            if is_known and delivery_id in people and status not in ("sent", "unknown", "sending"):
                yield Breach("books balance", f"{delivery_id} stands at Slack and is called {status}")
        for delivery_id in people.keys() - known.keys():
            if people[delivery_id] not in self.ground.ever_forgotten:
                yield Breach("books balance", f"{delivery_id} stands at Slack and no row knows of it")

    def _lost(self, now: datetime) -> Iterator[Breach]:
        """What expired unsent without any trouble was forgotten."""
        for row in self.rows.execute(EXPIRED, (stored(now - timedelta(days=3)), stored(now))):
            due, fresh = instant(row["due_at"]), instant(row["fresh_until"])
            if due is None or fresh is None or self.ground.has_moved(row["person_id"], due - UNHEARD):
                continue  # the day it was for may be over where they are now
            if not self.ground.was_troubled(due, fresh):
                yield Breach("nothing lost", f"{row['delivery_id']} expired though nothing stood in its way")


def _wrong_time(row: sqlite3.Row, human: Human, run: Run) -> str:
    due, end, fresh = (instant(row[name]) for name in ("due_at", "window_ends_at", "fresh_until"))
    if due is None or end is None or fresh is None or row["nudge_key"] not in {one.key for one in run.book.nudges}:
        return ""
    spec, wall = run.book.nudge(row["nudge_key"]), wall_of(human, due)
    if f"{wall:%Y-%m-%dT%H:%M}" != row["local_due"]:
        return f"is due at {wall:%d %b %H:%M} their time and was meant for {row['local_due']}"
    span = human.minutes_on(wall.weekday())
    if span is None or not span[0] <= wall.hour * 60 + wall.minute < span[1]:
        return f"is due at {wall:%a %H:%M}, when they do not work"
    closes = wall.replace(hour=0, minute=0, second=0) + timedelta(minutes=span[1])
    if end - due > timedelta(minutes=spec.window_min) or wall_of(human, end) > closes:
        return f"has a window until {wall_of(human, end):%a %H:%M}"
    valid = timedelta(days=spec.valid_days)
    if valid and fresh - due != valid:
        return f"is fresh for {fresh - due} instead of {valid}"
    is_day = wall_of(human, fresh - timedelta(seconds=1)).date() == wall.date()
    return "" if valid or is_day else f"is fresh until {wall_of(human, fresh):%a %H:%M}"


def _works_between(human: Human, since: datetime, until: datetime) -> bool:
    steps = int((until - since) / HALF_HOUR)
    return any(works_at(human, since + HALF_HOUR * step) for step in range(1, steps))


def stored(at: datetime) -> str:
    """Return an instant as the rows have it."""
    naive = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    return f"{naive:%Y-%m-%d %H:%M:%S}.{naive.microsecond:06}" if naive.year > 999 else "0001"
