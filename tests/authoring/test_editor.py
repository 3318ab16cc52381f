"""What an author sees in an editor: the YAML language server of editors, with our schema, agrees with the loader."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from nudges.domain.checks.findings import Code
from nudges.domain.files.loading import load_company
from nudges.services.authoring.editor_schema import FOLDER, PLAYBOOK_FILE, header_for, write_schemas
from tests.domain.files.test_loading_faults import IN_A_COMPANY, IN_A_PLAYBOOK
from tests.language_server import FOLDER as NPM
from tests.language_server import LanguageServer, language_server
from tests.playbook_texts import GOOD, GOOD_COMPANY, MARK, PLAYBOOKS, findings_in
from tests.schema_cases import (
    GOOD_IN_A_COMPANY,
    GOOD_IN_A_PLAYBOOK,
    KNOWN_TOO,
    OURS_ALONE,
    OURS_IN_COMPANY,
    WRITTEN_OTHERWISE,
)

SHIPPED = Path(__file__).parents[2] / "playbooks"
# The server follows anchors and tags, and takes characters that we do not.
NEVER_KNOWN = set(OURS_ALONE) - {Code.DUPLICATE_KEY}
HEAD = header_for("ask-first.yaml") + "\n"
COMPANY_HEAD = header_for("company.yaml") + "\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    folder = tmp_path_factory.mktemp("playbooks")
    copy(PLAYBOOKS / "good" / "company.yaml", folder)
    write_schemas(folder)
    with language_server(folder) as running:
        yield running


def test_good_playbooks_have_no_fault_in_the_editor(server: LanguageServer) -> None:
    texts = [GOOD, *(GOOD.replace(old, new) for old, new in GOOD_IN_A_PLAYBOOK)]

    answers = server.diagnose_all("ask-first.yaml", [HEAD + text for text in texts])

    assert [[one["message"] for one in answer] for answer in answers] == [[] for _ in texts]


def test_good_company_files_have_no_fault_in_the_editor(server: LanguageServer) -> None:
    texts = [GOOD_COMPANY, *(GOOD_COMPANY.replace(old, new) for old, new in GOOD_IN_A_COMPANY)]

    answers = server.diagnose_all("company.yaml", [COMPANY_HEAD + text for text in texts])

    assert [[one["message"] for one in answer] for answer in answers] == [[] for _ in texts]


def test_faulty_playbooks_have_a_fault_in_the_editor(server: LanguageServer) -> None:
    pieces = [
        piece for piece in IN_A_PLAYBOOK if Code(piece[2]) not in NEVER_KNOWN and piece[1] not in WRITTEN_OTHERWISE
    ]
    texts = [GOOD.replace(old, new.replace(MARK, "")) for old, new, _ in (*pieces, *KNOWN_TOO)]
    faulty = [text for text in texts if any(finding.is_error for finding in findings_in(text))]

    answers = server.diagnose_all("ask-first.yaml", [HEAD + text for text in faulty])

    assert len(faulty) > 50
    assert [text for text, answer in zip(faulty, answers, strict=True) if not answer] == []


def test_faulty_company_files_have_a_fault_in_the_editor(server: LanguageServer) -> None:
    pieces = [piece for piece in IN_A_COMPANY if Code(piece[2]) not in OURS_IN_COMPANY]
    texts = [GOOD_COMPANY.replace(old, new.replace(MARK, "")) for old, new, _ in pieces]
    faulty = [text for text in texts if load_company(text, file="company.yaml").value is None]

    answers = server.diagnose_all("company.yaml", [COMPANY_HEAD + text for text in faulty])

    assert len(faulty) > 10
    assert [text for text, answer in zip(faulty, answers, strict=True) if not answer] == []


def test_a_fault_is_marked_on_its_own_line_in_plain_words(server: LanguageServer) -> None:
    faulty = GOOD.replace("useful: 60%", "useful: 0.6")

    (fault,) = server.diagnose("ask-first.yaml", HEAD + faulty)

    assert fault["message"] == "Write a percentage from 0% to 100%, with its sign."
    assert "useful: 0.6" in (HEAD + faulty).splitlines()[fault["range"]["start"]["line"]]


OFFERS = [
    ("playbook: x\n¦", ["title", "owner", "nudges", "remedies"]),
    ("audience:\n  segments:\n    - ¦", ["customer-service", "service-pilot", "sales"]),
    ("audience:\n  segments: [¦]", ["customer-service", "sales"]),
    ("personal_wins:\n  ¦", ["customer-service", "sales"]),
    ("personal_wins:\n  sales:\n    kind: ¦", ["easier_day", "marketable_skill", "contact"]),
    ("nudges:\n  - ¦", ["tip", "story", "quiz"]),
    ("nudges:\n  - tip: x\n    ¦", ["when", "stage", "text", "try_it"]),
    ("nudges:\n  - quiz: x\n    ¦", ["question", "choices"]),
    ("nudges:\n  - tip: x\n    stage: ¦", ["sell", "show", "ask"]),
    ("nudges:\n  - tip: x\n    when:\n      ¦", ["week", "day", "at", "after", "days"]),
    ("nudges:\n  - tip: x\n    when:\n      day: ¦", ["mon", "tue", "fri"]),
    ("nudges:\n  - tip: x\n    try_it:\n      channel: ¦", ["ask-billing"]),
    ("remedies:\n  ¦", ["manager_discourages", "tool_fatigue", "language_or_accessibility"]),
    ("waive:\n  ¦", ["PB103", "PB104"]),
]


@pytest.mark.parametrize(("text", "offers"), OFFERS)
def test_the_editor_offers_what_belongs_here(server: LanguageServer, text: str, offers: list[str]) -> None:
    assert set(offers) <= set(server.complete("new.yaml", HEAD + text))


def test_a_tip_is_not_offered_what_a_quiz_has(server: LanguageServer) -> None:
    assert "choices" not in server.complete("new.yaml", HEAD + "nudges:\n  - tip: x\n    ¦")


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("segments:\n  new:\n    ¦", ["department", "all", "not", "used", "sample"]),
        ("segments:\n  new:\n    segment: ¦", ["customer-service", "sales"]),
        ("segments:\n  new:\n    kind: ¦", ["member", "guest"]),
        ("segments:\n  new:\n    kind: [¦]", ["member", "guest", "bot"]),
        ("default_zone: ¦", ["Europe/Lisbon", "Asia/Tokyo"]),
        ("barriers:\n  remedies:\n    ¦", ["no_time", "policy_worry"]),
    ],
)
def test_the_editor_offers_what_belongs_into_company_yaml(server: LanguageServer, text: str, offers: list[str]) -> None:
    assert set(offers) <= set(server.complete("company.yaml", COMPANY_HEAD + text))


def test_the_shipped_files_have_no_fault_in_the_editor() -> None:
    with language_server(SHIPPED) as running:
        for file in sorted(SHIPPED.glob("*.yaml")):
            text = file.read_text(encoding="utf-8")

            assert text.startswith(header_for(file.name) + "\n")
            assert running.diagnose(file.name, text) == []


@pytest.mark.parametrize(("old", "new", "verdict"), [("", "", 0), ("title:", "titel:", 1), ("week: 1,", "week: 0,", 1)])
def test_another_validator_has_the_same_verdict(tmp_path: Path, old: str, new: str, verdict: int) -> None:
    copy(PLAYBOOKS / "good" / "company.yaml", tmp_path)
    (tmp_path / "ask-first.yaml").write_text(GOOD.replace(old, new, 1) if old else GOOD, encoding="utf-8")
    write_schemas(tmp_path)
    schema = tmp_path / FOLDER / PLAYBOOK_FILE
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(tmp_path / "ask-first.yaml")]

    assert subprocess.run(command, capture_output=True, check=False).returncode == verdict


def test_what_comes_from_npm_is_locked_without_an_address() -> None:
    lock = json.loads((NPM / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]

    assert packages
    assert all(package["integrity"].startswith("sha512-") and "resolved" not in package for package in packages)
