"""What the doctor examines: this module makes settings, a started app and servers that answer as they are told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bot.bootstrap import Installation, build_core
from bot.doctor import Level
from bot.doctor.checks import Check
from bot.settings import Settings
from nudges.domain.people.people import Person
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import instance

BOT_TOKEN, APP_TOKEN = "xoxb-sandbox", "xapp-sandbox"
PLAYBOOKS = Path(__file__).parent.parent.parent / "playbooks"


def a_setting(api_url: str, folder: Path, **changes: Any) -> Settings:
    """Return settings with which everything is well."""
    values: dict[str, Any] = {
        "slack_bot_token": BOT_TOKEN,
        "slack_app_token": APP_TOKEN,
        "slack_api_url": api_url,
        "database_url": f"sqlite:///{folder / 'nudger.db'}",
        "nudger_playbooks": PLAYBOOKS,
        "nudger_admins": "U0AMIR",
        "nudger_timeout_s": 2,
    }
    return Settings(**(values | changes))


class OnePerson:
    """A directory with Ana in it."""

    def people(self) -> list[Person]:
        return [Person("U0ANA", first_name="Ana")]

    def ids_by_email(self) -> dict[str, str]:
        return {}


def started(settings: Settings, people_csv: str = "", hold_reason: str = "") -> None:
    """Make the database as `nudger run` does."""
    here = Installation("T0SANDBOX", "Sandbox company", "UBOT", "B1", "", "")
    core = replace(build_core(settings, here), directory=OnePerson())
    sync_people(core)
    if people_csv:
        import_people(core, people_csv)
    if hold_reason:
        with core.db.begin() as session:
            instance.hold(session, core.workspace_id, reason=hold_reason, now=core.clock())
    core.db.close()


def found(checks: list[Check], check_id: str) -> Check:
    """Return the check with this id; there must be one."""
    return next(check for check in checks if check.id == check_id)


def levels(checks: list[Check]) -> dict[str, Level]:
    return {check.id: check.level for check in checks}


@contextmanager
def answering(body: object, *, status: int = 200, **headers: str) -> Iterator[str]:
    """Serve one answer to whatever is asked, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            text = body if isinstance(body, str) else json.dumps(body)
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/"
    finally:
        server.shutdown()
        server.server_close()


def auth_answer(**changes: Any) -> dict[str, Any]:
    return {"ok": True, "url": "https://acme.slack.com/", "team": "Acme", "team_id": "T1", "user": "nudger",
            "user_id": "UBOT", "bot_id": "B1"} | changes  # fmt: skip
