"""A folder with playbooks and the command line in it: this module is how tests type `nudger`."""

import os
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.acceptance.quick_cli import Done
from tests.acceptance.quick_process import Nursery
from tests.acceptance.running import free_port


@dataclass
class Terminal:
    """A folder with playbooks and a database, and the command line in it."""

    nursery: Nursery
    folder: Path
    env: dict[str, str]

    def run(self, *arguments: str, largest_file: int = 0, is_plain: bool = False, **env: str) -> Done:
        return self.nursery.run(
            *arguments, cwd=self.folder, env=self.env | env, largest_file=largest_file, is_plain=is_plain
        )

    def works(self, *arguments: str, **env: str) -> str:
        done = self.run(*arguments, **env)
        assert done.code == 0, done.err
        return done.out


def bare_env(server: SandboxServer) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SLACK_API_URL": server.api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "NUDGER_CLOCK_URL": f"{server.url}/clock",
        "NUDGER_PORT": str(free_port()),
    }
