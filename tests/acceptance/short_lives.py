"""Lives that last a twentieth of a second: this module is a process that plans, sends, settles and takes answers once.

It is Nudger's own store, services and Slack client against a sandbox over the wire, without its web side and ticks.
Each life finds work of every kind, so that it can be ended at any point. tests/acceptance/test_failpoints.py says how.
"""

import os
import random
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from bot.bootstrap import Installation, core_on, secret_key
from bot.settings import read_settings
from nudges.clock import system_clock
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.messages import Message
from nudges.domain.delivery.responses import Feedback
from nudges.errors import OutcomeUnknown
from nudges.ports import Messenger, Receipt
from nudges.services.answers.record_response import record_feedback
from nudges.services.authoring.publish import publish
from nudges.services.core import Core, Timing
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.delivery.settle_deliveries import abandon_all, settle_deliveries
from nudges.store.engine import open_database
from nudges.store.tables import CampaignRow, DeliveryRow, ResponseRow
from tests.acceptance.kill_harness import PLAYBOOK, STARTS_AT, TIP

IN_A_WAVE = 12  # people, each of whom belongs to one wave only
AT_ONCE = 3
TIMING = Timing(lease=timedelta(seconds=5), settle=timedelta(seconds=0.12), second_read=timedelta(seconds=0.04))
LIFE_S = 40.0  # far more than any life needs, for a machine that is busy with other things
LOST, UNHEARD = 0.15, 0.15  # shares of posts that never arrive, and of those whose answer does not
COMPANY = """
admins: [U0ADMIN]
default_zone: Europe/Lisbon
working_hours: {default: "00:00-23:59 mon-sun"}
segments:
  everybody: {department: Wave %d}
"""


@dataclass(frozen=True)
class Stumbling:
    """A way to Slack that loses some posts, and some answers."""

    inner: Messenger
    dice: random.Random

    def send(self, person_id: str, message: Message) -> Receipt:
        """Post, unless it is lost on the way; OutcomeUnknown in both cases of a loss."""
        chance = self.dice.random()
        if chance < LOST:
            raise OutcomeUnknown(slack_code="lost")
        receipt = self.inner.send(person_id, message)
        if chance > 1 - UNHEARD:
            raise OutcomeUnknown(slack_code="unheard")
        return receipt

    def find(self, person_id: str, channel_id: str, delivery_id: str, since: datetime) -> Receipt | None:
        """Look it up."""
        return self.inner.find(person_id, channel_id, delivery_id, since)


def live() -> None:
    """Work until the point that ends this life is reached; without one, until all that was planned is settled."""
    core = _core()
    is_last = os.environ["LIFE_IS_LAST"] == "1"
    abandon_all(core)
    deadline = time.monotonic() + LIFE_S
    while time.monotonic() < deadline and not (is_last and not _unfinished(core)):
        if not is_last and not _waiting(core):
            _publish_another(core)
        plan_deliveries(core)
        settle_deliveries(core)
        if not [*send_due(core, limit=AT_ONCE), *range(_answer(core))]:
            time.sleep(0.01)  # what is unknown rests for as long


def _core() -> Core:
    settings = read_settings()
    ahead = timedelta(seconds=float(os.environ["LIFE_CLOCK_AHEAD_S"]))
    here = Installation("T0SANDBOX", "", "", "", "", "")
    database, key = open_database(settings.database_url), secret_key(settings)
    core = core_on(settings, here, database=database, key=key, clock=lambda: system_clock() + ahead)
    dice = random.Random(os.environ["LIFE_SEED"])
    return replace(core, messenger=Stumbling(core.messenger, dice), timing=TIMING)  # type: ignore[arg-type]


def _publish_another(core: Core) -> None:
    """Publish the same tip to people who have got nothing yet."""
    with core.db.reading() as session:
        number = session.execute(select(func.count()).select_from(CampaignRow)).scalar_one()
    folder = Path(os.environ["NUDGER_PLAYBOOKS"])
    (folder / "company.yaml").write_text(COMPANY % number, "utf-8")
    (folder / "wave.yaml").write_text(PLAYBOOK + TIP % 0, "utf-8")
    core.library.refresh()
    publish(core, "wave", "U0ADMIN", starts_on=STARTS_AT.date(), is_again=True)


def _answer(core: Core) -> int:
    """Let somebody press a button of a message that nobody has answered; return how many did."""
    ids = (col(DeliveryRow.person_id), col(DeliveryRow.delivery_id))
    is_open = col(DeliveryRow.delivery_id).not_in(select(col(ResponseRow.delivery_id)))
    one = select(*ids).where(col(DeliveryRow.status) == DeliveryStatus.SENT, is_open).limit(1)
    with core.db.reading() as session:
        found = session.execute(one).all()
    for person_id, delivery_id in found:
        record_feedback(core, person_id, delivery_id, Feedback.USEFUL)
    return len(found)


def _waiting(core: Core) -> int:
    return _count(core, DeliveryStatus.PLANNED, DeliveryStatus.RETRY)


def _unfinished(core: Core) -> int:
    states = [one for one in DeliveryStatus if one != DeliveryStatus.SENT]
    return _count(core, *states) or _answer(core)


def _count(core: Core, *states: DeliveryStatus) -> int:
    where = col(DeliveryRow.status).in_(states)
    with core.db.reading() as session:
        return int(session.execute(select(func.count()).select_from(DeliveryRow).where(where)).scalar_one())
