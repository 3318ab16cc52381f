"""Where a test keeps its data: this module makes, copies and drops databases, on SQLite or on PostgreSQL as chosen."""

import os
from contextlib import ExitStack
from pathlib import Path

from nudges.store.engine import Database, open_database
from nudges.store.migrate import upgrade
from tests.databases import PostgresServer, postgres_server

KINDS = ("sqlite", "postgresql")
VARIABLE = "NUDGER_TEST_DATABASE"


class Places:
    """The kind of database that this run of the tests uses, and its server, which starts when first needed.

    On PostgreSQL the file that would be a SQLite database holds the address of one, so that a folder is copied alike.
    """

    def __init__(self) -> None:
        self.kind = os.environ.get(VARIABLE, KINDS[0])
        self._open = ExitStack()
        self._server: PostgresServer | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether tests run on SQLite."""
        return self.kind == "sqlite"

    @property
    def server(self) -> PostgresServer:
        """Return the server of this process; LookupError, which says what to install, where there is none."""
        if self._server is None:
            self._server = self._open.enter_context(postgres_server())
        return self._server

    def address(self, path: Path) -> str:
        """Return the address of the database at this place, which is made when nothing is there."""
        if self.is_sqlite:
            return f"sqlite:///{path}"
        if not path.exists():
            path.write_text(self.server.new_database(), "utf-8")
        return path.read_text("utf-8")

    def settle(self, path: Path) -> str:
        """Return the address of a database of its own at a place to which another one's file was copied."""
        if not self.is_sqlite:
            path.write_text(self.server.new_database(path.read_text("utf-8")), "utf-8")
        return self.address(path)

    def leave(self, path: Path) -> None:
        """Drop the database at this place; a SQLite file goes with its folder."""
        if not self.is_sqlite and path.exists():
            self.server.drop(path.read_text("utf-8"))

    def close(self) -> None:
        """End the server."""
        self._open.close()
        self._server = None


PLACES = Places()


def new_database(path: Path) -> Database:
    """Return a database in its newest shape at this place."""
    database = open_database(PLACES.address(path))
    upgrade(database)
    return database
