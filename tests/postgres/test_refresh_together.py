"""Two processes and fifty threads that all need the token renewed: one of them asks Slack."""

import subprocess
import sys
from ast import literal_eval
from pathlib import Path

from nudges.services.workspaces.installing import complete_installation
from nudges.services.workspaces.token_box import TokenBox
from nudges.store import installations, instance
from nudges.store.engine import Database
from tests.acceptance.running import wait_until
from tests.fakes import FixedClock, utc
from tests.services.test_tokens import HERE, SECRET, a_grant

ROOT = Path(__file__).parent.parent.parent


def test_of_fifty_in_two_processes_one_renews_and_all_have_its_token(db: Database, url: str, tmp_path: Path) -> None:
    complete_installation(db, FixedClock(utc("2027-01-12 09:00")), TokenBox(SECRET), a_grant())
    command = [sys.executable, "-m", "tests.postgres.refreshing", url, str(tmp_path)]
    both = [
        subprocess.Popen([*command, name], cwd=ROOT, stdout=subprocess.PIPE, text=True) for name in ("one", "other")
    ]
    try:
        wait_until(lambda: all((tmp_path / f"ready-{name}").exists() for name in ("one", "other")))
        (tmp_path / "go").touch()
        said = [process.communicate(timeout=60)[0].strip() for process in both]
    finally:
        for process in both:
            process.kill()

    assert (tmp_path / "asked").read_text().splitlines() == ["xoxe-1-canary-0"]
    with db.reading() as session:
        stored = installations.tokens(session, HERE)
        here = instance.workspace(session, HERE)
    assert stored is not None and stored.generation == 2
    assert here is not None and here.hold_reason == ""
    got = [literal_eval(one) for one in said]
    assert {"xoxe.xoxb-canary-1"} in got
    # The old one serves until its end, so who came while it was being renewed may have been given it.
    assert set.union(*got) <= {"xoxe.xoxb-canary-1", "xoxe.xoxb-canary-0"}
