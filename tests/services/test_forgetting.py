"""Forgotten means gone: this module plants a person in every column that can hold one, and looks at the raw bytes.

What may hold somebody is read from docs/data-map.md, so a new table or column is planted by itself, and a test fails
until forgetting knows it. The last look is a search of the database's files, not of its rows.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, Table, insert, text

from nudges.domain.delivery.deliveries import person_hash
from nudges.services.answers.record_response import record_reply
from nudges.services.keeping.clear_files import clear_files, look_through
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.tombstones import hold_to_tombstones
from nudges.services.own.preferences import start
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import forgotten
from nudges.store.aliases import HOLDERS
from nudges.store.engine import UtcDateTime
from nudges.store.file_traces import is_found
from nudges.store.tables import AudienceRow, CampaignRow, DeliveryRow, ForgottenRow, PersonRow, PreferenceRow, Row
from nudges.store.tombstones import beside
from tests.fakes import utc
from tests.services.data_map import documented
from tests.services.house import ANA, BILLING, TEAM, House, a_text, everybody, people_csv

CANARY = "U0CANARY77"
WORDS = "canary words that nobody else would ever write"
NUMBER = 4711  # of the campaign everything hangs on
DELIVERY = "canary-delivery"
SOME_TIME = utc("2027-01-04 09:00")
# Columns of the class `id` that hold something else than a person.
OTHER_IDS = {"delivery_id": DELIVERY, "channel_id": "D0CANARY", "message_ts": "4711.000100"}
# Whatever a hash is kept in is named so.
HASHES = ("person_hash", "author_hash")
# A table that tells of groups holds a person only as the manager of a team without a name.
OF_GROUPS = {
    ("publications", "scope_id"),
    ("flags", "scope_id"),
    ("weekly_counts", "scope_id"),
    ("memberships", "team"),
}
NOT_PLANTED = {"forgotten": "it is what stays", "instance": "nobody is in it", "workspaces": "nobody is in it"}


# Words that the rows of a table are read by.
READ_BY = {
    "stories": {"consent": "private", "state": "kept", "campaign_id": None},
    "workshop_seats": {"state": "given_back"},
    "campaigns": {"status": "ended"},
}


def hashed(house: House, person_id: str = CANARY) -> str:
    return person_hash(key=house.core.key, workspace_id=TEAM, person_id=person_id)


def plain_value(column: Column[Any], number: int) -> Any:
    """Return something of the column's type that has nothing to do with anybody."""
    if isinstance(column.type, UtcDateTime):
        return SOME_TIME
    if isinstance(column.type, JSON):
        return {}
    values = ((Boolean, True), (Integer, number), (Float, 1.0), (Date, SOME_TIME.date()))
    return next((value for kind, value in values if isinstance(column.type, kind)), f"plain-{number}")


def planted(house: House, table: Table, classes: Mapping[str, str], number: int) -> dict[str, Any]:
    """Return a row of this table with the person wherever the data map says that one may be."""
    row = {column.name: plain_value(column, number) for column in table.columns}
    row |= {name: TEAM for name in ("workspace_id",) if name in row}
    row |= {name: NUMBER for name in ("campaign_id", "work_id") if name in row}
    for column in table.columns:
        class_, name = classes.get(column.name, ""), column.name
        if name in HASHES:
            row[name] = hashed(house)
        elif (table.name, name) in OF_GROUPS:
            row[name] = f"manager:{CANARY}"
        elif name in OTHER_IDS:
            row[name] = OTHER_IDS[name]
        elif name == "remedies":
            row[name] = [{"do": "x", "by": CANARY, "until": ""}]
        elif name in HOLDERS or class_ == "id":
            row[name] = CANARY
        elif class_ == "free text" or (table.name, name) == ("approvals", "why"):
            row[name] = WORDS
    return row | READ_BY.get(table.name, {})


