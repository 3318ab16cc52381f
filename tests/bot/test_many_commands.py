"""`nudger manifest --many` and `nudger reseal-tokens` as an operator types them; what a refused own token comes to."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from bot.bootstrap import Installation, open_store
from bot.cli.commands import load_all
from bot.offices import Offices
from bot.own import Own, own_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import BOT_TOKEN, Slack
from bot.settings import Settings
from nudges.domain.people.installations import Grant, Tokens
from nudges.errors import SettingsError
from nudges.services.workspaces.installing import complete_installation
from nudges.services.workspaces.token_box import TokenBox, TokenUnreadable
from nudges.store import installations
from nudges.store.engine import open_database
from tests.fakes import FixedClock, utc
from tests.places import PLACES

URL, SECRET = "https://nudger.example.com", "k" * 32
OLD, NEW = "the-older-token-key-" * 2, "the-newer-token-key-" * 2
TWO, ORG = "T0TWO", "E0ORG"
CLOCK = FixedClock(utc("2027-01-12 09:00"))
OTHERS = {"slack_client_id": "1", "slack_client_secret": "s", "nudger_public_url": URL}


def nudger(*words: str) -> Result:
    return CliRunner().invoke(load_all(), list(words))


def a_grant(workspace_id: str = TWO, *, organisation: str = "") -> Grant:
    tokens = Tokens(f"xoxb-canary-{workspace_id}")
    return Grant(workspace_id, "Two", organisation, workspace_id == ORG, "A0", "U0BOT", "chat:write", "U0ANA", tokens)


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    found = PLACES.address(tmp_path / "nudger.db")
    for name, value in {"DATABASE_URL": found, "NUDGER_SECRET_KEY": SECRET, "NUDGER_PLAYBOOKS": tmp_path}.items():
        monkeypatch.setenv(name, str(value))
    return found


def settings_of(address: str, **changes: Any) -> Settings:
    return Settings(_env_file=None, database_url=address, nudger_secret_key=SECRET, **changes)  # type: ignore[call-arg]


def an_offices(settings: Settings, *grants: Grant, own: Installation | None = None) -> Offices:
    database, key = open_store(settings)
    for grant in grants:
        complete_installation(database, CLOCK, TokenBox(key, settings.token_keys), grant)
    return Offices(settings, database, key, CLOCK, own)


def test_the_manifest_for_many_says_where_installing_comes_back_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUDGER_PUBLIC_URL", URL)
    built = yaml.safe_load(nudger("manifest", "--many").output)
    assert built["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert built["settings"]["token_rotation_enabled"] is True
    assert yaml.safe_load(nudger("manifest").output)["settings"]["token_rotation_enabled"] is False


def test_the_manifest_for_many_without_an_address_says_what_is_missing(address: str) -> None:
    refused = nudger("manifest", "--many").exception
    assert isinstance(refused, SettingsError) and refused.hint


def test_tokens_get_under_the_newest_key_and_the_older_one_may_go(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_offices(settings_of(address, nudger_token_keys=OLD), a_grant()).database.close()
    monkeypatch.setenv("NUDGER_TOKEN_KEYS", f"{NEW},{OLD}")

    said = nudger("reseal-tokens")

    assert said.exit_code == 0 and "The tokens of 1 workspace" in said.output
    assert "canary" not in said.output
    database = open_database(address)
    with database.reading() as session:
        stored = installations.tokens(session, TWO)
    database.close()
    assert stored is not None
    assert TokenBox(b"another" * 5, [NEW]).open(TWO, stored.access) == f"xoxb-canary-{TWO}"
    with pytest.raises(TokenUnreadable):
        TokenBox(b"another" * 5, [OLD]).open(TWO, stored.access)


def test_a_key_that_is_gone_is_said_and_nothing_is_changed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    an_offices(settings_of(address, nudger_token_keys=OLD), a_grant()).database.close()
    monkeypatch.setenv("NUDGER_TOKEN_KEYS", NEW)

    assert isinstance(nudger("reseal-tokens").exception, TokenUnreadable)


@pytest.fixture(scope="module")
def slack() -> Any:
    with SandboxServer(Slack(), port=0) as server:
        yield server


def test_a_refused_token_of_ours_ends_a_process_only_when_it_leaves_nobody_to_serve(
    address: str, slack: SandboxServer
) -> None:
    said: list[str] = []
    refused = settings_of(address, slack_api_url=slack.api_url, slack_bot_token="xoxb-wrong")
    own = own_workspace(refused, said.append)
    offices = an_offices(refused)
    with pytest.raises(SettingsError, match="refuses the bot token"):
        own.check(refused, offices, said.append)
    assert said == []

    offices.database.close()
    beside = an_offices(refused, a_grant())
    own.check(refused, beside, said.append)  # no way to install, but somebody has
    assert own.installation is None and "served without it" in said[0]
    beside.database.close()


def test_no_token_of_ours_is_needed_where_others_may_install(address: str, slack: SandboxServer) -> None:
    assert own_workspace(settings_of(address, **OTHERS), print) == Own(None)
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is not set"):
        own_workspace(settings_of(address), print)
    ours = own_workspace(settings_of(address, slack_api_url=slack.api_url, slack_bot_token=BOT_TOKEN), print)
    assert ours.installation is not None


def test_a_workspace_whose_organisation_has_the_app_rests(address: str) -> None:
    own = Installation("T0OWN", "Own", "U0BOT", "", ORG, "")
    offices = an_offices(
        settings_of(address), a_grant(organisation=ORG), a_grant("T0FAR"), a_grant(ORG, organisation=ORG)
    )
    assert offices.workspace_ids() == [ORG, "T0FAR"]
    assert offices.resting() == {TWO: ORG}
    offices._own = own
    offices.look_again()
    assert offices.resting() == {TWO: ORG, "T0OWN": ORG}
    offices.database.close()
