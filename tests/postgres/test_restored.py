"""A PostgreSQL database that was copied or restored: this module is the tests that it starts held."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from nudges.services.delivery.steer import release
from nudges.services.keeping.identity import COPIED, claim_identity
from nudges.store import instance
from nudges.store.engine import open_database
from nudges.store.homes import UNKNOWN_CLUSTER, home
from tests.databases import OWNER, PostgresServer
from tests.services.house import ADMIN, TEAM, House


def start(house: House) -> str:
    """Start on the database of a house and return why it is held, if it is."""
    claim_identity(house.core, workspace_name="Test", marker=None)
    with house.core.db.reading() as session:
        here = instance.workspace(session, TEAM)
    assert here is not None
    return here.hold_reason


def dump(server: PostgresServer, house: House, *words: str, program: str) -> None:
    name = house.core.db.url.rsplit("/", 1)[1]
    where = ["-h", "127.0.0.1", "-p", str(server.port), "-U", OWNER, "-d", name]
    subprocess.run([server.programs / program, *where, *words], check=True, capture_output=True)


def test_the_original_starts_as_often_as_it_likes(house: House, server: PostgresServer) -> None:
    assert [start(house) for _ in range(3)] == [""] * 3
    server.restart_immediately()
    assert start(house) == ""


def test_a_copy_in_the_same_server_is_held_until_told_and_the_original_goes_on(
    house: House, server: PostgresServer
) -> None:
    start(house)
    house.core.db.close()
    other = server.new_database(house.core.db.url)
    copy = replace(house, core=replace(house.core, db=open_database(other).of_workspace(TEAM)))
    assert [start(copy) for _ in range(2)] == [COPIED] * 2
    assert start(house) == ""
    assert release(copy.core, ADMIN)
    assert start(copy) == ""
    copy.core.db.close()


def test_a_dump_put_back_over_its_own_database_is_held(house: House, server: PostgresServer, tmp_path: Path) -> None:
    if not (server.programs / "pg_restore").exists():
        pytest.skip("pg_dump and pg_restore are not installed: run `make install-dev`")
    start(house)
    dump(server, house, "-Fc", "-f", str(tmp_path / "nudger.dump"), program="pg_dump")
    assert start(house) == ""
    house.core.db.close()
    dump(server, house, "--clean", "--if-exists", str(tmp_path / "nudger.dump"), program="pg_restore")
    assert start(house) == COPIED


def test_every_workspace_of_a_copy_is_held(house: House, server: PostgresServer) -> None:
    with house.core.db.begin() as session:
        instance.ensure_workspace(session, "T0OTHER", "Other")
        session.execute(text("UPDATE instance SET home = 'elsewhere/1/2'"))
    start(house)
    with house.core.db.reading() as session:
        assert {one.hold_reason for one in instance.workspaces(session)} == {COPIED}


def test_a_server_that_does_not_tell_its_number_is_no_reason_to_fail(house: House) -> None:
    with house.core.db.begin() as session:
        session.execute(text("CREATE ROLE plain; GRANT ALL ON ALL TABLES IN SCHEMA public TO plain"))
        session.execute(text("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC"))
        session.execute(text("SET LOCAL ROLE plain"))
        assert home(session).startswith(UNKNOWN_CLUSTER)
        session.rollback()
