"""Where a demo lives: this module has demos killed, ended and doubled in a folder, without starting any."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from bot.cli.demo_folder import DemoFolder, Mark
from bot.sandbox.keeping import keep
from bot.sandbox.workspace import Slack

MARK = Mark("http://127.0.0.1:3100", size=200, is_set_up=True)
HOLDER = """
import sys
from pathlib import Path
from bot.cli.demo_folder import DemoFolder, Mark
folder = DemoFolder(Path(sys.argv[1]))
folder.note(Mark("http://127.0.0.1:3155", size=200))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> DemoFolder:
    """A folder in which a demo was killed after its set-up."""
    folder = DemoFolder(tmp_path / ".demo")
    folder.note(MARK)
    folder.note_life()
    folder.database.touch()
    keep(Slack(), folder.slack)
    return folder


def test_a_demo_that_was_killed_can_go_on_and_tells_when_it_was_last_seen(folder: DemoFolder) -> None:
    os.utime(folder.path / "alive", (1000.0, 1000.0))
    left = folder.left_over()
    assert left is not None
    assert (left.mark, left.last_seen) == (MARK, 1000.0)


def test_one_that_ended_in_order_begins_anew(folder: DemoFolder) -> None:
    folder.forget()
    assert folder.left_over() is None
    assert not folder.is_marked()


@pytest.mark.parametrize("missing", ["nudger.db", "slack.jsonl"])
def test_half_of_a_demo_is_not_gone_on_with(folder: DemoFolder, missing: str) -> None:
    (folder.path / missing).unlink()
    assert folder.left_over() is None
    assert folder.is_marked()


def test_one_that_was_killed_before_all_was_published_begins_anew(folder: DemoFolder) -> None:
    folder.note(replace(MARK, is_set_up=False))
    assert folder.left_over() is None


def test_a_mark_of_another_version_is_no_reason_to_break(folder: DemoFolder) -> None:
    (folder.path / "demo.json").write_text('{"colour": "blue"}', encoding="utf-8")
    assert folder.left_over() is None


def test_clearing_takes_everything_but_the_lock(folder: DemoFolder) -> None:
    (folder.path / "sub").mkdir()
    folder.clear()
    assert [one.name for one in folder.path.iterdir()] == ["lock"]


def test_a_second_demo_is_sent_to_the_first_until_that_is_gone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / ".demo"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None and first.stdout.readline() == "held\n"
        with pytest.raises(typer.Exit) as refused:
            DemoFolder(path)
        first.kill()
    assert refused.value.exit_code == 2
    assert "A demo runs in this folder already at http://127.0.0.1:3155/" in capfd.readouterr().err
    assert DemoFolder(path).is_marked(), "a kill lets go of the folder"
