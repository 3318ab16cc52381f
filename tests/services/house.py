"""A small company with the real services on a real database: this module is where services are tested."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from nudges.domain.delivery.deliveries import Delivery, DeliveryStatus
from nudges.domain.measuring.metrics import Books
from nudges.domain.people.people import Person, PersonKind
from nudges.scheduler import JOBS, LONGEST_STEP, TICK, next_instant, run_job
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.publish import publish
from nudges.services.authoring.shelf import Shelf
from nudges.services.core import Core, Timing
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import Attempt, send_due
from nudges.services.delivery.settle_deliveries import settle_deliveries
from nudges.services.keeping.identity import claim_identity
from nudges.services.measuring.figures import books
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import campaigns, deliveries
from nudges.store.engine import checkpoint, open_database
from nudges.store.migrate import upgrade
from nudges.store.tables import DeliveryRow, Row
from tests.builders import a_person
from tests.fakes import FixedClock, FixedDirectory, RecordingMessenger, utc
from tests.places import PLACES

TEAM = "T0TEST"
DATABASE = "house.db"
ADMIN, AUTHOR, BOSS, ANA = "U0AMIR", "U0PRIYA", "U0BOSS", "U0ANA"
BILLING = (ANA, *(f"U0BILL{number}" for number in range(8)))  # nine people in Lisbon, led by U0BOSS
BERLIN = tuple(f"U0BERLIN{number}" for number in range(8))  # no team of their own: they report to U0DIETER
FAR = ("U0KIRIBATI", "U0SAMOA", "U0KOLKATA", "U0NEWYORK")
FRIDAY = utc("2027-01-08 09:00")
MONDAY = date(2027, 1, 11)
HOUR = timedelta(hours=1)
COMPANY = """
admins: [U0AMIR, U0SECOND]
authors: [U0PRIYA]
default_zone: Europe/Lisbon
holidays: {PT: none, DE: none, IN: none, US: none}
caps: {day: 1, week: 3}
channels: {ask-billing: C0BILLING}
barriers:
  owner: U0PRIYA
  remedies:
    manager_discourages: [{do: Send the managers' kit, by: owner, within: 14d}]
segments:
  customer-service: {department: Customer service}
  billing: {team: Billing Lisbon}
  first-few: {all: [{segment: customer-service}, {team: Billing Lisbon}]}
  berlin: {place: Berlin}
  nobody: {department: Moon base}
  guests: {all: [{kind: guest}, {department: Customer service}]}
"""
HEAD = """
playbook: {name}
title: Find an expert before you escalate
tool: Slack channels
owner: U0PRIYA
audience: {{segments: [{segments}]}}
personal_wins:
  customer-service: {{kind: easier_day, text: Answer the customer on the first call}}
{more}
nudges:
"""
TIP = """
  - tip: {key}
    when: {when}
    text: Stuck on a billing question? Post it in *#ask-billing*.
"""
QUIZ = """
  - quiz: {key}
    when: {when}
    returns: {returns}
    question: A customer reports a double charge. Where do you ask first?
    choices:
      - {{key: channel, text: "#ask-billing", right: true, reply: Yes. Six minutes.}}
      - {{key: mail, text: A mail to the lead, reply: "It works, but only you learn the answer."}}
"""
TUESDAY_AT_TEN = '{week: 1, day: tue, at: "10:00"}'


def a_text(
    name: str = "find-an-expert", *nudges: str, segments: str = "customer-service", more: str = "", **tips: str
) -> str:
    """Return a playbook's text: tips by key and `when` (a tip on Tuesday at ten by default), or ready nudges."""
    wanted = [TIP.format(key=key.replace("_", "-"), when=when) for key, when in tips.items()] + list(nudges)
    ready = wanted or [TIP.format(key="first-tip", when=TUESDAY_AT_TEN)]
    return HEAD.format(name=name, segments=segments, more=more) + "".join(ready)


def a_quiz_text(key: str = "first-quiz", when: str = TUESDAY_AT_TEN, *, returns: int = 0) -> str:
    """Return one quiz with the choices `channel` (right) and `mail`; it comes back only where that is asked for."""
    return QUIZ.format(key=key, when=when, returns=returns)


def everybody() -> list[Person]:
    """Return two teams, four people in far zones, those who run Nudger, and some who are never sent to."""
    berlin = {"zone": "Europe/Berlin", "place": "Berlin", "country": "DE", "team": "", "manager_id": "U0DIETER"}
    alone = {"team": "", "manager_id": "", "department": "IT"}
    far = {"U0KIRIBATI": "Pacific/Kiritimati", "U0SAMOA": "Pacific/Pago_Pago",
           "U0KOLKATA": "Asia/Kolkata", "U0NEWYORK": "America/New_York"}  # fmt: skip
    return [
        *(a_person(id_) for id_ in BILLING),
        *(a_person(id_, **berlin) for id_ in BERLIN),
        *(a_person(id_, zone=zone, place=id_, country="", team="", manager_id="") for id_, zone in far.items()),
        a_person(BOSS, first_name="Bob", team="Leads", manager_id="U0TOP", department="Management"),
        a_person("U0DIETER", first_name="Dieter", team="Leads", manager_id="U0TOP", department="Management"),
        *(a_person(id_, first_name=id_, **alone) for id_ in (ADMIN, "U0SECOND", AUTHOR)),
        a_person("U0GUEST", kind=PersonKind.GUEST, team="", manager_id=""),
        a_person("U0BOT", kind=PersonKind.BOT, team="", manager_id=""),
        a_person("U0GONE", kind=PersonKind.DEACTIVATED, team="", manager_id=""),
    ]


COLUMNS = ("department", "place", "country", "role", "team", "manager_id")


def people_csv(people: Sequence[Person]) -> str:
    """Return the people file of these people."""
    header = ",".join(["slack_id", *COLUMNS]).replace("manager_id", "manager")
    lines = [",".join([person.person_id, *(getattr(person, name) for name in COLUMNS)]) for person in people]
    return "\n".join([header, *lines]) + "\n"


@dataclass
class House:
    """Everything a test of services touches."""

    core: Core
    clock: FixedClock
    messenger: RecordingMessenger
    directory: FixedDirectory
    folder: Path

    def write(self, text: str, name: str = "find-an-expert") -> None:
        """Put a playbook (or `company`) into the folder and let the shelf see it."""
        (self.folder / f"{name}.yaml").write_text(text, "utf-8")
        self.core.library.refresh()

    def run(self, text: str = "", name: str = "find-an-expert", **options: Any) -> str:
        """Publish a playbook of this text and return the campaign's name."""
        self.write(text or a_text(name), name)
        return publish(self.core, name, AUTHOR, **{"is_again": True, **options}).name

    def send(self, limit: int = 20, **options: Any) -> list[Attempt]:
        """Post what is due until nothing is."""
        done: list[Attempt] = []
        while attempts := send_due(self.core, limit=limit, **options):
            done += attempts
        return done

    def tick(self) -> None:
        """Plan, settle and post, as the app does every half minute."""
        plan_deliveries(self.core)
        settle_deliveries(self.core)
        self.send()

    def at(self, text: str) -> None:
        """Set the clock, as `2027-01-12 10:00` in UTC, and do what is due then."""
        self.clock.now = utc(text)
        self.tick()

    def walk(self, text: str, check: Callable[[], None] = lambda: None, *, rarest: timedelta = LONGEST_STEP) -> int:
        """Do what is due at each next instant until then; return how many steps it took.

        Once a day all jobs of every hour are run too, and in the beginning, once a week and in the end all that are
        left, or with `rarest` only those that come so often: reading the same directory again and pruning what is a
        day old have tests of their own.
        """
        target, steps, days = utc(text), 0, list[date]()
        while self.clock.now < target:
            is_new = self.clock.now.date() not in days[-1:]
            days += [self.clock.now.date()] * is_new
            self._work((rarest if len(days) % 7 == 1 else HOUR) if is_new else TICK)
            check()
            self.clock.now = min(next_instant(self.core), target)
            steps += 1
        self._work(rarest)
        check()
        return steps

    def _work(self, rarest: timedelta) -> None:
        for job in JOBS:
            if job.every <= rarest:
                assert run_job(self.core, job), job.name
        self.send()

    def rows(self, table: type[Row] = DeliveryRow, **values: Any) -> list[Any]:
        """Return the rows of a table that have these values."""
        with self.core.db.reading() as session:
            found = session.execute(select(table)).scalars().all()
            session.expunge_all()
        return [row for row in found if all(getattr(row, name) == value for name, value in values.items())]

    def states(self, nudge_key: str = "first-tip") -> Counter[str]:
        """Return how the deliveries of a nudge stand, reasons of skipped ones included."""
        how = (col(DeliveryRow.status), col(DeliveryRow.reason))
        asked = select(*how, func.count()).where(col(DeliveryRow.nudge_key) == nudge_key).group_by(*how)
        found = Counter[str]()
        with self.core.db.reading() as session:
            for status, reason, times in session.execute(asked):
                found[f"skipped:{reason}" if status == DeliveryStatus.SKIPPED else status] += times
        return found

    def delivery(self, nudge_key: str = "first-tip", person_id: str = ANA) -> Delivery:
        """Return one person's delivery."""
        (row,) = self.rows(nudge_key=nudge_key, person_id=person_id)
        with self.core.db.reading() as session:
            found = deliveries.find(session, row.workspace_id, row.delivery_id)
        assert found is not None, f"{nudge_key} is {row.status} ({row.reason})"
        return found

    def books(self, name: str = "find-an-expert") -> Books:
        """Return a campaign's books."""
        with self.core.db.reading() as session:
            campaign = campaigns.by_name(session, self.core.workspace_id, name)
            assert campaign is not None
            return books(session, campaign, frozen(campaign)[0], self.clock().date())[0]

    def with_timing(self, **values: Any) -> None:
        """Let things take longer or shorter."""
        self.core = replace(self.core, timing=replace(self.core.timing, **values))


def furnish(folder: Path) -> None:
    """Put the company into a folder: a database in its newest shape, everybody in it, and company.yaml."""
    (folder / "playbooks").mkdir(parents=True)
    (folder / "playbooks" / "company.yaml").write_text(COMPANY, "utf-8")
    house = open_house(folder)
    upgrade(house.core.db)
    claim_identity(house.core, workspace_name="Test", marker=None)
    sync_people(house.core)
    import_people(house.core, people_csv(everybody()))
    checkpoint(house.core.db)
    house.core.db.close()


def live_once(furnished: Path, folder: Path, live: Callable[[House], object]) -> datetime:
    """Copy a furnished house and let something happen in it, for tests to copy in turn; return what time it is."""
    shutil.copytree(furnished, folder)
    PLACES.settle(folder / DATABASE)
    house = open_house(folder)
    live(house)
    checkpoint(house.core.db)
    house.core.db.close()
    return house.clock.now


@contextmanager
def visit(furnished: Path, folder: Path, now: datetime) -> Iterator[House]:
    """Give a copy of a house of one's own."""
    shutil.copytree(furnished, folder)
    PLACES.settle(folder / DATABASE)
    house = open_house(folder, now)
    try:
        yield house
    finally:
        house.core.db.close()
        PLACES.leave(folder / DATABASE)


def open_house(folder: Path, now: datetime = FRIDAY) -> House:
    """Return the company of a furnished folder, on a Friday at nine."""
    clock = FixedClock(now)
    messenger, directory = RecordingMessenger(clock), FixedDirectory(everybody())
    core = Core(
        db=open_database(PLACES.address(folder / DATABASE)).of_workspace(TEAM),
        clock=clock,
        messenger=messenger,
        directory=directory,
        key=b"k" * 32,
        workspace_id=TEAM,
        library=Shelf(folder / "playbooks"),
        timing=Timing(),
    )
    return House(core, clock, messenger, directory, folder / "playbooks")
