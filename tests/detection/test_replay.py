"""`nudger barriers replay`: this module is a folder read back, and folders with faults."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import barriers as command
from nudges.domain.detection.closing import history_of as recorded_history
from nudges.errors import ImportRefused
from nudges.services.barriers.history_files import read_history
from tests.detection.folder import write_folder
from tests.detection.organisation import USUAL, organisation
from tests.detection.records import history_of

COMPANY = organisation(3, replace(USUAL, teams=40, weeks=24))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("past") / "history"
    write_folder(COMPANY, made)
    return made


def test_what_is_written_is_read_back_to_the_same_counts(folder: Path) -> None:
    read, known = recorded_history(read_history(folder)), history_of(COMPANY)
    for found, wanted in zip(read.groups, known.groups, strict=True):
        places = [found.ids.index(name) for name in wanted.ids if name in found.ids]
        kept = [place for place, name in enumerate(wanted.ids) if name in found.ids]
        assert (found.asked[places] == wanted.asked[kept]).all()
        assert (found.answered[places] == wanted.answered[kept]).all()
        assert found.used is not None and wanted.used is not None
        assert (found.used[places] == wanted.used[kept]).all()
    assert [period.reporters for period in read.periods] == [period.reporters for period in known.periods]


def test_each_flag_and_week_is_one_line(folder: Path) -> None:
    result = CliRunner().invoke(command.group, ["replay", str(folder), "--format", "jsonl"])
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines
    assert {tuple(line) for line in lines} == {("week", "scope_type", "scope_id", "category", "grade")}
    assert {line["scope_type"] for line in lines} <= {"team", "department", "geo"}


def test_every_fault_is_told_with_its_file_and_line(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "responses.csv").open("a") as file:
        file.write("soon,e1,n1,tip\n3,e1\n")
    with (tmp_path / "reports.jsonl").open("a") as file:
        file.write("[1]\n")
    with pytest.raises(ImportRefused) as refused:
        read_history(tmp_path)
    lines = COMPANY.answered.sum() + 2
    assert f"responses.csv:{lines}: 'soon' is no whole number" in refused.value.message
    assert f"responses.csv:{lines + 1}: 2 fields where the header has 4" in refused.value.message
    assert "reports.jsonl:" in refused.value.message


def test_a_folder_without_its_files_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"has no membership\.csv and no deliveries\.csv"):
        read_history(tmp_path)


def test_words_that_nobody_confirmed_name_no_kind(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    said = {"week": 2, "employee_id": "e1", "channel": "text", "category": "no_time", "text": "no time"}
    (tmp_path / "reports.jsonl").write_text(json.dumps(said) + "\n")
    assert read_history(tmp_path).reports == []
