"""What goes wrong at the terminal: this module meets each fault as a user does, one clear sentence and a next step."""

import json
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import BOT_TOKEN, Slack
from nudges.store.process_lock import lock_database
from tests.acceptance import small_company
from tests.acceptance.quick_process import Nursery
from tests.acceptance.terminals import Terminal, bare_env

NOWHERE = "http://127.0.0.1:1/"
BROKEN = {
    "stage: sell": "stage: sel",
    "question: A": "qestion: A",
    "week: 2": "week: two",
    "segments: [desks]": "segments: [desk]",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    slack = Slack(people=small_company.users(), start=small_company.PUBLISHED_AT.timestamp())
    with SandboxServer(slack, port=0) as server:
        yield server


@pytest.fixture(scope="module")
def furnished(loaded: Nursery, sandbox: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which people were read and imported, once for all tests."""
    folder = tmp_path_factory.mktemp("furnished")
    small_company.write_playbooks(folder / "playbooks")
    (folder / "people.csv").write_text(small_company.people_csv(), encoding="utf-8")
    terminal = Terminal(loaded, folder, bare_env(sandbox))
    terminal.works("people", "sync")
    terminal.works("people", "import", "people.csv")
    return folder


@pytest.fixture
def lasting(loaded: Nursery, sandbox: SandboxServer, furnished: Path) -> Terminal:
    """The furnished folder itself, for what changes nothing."""
    return Terminal(loaded, furnished, bare_env(sandbox))


@pytest.fixture
def terminal(loaded: Nursery, sandbox: SandboxServer, furnished: Path, tmp_path: Path) -> Terminal:
    """A folder like the furnished one, for what changes something."""
    folder = tmp_path / "here"
    shutil.copytree(furnished, folder, ignore=shutil.ignore_patterns("nudger.*"))
    here = Terminal(loaded, folder, bare_env(sandbox))
    here.works("people", "sync")
    here.works("people", "import", "people.csv")
    return here


@dataclass(frozen=True)
class Fault:
    """What is typed in which surroundings, and what must be said; 1 means findings, 2 could not run."""

    name: str
    typed: str
    said: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    code: int = 2

    def __str__(self) -> str:
        return self.name


FAULTS = (
    Fault("wrong bot token", "people sync", ("invalid_auth", "xoxb-"), {"SLACK_BOT_TOKEN": "xoxb-wrong"}),
    Fault("no bot token", "people sync", ("SLACK_BOT_TOKEN is not set", "nudger doctor"), {"SLACK_BOT_TOKEN": ""}),
    Fault("no bot token to run", "run", ("SLACK_BOT_TOKEN is not set",), {"SLACK_BOT_TOKEN": ""}),
    Fault("wrong app token", "run", ("invalid_auth", "xapp-"), {"SLACK_APP_TOKEN": "xapp-wrong"}),
    Fault(
        "no way in", "run", ("no app token and no signing secret",), {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": ""}
    ),
    Fault("unreachable Slack", "people sync", ("cannot be reached", "network"), {"SLACK_API_URL": f"{NOWHERE}api/"}),
    Fault("no clock", "status", ("No clock answers", "NUDGER_CLOCK_URL"), {"NUDGER_CLOCK_URL": f"{NOWHERE}clock"}),
    Fault("missing people file", "people import nobody.csv", ("nobody.csv cannot be read", "CSV")),
    Fault("a folder for people", "people import playbooks", ("cannot be read", "CSV")),
    Fault("unknown playbook", "publish find-an-exprt --yes", ("no playbook called", "Did you mean find-an-expert?")),
    Fault("no such folder", "plan find-an-expert", ("no folder nowhere",), {"NUDGER_PLAYBOOKS": "nowhere"}),
    Fault("nothing to check", "check nowhere.yaml", ("nowhere.yaml: there is no such file",)),
    Fault("a date in words", "publish find-an-expert --starts-on soon", ("soon is not a date", "2027-01-11")),
    Fault("a date that is past", "publish find-an-expert --starts-on 2020-01-06 --yes", ("which is past",)),
    Fault("nobody to ask", "publish find-an-expert", ("Nothing was done", "--yes")),
    Fault("unknown campaign", "resume summer", ("no campaign called summer", "campaigns")),
    Fault("unknown nudge", "preview find-an-expert hello", ("has no nudge hello", "where-would-you-ask")),
    Fault("settle too short", "status", ("NUDGER_SETTLE_S must be longer",), {"NUDGER_SETTLE_S": "60"}),
    Fault("odd pace", "status", ("NUDGER_PACE is three numbers",), {"NUDGER_PACE": "fast"}),
    Fault("odd database", "status", ("DATABASE_URL is sqlite",), {"DATABASE_URL": "mysql://here"}),
    Fault("no such place", "status", ("database cannot be used",), {"DATABASE_URL": "sqlite:////proc/no/n.db"}),
    Fault("wrong key", "status", ("not the one this database was made with",), {"NUDGER_SECRET_KEY": "k" * 40}),
    Fault("short key", "status", ("too short",), {"NUDGER_SECRET_KEY": "short"}),
    Fault("part of a process", "worker", ("use `nudger run`",)),
)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_each_fault_is_said_in_a_sentence_with_the_next_step(lasting: Terminal, fault: Fault) -> None:
    done = lasting.run(*fault.typed.split(), **fault.env)
    said = done.err + (done.out if fault.typed.startswith("check") else "")
    assert (done.code, "Traceback" in done.err + done.out) == (fault.code, False), said
    for words in fault.said:
        assert words in said
    assert len(done.err.splitlines()) <= 3, "one sentence and a next step"
    assert BOT_TOKEN not in done.err and "wrong" not in done.err


def test_a_port_that_is_taken_is_named_before_anything_is_sent(lasting: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = lasting.run("run", NUDGER_PORT=str(taken.getsockname()[1]))
    assert done.code == 2
    assert "cannot listen at" in done.err and "NUDGER_PORT" in done.err and "Traceback" not in done.err


def test_every_fault_of_a_playbook_is_listed_with_its_place_and_its_fix(terminal: Terminal) -> None:
    file = terminal.folder / "playbooks" / "find-an-expert.yaml"
    text = file.read_text(encoding="utf-8")
    for good, bad in BROKEN.items():
        assert good in text
        text = text.replace(good, bad)
    file.write_text(text, encoding="utf-8")
    done = terminal.run("check", "--format", "json")
    found = [one for one in json.loads(done.out)["findings"] if one["severity"] == "error"]
    assert done.code == 1
    assert len(found) == len(BROKEN)
    lines = text.splitlines()
    for one in found:
        assert any(bad.split()[-1].strip("[]") in lines[one["line"] - 1] for bad in BROKEN.values())
        assert one["column"] >= 1 and one["code"] and one["sentence"] and one["fix"]
    words = terminal.run("check")
    assert words.code == 1
    assert all(f"{one['file']}:{one['line']}:{one['column']}" in words.out for one in found)


def test_a_faulty_playbook_is_not_published_and_nothing_of_it_stays(terminal: Terminal) -> None:
    file = terminal.folder / "playbooks" / "find-an-expert.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("[desks]", "[desk]"), encoding="utf-8")
    done = terminal.run("publish", "find-an-expert", "--yes")
    assert done.code == 2
    assert "no segment `desk`" in done.err and "nudger check" in done.err
    assert "find-an-expert" not in terminal.works("status")


def test_an_audience_of_nobody_is_refused(terminal: Terminal) -> None:
    file = terminal.folder / "playbooks" / "find-an-expert.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("desks", "nobody-yet"), encoding="utf-8")
    done = terminal.run("publish", "find-an-expert", "--yes")
    assert done.code == 2
    assert "nobody is in nobody-yet" in done.err and "people" in done.err


def test_a_faulty_people_file_is_refused_whole_with_every_line_named(lasting: Terminal) -> None:
    lines = ["slack_id,department,hours", "U0MAYA,Moved,at noon", "U0MAYA,Moved,", ",Moved,", "U0BEA", "U0CARL,Moved,"]
    (lasting.folder / "bad.csv").write_text("\n".join(lines), encoding="utf-8")
    done = lasting.run("people", "import", "bad.csv")
    assert done.code == 2 and "Traceback" not in done.err
    for words in ("Line 2", "09:00-17:00", "Line 4", "Line 5", "nothing was taken"):
        assert words in done.err
    assert "Moved" not in lasting.works("people", "sync") + lasting.works("plan", "find-an-expert")


@pytest.mark.parametrize("text", ["", "slack_id,department\n", "name,department\nMaya,X\n"])
def test_a_people_file_without_people_is_refused(lasting: Terminal, text: str) -> None:
    (lasting.folder / "empty.csv").write_text(text, encoding="utf-8")
    done = lasting.run("people", "import", "empty.csv")
    assert done.code == 2 and "import again" in done.err


def test_on_a_full_disk_nothing_is_stored_halfway_and_all_goes_on_when_there_is_room(terminal: Terminal) -> None:
    rows = "".join(f"U1EXTRA{number:05},Customer service\n" for number in range(5_000))
    (terminal.folder / "many.csv").write_text("slack_id,department\n" + rows, encoding="utf-8")
    before = terminal.works("status")
    size = (terminal.folder / "nudger.db").stat().st_size
    done = terminal.run("people", "import", "many.csv", largest_file=size + 100_000)
    assert done.code == 2 and "Traceback" not in done.err, done.err
    assert "database cannot be used" in done.err and "free space" in done.err
    assert terminal.works("status") == before
    assert "5000 people imported" in terminal.works("people", "import", "many.csv").replace(",", "")


@pytest.mark.parametrize("is_new", [True, False])
def test_a_folder_that_cannot_be_written_is_said(terminal: Terminal, is_new: bool) -> None:
    for file in terminal.folder.glob("nudger.*"):
        if is_new:
            file.unlink()
        else:
            file.chmod(0o444)
    terminal.folder.chmod(0o555)
    for command in ("people sync", "run"):
        done = terminal.run(*command.split(), is_plain=True)
        assert done.code == 2 and "Traceback" not in done.err, done.err
        assert "permissions" in done.err or "written" in done.err
    terminal.folder.chmod(0o755)


def test_a_database_of_a_newer_version_is_left_alone(terminal: Terminal) -> None:
    with sqlite3.connect(terminal.folder / "nudger.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = terminal.run("status")
    assert done.code == 2 and "Traceback" not in done.err
    assert "this version of Nudger does not know" in done.err


def test_a_copied_database_is_held_until_somebody_resumes_it(terminal: Terminal, tmp_path: Path) -> None:
    terminal.works("publish", "find-an-expert", "--yes")
    copy = tmp_path / "copy"
    shutil.copytree(terminal.folder, copy, ignore=shutil.ignore_patterns("*.instance"))
    elsewhere = Terminal(terminal.nursery, copy, terminal.env)
    assert "HELD" in elsewhere.works("status")
    assert "HELD" not in terminal.works("status"), "the original goes on"
    assert "The hold is over" in elsewhere.works("resume")
    assert "HELD" not in elsewhere.works("status")
    assert "Nothing was paused or held" in elsewhere.works("resume")


def test_a_backup_goes_back_with_three_commands_and_forgets_whoever_asked_since(terminal: Terminal) -> None:
    ana, backup, database = small_company.BILLING[0], terminal.folder / "backup.db", terminal.folder / "nudger.db"
    terminal.works("publish", "find-an-expert", "--yes")
    assert "nudger.key" in terminal.works("backup", "backup.db")
    assert backup.stat().st_mode & 0o777 == 0o600
    again = terminal.run("backup", "backup.db")
    assert again.code == 2 and "exists already" in again.err and "another name" in again.err
    terminal.works("forget", ana)

    with lock_database(database):
        locked = terminal.run("restore", "backup.db")
    assert locked.code == 2 and "Another Nudger already works on nudger.db" in locked.err
    (terminal.folder / "note.txt").write_text("no database", "utf-8")
    assert "no database of Nudger's" in terminal.run("restore", "note.txt").err
    (terminal.folder / "nudger.key").rename(terminal.folder / "away")
    assert "nudger.key is not there" in terminal.run("restore", "backup.db").err
    (terminal.folder / "away").rename(terminal.folder / "nudger.key")

    said = terminal.works("restore", "backup.db")

    assert "1 people of the backup were erased again" in said and "nudger resume" in said
    assert "HELD" in terminal.works("status")
    with closing(sqlite3.connect(database)) as restored:
        assert restored.execute("SELECT count(*) FROM people WHERE person_id = ?", (ana,)).fetchone() == (0,)
    assert "The hold is over" in terminal.works("resume")
    assert "Held" in terminal.works("hold")
    assert "HELD" in terminal.works("status")


def test_a_backup_on_an_empty_disk_forgets_whom_the_kept_list_names(terminal: Terminal) -> None:
    ana, folder = small_company.BILLING[0], terminal.folder
    terminal.works("backup", "backup.db")
    assert "Nothing is left in the database's files either" in terminal.works("forget", ana)
    assert ana.encode() not in (folder / "nudger.db").read_bytes()
    assert "1 people asked to be forgotten" in terminal.works("forgotten", "save", "kept.txt")
    for file in folder.glob("nudger.db*"):
        file.unlink()

    said = terminal.works("restore", "backup.db")

    assert "There is no nudger.db.forgotten" in said and "nudger forgotten apply" in said
    assert ana.encode() in (folder / "nudger.db").read_bytes(), "nobody could know"
    assert "1 people had come back" in terminal.works("forgotten", "apply", "kept.txt")
    assert ana.encode() not in (folder / "nudger.db").read_bytes()
    missing = terminal.run("forgotten", "apply", "nowhere.txt")
    assert missing.code == 2 and "There is no file nowhere.txt" in missing.err


def test_on_postgresql_a_backup_is_made_with_its_own_tools(lasting: Terminal) -> None:
    for command in ("backup", "restore"):
        done = lasting.run(command, "x.db", DATABASE_URL="postgresql+psycopg://user:secret@127.0.0.1:1/name")
        assert done.code == 2 and "pg_dump" in done.err and "nudger hold" in done.err


def test_reports_are_machine_readable_when_asked(lasting: Terminal) -> None:
    found = json.loads(lasting.works("status", "--format", "json"))
    assert found["sendable"] >= len(small_company.BILLING + small_company.ORDERS)
