"""Findings for editors and code hosts: this module holds the parts of SARIF 2.1.0 that readers rely on."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.check_command import render_report
from nudges.domain.checks.finding_codes import TITLES, Code
from nudges.domain.playbooks.company import Profile
from nudges.services.authoring.import_playbooks import check_paths
from tests.playbook_texts import GOOD, GOOD_COMPANY

FAULTY = GOOD.replace("I asked, and had", "Win a voucher! I had")
NO_SPONSOR = FAULTY[: FAULTY.index("sponsor:")] + FAULTY[FAULTY.index("audience:") :]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The SARIF of a folder with a fault, a waived fault and advice, named by a path with a space in it."""
    folder = tmp_path / "our playbooks"
    folder.mkdir()
    (folder / "company.yaml").write_text(GOOD_COMPANY)
    (folder / "ask-first.yaml").write_text(NO_SPONSOR + "waive: {PB103: The sponsor signs in May}\n")
    monkeypatch.chdir(tmp_path)
    report = check_paths([Path("our playbooks"), Path("nowhere")], Profile.LIVE)
    written: dict[str, Any] = json.loads(render_report(report, format="sarif"))
    return written


def test_the_log_says_its_version_and_has_one_run(log: dict[str, Any]) -> None:
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    assert len(log["runs"]) == 1
    assert log["runs"][0]["properties"] == {"profile": "live"}


def test_every_result_points_at_its_rule_and_its_place(log: dict[str, Any]) -> None:
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]

    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] in {"our%20playbooks/ask-first.yaml", "our%20playbooks/company.yaml"}
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    levels = {result["ruleId"]: result["level"] for result in run["results"]}
    assert levels["PB106"] == "note"
    assert levels["PB124"] == "error"


def test_every_rule_helps_and_names_its_heading(log: dict[str, Any]) -> None:
    rules = log["runs"][0]["tool"]["driver"]["rules"]

    assert len({rule["id"] for rule in rules}) == len(rules) > 3
    for rule in rules:
        heading = f"{rule['id']} {TITLES[Code(rule['id'])]}"
        assert rule["properties"]["heading"] == heading
        assert heading in rule["help"]["text"]
        assert len(rule["fullDescription"]["text"]) > len(rule["shortDescription"]["text"])


def test_a_waived_finding_is_suppressed_and_not_left_out(log: dict[str, Any]) -> None:
    suppressed = [result for result in log["runs"][0]["results"] if "suppressions" in result]

    assert [result["ruleId"] for result in suppressed] == ["PB103"]
    assert suppressed[0]["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "The sponsor signs in May"}
    ]


def test_what_could_not_be_looked_at_is_a_notification(log: dict[str, Any]) -> None:
    invocation = log["runs"][0]["invocations"][0]

    assert invocation["executionSuccessful"] is False
    assert "nowhere" in invocation["toolExecutionNotifications"][0]["message"]["text"]
