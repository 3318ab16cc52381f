"""Two workspaces with the same people: this module furnishes one database with one of them, and one with both.

Whatever is asked of the first must come to the same in either database, or something of the second was read. All words
of the second contain CANARY; its names do not, since an answer may repeat what was typed.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from nudges.domain.barriers.needs import Need
from nudges.domain.delivery.responses import Feedback
from nudges.domain.people.people import Person
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.stories.stories import Consent, Told
from nudges.services.answers.record_response import record_barrier, record_feedback, record_reply
from nudges.services.authoring.publish import publish
from nudges.services.authoring.shelf import Shelf
from nudges.services.barriers.ask_back import take_words
from nudges.services.core import Core
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.keeping.identity import claim_identity
from nudges.services.people.sync_people import sync_people
from nudges.services.stories.tell_story import own_stories, tell
from nudges.store import (
    approvals,
    campaigns,
    erasing,
    flags,
    groups,
    installations,
    instance,
    message_works,
    needs,
    people,
    reports,
)
from nudges.store.approvals import Approval, ApprovalKind, ApprovalReason
from nudges.store.engine import Database, checkpoint, open_database
from nudges.store.flags import StoredFlag
from nudges.store.groups import GroupReading
from nudges.store.installations import Installed, SealedTokens
from nudges.store.message_works import Work, WorkKind
from nudges.store.migrate import upgrade
from tests.bot.office import ADMIN, AFTER_ALL, ANA, AUTHOR, BEN, COMPANY, FRIDAY, PLAYBOOK
from tests.bot.recorders import FixedDirectory, RecordingMessenger
from tests.builders import a_person
from tests.places import PLACES
from tests.store.rows import a_campaign

HERE, THERE = "T0HERE", "T0THERE"
CANARY = "zebra"
BOTH, ONLY_HERE, ONLY_THERE = "find-an-expert", "only-here", "only-there"  # names of playbooks and their campaigns
TIP, QUIZ = "ask-before-you-search", "where-would-you-ask"
ONLY_THEM = "only-them"  # a segment that the second has alone
PEOPLE = (ANA, BEN, AUTHOR, ADMIN)
DATABASE = "two.db"
NOBODY = "T0NOBODY"
# Numbers that the database draws for all, and whether a copy of deleted bytes lies about in the pages that all share.
DRAWN = ("audit_id", "flag_id", "reply_id", "campaign_id", "approval_id", "work_id", "cleared_at")
KEY = b"k" * 32


@dataclass(frozen=True)
class Ids:
    """What an attacker could know of a workspace: every id and name that a request may carry."""

    deliveries: tuple[str, ...]
    approval: int
    content_hash: str
    campaign: int
    flag: int
    work: int
    campaigns: tuple[str, ...]
    story: str = ""
    digest: str = ""
    ask: str = ""


@dataclass
class Place:
    """One of the two databases, with the first workspace's core on it."""

    core: Core
    messenger: RecordingMessenger
    clock: list[datetime]


def furnish(folder: Path) -> Ids:
    """Put `alone` and `both` into the folder; return the ids of the second workspace."""
    first = folder / "alone"
    first.mkdir()
    _live(first, HERE)
    second = folder / "both"
    shutil.copytree(first, second)
    PLACES.settle(second / DATABASE)
    found = _live(second, THERE)
    _take_numbers(first, len(found.campaigns))
    return found


@contextmanager
def opened(folder: Path, copy: Path) -> Iterator[Place]:
    """Give a copy of one of the furnished folders, in which anything may be done."""
    shutil.copytree(folder, copy)
    PLACES.settle(copy / DATABASE)
    messenger, clock = RecordingMessenger(), [AFTER_ALL]
    core = core_of(copy, HERE, clock, messenger)
    yield Place(core, messenger, clock)
    core.db.close()
    PLACES.leave(copy / DATABASE)
    shutil.rmtree(copy)


def core_of(folder: Path, workspace_id: str, clock: list[datetime], messenger: RecordingMessenger) -> Core:
    """Return a workspace's core on the folder's database."""
    return Core(
        db=open_database(PLACES.address(folder / DATABASE)).of_workspace(workspace_id),
        clock=lambda: clock[0],
        messenger=messenger,
        directory=FixedDirectory(_everybody(workspace_id)),
        key=KEY,
        workspace_id=workspace_id,
        library=Shelf(folder / f"playbooks-{workspace_id}"),
    )


def rows_of(db: Database, workspace_id: str) -> dict[str, list[str]]:
    """Return everything that belongs to a workspace, by table; without numbers that the database draws for all."""
    with db.reading() as session:
        return {
            name: sorted(repr(tuple(row)) for row in session.execute(statement))
            for name, statement in _statements(workspace_id).items()
        }


@cache
def _statements(workspace_id: str) -> dict[str, Select[Any]]:
    found = {}
    for table in erasing._tables():
        columns = [column for column in table.columns if column.name not in DRAWN]
        found[table.name] = select(*columns).where(erasing._belongs(table, workspace_id))
    return found


def _everybody(workspace_id: str) -> Sequence[Person]:
    name = "Ana" if workspace_id == HERE else "Zebrana"
    return [
        a_person(ANA, first_name=name),
        a_person(BEN, first_name=name),
        a_person(AUTHOR, first_name=name, department="IT"),
        a_person(ADMIN, first_name=name, department="IT"),
    ]


