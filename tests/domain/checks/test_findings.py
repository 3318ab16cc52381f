"""The finding itself: this module holds how it reads, that each code is documented, and whose numbers ours are."""

import json
import re
from pathlib import Path

import pytest

from nudges.domain.checks.finding_codes import TITLES, Code, Severity, severity_of
from nudges.domain.checks.findings import make_finding
from nudges.domain.files.nudge_shapes import KINDS
from nudges.domain.playbooks import limits
from nudges.domain.playbooks.playbook import Playbook
from nudges.domain.times.countries import COUNTRIES

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
CONTRACT = json.loads((ROOT / "tests" / "data" / "block-kit-limits.json").read_text(encoding="utf-8"))


def test_a_finding_reads_as_place_line_caret_and_fix() -> None:
    finding = make_finding(
        Code.UNKNOWN_KEY,
        file="playbooks/x.yaml",
        line=12,
        column=3,
        source_line="  titel: Hello",
        sentence="`titel` is not a key of the playbook.",
        fix="Did you mean `title`?",
    )

    assert finding.text().split("\n") == [
        "playbooks/x.yaml:12:3 PB012 `titel` is not a key of the playbook.",
        "      titel: Hello",
        "      ^",
        "    fix: Did you mean `title`?",
    ]
    assert finding.as_json()["column"] == 3


def test_a_long_line_is_cut_round_the_fault() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    finding = make_finding(Code.BAD_YAML, file="x", column=501, source_line=line, sentence="No.", fix="Mend it.")

    assert len(finding.source_line) <= 160
    assert finding.source_line[finding.caret :].startswith("HERE")


def test_control_characters_do_not_reach_the_terminal() -> None:
    finding = make_finding(Code.BAD_YAML, file="x", source_line="a\x1b[31mb", sentence="`\x1b[2J` no.", fix="Mend it.")

    assert "\x1b" not in finding.text()


@pytest.mark.parametrize("code", list(Code))
def test_every_code_has_its_heading_in_the_guide(code: Code) -> None:
    assert f"### {code.value} {TITLES[code]}\n" in GUIDE


def test_the_guide_describes_no_code_that_does_not_exist() -> None:
    assert set(re.findall(r"^### (PB\d{3})", GUIDE, re.MULTILINE)) == {code.value for code in Code}


def test_codes_from_100_on_are_advice() -> None:
    advice = {code for code in Code if severity_of(code) is Severity.ADVICE}

    assert advice == {code for code in Code if code.value >= "PB100"} | {Code.SUBFOLDER}


def test_the_guide_names_every_key_of_a_playbook() -> None:
    keys = set(Playbook.model_fields) | {key for model in KINDS.values() for key in model.model_fields}

    assert [key for key in sorted(keys - {"kind", "key"}) if f"`{key}`" not in GUIDE] == []


def test_our_lengths_are_slacks() -> None:
    assert CONTRACT["blocks"]["section"]["text.text"]["max_length"] == limits.TEXT_MAX
    assert CONTRACT["blocks"]["header"]["text.text"]["max_length"] == limits.HEADER_MAX
    button = CONTRACT["elements"]["button"]
    assert button["text.text"]["max_length"] == limits.BUTTON_MAX
    assert button["text.text"]["may_truncate_at"] == limits.BUTTON_SHOWN
    assert button["url"]["max_length"] == limits.LINK_MAX
    assert CONTRACT["surfaces"]["message_update"]["text"]["max_length"] > limits.MESSAGE_MAX


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("é", 1), ("😀", 2), ("", 0)])
def test_characters_count_by_the_stricter_rule(text: str, length: int) -> None:
    assert limits.counted(text) == length


def test_countries_are_those_of_the_holiday_calendars_and_more() -> None:
    from holidays import list_supported_countries

    known = {code for code in list_supported_countries(include_aliases=False) if len(code) == 2}
    assert known <= COUNTRIES
