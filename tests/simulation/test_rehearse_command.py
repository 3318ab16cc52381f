"""`nudger rehearse` as an author uses it: this module tests its exits, its JSON and its page."""

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.commands import load_all
from nudges.errors import NudgerError

SHORT = ("--size", "12", "--weeks", "1", "--from", "2027-01-08")


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setenv("NUDGER_PLAYBOOKS", str(folder))
    monkeypatch.chdir(folder.parent)
    return CliRunner().invoke(load_all(), ["rehearse", *words])


def test_the_pictures_are_printed_and_nothing_is_left_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in folder.parent.iterdir())
    done = run(folder, monkeypatch, *SHORT)
    assert done.exit_code == 0, done.output
    assert "none arrived outside working hours" in done.output
    assert "Load: messages a day" in done.output
    assert sorted(path.name for path in folder.parent.iterdir()) == before


def test_json_names_every_nudge_and_person(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(folder, monkeypatch, *SHORT, "--format", "json")
    told = json.loads(done.stdout)
    assert told["rehearsal"]["seed"] == 7
    assert {"person", "nudge", "outcome", "reason", "zone", "sent_local", "sent_at"} <= told["outcomes"][0].keys()
    assert "sent" in {line["outcome"] for line in told["outcomes"]}


def test_the_page_needs_nothing_but_itself(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "rehearsal.html"
    done = run(folder, monkeypatch, *SHORT, "--report", str(page))
    assert done.exit_code == 0, done.output
    text = page.read_text("utf-8")
    assert text.count("<svg") == 5
    assert text.count("<table") >= 5
    assert "<script" not in text
    assert not re.findall(r'(?:src|href)="(?!#)', text)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("--people", "slack_id,department\n", "nobody in it"),
        ("--reactions", "person,playbook,nudge,reaction,value,after\nU0A,a,b,usefull,,5m\n", "Did you mean"),
        ("--reactions", None, "cannot be read"),
    ],
)
def test_a_file_with_a_fault_is_told_and_ends_with_two(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str | None, said: str
) -> None:
    file = tmp_path / "given.csv"
    if text is not None:
        file.write_text(text, "utf-8")
    done = run(folder, monkeypatch, *SHORT, name, str(file))
    if isinstance(done.exception, NudgerError):  # main() prints these and ends with 2
        assert said in done.exception.message
    else:
        assert done.exit_code == 2
        assert said in done.output