def _live(folder: Path, workspace_id: str) -> Ids:
    """Let a workspace publish, send and hear back, so that every table holds something of it."""
    _write(folder, workspace_id)
    clock = [FRIDAY]
    core = core_of(folder, workspace_id, clock, RecordingMessenger())
    upgrade(core.db)
    claim_identity(core, workspace_name=workspace_id, marker=None)
    with core.db.begin() as session:
        instance.release_hold(session, HERE)  # on PostgreSQL a copy is noticed, and this one is meant
    sync_people(core)
    with core.db.begin() as session:
        people.upsert_file(session, workspace_id, _everybody(workspace_id), clock[0])
    publish(core, BOTH, AUTHOR)
    publish(core, ONLY_HERE if workspace_id == HERE else ONLY_THERE, AUTHOR)
    for clock[0] in (FRIDAY, AFTER_ALL - timedelta(hours=3), AFTER_ALL - timedelta(hours=2), AFTER_ALL):
        plan_deliveries(core)
        send_due(core, limit=20)
    found = _answered(core)
    checkpoint(core.db)
    core.db.close()
    return found


def _take_numbers(folder: Path, count: int) -> None:
    """Use up as many numbers as the second workspace has: they are drawn for all, and a holdout is by a campaign's."""
    database = open_database(PLACES.address(folder / DATABASE))
    with database.begin() as session:
        for number in range(count):
            last = campaigns.create(session, NOBODY, a_campaign(f"number-{number}"))
        _ask_and_flag(session, NOBODY, last, "0" * 64, "")
    checkpoint(database)
    database.close()


def _write(folder: Path, workspace_id: str) -> None:
    shelf = folder / f"playbooks-{workspace_id}"
    shelf.mkdir()
    own = ONLY_HERE if workspace_id == HERE else ONLY_THERE
    company, playbook = COMPANY, PLAYBOOK
    if workspace_id == THERE:
        company += f"  {ONLY_THEM}: {{department: Customer service}}\n"
        for word in ("Find an expert", "billing question", "double charge", "Six minutes", "on the first call"):
            playbook = playbook.replace(word, f"{word} {CANARY}")
    (shelf / "company.yaml").write_text(company, "utf-8")
    (shelf / f"{BOTH}.yaml").write_text(playbook, "utf-8")
    (shelf / f"{own}.yaml").write_text(playbook.replace(BOTH, own), "utf-8")


def _answered(core: Core) -> Ids:
    """Let people answer, and store what takes weeks to come about."""
    here, now = core.workspace_id, core.clock()
    word = CANARY if here == THERE else "word"
    with core.db.reading() as session:
        every = [one for person_id in (ANA, BEN) for one in reports.deliveries_of(session, here, person_id)]
        found = campaigns.campaigns(session, here)
    sent = tuple(sorted(one.delivery_id for one in every))
    record_feedback(core, ANA, every[0].delivery_id, Feedback.USEFUL)
    record_reply(core, ANA, "Ev1", f"{word} typed")
    told = Told(f"{word} told", Consent.INSIDE)
    tell(core, ANA, told, form_id=f"V{here}")
    (story,) = own_stories(core, ANA)
    record_barrier(core, BEN, "", BarrierKind.NO_TIME, f"{word} said")
    asked = take_words(
        core, ANA, f"my manager told me not to use it {word}", delivery_id="", form_id=f"W{here}", language="en"
    )
    assert asked is not None
    campaign = found[-1]
    with core.db.begin() as session:
        work = _ask_and_flag(session, here, campaign.campaign_id, campaign.content_hash, word)
        message_works.add_changes(session, work, list(sent[:2]), now)
        groups.replace(session, here, {"S1": GroupReading(frozenset({ANA}))}, now)
        installed = Installed(here, word, "", False, "A0TEST", "U0BOT", "", ADMIN, now)
        installations.save(session, installed, SealedTokens(f"sealed {word}", "", None))
    with core.db.reading() as session:
        return Ids(
            deliveries=sent,
            approval=approvals.open_ones(session, here)[0].approval_id,
            content_hash=campaign.content_hash,
            campaign=campaign.campaign_id,
            flag=flags.flags(session, here)[0].flag_id,
            work=work,
            campaigns=tuple(one.name for one in found),
            story=story.story_id,
            digest=story.digest,
            ask=asked.ask_id,
        )


def _ask_and_flag(session: Session, workspace_id: str, campaign_id: int, content_hash: str, word: str) -> int:
    """Store an open question, an order and a flag; return the order's number."""
    kind, reason = ApprovalKind.PUBLISH, ApprovalReason.PILOT
    asked = Approval(0, campaign_id, kind, 1, content_hash, reason, AUTHOR, AFTER_ALL)
    approvals.ask(session, workspace_id, asked)
    step = {"do": word, "by": AUTHOR, "due_on": "2027-02-01"}
    flag = StoredFlag(0, "department", word, "no_time", "confirmed", "5-9", "open", AUTHOR, (step,), 0, AFTER_ALL)
    flags.open_flag(session, workspace_id, flag)
    needs.hear(session, workspace_id, [Need(BarrierKind.ACCESS_OR_IT_PROBLEM, word, "5-9")], AFTER_ALL)
    return message_works.add(session, workspace_id, Work(0, campaign_id, TIP, WorkKind.CORRECT, 1, AUTHOR, AFTER_ALL))
