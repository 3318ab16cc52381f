"""`nudger check`: this module holds what it prints and which exit code it ends with."""

import json
from pathlib import Path

from bot.check_command import exit_code, render_report
from nudges.services.import_playbooks import CheckReport, check_paths
from tests.playbook_texts import GOOD, GOOD_COMPANY


def _checked(folder: Path, playbook: str) -> CheckReport:
    (folder / "company.yaml").write_text(GOOD_COMPANY)
    (folder / "ask-first.yaml").write_text(playbook)
    return check_paths([folder])


def test_a_clean_folder_ends_with_one_line_and_zero(tmp_path: Path) -> None:
    report = _checked(tmp_path, GOOD)

    assert render_report(report) == "2 files checked: 0 faults, 0 advice"
    assert exit_code(report) == 0


def test_faults_are_listed_and_end_with_one(tmp_path: Path) -> None:
    report = _checked(tmp_path, GOOD.replace("title:", "titel:"))
    lines = render_report(report).split("\n")

    assert lines[0] == f"{tmp_path / 'ask-first.yaml'}:2:1 PB012 `titel` is not a key of the playbook."
    assert lines[-1] == "2 files checked: 1 fault, 0 advice"
    assert exit_code(report) == 1


def test_advice_alone_is_clean(tmp_path: Path) -> None:
    report = _checked(tmp_path, GOOD.replace("I asked, and had", "Win a voucher! I had"))

    assert "PB106 advice: " in render_report(report)
    assert exit_code(report) == 0


def test_what_is_missing_could_not_be_run(tmp_path: Path) -> None:
    report = check_paths([tmp_path / "nowhere"])

    assert "there is no such file or folder" in render_report(report)
    assert exit_code(report) == 2


def test_machines_get_the_same_as_json(tmp_path: Path) -> None:
    report = _checked(tmp_path, GOOD.replace("title:", "titel:"))
    answer = json.loads(render_report(report, format="json"))

    assert answer["faults"] == 1
    assert answer["findings"][0]["code"] == "PB012"
    assert answer["findings"][0]["line"] == 2


def test_colour_is_only_added_round_the_same_words(tmp_path: Path) -> None:
    report = _checked(tmp_path, GOOD.replace("title:", "titel:"))
    coloured = render_report(report, color=True)
    for code in ("\x1b[31m", "\x1b[2m", "\x1b[1m", "\x1b[0m"):
        coloured = coloured.replace(code, "")

    assert coloured == render_report(report)
