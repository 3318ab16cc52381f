"""One large wave in a process of its own: this module furnishes a company of any size, and plans and sends to it.

The measuring process does nothing else, so that its peak is the wave's. See test_at_size.py.
"""

import json
import os
import resource
from dataclasses import replace
from pathlib import Path
from typing import cast

from nudges.domain.delivery.messages import Message
from nudges.ports import Messenger, Receipt
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.people.sync_people import sync_people
from tests.builders import a_person
from tests.fakes import FixedDirectory, utc
from tests.services.house import a_text, furnish, open_house

IN_A_TEAM = 12
TIP = '{week: 1, day: tue, at: "10:00", window: 12h}'


class Silent:
    """Accepts every message and keeps none."""

    def __init__(self) -> None:
        self.count = 0

    def send(self, person_id: str, message: Message) -> Receipt:
        self.count += 1
        return Receipt(f"D{person_id[1:]}", f"1800000000.{self.count:06d}")


def furnish_wave() -> None:
    """Make a company of WAVE_PEOPLE in WAVE_FOLDER, and publish one tip to all of them."""
    folder, count = Path(os.environ["WAVE_FOLDER"]), int(os.environ["WAVE_PEOPLE"])
    furnish(folder)
    house = open_house(folder)
    everybody = [
        a_person(f"U1{number:07d}", team=f"Team {number // IN_A_TEAM}", manager_id=f"U1{number // IN_A_TEAM:07d}")
        for number in range(count)
    ]
    house.core = replace(house.core, directory=FixedDirectory(everybody))
    sync_people(house.core)
    house.write(house_company(), "company")
    house.run(a_text(first_tip=TIP, segments="everybody"))
    house.core.db.close()


def live() -> None:
    """Plan the wave, send WAVE_SENT of it, and write what it took to WAVE_FOLDER/figures.json."""
    folder = Path(os.environ["WAVE_FOLDER"])
    house = open_house(folder, utc("2027-01-12 10:00"))
    silent = Silent()
    core = replace(house.core, messenger=cast("Messenger", silent))
    before = peak_mb()
    while plan_deliveries(core).planned:
        pass
    planned = peak_mb()
    while silent.count < int(os.environ["WAVE_SENT"]) and send_due(core, limit=20):
        house.clock.advance(milliseconds=20)
    found = {"before_mb": before, "planned_mb": planned, "peak_mb": peak_mb(), "sent": silent.count}
    (folder / "figures.json").write_text(json.dumps(found), "utf-8")


def peak_mb() -> float:
    """Return the most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def house_company() -> str:
    """Return company.yaml with a segment of everybody."""
    from tests.services.house import COMPANY

    return COMPANY + "  everybody: {not: {department: Nobody}}\n"
