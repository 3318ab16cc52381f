"""`nudger doctor`: this module tests what it finds, on the sandbox and on servers that answer badly."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import Installation, build_core
from bot.doctor import COULD_NOT_RUN, FOUND, Level, examine, exit_code, render, run_checks
from bot.doctor.checks import Check, error, ok, warning, without_secrets
from bot.doctor.of_machine import check_zones, zone_release
from bot.doctor.of_storage import has_wal_reset_fault
from bot.manifest import SCOPE_USES
from bot.sandbox.run import build_server
from bot.settings import Settings, known_names
from nudges.clock import system_clock
from nudges.domain.people.people import Person
from nudges.errors import SettingsError
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import instance

BOT_TOKEN, APP_TOKEN = "xoxb-sandbox", "xapp-sandbox"
PLAYBOOKS = Path(__file__).parent.parent.parent / "playbooks"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch, tmp_path):
    """Take our variables away, and any .env file."""
    monkeypatch.chdir(tmp_path)
    for name in (*known_names(), "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Any]:
    with build_server(people=[{"id": "U0ANA", "name": "ana"}], port=0) as server:
        yield server


@pytest.fixture
def settings(sandbox, tmp_path) -> Settings:
    return a_setting(sandbox.api_url, tmp_path)


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


class OnePerson:
    """A directory with Ana in it."""

    def people(self) -> list[Person]:
        return [Person("U0ANA", first_name="Ana")]

    def ids_by_email(self) -> dict[str, str]:
        return {}


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


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(settings, tmp_path):
    checks = run_checks(settings)
    assert Level.ERROR not in levels(checks).values()
    assert exit_code(checks) == 0
    assert "first `nudger run`" in found(checks, "database").message
    assert list(tmp_path.iterdir()) == []


def test_after_the_first_start_the_database_the_key_and_the_people_are_looked_at(settings):
    started(settings)
    checks = run_checks(settings)
    assert exit_code(checks) == 0
    assert (
        levels(checks).items()
        >= {
            "slack.auth": Level.OK,
            "slack.scopes": Level.OK,
            "slack.socket": Level.OK,
            "clock": Level.OK,
            "database": Level.OK,
            "database.shape": Level.OK,
            "key": Level.OK,
            "people": Level.WARNING,
            "zones": Level.OK,
            "playbooks": Level.OK,
        }.items()
    )


def test_an_imported_people_file_is_seen(settings):
    started(settings, people_csv="slack_id,department\nU0ANA,Sales\n")
    assert "1 of them described" in found(run_checks(settings), "people").message


def test_a_held_workspace_is_told(settings):
    started(settings, hold_reason="token_revoked")
    assert "token_revoked" in found(run_checks(settings), "hold").message


def test_another_key_is_an_error(settings, tmp_path):
    started(settings)
    settings.key_path.write_text("another key of thirty-two letters", encoding="utf-8")
    assert found(run_checks(settings), "key").level == Level.ERROR
    settings.key_path.unlink()
    assert "gone" in found(run_checks(settings), "key").message


def test_a_key_that_others_may_read_is_told(settings):
    started(settings)
    settings.key_path.chmod(0o644)
    check = found(run_checks(settings), "settings.files")
    assert check.level == Level.WARNING
    assert check.hint.startswith("chmod 600")


def test_a_database_that_is_none_is_told_in_a_sentence(settings):
    settings.sqlite_path.write_bytes(b"this is no database, but long enough to be mistaken for one" * 20)
    check = found(run_checks(settings), "database")
    assert check.level == Level.ERROR
    assert "is not a database" in check.message


def test_a_folder_that_is_not_there_is_told(sandbox, tmp_path):
    settings = a_setting(sandbox.api_url, tmp_path / "nowhere")
    checks = run_checks(settings)
    assert found(checks, "database").level == Level.ERROR
    assert exit_code(checks) == FOUND


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(settings, tmp_path):
    tmp_path.chmod(0o500)
    try:
        assert found(run_checks(settings), "database").level == Level.ERROR
    finally:
        tmp_path.chmod(0o700)


def test_swapped_tokens_are_recognised(sandbox, tmp_path):
    swapped = a_setting(sandbox.api_url, tmp_path, slack_bot_token=APP_TOKEN, slack_app_token=BOT_TOKEN)
    checks = run_checks(swapped)
    assert "belongs in SLACK_APP_TOKEN" in found(checks, "slack_bot_token").message
    assert "belongs in SLACK_BOT_TOKEN" in found(checks, "slack_app_token").message


@pytest.mark.parametrize("token", ["", '"xoxb-1"', "xoxp-1", "xoxe.xoxb-1"])
def test_a_token_that_cannot_be_slack_s_is_an_error(tmp_path, token):
    with answering({"ok": False, "error": "invalid_auth"}) as url:
        settings = a_setting(url, tmp_path, slack_bot_token=token)
        level = found(run_checks(settings), "slack_bot_token").level
    assert level == (Level.WARNING if token.startswith("xox") else Level.ERROR)  # a stand-in may have its own tokens


def test_a_wrong_token_is_told_with_slack_s_code_and_what_to_do(sandbox, tmp_path):
    wrong = a_setting(sandbox.api_url, tmp_path, slack_bot_token="xoxb-wrong", slack_app_token="xapp-wrong")
    checks = run_checks(wrong)
    assert "invalid_auth" in found(checks, "slack.auth").message
    assert "SLACK_BOT_TOKEN" in found(checks, "slack.auth").hint
    assert "SLACK_APP_TOKEN" in found(checks, "slack.socket").message
    assert exit_code(checks) == FOUND


def test_an_unreachable_slack_is_told_and_the_rest_is_still_looked_at(tmp_path):
    settings = a_setting("http://127.0.0.1:9/api/", tmp_path)
    checks = run_checks(settings)
    assert found(checks, "slack.auth").message == "Slack cannot be reached at http://127.0.0.1:9/api/."
    assert found(checks, "playbooks").level == Level.OK


@pytest.mark.parametrize(("status", "body"), [(503, "<html>busy</html>"), (200, "not json"), (500, {"ok": False})])
def test_a_slack_in_trouble_is_not_blamed_on_the_token(tmp_path, status, body):
    with answering(body, status=status) as url:
        check = found(run_checks(a_setting(url, tmp_path)), "slack.auth")
    assert check.level == Level.ERROR
    assert "trouble" in check.hint


def auth_answer(**changes: Any) -> dict[str, Any]:
    return {"ok": True, "url": "https://acme.slack.com/", "team": "Acme", "team_id": "T1", "user": "nudger",
            "user_id": "UBOT", "bot_id": "B1"} | changes  # fmt: skip


@pytest.mark.parametrize("missing", SCOPE_USES)
def test_a_missing_scope_is_told_with_what_it_is_for(tmp_path, missing):
    granted = ",".join(scope for scope in SCOPE_USES if scope != missing)
    with answering(auth_answer(), x_oauth_scopes=granted) as url:
        check = found(run_checks(a_setting(url, tmp_path)), "slack.scopes")
    assert check.level == Level.ERROR
    assert missing in check.message
    assert SCOPE_USES[missing] in check.message


def test_scopes_beyond_the_manifest_are_told(tmp_path):
    with answering(auth_answer(), x_oauth_scopes=",".join([*SCOPE_USES, "files:read"])) as url:
        check = found(run_checks(a_setting(url, tmp_path)), "slack.scopes")
    assert (check.level, "files:read" in check.message) == (Level.WARNING, True)


def test_a_stand_in_that_says_nothing_of_scopes_is_told(tmp_path):
    with answering(auth_answer()) as url:
        assert found(run_checks(a_setting(url, tmp_path)), "slack.scopes").level == Level.WARNING


def test_a_person_s_token_is_an_error(tmp_path):
    with answering(auth_answer(bot_id="")) as url:
        assert "not a bot's" in found(run_checks(a_setting(url, tmp_path)), "slack.auth").message


@pytest.mark.parametrize(("off_s", "level"), [(5, Level.OK), (61, Level.WARNING), (3600, Level.ERROR)])
def test_a_clock_that_is_off_is_told(tmp_path, off_s, level):
    theirs = format_datetime(system_clock() - timedelta(seconds=off_s), usegmt=True)
    with answering(auth_answer(), Date=theirs) as url:
        assert found(run_checks(a_setting(url, tmp_path)), "clock").level == level


def test_an_answer_without_a_date_says_nothing_of_the_clock(tmp_path):
    with answering(auth_answer()) as url:
        assert "clock" not in levels(run_checks(a_setting(url, tmp_path)))


def test_over_http_the_signing_secret_is_needed_and_no_socket_is_asked_for(sandbox, tmp_path):
    checks = run_checks(a_setting(sandbox.api_url, tmp_path, slack_app_token=""))
    assert found(checks, "slack_signing_secret").level == Level.ERROR
    assert "slack.socket" not in levels(checks)


def test_installing_from_our_page_needs_three_settings_or_none(sandbox, tmp_path):
    some = {"slack_client_id": "1.2", "slack_client_secret": "canary-secret"}
    told = found(run_checks(a_setting(sandbox.api_url, tmp_path, **some)), "settings.oauth")
    assert told.level == Level.ERROR and "NUDGER_PUBLIC_URL" in told.hint
    all_set = a_setting(sandbox.api_url, tmp_path, nudger_public_url="https://nudger.example.com", **some)
    told = found(run_checks(all_set), "settings.oauth")
    assert told.level == Level.OK and "https://nudger.example.com/slack/install" in told.message
    assert "settings.oauth" not in levels(run_checks(a_setting(sandbox.api_url, tmp_path)))


def test_a_misspelt_setting_is_told_with_the_one_meant(settings, monkeypatch):
    monkeypatch.setenv("NUDGER_PLAYBOOK", "here")
    assert "NUDGER_PLAYBOOKS" in found(run_checks(settings), "settings.unknown").hint


def test_a_broken_playbook_is_told(sandbox, tmp_path):
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "a.yaml").write_text("playbook: [", encoding="utf-8")
    settings = a_setting(sandbox.api_url, tmp_path, nudger_playbooks=tmp_path / "playbooks", nudger_admins="")
    checks = run_checks(settings)
    assert "a.yaml" in found(checks, "playbooks").message
    assert found(checks, "admins").level == Level.WARNING


def test_settings_that_cannot_be_read_are_told_and_exit_is_2():
    def read() -> Settings:
        raise SettingsError("NUDGER_MODE is socket or http.")

    checks = examine(read)
    assert found(checks, "settings").message == "NUDGER_MODE is socket or http."
    assert exit_code(checks) == COULD_NOT_RUN


def test_a_check_that_breaks_does_not_hide_the_others(settings, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("xoxb-sandbox")

    monkeypatch.setattr("bot.doctor.check_storage", broken)
    checks = run_checks(settings)
    assert found(checks, "database").message == "This could not be looked at (RuntimeError)."
    assert found(checks, "playbooks").level == Level.OK
    assert exit_code(checks) == COULD_NOT_RUN


@pytest.mark.parametrize("format", ["text", "json"])
def test_no_secret_is_ever_printed(tmp_path, format):
    with answering({"ok": False, "error": "invalid_auth canary-token-1"}, status=200) as url:
        settings = a_setting(
            url.replace("http://", "http://canary-user@"),
            tmp_path,
            slack_bot_token="xoxb-canary-token-1",
            slack_signing_secret="canary-token-2",
            nudger_secret_key="canary-token-3",
            database_url="postgresql+psycopg://nudger:canary-token-4@127.0.0.1:9/canary",
        )
        text = render(run_checks(settings), format)
    assert not [number for number in (2, 3, 4) if f"canary-token-{number}" in text]
    assert "xoxb-canary" not in text


def test_a_secret_is_hidden_even_where_it_hides_another():
    checks = without_secrets([error("a", "xoxb-12345 and xoxb-1234", "xoxb-1234")], ("xoxb-1234", "xoxb-12345"))
    assert checks == [error("a", "*** and ***", "***")]


@pytest.mark.parametrize(
    ("version", "is_affected"),
    [
        ("3.6.23", False),
        ("3.7.0", True),
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.45.0", True),
        ("3.49.2", True),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.0", True),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.52.0", False),
        ("4.0.0", False),
    ],
)
def test_versions_of_sqlite_with_the_wal_reset_fault_are_known(version, is_affected):
    assert has_wal_reset_fault(version) is is_affected


def test_old_zone_data_is_told():
    year = int(zone_release()[:4])
    assert check_zones(datetime(year, 12, 31, tzinfo=UTC)).level == Level.OK
    assert check_zones(datetime(year + 2, 1, 1, tzinfo=UTC)).level == Level.WARNING


def test_the_report_reads_well():
    checks = [ok("python", "Python 3.11.7."), warning("sqlite", "Old.", "Renew it."), error("key", "Gone.", "Find it.")]
    assert render(checks).splitlines() == [
        "ok       python  Python 3.11.7.",
        "warning  sqlite  Old.",
        "                 -> Renew it.",
        "error    key     Gone.",
        "                 -> Find it.",
        "",
        "3 checks: 1 error, 1 warning",
    ]
    assert json.loads(render(checks, "json"))["errors"] == 1