def plant(house: House) -> dict[str, str]:
    """Put a row about the person into every table; return under which of the page's classes each column is."""
    page = {name: {row[0]: row[2] for row in rows} for name, rows in documented().items()}
    with house.core.db.begin() as session:
        for number, table in enumerate(Row.metadata.sorted_tables, start=900):
            if table.name in NOT_PLANTED:
                continue
            session.execute(insert(table).values(**planted(house, table, page.get(table.name, {}), number)))
    return {f"{table}.{name}": class_ for table, names in page.items() for name, class_ in names.items()}


def holding(house: House, *wanted: str) -> set[str]:
    """Return the columns in which one of these stands."""
    found = set()
    for name in Row.metadata.tables:
        with house.core.db.reading() as session:
            for row in session.execute(text(f"SELECT * FROM {name}")).mappings():
                found |= {
                    f"{name}.{column}" for column, value in row.items() if any(one in str(value) for one in wanted)
                }
    return found


def path_of(house: House) -> Path:
    found = house.core.db.sqlite_path
    assert found is not None
    return found


def raw(house: House) -> list[Path]:
    return [one for one in path_of(house).parent.iterdir() if one.is_file()]


def test_whatever_table_can_hold_a_person_is_erased_or_no_longer_names_them(house: House) -> None:
    classes = plant(house)
    before = holding(house, CANARY, hashed(house))
    ids = {name for name, class_ in classes.items() if class_ == "id" and name.partition(".")[2] not in OTHER_IDS}
    assert ids - {f"{table}.{one}" for table in NOT_PLANTED for one in HASHES} <= before, "the plant itself"
    forget(house.core, CANARY)
    assert holding(house, CANARY, WORDS, DELIVERY) == set()
    assert holding(house, hashed(house)) == {"forgotten.person_hash"}


def test_what_the_person_did_as_an_admin_stays_written_down_under_one_alias(house: House) -> None:
    plant(house)
    forget(house.core, CANARY)
    (row,) = house.rows(CampaignRow, campaign_id=NUMBER)
    assert row.published_by.startswith("gone-")
    with house.core.db.reading() as session:
        assert row.published_by in session.execute(text("SELECT actor_id FROM audit")).scalars().all()


@pytest.mark.sqlite_only
def test_no_byte_of_the_person_is_left_in_the_files(house: House) -> None:
    plant(house)
    for number in range(40):  # pages that are sorted anew keep old copies of rows, which only a look at bytes can find
        record_reply(house.core, ANA, f"Ev{number}", f"{WORDS} {number}")
    gone = forget(house.core, CANARY)
    forget(house.core, ANA)
    look_through(house.core, gone.traces)
    clear_files(house.core)
    for file in raw(house):
        found = file.read_bytes()
        for trace in (CANARY.encode(), WORDS.encode(), DELIVERY.encode(), f'"{ANA}"'.encode()):
            assert trace not in found, f"{trace!r} in {file.name}"


@pytest.mark.sqlite_only
def test_without_clearing_the_files_would_tell(house: House) -> None:
    """The negative control: the search finds what lies in the log until it is folded in."""
    plant(house)
    gone = forget(house.core, CANARY)
    log = path_of(house).with_name(f"{path_of(house).name}-wal")
    assert CANARY.encode() in log.read_bytes()
    clear_files(house.core)
    assert CANARY.encode() not in path_of(house).read_bytes() + log.read_bytes()
    assert not is_found(house.core.db, gone.traces)


