"""From a folder to playbooks: this module holds what is read, what is refused, and that nothing is silent."""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from nudges.domain.playbooks.company import Profile
from nudges.services.authoring.import_playbooks import (
    check_paths,
    profile_findings,
    read_folder,
    read_folder_with,
    text_hash,
)
from nudges.services.authoring.playbook_files import FILES_MAX
from tests.playbook_texts import GOOD, GOOD_COMPANY, PLAYBOOKS

pytestmark = pytest.mark.once

SHIPPED = Path(__file__).parents[2] / "playbooks"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the good company and the good playbook."""
    return Path(shutil.copytree(PLAYBOOKS / "good", tmp_path / "playbooks"))


def _codes(findings: tuple[object, ...]) -> list[str]:
    return [finding.code.value for finding in findings]  # type: ignore[attr-defined]


def test_a_good_folder_gives_its_company_and_its_playbooks(folder: Path) -> None:
    library = read_folder(folder)

    assert library.findings == ()
    assert library.company is not None
    assert library.company_text == GOOD_COMPANY
    read = library.playbooks["ask-first"]
    assert read.playbook.title == "Find an expert before you escalate"
    assert read.text == GOOD
    assert read.text_hash == text_hash(GOOD)
    assert read.file == str(folder / "ask-first.yaml")


def test_the_shipped_playbooks_have_no_findings() -> None:
    library = read_folder(SHIPPED)

    assert library.findings == ()
    assert len(library.playbooks) >= 3


def test_a_broken_file_keeps_no_other_from_being_used(folder: Path) -> None:
    (folder / "broken.yaml").write_text("playbook: broken\ntitel: x\n")
    library = read_folder(folder)

    assert list(library.playbooks) == ["ask-first"]
    assert library.broken == (str(folder / "broken.yaml"),)


def test_two_files_with_one_name_are_both_named_and_neither_is_used(folder: Path) -> None:
    shutil.copy(folder / "ask-first.yaml", folder / "a-copy.yaml")
    library = read_folder(folder)

    assert _codes(library.findings) == ["PB044", "PB044"]
    assert library.playbooks == {}


def test_a_missing_company_is_said(folder: Path) -> None:
    (folder / "company.yaml").unlink()
    library = read_folder(folder)

    assert _codes(library.findings) == ["PB045"]
    assert library.company is None


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    library = read_folder(tmp_path / "nowhere")

    assert _codes(library.findings) == ["PB062"]


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(GOOD.replace("ask-first", "secret"))
    (folder / "link.yaml").symlink_to(secret)
    library = read_folder(folder)

    assert _codes(library.findings) == ["PB060"]
    assert "secret" not in library.playbooks


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    # This is how configuration is mounted into containers.
    (folder / "..data").mkdir()
    (folder / "ask-first.yaml").rename(folder / "..data" / "ask-first.yaml")
    (folder / "ask-first.yaml").symlink_to(folder / "..data" / "ask-first.yaml")

    assert list(read_folder(folder).playbooks) == ["ask-first"]


def test_links_in_a_circle_are_refused(folder: Path) -> None:
    (folder / "one.yaml").symlink_to(folder / "two.yaml")
    (folder / "two.yaml").symlink_to(folder / "one.yaml")

    assert set(_codes(read_folder(folder).findings)) == {"PB062"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    answers: list[list[str]] = []
    reader = threading.Thread(target=lambda: answers.append(_codes(read_folder(folder).findings)), daemon=True)
    reader.start()
    reader.join(timeout=20)

    assert answers == [["PB060"]]


def test_a_folder_named_like_a_playbook_is_refused(folder: Path) -> None:
    (folder / "dir.yaml").mkdir()

    assert _codes(read_folder(folder).findings) == ["PB060"]


def test_a_folder_with_thousands_of_files_is_refused_whole(folder: Path) -> None:
    for number in range(FILES_MAX):
        (folder / f"{number}.txt").touch()
    library = read_folder(folder)

    assert _codes(library.findings) == ["PB061"]
    assert library.playbooks == {}


def test_playbooks_in_subfolders_are_not_silently_left_out(folder: Path) -> None:
    (folder / "later").mkdir()
    (folder / "later" / "more.yaml").write_text(GOOD)
    library = read_folder(folder)

    assert _codes(library.findings) == ["PB064"]
    assert not library.findings[0].is_error


def test_a_file_is_checked_with_the_company_beside_it(folder: Path) -> None:
    report = check_paths([folder / "ask-first.yaml"])

    assert report.findings == ()
    assert set(report.files) == {str(folder / "company.yaml"), str(folder / "ask-first.yaml")}


def test_the_company_can_be_checked_by_itself(folder: Path) -> None:
    (folder / "company.yaml").write_text(GOOD_COMPANY.replace("k: 5", "k: 2"))
    report = check_paths([folder / "company.yaml"])

    assert _codes(report.findings) == ["PB017"]
    assert report.files == (str(folder / "company.yaml"),)


def test_a_path_that_does_not_exist_could_not_be_checked(folder: Path) -> None:
    report = check_paths([folder, folder / "nowhere.yaml"])

    assert report.could_not_run == (f"{folder / 'nowhere.yaml'}: there is no such file or folder.",)
    assert report.findings == ()


def test_a_hundred_playbooks_are_read_in_a_second_or_two(folder: Path) -> None:
    for number in range(100):
        (folder / f"p{number}.yaml").write_text(GOOD.replace("playbook: ask-first", f"playbook: p{number}"))
    started = time.process_time()
    library = read_folder(folder)

    assert len(library.playbooks) == 101
    assert time.process_time() - started < 4  # well under one on a quiet machine


def _with_waiver(folder: Path, waiver: str) -> None:
    (folder / "company.yaml").write_text(GOOD_COMPANY + f"\nwaive: {waiver}\n")


def test_a_waiver_of_company_yaml_holds_for_the_folder_and_is_named_when_idle(folder: Path) -> None:
    (folder / "later").mkdir()
    (folder / "later" / "more.yaml").write_text(GOOD)
    _with_waiver(folder, "{PB064: They wait for the autumn}")
    waiting = read_folder(folder)
    shutil.rmtree(folder / "later")
    idle = read_folder(folder)

    assert (_codes(waiting.findings), _codes(waiting.waived)) == ([], ["PB064"])
    assert (_codes(idle.findings), _codes(idle.waived)) == (["PB117"], [])
    assert idle.findings[0].file == str(folder / "company.yaml")
    assert idle.company is not None


def test_of_a_single_file_nobody_can_say_which_waivers_are_idle(folder: Path) -> None:
    _with_waiver(folder, "{PB103: Another playbook has none yet}")

    assert check_paths([folder / "ask-first.yaml"]).findings == ()


def test_two_campaigns_for_the_same_people_are_named_and_still_used(folder: Path) -> None:
    (folder / "b.yaml").write_text(GOOD.replace("playbook: ask-first", "playbook: b"))
    library = read_folder(folder)

    assert [(Path(one.file).name, one.code.value) for one in library.findings] == [("b.yaml", "PB131")]
    assert set(library.playbooks) == {"ask-first", "b"}


def test_a_waiver_in_the_later_file_sets_the_rivals_aside(folder: Path) -> None:
    waived = GOOD.replace("playbook: ask-first", "playbook: b") + "waive: {PB131: They were asked}\n"
    (folder / "b.yaml").write_text(waived)
    library = read_folder(folder)

    assert (_codes(library.findings), _codes(library.waived)) == ([], ["PB131"])


def test_a_profile_finds_what_it_asks_of_one_playbook(folder: Path) -> None:
    library = read_folder(folder)

    assert profile_findings(library, "ask-first", Profile.DRAFT).errors == 0
    live = profile_findings(library, "ask-first", Profile.LIVE)
    assert live.errors == len([one for one in live.findings if one.is_error]) > 0
    assert profile_findings(library, "nowhere", Profile.LIVE).findings == ()


def test_faults_of_a_profile_keep_no_playbook_from_being_used(folder: Path) -> None:
    library = read_folder(folder, Profile.LIVE)

    assert any(finding.is_error for finding in library.findings)
    assert (list(library.playbooks), library.broken) == (["ask-first"], ())


def test_a_text_not_saved_yet_is_read_as_if_it_stood_in_the_folder(folder: Path) -> None:
    library = read_folder_with(folder, "b.yaml", GOOD.replace("ask-first", "b").replace("title:", "titel:"))

    assert [(Path(one.file).name, one.code.value) for one in library.findings] == [("b.yaml", "PB012")]
    assert not (folder / "b.yaml").exists()
