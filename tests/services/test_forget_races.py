"""Forgotten in the middle of anything: this module lets a person be erased between any two transactions there are.

One workspace writes one transaction after the other, so to be erased while something is under way means: before, after
or between its transactions, or during its request to Slack. Each race picks such a point; then the database's own files
are searched for the person's id, hash and words. `NUDGER_SOAK=1` runs all 1,000 races, the suite a share.
"""

import logging
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.delivery.responses import Feedback
from nudges.domain.people.topics import TopicWish
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.stories.stories import Consent, Told
from nudges.errors import OutcomeUnknown, StoryGone, TemporaryFailure
from nudges.scheduler import JOBS, run_job
from nudges.services.answers.record_response import (
    record_answer,
    record_barrier,
    record_feedback,
    record_reply,
    record_try_it,
)
from nudges.services.authoring.publish import publish
from nudges.services.delivery.change_messages import change_due
from nudges.services.delivery.order_changes import order_recall
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.delivery.steer import resume_campaigns
from nudges.services.keeping.clear_files import clear_files
from nudges.services.keeping.forget_person import forget
from nudges.services.measuring.results import results
from nudges.services.own import preferences, saved_nudges, votes
from nudges.services.own.glass_box import my_data
from nudges.services.people.import_usage import import_usage
from nudges.services.people.sync_people import import_people
from nudges.services.stories import review_stories, tell_story
from nudges.store.engine import open_database
from tests.fakes import Answer, Lost, utc
from tests.services.house import ADMIN, ANA, AUTHOR, BILLING, TEAM, House, a_quiz_text, a_text, everybody, people_csv
from tests.services.planting import holding
from tests.services.test_forgetting import raw
from tests.services.test_races import Track, TrackedDatabase
from tests.soak import luck, times

pytestmark = pytest.mark.sqlite_only  # each race begins from a copied file, and ends with a search of one

RACES = times(45, 1_000)
WORDS = "nobody else would ever write these canary words"
STORY = "A refund nobody could explain, and canary words in it. I asked in the channel and had the answer before tea."
NOW = utc("2027-01-19 10:00")
ANSWERS: tuple[Answer, ...] = (
    *(None, None, Lost(), OutcomeUnknown(slack_code="fatal_error")),
    TemporaryFailure(slack_code="connection_refused"),
)
Act = Callable[[House], object]
_IDS: dict[str, str] = {}  # Ana's deliveries before anything happens: a click carries the id, whatever became of it


def send(house: House) -> None:
    send_due(house.core, limit=20)


def answer(house: House) -> None:
    record_answer(house.core, ANA, _IDS["asked"], "mail", "sure")


def useful(house: House) -> None:
    record_feedback(house.core, ANA, _IDS["first-tip"], Feedback.USEFUL)


def tried(house: House) -> None:
    record_try_it(house.core, ANA, _IDS["first-tip"])


def report(house: House) -> None:
    record_barrier(house.core, ANA, _IDS["first-tip"], BarrierKind.NO_TIME, WORDS)


def reply(house: House) -> None:
    record_reply(house.core, ANA, "Ev9", WORDS)


def story(house: House) -> None:
    tell_story.tell(house.core, ANA, Told(STORY, Consent.OUTSIDE), form_id="V9", delivery_id=_IDS["first-tip"])


def withdraw(house: House) -> None:
    for one in tell_story.own_stories(house.core, ANA):
        tell_story.withdraw(house.core, ANA, one.story_id)


def approve_story(house: House) -> None:
    for one in review_stories.waiting(house.core, AUTHOR):
        try:
            review_stories.approve(house.core, AUTHOR, one.story_id, one.revision, STORY)
        except StoryGone:
            return


def save(house: House) -> None:
    saved_nudges.save(house.core, ANA, _IDS["first-tip"])


def usage(house: House) -> None:
    lines = "".join(f"{who},2027-W02,3,wiki\n" for who in BILLING)
    import_usage(house.core, "slack_id,week,active_days,tool\n" + lines)


def everything_about_me(house: House) -> None:
    my_data(house.core, ANA)


def second_campaign(house: House) -> None:
    house.write(a_text("another"), "another")
    publish(house.core, "another", AUTHOR, is_again=True)


def recall(house: House) -> None:
    order_recall(house.core, "find-an-expert", "first-tip", ADMIN)
    change_due(house.core, limit=20)


ACTS: Mapping[str, Act] = {
    "send": send, "answer": answer, "useful": useful, "try it": tried, "report": report, "reply": reply, "story": story,
    "withdraw": withdraw, "approve a story": approve_story, "save": save, "usage": usage, "publish": second_campaign,
    "my data": everything_about_me, "recall": recall,
    "people file": lambda house: import_people(house.core, people_csv(everybody())),
    "vote": lambda house: votes.vote(house.core, ANA, "find-an-expert"),
    "topics": lambda house: preferences.set_topics(house.core, ANA, TopicWish.decode("not files")),
    "hours": lambda house: preferences.set_hours(house.core, ANA, "10-16 mon-thu"),
    "pause": lambda house: preferences.pause(house.core, ANA, 3),
    "stop": lambda house: preferences.stop(house.core, ANA),
    "fewer": lambda house: preferences.fewer(house.core, ANA),
    "usual": lambda house: preferences.usual(house.core, ANA),
    "resume": lambda house: resume_campaigns(house.core, ADMIN, "all"),
    "results": lambda house: results(house.core, ADMIN, "find-an-expert"),
    **{job.name: lambda house, job=job: run_job(house.core, job) or pytest.fail(job.name) for job in JOBS},
}  # fmt: skip


