"""One of two processes that renew the same token: this module is started by the test, and says which token it got."""

import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from nudges.domain.people.installations import Tokens
from nudges.ports import RenewalRefused
from nudges.services.workspaces.token_box import TokenBox
from nudges.services.workspaces.tokens import StoredToken
from nudges.store.engine import open_database
from tests.fakes import FixedClock, utc
from tests.services.test_tokens import HERE, SECRET

THREADS = 25
ANSWER_S = 0.3  # as long as Slack takes, so that the others come while it is at it


class SharedSlack:
    """Takes a refresh token once, whichever process brings it: the first to make its file has used it up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def renew(self, refresh_token: str) -> Tokens:
        with (self.folder / "asked").open("a") as asked:
            asked.write(f"{refresh_token}\n")
        try:
            (self.folder / refresh_token).touch(exist_ok=False)
        except FileExistsError as error:
            raise RenewalRefused(slack_code="invalid_refresh_token") from error
        time.sleep(ANSWER_S)
        return Tokens("xoxe.xoxb-canary-1", "xoxe-1-canary-1", timedelta(hours=12))


def main(url: str, folder: Path, name: str) -> None:
    """Wait until both processes are there, then ask from many threads at once."""
    database = open_database(url)
    clock = FixedClock(utc("2027-01-12 19:30"))  # ten and a half hours on
    slack, box = SharedSlack(folder), TokenBox(SECRET)
    tokens = [StoredToken(database.of_workspace(HERE), clock, HERE, box=box, renewal=slack) for _ in range(THREADS)]
    (folder / f"ready-{name}").touch()
    while not (folder / "go").exists():
        time.sleep(0.005)
    threads = [threading.Thread(target=token.renew) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tokens[0].renew()
    print({StoredToken(database.of_workspace(HERE), clock, HERE, box=box, renewal=slack)() for _ in tokens})
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
