"""`nudger doctor`: this module tests what it finds, on the sandbox and on servers that answer badly."""

import json
import os
from datetime import UTC, datetime

import pytest

from bot.doctor import COULD_NOT_RUN, FOUND, Level, examine, exit_code, render, run_checks
from bot.doctor.checks import error, ok, warning, without_secrets
from bot.doctor.of_machine import check_zones, zone_release
from bot.doctor.of_storage import has_wal_reset_fault
from bot.settings import Settings
from nudges.errors import SettingsError
from tests.bot.doctoring import a_setting, answering, found, levels, started

pytestmark = pytest.mark.usefixtures("empty_environment")


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
