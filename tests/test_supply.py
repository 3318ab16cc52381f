"""What comes from elsewhere and what must not leave: packages are pinned here, and no secret is kept.

This module is the tests of that."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PINNED = re.compile(r"[A-Za-z0-9._\[\]-]+==\S+(?: ;.*)?$")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}$")
SECRETS = re.compile(
    r"xox[abeprs]-\d{9,}-[\w-]{20,}|xapp-\d-[A-Z0-9]{9,}-\d{9,}-[0-9a-f]{32,}|AKIA[0-9A-Z]{16}|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY|https://hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/\w{20,}"
)
MADE_UP = ("xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy",)  # the example on Slack's own pages
IGNORED = (".env", ".demo/nudger.db", "nudger.db", "nudger.db-wal", "nudger.key")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_pinned_with_its_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=[A-Za-z])", lock.read_text("utf-8").strip())
    assert len(entries) > 20
    for entry in entries:
        first, *more = [line.rstrip(" \\") for line in entry.splitlines()]
        assert PINNED.match(first), f"not pinned: {first}"
        assert any(HASH.search(line.strip()) for line in more), f"without a hash: {first}"


def texts() -> Iterator[tuple[str, str]]:
    """Give every file that is kept, by name."""
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    for name in filter(None, kept.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".npz"):
            yield name, path.read_text("utf-8", errors="replace")


needs_git = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what is kept is asked of git")


@needs_git
def test_no_file_holds_what_looks_like_a_secret() -> None:
    found = {name: found for name, text in texts() for found in SECRETS.findall(text) if found not in MADE_UP}
    assert found == {}


@needs_git
def test_no_change_that_was_ever_made_holds_what_looks_like_a_secret() -> None:
    log = subprocess.run(
        ["git", "log", "-p", "--all", "--no-color", "--no-textconv"], cwd=ROOT, capture_output=True, check=False
    )
    assert log.stdout.startswith(b"commit ")
    assert set(SECRETS.findall(log.stdout.decode("utf-8", errors="replace"))) <= set(MADE_UP)


@needs_git
def test_settings_keys_and_databases_are_never_added() -> None:
    asked = subprocess.run(["git", "check-ignore", *IGNORED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.stdout.split() == list(IGNORED)


@pytest.mark.parametrize(
    "secret", ["xoxb-" + "1" * 12 + "-" + "a" * 24, "-----BEGIN " + "PRIVATE KEY", "AKIA" + "Z" * 16]
)
def test_the_look_finds_a_secret(secret: str) -> None:
    assert SECRETS.search(f'TOKEN = "{secret}"')
