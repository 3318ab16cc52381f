"""Folders made to hurt: this module holds that nothing outside the folder is ever read, and that nobody waits.

Two hundred trees are made of links that lead out, devices, pipes, folders with the names of files and deep
nests; every word that lies outside carries a mark that must never be seen.
"""

import os
import random
import time
from pathlib import Path

import pytest

from nudges.services.authoring.import_playbooks import Library, check_paths, read_folder
from nudges.services.authoring.playbook_files import FILES_MAX, TOTAL_MAX
from tests.playbook_texts import GOOD, GOOD_COMPANY
from tests.soak import luck

pytestmark = pytest.mark.once

TREES = 200
SECRET = "swordfish"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A place beside the folder with playbooks that nobody was given."""
    place = tmp_path / "outside"
    (place / "deeper").mkdir(parents=True)
    text = GOOD.replace("playbook: ask-first", f"playbook: {SECRET}").replace("title: Find", f"title: {SECRET} Find")
    for path in (place / "secret.yaml", place / "company.yaml", place / "deeper" / "secret.yaml"):
        path.write_text(text)
    return place


def test_two_hundred_crafted_trees_give_nothing_away(tmp_path: Path, outside: Path) -> None:
    chance = random.Random(luck(20270112))
    for number in range(TREES):
        folder = tmp_path / f"tree-{number}"
        _craft(folder, outside, chance)
        started = time.process_time()
        library = read_folder(folder)
        report = check_paths([folder, *(path for path in sorted(folder.iterdir()) if not path.is_dir())])

        assert time.process_time() - started < 3
        assert SECRET not in _all_words(library) + "".join(finding.text() for finding in report.findings)
        assert all(finding.line >= 1 and finding.column >= 1 and finding.fix for finding in report.findings)


def test_a_tree_with_everything_wrong_still_gives_its_good_playbook(tmp_path: Path, outside: Path) -> None:
    folder = tmp_path / "playbooks"
    folder.mkdir()
    (folder / "company.yaml").write_text(GOOD_COMPANY)
    (folder / "good.yaml").write_text(GOOD)
    for number, craft in enumerate(CRAFTS):
        craft(folder, f"bad-{number}.yaml", outside)
    library = read_folder(folder)

    assert "ask-first" in library.playbooks
    broken = {"PB001", "PB003", "PB025", "PB060", "PB062", "PB063"}
    assert {finding.code.value for finding in library.findings if finding.is_error} <= broken


def test_a_folder_of_more_than_fifty_megabytes_is_not_read_to_the_end(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(GOOD_COMPANY)
    for number in range(60):
        (tmp_path / f"p{number:02}.yaml").write_bytes(b"# " + b"x" * (1024 * 1024 - 10) + b"\n")
    started = time.process_time()
    library = read_folder(tmp_path)

    assert TOTAL_MAX == 50 * 1024 * 1024
    assert "PB061" in {finding.code.value for finding in library.findings}
    assert time.process_time() - started < 20


def test_a_name_as_long_as_the_system_takes_is_read(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(GOOD_COMPANY)
    (tmp_path / f"{'n' * 250}.yaml").write_text(GOOD)

    assert list(read_folder(tmp_path).playbooks) == ["ask-first"]


def test_a_folder_with_too_many_files_is_refused_before_any_is_read(tmp_path: Path) -> None:
    for number in range(FILES_MAX + 1):
        (tmp_path / f"{number}.yaml").touch()

    assert [one.code.value for one in read_folder(tmp_path).findings] == ["PB061"]


def _craft(folder: Path, outside: Path, chance: random.Random) -> None:
    folder.mkdir()
    if chance.random() < 0.7:
        (folder / "company.yaml").write_text(GOOD_COMPANY)
    elif chance.random() < 0.5:
        (folder / "company.yaml").symlink_to(outside / "company.yaml")
    for number in range(chance.randint(1, 5)):
        chance.choice(CRAFTS)(folder, f"p{number}{chance.choice(('.yaml', '.yml', '.YAML'))}", outside)


def _link_out(folder: Path, name: str, outside: Path) -> None:
    (folder / name).symlink_to(outside / "secret.yaml")


def _link_up_and_down(folder: Path, name: str, outside: Path) -> None:
    (folder / name).symlink_to(Path("..") / folder.name / ".." / outside.name / "deeper" / "secret.yaml")


def _link_to_a_linked_folder(folder: Path, name: str, outside: Path) -> None:
    (folder / f"{name}.d").symlink_to(outside, target_is_directory=True)
    (folder / name).symlink_to(folder / f"{name}.d" / "secret.yaml")


def _link_to_the_folder_outside(folder: Path, name: str, outside: Path) -> None:
    (folder / name).symlink_to(outside, target_is_directory=True)


def _link_in_a_circle(folder: Path, name: str, outside: Path) -> None:
    (folder / name).symlink_to(folder / name)


def _link_to_nothing(folder: Path, name: str, outside: Path) -> None:
    (folder / name).symlink_to(outside / "gone.yaml")


def _device(folder: Path, name: str, outside: Path) -> None:
    (folder / name).symlink_to("/dev/zero")


def _process_files(folder: Path, name: str, outside: Path) -> None:
    (folder / name).symlink_to("/proc/self/environ")


def _pipe(folder: Path, name: str, outside: Path) -> None:
    os.mkfifo(folder / name)


def _folder_like_a_file(folder: Path, name: str, outside: Path) -> None:
    (folder / name).mkdir()
    (folder / name / "inner.yaml").symlink_to(outside / "secret.yaml")


def _deep_nest(folder: Path, name: str, outside: Path) -> None:
    (folder / f"{name}.d" / "/".join("abcdefgh")).mkdir(parents=True)
    (folder / f"{name}.d" / "linked.yaml").symlink_to(outside / "secret.yaml")


def _noise(folder: Path, name: str, outside: Path) -> None:
    (folder / name).write_bytes(bytes(range(256)) * 20)


def _empty(folder: Path, name: str, outside: Path) -> None:
    (folder / name).touch()


CRAFTS = [
    _link_out,
    _link_up_and_down,
    _link_to_a_linked_folder,
    _link_to_the_folder_outside,
    _link_in_a_circle,
    _link_to_nothing,
    _device,
    _process_files,
    _folder_like_a_file,
    _deep_nest,
    _noise,
    _empty,
    *([_pipe] if hasattr(os, "mkfifo") else []),
]


def _all_words(library: Library) -> str:
    findings = "".join(finding.text() for finding in (*library.findings, *library.waived))
    texts = "".join(entry.text for entry in library.playbooks.values())
    return findings + texts + library.company_text + str(library.company)
