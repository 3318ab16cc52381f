"""What a release says to its database: this module lives a fortnight with the code beside it and keeps each statement.

Run it in a checkout of a release, with that release's own code and tests on the path, once for each database:

    PYTHONPATH=. python .../tests/store/record_statements.py ADDRESS OUT.json.gz

`tests/store/test_previous_release.py` says the same again to a database of today's shape.
"""

import gzip
import json
import sys
import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from nudges.domain.delivery.responses import Feedback
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.errors import OutcomeUnknown
from nudges.services.answers import record_response as record
from nudges.services.authoring.publish import update
from nudges.services.delivery.settle_deliveries import abandon_all
from nudges.services.delivery.steer import pause_campaigns, resume_campaigns
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.identity import claim_identity
from nudges.services.measuring.read_status import status
from nudges.services.own.glass_box import my_data
from nudges.services.own.preferences import pause, start, stop
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store.engine import Database, open_database
from nudges.store.migrate import upgrade
from tests.fakes import Lost
from tests.services.house import (
    ADMIN,
    ANA,
    AUTHOR,
    BERLIN,
    BILLING,
    House,
    a_quiz_text,
    a_text,
    everybody,
    open_house,
    people_csv,
)

READS_KEPT = 2  # of each question; the statements that write are all kept
FIRST = a_text("find-an-expert", a_quiz_text(), segments="billing")
OTHER = a_text("other", first_tip='{week: 1, day: wed, at: "10:00", valid_for: 3d}', segments="berlin")


class Recorder:
    """Every statement as the driver was given it, and how many rows it found or changed."""

    def __init__(self, database: Database) -> None:
        self.texts: list[str] = []
        self.said: list[Any] = []
        self._reads: dict[str, int] = {}
        for engine in {id(one): one for one in (database.writer, database.reader)}.values():
            event.listen(engine, "after_cursor_execute", self._hear)
            event.listen(engine, "commit", lambda _connection: self._end("commit"))
            event.listen(engine, "rollback", lambda _connection: self._end("rollback"))

    def _hear(self, _connection: Any, cursor: Any, text: str, values: Any, _context: Any, many: bool) -> None:
        if text.lstrip().startswith("SELECT") and "FOR UPDATE" not in text:
            self._reads[text] = self._reads.get(text, 0) + 1
            if self._reads[text] > READS_KEPT:
                return
        if text not in self.texts:
            self.texts.append(text)
        kept = [_plain(one) for one in values] if many else _plain(values)
        self.said.append([self.texts.index(text), kept, many, cursor.rowcount])

    def _end(self, word: str) -> None:
        if self.said and self.said[-1] not in ("commit", "rollback"):
            self.said.append(word)


def _plain(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _one(value) for name, value in values.items()}
    return [_one(value) for value in values]


def _one(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return {"json": value.obj} if hasattr(value, "obj") else value  # psycopg's own wrapper


def live(house: House) -> None:
    """Do what people, authors and the app do in two weeks."""
    house.run(FIRST)
    house.run(OTHER, "other")
    house.at("2027-01-12 09:00")
    stop(house.core, BILLING[8])
    pause(house.core, BILLING[7], 3)
    house.messenger.answers.extend([Lost(), OutcomeUnknown(slack_code="fatal_error")])
    house.at("2027-01-12 10:00")
    _click(house)
    house.walk("2027-01-13 08:00")
    pause_campaigns(house.core, ADMIN, "other")
    house.tick()
    resume_campaigns(house.core, ADMIN, "other")
    house.write(OTHER.replace("Stuck on", "Lost in"), "other")
    update(house.core, "other", AUTHOR)
    house.messenger.answers.append(RuntimeError("a bug"))
    house.walk("2027-01-13 12:00")
    abandon_all(house.core)
    forget(house.core, BERLIN[0])
    start(house.core, BILLING[8])
    sync_people(house.core)
    status(house.core, ADMIN)
    my_data(house.core, ANA)
    house.walk("2027-01-18 12:00")


def _click(house: House) -> None:
    for one in list(house.messenger.standing)[:5]:
        record.record_answer(house.core, one.person_id, one.delivery_id, "channel")
        record.record_feedback(house.core, one.person_id, one.delivery_id, Feedback.USEFUL)
        record.record_try_it(house.core, one.person_id, one.delivery_id)
        record.record_barrier(house.core, one.person_id, one.delivery_id, BarrierKind.NO_TIME, "no time")
        record.record_reply(house.core, one.person_id, f"Ev{one.person_id}", "thank you")


def main(address: str, out: str) -> None:
    """Live on the database at this address and write down what was said to it."""
    folder = Path(tempfile.mkdtemp(prefix="nudger-release-"))
    (folder / "playbooks").mkdir()
    (folder / "playbooks" / "company.yaml").write_text(_company(), "utf-8")
    house = open_house(folder)
    house.core.db.close()
    house.core = replace(house.core, db=open_database(address))
    upgrade(house.core.db)
    recorder = Recorder(house.core.db)
    claim_identity(house.core, workspace_name="Test", marker=None)
    sync_people(house.core)
    import_people(house.core, people_csv(everybody()))
    live(house)
    house.core.db.close()
    told = json.dumps({"texts": recorder.texts, "said": recorder.said}, ensure_ascii=False)
    Path(out).write_bytes(gzip.compress(told.encode(), mtime=0))
    print(len(recorder.texts), "statements,", len(recorder.said), "times said,", house.states())


def _company() -> str:
    from tests.services.house import COMPANY

    return COMPANY


if __name__ == "__main__":
    main(*sys.argv[1:])
