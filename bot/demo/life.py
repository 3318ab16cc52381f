"""Life in the demo's company: this module lets people react to what comes as the clock is moved.

It is asked before each step of the clock: what is due by then is done, in the order of its instants, and the clock
goes no further than to the next thing somebody does. So a week on is a week of their life, the same for one seed.
"""

import heapq
import random
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.blocks.actions import ActionId
from bot.demo.cast import COLLEAGUES, DAYS, Cast, Dated, Habit, Persona
from bot.demo.habits import Wanted, reactions
from bot.demo.hand import Hand, Knowledge
from bot.demo.screen import message_controls
from bot.demo.telling import DATED_LINES, LINES, day_line
from bot.demo.troubles import Troubles
from bot.sandbox.errors import Impossible
from bot.sandbox.records import Posted
from bot.sandbox.workspace import Slack

TOGETHER_S = 2 * 3_600.0  # colleagues without a name act together at even hours, or a week would take a minute
AT_ONCE = 4
DAY_S = 86_400.0
EVENING_S = 18 * 3_600.0  # when it is told how many others did something


@dataclass(order=True)
class _Due:
    """One thing to be done; what comes at one instant keeps its order."""

    at: float
    number: int
    person: str = field(compare=False)
    ts: str = field(compare=False, default="")
    wanted: Wanted | None = field(compare=False, default=None)
    dated: Dated | None = field(compare=False, default=None)