OTHER_PROCESS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM people").fetchone()
connection.close()
"""


@pytest.mark.sqlite_only
def test_looking_through_the_files_keeps_the_locks_that_tell_other_processes_we_are_here(house: House) -> None:
    """Whoever opens and closes the file itself loses them; the next process then takes the log away under our feet."""
    gone = forget(house.core, BILLING[3])
    assert look_through(house.core, gone.traces)
    forget(house.core, BILLING[4])  # something stands in the log again
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, str(path_of(house))], check=True)
    assert path_of(house).with_name(f"{path_of(house).name}-wal").exists()
    with closing(sqlite3.connect(path_of(house))) as another:
        assert another.execute("SELECT count(*) FROM forgotten").fetchone() == (2,)


@pytest.mark.sqlite_only
def test_where_a_copy_of_a_row_is_left_in_a_page_the_look_says_so(house: House) -> None:
    with house.core.db.begin() as session:
        session.execute(text("CREATE TABLE leftover AS SELECT 'canary-in-a-page' AS words"))
    assert is_found(house.core.db, [b"canary-in-a-page"])
    assert not is_found(house.core.db, [b"canary-in-no-page"])


@pytest.mark.sqlite_only
def test_a_clean_look_spares_the_files_a_rewriting(house: House) -> None:
    house.run()
    gone = forget(house.core, BILLING[3])
    assert look_through(house.core, gone.traces)
    (row,) = house.rows(ForgottenRow)
    assert row.cleared_at is not None
    assert clear_files(house.core) == 0


def test_what_could_not_be_cleared_is_left_to_the_job(house: House) -> None:
    forget(house.core, ANA)
    with house.core.db.reading() as session:
        assert forgotten.uncleared(session) == [(TEAM, hashed(house, ANA))]
    assert clear_files(house.core) == 1
    assert clear_files(house.core) == 0


# ---- no copy brings them back


def copy_of(house: House, target: Path) -> None:
    path = path_of(house)
    house.core.db.close()
    target.write_bytes(path.read_bytes())


def start_again(house: House) -> int:
    """Do what each start does."""
    return hold_to_tombstones(house.core)


@pytest.mark.sqlite_only
def test_an_older_database_put_in_place_by_hand_does_not_bring_them_back(house: House, tmp_path: Path) -> None:
    house.run()
    copy_of(house, tmp_path / "old.db")
    forget(house.core, ANA)
    path = path_of(house)
    house.core.db.close()
    for companion in ("-wal", "-shm"):
        path.with_name(path.name + companion).unlink(missing_ok=True)
    path.write_bytes((tmp_path / "old.db").read_bytes())
    assert house.rows(PersonRow, person_id=ANA), "the copy does hold them"

    assert start_again(house) == 1

    for table in (PersonRow, AudienceRow, DeliveryRow, PreferenceRow):
        assert not house.rows(table, person_id=ANA)
    house.walk("2027-01-15 18:00")
    assert not house.messenger.sent_to(ANA)
    assert start_again(house) == 0


@pytest.mark.sqlite_only
def test_who_began_anew_is_not_forgotten_again_by_an_older_copy(house: House, tmp_path: Path) -> None:
    forget(house.core, ANA)
    copy_of(house, tmp_path / "forgotten.db")
    house.clock.advance(days=1)
    start(house.core, ANA)
    path = path_of(house)
    house.core.db.close()
    path.write_bytes((tmp_path / "forgotten.db").read_bytes())
    assert house.rows(ForgottenRow), "the copy does hold the tombstone"
    start_again(house)
    assert not house.rows(ForgottenRow)


@pytest.mark.sqlite_only
def test_the_list_beside_the_database_holds_hashes_only_and_is_for_its_owner(house: House) -> None:
    forget(house.core, ANA)
    path = path_of(house)
    kept = beside(path)
    assert ANA not in kept.path.read_text("utf-8")
    assert kept.path.stat().st_mode & 0o077 == 0
    assert [one.person_hash for one in kept.read().values()] == [hashed(house, ANA)]


@pytest.mark.sqlite_only
def test_a_list_that_was_cut_off_in_the_middle_of_a_line_is_read_up_to_there_and_mended(house: House) -> None:
    for person_id in (ANA, BILLING[1]):
        forget(house.core, person_id)
    path = path_of(house)
    kept = beside(path)
    kept.path.write_bytes(kept.path.read_bytes()[:-20])
    assert len(kept.read()) == 1
    start_again(house)
    assert len(kept.read()) == 2


def test_a_sync_and_a_people_file_do_not_bring_back_what_was_erased(house: House) -> None:
    house.run(a_text("find-an-expert"))
    forget(house.core, ANA)
    sync_people(house.core)
    import_people(house.core, people_csv(everybody()))
    house.walk("2027-01-15 18:00")
    assert holding(house, f'"{ANA}"', ANA) == set()
    assert not house.messenger.sent_to(ANA)
