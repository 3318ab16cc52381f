"""A process whose every write is noted: this module lives through one wave and says what it does, for a power cut.

Run with a furnished folder (tests/services/house.py) and the file to mark in; see test_power_loss.py.
"""

import sys
from pathlib import Path
from typing import IO

from nudges.domain.delivery.messages import Message
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import Step, send_due
from nudges.store.engine import checkpoint
from tests.fakes import utc
from tests.services.house import House, open_house

NOON = utc("2027-01-12 10:30")
OFTEN = 20  # pages in the log until it is folded into the file: a thousand would never come here
LATER = 9  # messages after which the whole log is folded in, as at the end of a process


def live(folder: Path, marks: IO[bytes]) -> None:
    """Plan, then post one message after the other; each is marked as it goes and as it was noted."""
    house = open_house(folder, NOON)
    with house.core.db.writer.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={OFTEN}")
    house.messenger.before_send = lambda person_id, message: _mark(marks, house, f"posted {person_id}", message)
    plan_deliveries(house.core)
    while attempts := send_due(house.core, limit=1):
        if attempts[0].step != Step.POSTED:
            continue
        newest = house.messenger.standing[-1]
        marks.write(f"sent {newest.person_id} {newest.delivery_id} {newest.receipt.message_ts}\n".encode())
        if len(house.messenger.standing) == LATER:
            checkpoint(house.core.db)
    marks.write(b"end\n")
    house.core.db.close()


def _mark(marks: IO[bytes], house: House, what: str, message: Message) -> None:
    marks.write(f"{what} {message.delivery_id} {len(house.messenger.standing) + 1}\n".encode())


if __name__ == "__main__":
    with Path(sys.argv[2]).open("wb", buffering=0) as file:
        live(Path(sys.argv[1]), file)