class Life:
    """Everybody who lives by themselves: personas, whose doings are told, and colleagues, who are counted."""

    def __init__(
        self,
        slack: Slack,
        cast: Cast,
        *,
        knowledge: Knowledge,
        people: Iterable[Mapping[str, str]],
        spared: Iterable[str],
        begins: datetime,
        opens: datetime,
        seed: int = 7,
    ) -> None:
        """`people` are the lines of the people file; `begins` is midnight before the first Monday.

        What personas were sent before `opens` they leave to the visitor, who may want to see it untouched.
        """
        self._slack = slack
        self._hand = Hand(slack, knowledge)
        self._personas = {one.id: one for one in cast.personas}
        self._spared = frozenset(spared) - set(self._personas)
        self._troubles = Troubles(cast.troubles, list(people), begins=begins, seed=seed)
        self._begins, self._opens = begins, opens.timestamp()
        self._seed = seed
        self._due: list[_Due] = []
        self._numbers = count()
        self._seen = 0
        self._acted: Counter[int] = Counter()
        self._read: Counter[tuple[str, str]] = Counter()  # a question may come back in the same words
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to live from now on: what lies in the past is over."""
        self._seen = len(self._slack.posted())
        now = self._slack.clock.now()
        for persona in self._personas.values():
            for dated in persona.deeds:
                self._add(self._instant(persona, dated), persona.id, dated=dated, no_earlier=now)
        for telling in self._troubles.tellings:
            self._add(_together(telling.at), telling.person, dated=_saying(telling.kind), no_earlier=now)
        self._slack.diary.is_kept = True
        self._slack.clock.before_step = self.before_step

    def stop(self) -> None:
        """Live no more."""
        self._slack.clock.before_step = lambda wanted: wanted

    def before_step(self, wanted: float) -> float:
        """Do what is due; return how far the clock may go before somebody does the next thing.

        Where somebody did something it stands still for this step, so that they are answered at the same instant.
        """
        with self._lock:
            self._notice()
            now = self._slack.clock.now()
            if self._live(now):
                return now
            return min(wanted, self._due[0].at) if self._due else wanted

    def _notice(self) -> None:
        """Take in what was posted since the last look."""
        posted = self._slack.posted()[self._seen :]
        self._seen += len(posted)
        if self._slack.diary.is_on:
            for one in posted:
                self._consider(one)

    def _consider(self, posted: Posted) -> None:
        person = posted.user
        self._troubles.hear(posted)
        if person is None or person in self._spared:
            return
        persona = self._personas.get(person)
        if posted.at < self._opens if persona else posted.delivery_id is None:
            return
        self._read[person, posted.text] += 1
        luck = random.Random(f"{self._seed}:{person}:{posted.text}:{self._read[person, posted.text]}")
        habit = persona.habit if persona else self._habit(person)
        hush = 1.0 if persona else self._troubles.hush(person, posted.at)
        shown = message_controls(self._slack, person, posted.ts)
        for wanted in reactions(habit, shown, luck, hush=hush, is_brief=persona is None):
            at = posted.at + wanted.after_s
            self._add(at if persona else _together(at), person, ts=posted.ts, wanted=wanted)

    def _habit(self, person: str) -> Habit:
        names = sorted(COLLEAGUES)
        return COLLEAGUES[names[random.Random(f"{self._seed}:{person}").randrange(len(names))]]

    def _live(self, now: float) -> bool:
        """Do all that is due, colleagues side by side and personas one after the other; return whether any was."""
        crowd: dict[str, list[_Due]] = {}
        was_due = False
        while self._due and self._due[0].at <= now:
            due = heapq.heappop(self._due)
            was_due = True
            if not self._slack.diary.is_on or due.person in self._slack.diary.taken:
                continue
            if due.person in self._personas:
                self._do_told(due)
            else:
                crowd.setdefault(due.person, []).append(due)
        if crowd:
            self._do_together(crowd, now)
        return was_due

    def _do_told(self, due: _Due) -> None:
        if self._do(due):
            line = DATED_LINES[due.dated.does] if due.dated else LINES[due.wanted.act] if due.wanted else ""
            self._slack.diary.note(line, at=due.at, person=due.person)

    def _do_together(self, crowd: Mapping[str, list[_Due]], now: float) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = sum(pool.map(self._do_in_turn, crowd.values()))
        day = int(now // DAY_S)
        for earlier in [one for one in self._acted if one < day]:
            self._slack.diary.note(day_line(self._acted.pop(earlier)), at=earlier * DAY_S + EVENING_S)
        self._acted[day] += done

    def _do_in_turn(self, dues: list[_Due]) -> bool:
        return sum(self._do(due) for due in dues) > 0  # all of them, not only until the first

    def _do(self, due: _Due) -> bool:
        try:
            if due.dated is not None:
                return self._do_dated(due.person, due.dated)
            return due.wanted is not None and self._hand.do(due.wanted.act, due.person, due.ts, due.wanted.how)
        except Impossible:
            return False

    def _do_dated(self, person: str, dated: Dated) -> bool:
        match dated.does:
            case "vote":
                return self._hand.vote(person)
            case "tell_story":
                return self._hand.tell_story(person, dated.words)
            case "type":
                return self._hand.type(person, dated.words)
            case "command":
                return self._hand.command(person, dated.words)
            case "report":
                if self._troubles.is_over(dated.kind, self._slack.clock.now()):
                    return False
                return self._hand.report(person, dated.kind)
            case "fewer":
                return self._hand.choose_in_menu(person, ActionId.FEWER_ME)
            case "pause":
                return self._hand.command(person, f"pause {dated.days}")
            case "open_home":
                return self._hand.open_home(person)

    def _instant(self, persona: Persona, dated: Dated) -> float:
        zone = ZoneInfo(str(self._slack.state.user(persona.id).get("tz") or "Etc/UTC"))
        day = self._begins.date() + timedelta(weeks=dated.week - 1, days=DAYS[dated.day])
        hour, minute = map(int, dated.at.split(":"))
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).timestamp()

    def _add(
        self,
        at: float,
        person: str,
        *,
        ts: str = "",
        wanted: Wanted | None = None,
        dated: Dated | None = None,
        no_earlier: float = 0.0,
    ) -> None:
        if at >= no_earlier:
            heapq.heappush(self._due, _Due(at, next(self._numbers), person, ts, wanted, dated))


def _together(at: float) -> float:
    """Return the even hour at or after an instant."""
    return -(-at // TOGETHER_S) * TOGETHER_S


def _saying(kind: str) -> Dated:
    return Dated(week=1, day="mon", at="00:00", does="report", kind=kind)
