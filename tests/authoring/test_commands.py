"""`nudger schema`, `fmt`, `new` and `migrate-playbooks` as an author types them."""

import json
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import Result
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from bot.cli.commands import load_all
from nudges.errors import FileRefused
from tests.playbook_texts import PLAYBOOKS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NUDGER_PLAYBOOKS", str(tmp_path / "playbooks"))
    return copytree(PLAYBOOKS / "good", tmp_path / "playbooks")


def nudger(*words: str | Path) -> Result:
    return CliRunner().invoke(load_all(), [str(word) for word in words])


def test_a_new_playbook_comes_with_the_next_steps(folder: Path) -> None:
    result = nudger("new", "playbook", "first-week")

    assert result.exit_code == 0
    steps = [f"nudger {word}" for word in ("check", "preview first-week why-it-helps", "plan", "publish")]
    assert all(step in result.output for step in steps)
    assert nudger("check", folder / "first-week.yaml").output == "2 files checked: 0 faults, 0 advice\n"


def test_a_second_playbook_of_the_same_name_is_refused(folder: Path) -> None:
    result = nudger("new", "playbook", "ask-first")

    assert isinstance(result.exception, FileRefused)
    assert "Choose another name" in result.exception.hint


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("playbook",), "A playbook needs a name"), (("playbook", "x", "--into", "y.yaml"), "--into adds a nudge")],
)
def test_what_cannot_be_made_is_said_with_exit_two(folder: Path, words: tuple[str, ...], sentence: str) -> None:
    result = nudger("new", *words)

    assert result.exit_code == 2
    assert sentence in result.output


def test_a_nudge_is_printed_to_be_pasted(folder: Path) -> None:
    result = nudger("new", "quiz", "where-to-ask")

    assert result.exit_code == 0
    assert "- quiz: where-to-ask\n" in result.output


def test_a_nudge_is_added_to_a_playbook(folder: Path) -> None:
    result = nudger("new", "story", "--into", folder / "ask-first.yaml")

    assert result.exit_code == 0
    assert "Added: story `new-story`" in result.output
    assert nudger("check", folder / "ask-first.yaml").exit_code == 0


def test_the_shape_is_checked_then_set(folder: Path) -> None:
    assert nudger("fmt", "--check").exit_code == 1
    assert nudger("fmt").exit_code == 0
    assert nudger("fmt", "--check").exit_code == 0


def test_a_file_that_cannot_be_shaped_gives_exit_two(folder: Path) -> None:
    (folder / "broken.yaml").write_text("playbook: [a\n", encoding="utf-8")

    result = nudger("fmt", folder / "broken.yaml", folder / "missing.yaml")

    assert result.exit_code == 2
    assert "left as it is" in result.output and "no such file" in result.output


@pytest.mark.parametrize(("words", "key"), [((), "nudges"), (("--company",), "segments")])
def test_the_schema_is_printed_as_json(folder: Path, words: tuple[str, ...], key: str) -> None:
    schema = json.loads(nudger("schema", *words).stdout)

    Draft7Validator.check_schema(schema)
    assert key in schema["properties"]


def test_the_schemas_are_written_beside_the_playbooks(folder: Path) -> None:
    result = nudger("schema", "--write")

    assert "# yaml-language-server: $schema=.schema/playbook.schema.json" in result.output
    assert sorted(path.name for path in (folder / ".schema").iterdir()) == [
        "company.schema.json",
        "playbook.schema.json",
        "plays.schema.json",
    ]
    assert nudger("check").exit_code == 0


def test_migrating_says_that_nothing_is_to_be_done(folder: Path) -> None:
    result = nudger("migrate-playbooks", "--check")

    assert (result.exit_code, result.output) == (0, "2 files looked at, 0 would change.\n")


def test_migrating_leaves_a_file_of_a_newer_nudger_alone(folder: Path) -> None:
    (folder / "newer.yaml").write_text("playbook: newer\nformat: 7\n", encoding="utf-8")

    result = nudger("migrate-playbooks")

    assert result.exit_code == 2
    assert "Update Nudger" in result.output


def test_a_demo_in_a_folder_without_playbooks_says_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    result = nudger("demo")

    assert result.exit_code == 2
    assert "there is no playbooks/company.yaml here" in " ".join(result.output.split())
    assert list(tmp_path.iterdir()) == []