class Races:
    """One past, gone back to again and again."""

    def __init__(self, house: House) -> None:
        self.house, self.track = house, Track()
        self.path = house.core.db.sqlite_path
        assert self.path is not None
        self.plain = house.core
        values = {name: getattr(house.core.db, name) for name in ("url", "writer", "reader", "is_scratch")}
        tracked = TrackedDatabase(**values, workspace_id=TEAM, track=self.track)
        house.core = replace(house.core, db=tracked)
        house.messenger.before_send = lambda _who, _what: self.track.pass_by("post")
        self.hashed = person_hash(key=house.core.key, workspace_id=TEAM, person_id=ANA)
        self.past = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.path)) as file:
            file.backup(self.past)

    def points_of(self, act: Act) -> int:
        """Return how many points there are at which somebody can be erased."""
        self._go_back()
        act(self.house)
        return len(self.track.points)

    def run(self, act: Act, point: int, answer: Answer) -> None:
        """Race once; what must not happen fails."""
        self._go_back()
        self.track.act_at, self.track.act = point, lambda: forget(self.plain, ANA)
        self.house.messenger.answers.extend([answer] * 3)
        act(self.house)
        if self.track.acted_at < 0:
            forget(self.plain, ANA)  # after all of it
        self.track.act_at = -1
        self._judge()

    def _go_back(self) -> None:
        house = self.house
        house.clock.now = NOW
        house.messenger.answers.clear()
        house.messenger.standing.clear()
        with closing(sqlite3.connect(str(self.path), timeout=5)) as file:
            self.past.backup(file)
        self.track.__init__()  # type: ignore[misc]

    def _judge(self) -> None:
        house, asked = self.house, len(self.house.messenger.asked)
        house.messenger.answers.clear()
        clear_files(self.plain)
        assert holding(house, ANA, WORDS, STORY[:30]) == set(), self.track.points
        assert holding(house, self.hashed) == {"forgotten.person_hash"}, self.track.points
        for file in raw(house):
            found = file.read_bytes()
            assert not any(one.encode() in found for one in (ANA, WORDS, STORY[:30])), (file.name, self.track.points)
        for name in ("plan_deliveries", "settle_deliveries"):
            assert run_job(self.plain, next(job for job in JOBS if job.name == name))
        assert house.books().is_balanced
        house.clock.now = NOW + timedelta(minutes=30)
        send_due(self.plain, limit=20)
        assert holding(house, ANA) == set()
        assert set(house.messenger.asked[asked:]) <= {row.delivery_id for row in house.rows()}


@pytest.fixture
def races(house: House) -> Iterator[Races]:
    """Ana has got a tip and a quiz, told a story and typed; a tip is due to her and to others."""
    url = house.core.db.url
    house.core.db.close()
    house.core = replace(house.core, db=open_database(url, is_scratch=True).of_workspace(TEAM))
    nudges = {"first_tip": '{week: 1, day: tue, at: "10:00"}', "due_now": '{week: 2, day: tue, at: "10:00"}'}
    quiz = a_quiz_text("asked", '{week: 1, day: thu, at: "10:00"}', returns=2)
    tips = a_text("find-an-expert", segments="billing", **nudges)
    house.run(tips + quiz)
    for instant in ("2027-01-11 09:00", "2027-01-12 10:00", "2027-01-14 10:00", "2027-01-18 18:00"):
        house.at(instant)
    live(house)
    house.clock.now = NOW - timedelta(hours=1)
    house.tick()
    house.clock.now = NOW
    found = Races(house)
    yield found
    found.past.close()


def live(house: House) -> None:
    """Let Ana do what leaves traces."""
    _IDS.update({row.nudge_key: row.delivery_id for row in house.rows(person_id=ANA)})
    answer(house)
    assert record_reply(house.core, ANA, "Ev1", WORDS).is_new
    report(house)
    story(house)
    save(house)
    votes.vote(house.core, ANA, "find-an-expert")


def test_wherever_somebody_is_forgotten_nothing_of_them_is_left(races: Races, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="nudges")
    points = {name: races.points_of(act) for name, act in ACTS.items()}
    assert points["send"] > 8, "a claim, looks, requests and records"
    every = [(name, point) for name, count in points.items() for point in range(count + 1)]
    dice = random.Random(luck(47))
    dice.shuffle(every)
    first_of_each = list({name: (name, point) for name, point in every}.values())
    chosen = [*first_of_each, *(every * (RACES // len(every) + 1))][: max(RACES, len(first_of_each))]
    for name, point in chosen:
        caplog.clear()
        races.run(ACTS[name], point, dice.choice(ANSWERS))
        said = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
        assert not any(one in said for one in (ANA, WORDS, races.hashed)), f"{name} logged it"
