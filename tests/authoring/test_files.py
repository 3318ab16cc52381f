"""Files that the authoring commands write: new ones, shaped ones, lifted ones, and the schemas beside them."""

import json
import os
from pathlib import Path
from shutil import copytree

import pytest

from nudges.domain.checks.findings import Severity
from nudges.domain.editing.templates import NUDGES
from nudges.domain.playbooks.sequels import written_key
from nudges.errors import FileRefused
from nudges.services.authoring.editor_schema import FOLDER, header_for, schema_texts, vocabulary_of, write_schemas
from nudges.services.authoring.format_files import format_paths
from nudges.services.authoring.import_playbooks import check_paths, read_folder
from nudges.services.authoring.migrate_playbooks import migrate_folder
from nudges.services.authoring.new_files import add_nudge, new_company, new_playbook, nudge_text
from tests.playbook_texts import PLAYBOOKS

SHIPPED = Path(__file__).parents[2] / "playbooks"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(PLAYBOOKS / "good", tmp_path / "playbooks")


def test_a_new_playbook_passes_the_check_without_a_word(folder: Path) -> None:
    path = new_playbook(folder, "first-week")

    findings = check_paths([path]).findings
    assert [finding.text() for finding in findings] == []
    assert read_folder(folder).playbooks["first-week"].playbook.audience.segments == ("customer-service",)


def test_a_new_playbook_is_in_shape_and_names_its_schema(folder: Path) -> None:
    path = new_playbook(folder, "first-week")

    assert path.read_text(encoding="utf-8").startswith(header_for(path.name) + "\n")
    assert (folder / FOLDER / "playbook.schema.json").is_file()
    assert format_paths([path], is_check=True).changed == ()


def test_an_empty_folder_gets_a_company_and_then_a_playbook(tmp_path: Path) -> None:
    folder = tmp_path / "playbooks"
    with pytest.raises(FileRefused, match=r"no company\.yaml"):
        new_playbook(folder, "first-week")

    new_company(folder)
    new_playbook(folder, "first-week")

    assert [finding.text() for finding in check_paths([folder]).findings] == []


def test_nothing_is_overwritten(folder: Path) -> None:
    before = (folder / "ask-first.yaml").read_bytes()

    with pytest.raises(FileRefused, match="already"):
        new_playbook(folder, "ask-first")
    with pytest.raises(FileRefused, match="not touched"):
        new_company(folder)

    assert (folder / "ask-first.yaml").read_bytes() == before


def test_a_file_that_is_no_playbook_is_not_overwritten_either(folder: Path) -> None:
    (folder / "first-week.yaml").write_text("# my notes\n", encoding="utf-8")

    with pytest.raises(FileRefused, match="not touched"):
        new_playbook(folder, "first-week")

    assert (folder / "first-week.yaml").read_text(encoding="utf-8") == "# my notes\n"


@pytest.mark.parametrize("name", ["two words", "all", "2027", "../x", ""])
def test_a_name_that_cannot_be_is_refused_before_anything_is_written(folder: Path, name: str) -> None:
    before = sorted(os.listdir(folder))

    with pytest.raises(FileRefused):
        new_playbook(folder, name)

    assert sorted(os.listdir(folder)) == before


@pytest.mark.parametrize("kind", list(NUDGES))
def test_a_nudge_is_added_at_the_end_and_the_rest_is_untouched(folder: Path, kind: str) -> None:
    path = folder / "ask-first.yaml"
    before = path.read_text(encoding="utf-8")

    name = add_nudge(path, kind, "")

    after = path.read_text(encoding="utf-8")
    start, end = before[: before.index("remedies:")], before[before.index("remedies:") :]
    assert after.startswith(start) and after.endswith(end)
    last = read_folder(folder).playbooks["ask-first"].playbook.nudges[-1]
    assert written_key(last.key) == name
    assert not [finding for finding in check_paths([path]).findings if finding.severity is Severity.ERROR]


def test_a_second_nudge_gets_another_name_and_a_later_week(folder: Path) -> None:
    path = folder / "ask-first.yaml"

    names = [add_nudge(path, "tip", ""), add_nudge(path, "tip", "")]

    nudges = read_folder(folder).playbooks["ask-first"].playbook.nudges[-2:]
    assert names == ["new-tip", "new-tip-2"]
    assert [nudge.when.week for nudge in nudges] == [3, 4]  # type: ignore[union-attr]


def test_comments_below_the_last_nudge_stay_with_it(folder: Path) -> None:
    path = folder / "ask-first.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("remedies:", "    # of the quiz\n  # of the list\nremedies:"), encoding="utf-8")

    add_nudge(path, "tip", "one-more")

    after = path.read_text(encoding="utf-8")
    assert after.index("# of the quiz") < after.index("- tip: one-more") < after.index("# of the list")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("tool: Slack channels", "tool: Slack: channels", "left as it is"),
        ("- tip: why-ask", "- tip: new-tip", "already"),
    ],
)
def test_a_nudge_that_cannot_be_added_is_not(folder: Path, old: str, new: str, sentence: str) -> None:
    path = folder / "ask-first.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = path.read_bytes()

    with pytest.raises(FileRefused, match=sentence):
        add_nudge(path, "tip", "new-tip")

    assert path.read_bytes() == before


