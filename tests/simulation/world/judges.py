"""What must hold at each attempt to post and of each message that stands: this module is the rules, one function each.

They read the ground truth, the simulated Slack and the bare rows; of the app's own rules they use none.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.sandbox.records import Message, Posted
from bot.sandbox.workspace import Slack
from bot.simulation.approving import APPROVER
from bot.simulation.house import WORKSPACE
from bot.simulation.invariants import Breach
from tests.simulation.world.ground import Ask, Ground, Run
from tests.simulation.world.humans import Human, wall_of, works_at
from tests.simulation.world.resting import is_kept
from tests.simulation.world.rows import Rows
from tests.simulation.world.slack import WatchedSlack
from tests.simulation.world.texts import MARK, PILOT_TEAMS, NudgeSpec

DAY = timedelta(days=1)
SECOND = Human(APPROVER, "Second", "", "", "", "guest", "")
OVERLOOKED = 4_000  # characters of a text without blocks that Slack would split
ROW = """
SELECT d.delivery_id, d.campaign_id, d.nudge_key, d.person_id, d.status, d.local_due, d.due_at, d.window_ends_at,
  d.fresh_until, d.attempt, c.playbook, c.name, c.status AS campaign_status, c.is_piloting, c.rest_starts_on,
  a.is_held_out, a.left_at, a.is_pilot, a.person_id AS member, d.occurrence
FROM deliveries d LEFT JOIN campaigns c ON c.campaign_id = d.campaign_id
LEFT JOIN audience a ON a.campaign_id = d.campaign_id AND a.person_id = d.person_id
WHERE d.delivery_id = ?
"""
FLYING = "SELECT count(*) FROM deliveries WHERE workspace_id = ? AND status = 'sending'"
IN_FLIGHT = 20
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One attempt to post, and all that it is judged by."""

    ask: Ask
    row: Row
    ground: Ground
    human: Human
    run: Run | None

    @property
    def spec(self) -> NudgeSpec | None:
        """Return the nudge as its author meant it; None for a notice."""
        return self.run.book.nudge(self.row["nudge_key"]) if self.run else None


