"""What PostgreSQL refuses, and when it is away: this module is the tests of what Nudger then says and does."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from nudges.errors import StorageError
from nudges.store import audit
from nudges.store.engine import Database, open_database
from nudges.store.postgres import storage_error
from tests.databases import GUARDED, PASSWORD, PostgresServer, free_port
from tests.store.rows import HERE, NOON


def write(db: Database) -> None:
    with db.begin() as session:
        audit.record(session, HERE, actor_id="U1", action="look", now=NOON)


def lines(db: Database) -> int:
    with db.reading() as session:
        return len(audit.lines(session, HERE))


def meaning(said: Exception) -> StorageError:
    return storage_error(OperationalError("SELECT 1", {}, said))


def fault_of(url: str) -> StorageError:
    database = open_database(url)
    with pytest.raises(StorageError) as caught, database.reading() as session:
        session.execute(text("SELECT 1"))
    database.close()
    return caught.value


def test_each_reason_not_to_get_in_is_said_with_what_to_do(server: PostgresServer) -> None:
    nowhere = f"postgresql+psycopg://nudger@127.0.0.1:{free_port()}/postgres"
    cases = {
        server.url(user=GUARDED, password="wrong"): ("name or the password", "DATABASE_URL"),
        server.url("not_there"): ("no database of the name", "createdb"),
        nowhere: ("does not answer", "whether it runs"),
        "postgresql+psycopg://nudger@host.invalid/x": ("host in DATABASE_URL", "DATABASE_URL"),
    }
    for url, (message, hint) in cases.items():
        fault = fault_of(url)
        assert message in str(fault) and hint in fault.hint, f"{url}: {fault} {fault.hint}"
        assert "wrong" not in str(fault) + fault.hint
    database = open_database(server.url(user=GUARDED, password=PASSWORD))
    with database.reading() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    database.close()


def test_the_socket_is_as_good_as_the_network(server: PostgresServer, url: str) -> None:
    database = open_database(server.url(url.rsplit("/", 1)[1], is_socket=True))
    write(database)
    assert lines(database) == 1
    database.close()


def test_a_server_that_is_starting_up_is_waited_for() -> None:
    class Said(Exception):
        sqlstate = None

    for words in (
        "FATAL: the database system is starting up",
        "FATAL:  the database system is not yet accepting connections",
    ):
        fault = meaning(Said(words))
        assert "starting or stopping" in str(fault) and "by itself" in fault.hint


def test_a_connection_lost_between_two_transactions_is_not_noticed(server: PostgresServer, db: Database) -> None:
    write(db)
    lines(db)
    server.restart_immediately()
    write(db)
    assert lines(db) == 2


def test_a_connection_lost_in_the_middle_is_a_storage_error_and_the_next_write_succeeds(
    server: PostgresServer, db: Database
) -> None:
    with pytest.raises(StorageError, match="lost"), db.begin() as session:
        audit.record(session, HERE, actor_id="U1", action="look", now=NOON)
        session.flush()
        server.restart_immediately()
    with pytest.raises(StorageError, match="lost"), db.reading() as session:
        audit.lines(session, HERE)
        server.restart_immediately()
        session.execute(text("SELECT 1"))
    write(db)
    assert lines(db) == 1


def test_a_server_that_is_away_is_said_and_found_again(server: PostgresServer, db: Database) -> None:
    write(db)
    server.stop()
    try:
        for _ in range(3):
            with pytest.raises(StorageError) as caught:
                write(db)
        assert "does not answer" in str(caught.value)
    finally:
        server.start()
    write(db)
    assert lines(db) == 2


def test_a_wait_for_a_turn_is_over_when_patience_is(url: str, db: Database) -> None:
    other = open_database(url).of_workspace(HERE)
    with other.begin(), pytest.raises(StorageError, match="too slow"), db.begin(timedelta(milliseconds=50)):
        pass
    write(db)
    other.close()


def test_a_statement_takes_no_longer_than_patience(db: Database) -> None:
    with pytest.raises(StorageError, match="too slow"), db.begin(timedelta(milliseconds=50)) as session:
        session.execute(text("SELECT pg_sleep(30)"))
    with db.begin() as session:
        assert session.execute(text("SHOW statement_timeout")).scalar_one() == "10min"


def test_two_workspaces_write_side_by_side(url: str, db: Database) -> None:
    other = open_database(url).of_workspace("T0OTHER")
    with other.begin(), db.begin(timedelta(seconds=5)):
        pass
    other.close()


def test_a_process_frozen_in_the_middle_of_a_write_loses_its_turn(url: str, db: Database) -> None:
    other = open_database(url).of_workspace(HERE)
    with pytest.raises(StorageError) as caught, other.begin() as session:
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 200"))
        with db.begin():  # waits until the server has ended the frozen one
            pass
    assert "by itself" in caught.value.hint
    other.close()


def test_every_connection_has_limits(db: Database) -> None:
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    with db.begin() as writing, db.reading() as reading:
        for session, idle in ((writing, "6s"), (reading, "10min")):
            found = [session.execute(text(f"SHOW {name}")).scalar_one() for name in names]
            assert found == ["30s", "10min", idle]


def test_work_on_a_whole_company_may_think_for_longer(db: Database) -> None:
    limit = text("SHOW idle_in_transaction_session_timeout")
    with db.begin(thinks_long=True) as session:
        assert session.execute(limit).scalar_one() == "2min"
    with db.begin() as session:
        assert session.execute(limit).scalar_one() == "6s", "only in that write"


def test_a_standby_and_a_refused_right_are_said(db: Database) -> None:
    with pytest.raises(StorageError, match="takes no writes"), db.begin() as session:
        session.execute(text("SET LOCAL transaction_read_only = on"))
        session.execute(text("DELETE FROM audit"))
    with pytest.raises(StorageError, match="does not have the shape"), db.reading() as session:
        session.execute(text("SELECT * FROM not_there"))


def test_no_message_of_the_driver_comes_through_with_more_than_one_line() -> None:
    class Odd(Exception):
        sqlstate = "XX000"

    fault = meaning(Odd("something\nDETAIL: xoxb-secret"))
    assert re.fullmatch(r"The database cannot be used: something\.", str(fault))