def test_a_nudge_is_not_squeezed_into_brackets(folder: Path) -> None:
    path = folder / "flow.yaml"
    path.write_text("playbook: flow\nnudges: [{tip: a}]\n", encoding="utf-8")

    with pytest.raises(FileRefused, match="brackets"):
        add_nudge(path, "tip", "")


def test_a_nudge_can_be_printed_without_any_company() -> None:
    assert nudge_text("quiz", "", None).startswith("- quiz: new-quiz\n")


def test_shaping_changes_the_file_and_not_its_meaning(folder: Path) -> None:
    path = folder / "ask-first.yaml"
    before = read_folder(folder).playbooks["ask-first"].playbook
    path.chmod(0o640)

    report = format_paths([folder], is_check=False)

    assert path in report.changed
    assert read_folder(folder).playbooks["ask-first"].playbook == before
    assert path.stat().st_mode & 0o777 == 0o640
    assert format_paths([folder], is_check=True).changed == ()
    assert sorted(os.listdir(folder)) == ["ask-first.yaml", "company.yaml"]


def test_a_check_of_the_shape_changes_nothing(folder: Path) -> None:
    before = (folder / "ask-first.yaml").read_bytes()

    report = format_paths([folder], is_check=True)

    assert report.changed
    assert (folder / "ask-first.yaml").read_bytes() == before


def test_windows_line_ends_stay(folder: Path) -> None:
    path = folder / "ask-first.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    format_paths([path], is_check=False)

    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("title: Find an expert", "title: Find: an expert", "PB006"),
        ("tool: Slack channels", "tool: Slack\ntool: channels", "PB008"),
        ("tool: Slack channels", "tool: &a Slack", "PB009"),
        ("    by: {name", "\tby: {name", "PB005"),
    ],
)
def test_a_file_that_is_no_whole_tree_is_refused_in_a_sentence(folder: Path, old: str, new: str, code: str) -> None:
    path = folder / "ask-first.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = path.read_bytes()

    report = format_paths([path], is_check=False)

    assert code in report.refused[0] and "left as it is" in report.refused[0]
    assert path.read_bytes() == before


def test_a_faulty_value_keeps_no_file_from_its_shape(folder: Path) -> None:
    path = folder / "ask-first.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("titel", "title").replace("week: 1,", "week: 0,"))

    assert format_paths([path], is_check=False).changed == (path,)


def test_there_is_nothing_to_lift_today(folder: Path) -> None:
    report = migrate_folder(folder, is_check=True)

    assert (len(report.files), report.changed, report.refused) == (2, (), ())


def test_a_file_of_a_newer_nudger_is_left_alone(folder: Path) -> None:
    path = folder / "ask-first.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "format: 99\n", encoding="utf-8")

    (refused,) = migrate_folder(folder, is_check=False).refused
    (finding,) = [finding for finding in check_paths([path]).findings if finding.is_error]

    assert "format 99" in refused and "Update Nudger" in refused
    assert (finding.code.value, finding.fix) == ("PB049", "Update Nudger; the file is not at fault.")


def test_schemas_are_written_once_and_again_when_names_change(folder: Path) -> None:
    assert [path.name for path in write_schemas(folder)] == [
        "playbook.schema.json",
        "company.schema.json",
        "plays.schema.json",
    ]
    assert write_schemas(folder) == ()

    company = folder / "company.yaml"
    company.write_text(company.read_text(encoding="utf-8") + "  new-one: {place: Porto}\n", encoding="utf-8")

    assert len(write_schemas(folder)) == 2, "plays name no segments"
    assert "new-one" in vocabulary_of(folder).segments


def test_the_folder_of_schemas_is_no_finding(folder: Path) -> None:
    before = check_paths([folder]).findings

    write_schemas(folder)

    assert check_paths([folder]).findings == before


def test_the_languages_on_offer_are_those_in_use() -> None:
    assert {"en", "pt", "pt-BR"} <= set(vocabulary_of(SHIPPED).languages)


@pytest.mark.parametrize("name", ["playbook.schema.json", "company.schema.json"])
def test_the_shipped_schemas_are_up_to_date(name: str) -> None:
    shipped = json.loads((SHIPPED / FOLDER / name).read_text(encoding="utf-8"))

    is_same = without_zones(shipped) == without_zones(json.loads(schema_texts(SHIPPED)[name]))
    assert is_same, "The types or company.yaml have changed: .venv/bin/nudger schema --write"


def without_zones(value: object) -> object:
    """Zones come and go with the zone data of a machine."""
    if isinstance(value, list):
        return [without_zones(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: without_zones(one) for key, one in value.items() if key != "enum" or "Europe/Lisbon" not in one}
