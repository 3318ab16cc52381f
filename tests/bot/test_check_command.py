"""`nudger check`: this module holds what it prints and which exit code it ends with."""

import json
from pathlib import Path

from bot.check_command import exit_code, render_report
from nudges.domain.playbooks.company import Profile
from nudges.services.authoring.import_playbooks import CheckReport, check_paths
from tests.playbook_texts import GOOD, GOOD_COMPANY

NO_SPONSOR = GOOD[: GOOD.index("sponsor:")] + GOOD[GOOD.index("audience:") :]
WAIVED = NO_SPONSOR + "waive: {PB103: The sponsor signs in May}\n"


def _checked(folder: Path, playbook: str, profile: Profile = Profile.DRAFT) -> CheckReport:
    (folder / "company.yaml").write_text(GOOD_COMPANY)
    (folder / "ask-first.yaml").write_text(playbook)
    return check_paths([folder], profile)


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


def test_what_is_waived_stands_at_the_end_with_its_reason(tmp_path: Path) -> None:
    report = _checked(tmp_path, WAIVED)
    blocks = render_report(report).split("\n\n")

    assert blocks[-3] == "Waived, each with its author's reason:"
    assert "PB103 waived: The playbook has no sponsor" in blocks[-2]
    assert blocks[-2].endswith("because: The sponsor signs in May")
    assert blocks[-1] == "2 files checked: 0 faults, 0 advice, 1 waived"
    assert exit_code(report) == 0


def test_a_riper_profile_turns_advice_into_faults(tmp_path: Path) -> None:
    assert exit_code(_checked(tmp_path, NO_SPONSOR)) == 0
    live = _checked(tmp_path, NO_SPONSOR, Profile.LIVE)

    assert exit_code(live) == 1
    assert render_report(live).split("\n")[-1].startswith("2 files checked as live: ")


def test_json_says_the_profile_and_what_is_waived(tmp_path: Path) -> None:
    answer = json.loads(render_report(_checked(tmp_path, WAIVED, Profile.PILOT), format="json"))

    assert answer["profile"] == "pilot"
    assert [one["code"] for one in answer["waived"]] == ["PB103"]
    assert answer["waived"][0]["waived_because"] == "The sponsor signs in May"
