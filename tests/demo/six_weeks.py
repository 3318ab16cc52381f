"""The six personas, those who steer, and the shipped playbooks: this module lives six weeks with them, once."""

import csv
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot.bootstrap import sign_in
from bot.cli.demo import MONDAY, ZONE
from bot.demo.cast import demo_cast
from bot.demo.hand import Knowledge
from bot.demo.life import Life
from bot.runner import Nudger
from bot.sandbox.company import demo_company
from bot.sandbox.records import Message
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from nudges.services.authoring.approve import approve
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.authoring.publish import publish
from nudges.services.authoring.read_approvals import waiting
from nudges.services.people.sync_people import import_people
from tests.acceptance.running import app_settings, free_port, wait_until

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
STEERING = ("U0AMIR", "U0PRIYA", "U0LEE", "U0DANA")
BEGINS = datetime.combine(MONDAY, time.min, ZONE)
PATIENCE_S = 170.0


@dataclass
class Lived:
    """What stands at Slack when the weeks are over."""

    slack: Slack
    nudger: Nudger

    def nudges(self, person: str) -> list[Message]:
        """Return the nudges of a person, oldest first, each as it stands in the end."""
        sent = {one.ts for one in self.slack.posted() if one.user == person and one.delivery_id}
        return [message for message in self.slack.state.dm_with(person).after("") if message.ts in sent]

    def told(self, person: str) -> list[str]:
        """Return what the page says that a person did."""
        return [entry["text"] for entry in self.slack.diary.as_json()["entries"] if entry["person"] == person]


@contextmanager
def lived(folder: Path, *, weeks: int, is_whole: bool = False) -> Iterator[Lived]:
    """Live so many weeks with the six and those who steer, or with the whole company."""
    cast = demo_cast()
    company = demo_company() if is_whole else demo_company(size=200)
    kept = {*STEERING, *(persona.id for persona in cast.personas)}
    if is_whole:
        kept = {str(user["id"]) for user in company.users}
    rows = [row for row in csv.DictReader(io.StringIO(company.people_csv)) if row["slack_id"] in kept]
    shutil.copytree(PLAYBOOKS, folder / "playbooks", ignore=shutil.ignore_patterns(".*"))
    slack = Slack(
        people=[user for user in company.users if user["id"] in kept], start=(BEGINS - timedelta(days=2)).timestamp()
    )
    for name, channel_id in company.channels.items():
        slack.add_channel(channel_id, name=name, members=sorted(kept))
    server = SandboxServer(slack, port=0).start()
    settings = app_settings(folder, server, transport="socket", port=free_port())
    nudger = Nudger(settings, sign_in(settings))
    nudger.start()
    _publish(nudger, rows)
    life = Life(
        slack,
        cast,
        knowledge=Knowledge([one.playbook for one in read_folder(folder / "playbooks").playbooks.values()]),
        people=rows,
        spared=STEERING,
        begins=BEGINS,
        opens=BEGINS,
    )
    wait_until(lambda: slack.delivery.transport() is not None)
    life.start()
    try:
        walk(slack, BEGINS + timedelta(weeks=weeks))
        yield Lived(slack, nudger)
    finally:
        life.stop()
        nudger.stop()
        server.stop()


def _publish(nudger: Nudger, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    import_people(nudger.core, out.getvalue())
    for name in ("find-an-expert", "write-it-once"):
        publish(nudger.core, name, "U0PRIYA", starts_on=MONDAY, is_whole=True)
    for question in waiting(nudger.core):
        approve(nudger.core, question.approval_id, question.content_hash, "U0LEE")


def walk(slack: Slack, target: datetime) -> None:
    assert slack.clock.begin_move(target=target.astimezone(UTC).timestamp(), kind="to") is not None
    wait_until(lambda: not slack.clock.move.moving, PATIENCE_S)
    assert slack.clock.move.note is None, slack.clock.move.note
