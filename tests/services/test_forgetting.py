"""Forgotten means gone: this module plants a person in every column that can hold one, and looks at the raw bytes.

What may hold somebody is read from docs/data-map.md, so a new table or column is planted by itself, and a test fails
until forgetting knows it. The last look is a search of the database's files, not of its rows.
"""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from nudges.services.answers.record_response import record_reply
from nudges.services.keeping.clear_files import clear_files, look_through
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.tombstones import hold_to_tombstones
from nudges.services.own.preferences import start
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import forgotten
from nudges.store.file_traces import is_found
from nudges.store.tables import AudienceRow, CampaignRow, DeliveryRow, ForgottenRow, PersonRow, PreferenceRow
from nudges.store.tombstones import beside
from tests.services.house import ANA, BILLING, TEAM, House, a_text, everybody, people_csv
from tests.services.planting import (
    CANARY,
    DELIVERY,
    HASHES,
    NOT_PLANTED,
    NUMBER,
    OTHER_IDS,
    WORDS,
    hashed,
    holding,
    plant,
)
from tests.services.restoring import path_of


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