def instant(text: str | None) -> datetime | None:
    """Return a stored instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def in_hours(case: Case) -> str:
    """Nothing is posted outside working hours, days off and holidays of the zone rules in force."""
    if works_at(case.human, case.ask.app_at):
        return ""
    return f"at {wall_of(case.human, case.ask.app_at):%a %H:%M} in {case.human.home_zone}"


def a_no_is_heeded(case: Case) -> str:
    """Nothing is posted after a stop, in a pause, or after an erasure."""
    ground, person_id = case.ground, case.ask.person_id
    if person_id in ground.forgotten:
        return "who had been forgotten"
    if case.run is None:
        return ""
    if person_id in ground.stopped:
        return "who had stopped"
    until = ground.paused.get(person_id)
    return f"who rests until {until:%d %b %H:%M}" if until and case.ask.app_at < until else ""


def in_audience(case: Case) -> str:
    """Nothing is posted to anybody outside the audience: segment, pilot, comparison group, leavers."""
    if case.run is None:
        return ""
    human, row = case.human, case.row
    if human.has_left:
        return "who has left"
    wanted = human.department == "Support" if case.run.book.segment == "support" else human.department == "Sales"
    if not wanted or (case.run.book.segment == "sales" and human.role == "intern"):
        return f"who is {human.role} in {human.department}"
    if row["is_held_out"]:
        return "who is in the comparison group"
    first = row["rest_starts_on"]
    is_open = not row["is_piloting"] and (first is None or date.fromisoformat(first) <= _day(case))
    # Who was in the pilot when it began stays in it, whichever team they are in today.
    return "" if is_open or row["is_pilot"] or human.team in PILOT_TEAMS else "who is not in the pilot"


def caps_kept(case: Case) -> str:
    """Nobody gets more nudges in a day or in any seven than the company allows, nor two catch-ups a day."""
    if case.run is None:
        return ""
    got = case.ground.got.get(case.ask.person_id, [])
    day, caps = _day(case), case.ground.company
    days = [(wall_of(case.human, at).date(), is_late) for at, is_late in got if case.ask.app_at - at < 9 * DAY]
    if sum(one == day for one, _ in days) >= caps.day:
        return f"who has {caps.day} that day"
    if sum(day - 7 * DAY < one <= day for one, _ in days) >= caps.week:
        return f"who has {caps.week} in seven days"
    if is_catch_up(case) and any(one == day and is_late for one, is_late in days):
        return "as a second catch-up of one day"
    return ""


def is_catch_up(case: Case) -> bool:
    """Return whether it comes after its window."""
    end = instant(case.row["window_ends_at"])
    return end is not None and case.ask.app_at >= end


def in_time(case: Case) -> str:
    """Nothing is posted before it is due, nor when it is no longer fresh."""
    due, fresh = instant(case.row["due_at"]), instant(case.row["fresh_until"])
    if due is None or fresh is None or case.run is None:
        return ""
    if case.ask.app_at < due:
        return f"which is due at {due:%d %b %H:%M}"
    if case.ask.app_at >= fresh:
        return f"which was fresh until {fresh:%d %b %H:%M}"
    is_other_day = (
        case.spec is not None and not case.spec.valid_days and not case.row["local_due"].startswith(f"{_day(case)}")
    )
    asked = case.ground.rests.get(case.ask.person_id, ())
    if not is_other_day or is_kept(case.human, asked, due=due, fresh=fresh):
        return ""
    return f"which was for {case.row['local_due']}"


def nothing_held(case: Case) -> str:
    """Nothing is posted of a paused campaign, a recalled nudge, or while the workspace is held."""
    if case.ground.is_held:
        return "while the workspace was held"
    if case.run is None or case.run.name != case.row["name"]:
        return ""
    if case.run.is_paused:
        return "of a paused campaign"
    return "which was recalled" if case.row["nudge_key"] in case.run.recalled else ""


ASK_RULES: Mapping[str, Callable[[Case], str]] = {
    "in hours": in_hours,
    "a no is heeded": a_no_is_heeded,
    "in the audience": in_audience,
    "caps kept": caps_kept,
    "in time": in_time,
    "nothing held": nothing_held,
}


@dataclass
class Judge:
    """Hears each attempt to post and looks at each message that stands."""

    ground: Ground
    rows: Rows
    breaches: list[Breach] = field(default_factory=list)
    _seen: dict[str, set[str]] = field(default_factory=dict)  # by person

    def hear(self, ask: Ask) -> None:
        """Judge an attempt to post, before Slack has answered it."""
        row = self.rows.execute(ROW, (ask.delivery_id,)).fetchone()
        self.ground.asks[ask.delivery_id] = ask
        if row is None:
            self.breaches.append(Breach("a no is heeded", f"{ask.delivery_id} was posted and no row knows of it"))
            return
        (flying,) = self.rows.execute(FLYING, (WORKSPACE,)).fetchone()
        if flying > IN_FLIGHT:
            self.breaches.append(Breach("few unknown", f"{flying} deliveries are on their way at once"))
        human = SECOND if ask.person_id == APPROVER else self.ground.told.get(ask.person_id)
        if human is None:
            who = "forgotten" if ask.person_id in self.ground.forgotten else "unknown"
            self.breaches.append(Breach("a no is heeded", f"{row['nudge_key']} was posted to {ask.person_id}: {who}"))
            return
        run = self.ground.runs.get(row["playbook"]) if row["campaign_id"] else None
        case = Case(ask, row, self.ground, human, run)
        for name, rule in ASK_RULES.items():
            if wrong := rule(case):
                what = f"{row['name'] or 'notice'}/{row['nudge_key']}"
                self.breaches.append(Breach(name, f"{what} was posted to {ask.person_id} {wrong}"))

    def see(self, slack: WatchedSlack, posted: Posted) -> None:
        """Judge a message that stands, by what Slack shows."""
        message = slack.state.channels[posted.channel].messages.get(posted.ts)
        delivery_id, person_id = str(posted.delivery_id), str(posted.user)
        row = self.rows.execute(ROW, (delivery_id,)).fetchone()
        ask = self.ground.asks.get(delivery_id)
        again = f", time {row['occurrence']}" if row and row["occurrence"] > 1 else ""
        self._judge_once(delivery_id, person_id, f"{row['name']}/{row['nudge_key']}{again}" if row else delivery_id)
        if message is None or row is None or not row["campaign_id"] or ask is None:
            return
        run = self.ground.runs.get(row["playbook"])
        if run is None or run.name != row["name"]:
            return
        # Found again, a message is as old as Slack says, whatever the app's clock said when it was posted.
        late = min(ask.at, ask.app_at) >= (instant(row["window_ends_at"]) or ask.app_at)
        self.ground.got.setdefault(person_id, []).append((ask.app_at, late))
        self.breaches += _words(message, run, row["nudge_key"], run.version_at(ask.at), person_id)

    def look_again(self, slack: WatchedSlack) -> None:
        """Judge the messages that were changed in place."""
        for channel, ts in slack.changed:
            message = slack.state.channels[channel].messages.get(ts)
            marks = set(MARK.findall(words_of(message))) if message else set()
            if len({(book, version) for book, _, version in marks}) > 1:
                self.breaches.append(Breach("one version", f"a message of {channel} mixes {sorted(marks)}"))
        slack.changed.clear()

    def forget(self, person_id: str) -> None:
        """Nobody can know what somebody had who asked to be forgotten."""
        self._seen.pop(person_id, None)

    def _judge_once(self, delivery_id: str, person_id: str, subject: str) -> None:
        seen = self._seen.setdefault(person_id, set())
        if delivery_id in seen or subject in seen:
            self.breaches.append(Breach("never twice", f"{subject} stands twice in the conversation of {person_id}"))
        seen |= {delivery_id, subject} - ({subject} if subject.startswith("None/") else set())


def _words(message: Message, run: Run, nudge_key: str, version: int, person_id: str) -> Iterator[Breach]:
    words = words_of(message)
    for book, nudge, found in sorted(set(MARK.findall(words))):
        if (book, nudge, int(found)) != (run.book.key, nudge_key, version):
            what = f"{person_id} got {book}/{nudge} of version {found}"
            yield Breach("one version", f"{what} where {run.book.key}/{nudge_key} of version {version} was in force")
    if "<!" in words or "<@" in words:
        yield Breach("one piece", f"somebody's name is read as a mention in the message to {person_id}")
    if message.blocks is None and len(message.text) >= OVERLOOKED:
        yield Breach("one piece", f"Slack split the message to {person_id}")


def words_of(message: Message) -> str:
    """Return all that a message shows."""
    return message.text + json.dumps(message.blocks or [], ensure_ascii=False)


def count_pieces(slack: Slack) -> Iterator[Breach]:
    """Give a breach when more messages stand than were posted: Slack split one."""
    ours = sum(
        one.from_app
        for channel in slack.state.channels.values()
        if channel.kind == "im"
        for one in channel.messages.values()
    )
    if ours > len(slack.state.posted):
        yield Breach("one piece", f"{ours} messages stand where {len(slack.state.posted)} were posted")


def _day(case: Case) -> date:
    return wall_of(case.human, case.ask.app_at).date()
