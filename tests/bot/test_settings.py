"""Settings and their page: this module tests what is read from the environment, and that docs/settings.md says it."""

from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import known_installation
from bot.settings import SECRETS, Settings, read_settings, secret_files, surplus_names
from nudges.errors import SettingsError

PAGE = Path(__file__).parent.parent.parent / "docs" / "settings.md"
pytestmark = pytest.mark.usefixtures("empty_environment")


def row(name: str) -> str:
    """Return the line of the page for a setting."""
    field = Settings.model_fields[name.lower()]
    default: Any = field.default
    secret = getattr(default, "get_secret_value", None)
    value = secret() if secret else default
    shown = "" if value in ("", 0) else f"`{value:g}`" if isinstance(value, float) else f"`{value}`"
    return f"| `{name}` | {shown} | {field.description} |"


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_every_setting_has_its_line_on_the_page(name):
    assert row(name) in PAGE.read_text("utf-8").splitlines()


def test_the_page_names_no_other_settings():
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert len(lines) == len(Settings.model_fields)


def test_the_page_names_every_secret_that_may_come_from_a_file():
    text = PAGE.read_text("utf-8")
    assert all(f"`{name}_FILE`" in text for name in SECRETS)


def test_the_defaults_work_on_a_laptop():
    settings = read_settings()
    assert settings.mode == "http"
    assert settings.address == ("127.0.0.1", 3000)
    assert settings.sqlite_path == Path("nudger.db")
    assert settings.key_path == Path("nudger.key")


def test_a_host_that_sets_port_is_served_on_all_addresses(monkeypatch):
    monkeypatch.setenv("PORT", "8080")
    assert read_settings().address == ("0.0.0.0", 8080)


@pytest.mark.parametrize("given", ["http://127.0.0.1:3100/api", "http://127.0.0.1:3100/api/"])
def test_the_final_slash_of_the_api_s_address_is_optional(monkeypatch, given):
    monkeypatch.setenv("SLACK_API_URL", given)
    assert read_settings().api_url == "http://127.0.0.1:3100/api/"


def test_an_app_token_means_socket_mode_unless_told_otherwise(monkeypatch):
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    assert read_settings().mode == "socket"
    monkeypatch.setenv("NUDGER_MODE", "http")
    assert read_settings().mode == "http"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NUDGER_TICK_S", "soon"),
        ("NUDGER_TICK_S", "0"),
        ("NUDGER_PORT", "70000"),
        ("NUDGER_MODE", "carrier pigeon"),
        ("NUDGER_METRICS", "yes"),
        ("NUDGER_PACE", "fast"),
        ("NUDGER_PACE", "5/0.2/4"),
        ("NUDGER_SETTLE_S", "90"),
        ("SLACK_API_URL", "slack.com/api"),
        ("DATABASE_URL", "nudger.db"),
        ("DATABASE_URL", "mysql://localhost/nudger"),
        ("NUDGER_CLOCK_URL", "http://127.0.0.1:3100/clock"),
        ("NUDGER_PUBLIC_URL", "http://nudger.example.com"),
        ("NUDGER_PUBLIC_URL", "https://nudger.example.com/?a=b"),
        ("NUDGER_TOKEN_KEYS", "short"),
    ],
)
def test_what_is_wrong_is_said_with_the_name_of_the_setting(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert name in raised.value.message
    assert raised.value.message.endswith(".")


def test_all_that_is_wrong_is_said_at_once(monkeypatch):
    monkeypatch.setenv("NUDGER_TICK_S", "soon")
    monkeypatch.setenv("NUDGER_PORT", "high")
    with pytest.raises(SettingsError, match=r"NUDGER_PORT.*NUDGER_TICK_S"):
        read_settings()


def test_a_settle_time_just_above_timeout_and_lease_is_accepted(monkeypatch):
    monkeypatch.setenv("NUDGER_SETTLE_S", "90.1")
    assert read_settings().nudger_settle_s == 90.1


def test_a_fault_never_shows_the_secrets_beside_it(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary-1")
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nudger:canary-2@host/name")
    monkeypatch.setenv("NUDGER_SETTLE_S", "1")
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert "canary" not in f"{raised.value.message} {raised.value.__cause__}"


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path, name):
    values = {"DATABASE_URL": "postgresql+psycopg://nudger@host/name", "NUDGER_TOKEN_KEYS": "from-a-file" * 3}
    value = values.get(name, "from-a-file")
    (tmp_path / "secret").write_text(value + "\n", encoding="utf-8")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secret"))
    found = getattr(read_settings(), name.lower())
    assert (found if isinstance(found, str) else found.get_secret_value()) == value


def test_the_file_of_a_secret_may_be_named_in_the_env_file(tmp_path):
    (tmp_path / "token").write_text("xoxb-1", encoding="utf-8")
    (tmp_path / ".env").write_text(f"SLACK_BOT_TOKEN_FILE={tmp_path / 'token'}\n", encoding="utf-8")
    assert read_settings().slack_bot_token.get_secret_value() == "xoxb-1"
    assert secret_files() == {"SLACK_BOT_TOKEN": tmp_path / "token"}


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_secret_s_file_that_cannot_be_used_is_named(monkeypatch, tmp_path, content):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(path))
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN_FILE"):
        read_settings()


def test_a_misspelt_name_is_found(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("NUDGER_PLAYBOOK=here\n", encoding="utf-8")
    monkeypatch.setenv("SLACK_BOT_TOKN", "xoxb-1")
    assert {"NUDGER_PLAYBOOK", "SLACK_BOT_TOKN"} <= set(surplus_names())


def test_other_workspaces_can_install_once_all_three_settings_are_there(monkeypatch):
    assert not read_settings().can_install
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "canary")
    assert not read_settings().can_install
    monkeypatch.setenv("NUDGER_PUBLIC_URL", "https://nudger.example.com")
    assert read_settings().can_install


def test_token_keys_are_several_the_newest_first(monkeypatch):
    monkeypatch.setenv("NUDGER_TOKEN_KEYS", f"{'n' * 32}, {'o' * 40}")
    settings = read_settings()
    assert settings.token_keys == ("n" * 32, "o" * 40)
    assert {"n" * 32, "o" * 40} <= set(settings.secrets)


def test_every_secret_value_is_known_for_hiding():
    settings = Settings(slack_bot_token="xoxb-1", database_url="postgresql+psycopg://nudger:secret@host/name")  # type: ignore[arg-type]
    assert set(settings.secrets) == {"xoxb-1", "secret"}


def test_without_a_workspace_the_commands_that_need_none_are_named(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/fresh.db")  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="No workspace is connected yet") as refused:
        known_installation(settings)
    assert "nudger rehearse" in refused.value.hint
