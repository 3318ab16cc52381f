"""How an app hears that it is gone, and what its calls get then: this module tests revoking and uninstalling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.sandbox.delivery import Envelope
from bot.sandbox.errors import Impossible
from bot.sandbox.installs import CLIENT_ID, CLIENT_SECRET
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import BOT_TOKEN, Slack
from tests.sandbox.helpers import StoppedClock, a_user, call, called, some_people


def at_once(_: float, action: Callable[[], object]) -> None:
    action()


class Ears:
    """An app that listens only."""

    def __init__(self, slack: Slack) -> None:
        self.heard: list[dict[str, Any]] = []
        slack.delivery.connect(self._hear)
        slack.delivery.run_later = at_once

    def _hear(self, envelope: Envelope) -> None:
        self.heard.append(envelope.payload)

    def kinds(self) -> list[str]:
        return [payload["event"]["type"] for payload in self.heard]


@pytest.fixture
def slack() -> Slack:
    return Slack(people=some_people(), real=StoppedClock())


@pytest.fixture
def ears(slack: Slack) -> Ears:
    ears = Ears(slack)
    slack.add_workspace("T0TWO", people=some_people())
    return ears


def error_of(slack: Slack, token: str, method: str = "chat.postMessage") -> str:
    return str(
        call(slack, method, token=token, **({"channel": "U0ANA", "text": "x"} if "chat" in method else {}))["error"]
    )


def test_an_uninstalled_app_hears_twice_and_its_tokens_are_of_no_account(slack: Slack, ears: Ears) -> None:
    installed = slack.oauth.install("T0TWO")
    outcomes = slack.oauth.uninstall("T0TWO")
    assert [outcome.ok for outcome in outcomes] == [True, True]
    assert ears.kinds() == ["tokens_revoked", "app_uninstalled"]
    assert ears.heard[0]["event"]["tokens"] == {"oauth": [], "bot": [installed["bot_user_id"]]}
    assert {payload["team_id"] for payload in ears.heard} == {"T0TWO"}
    assert ears.heard[1]["authorizations"][0]["team_id"] == "T0TWO"
    assert error_of(slack, installed["access_token"]) == "account_inactive"
    assert error_of(slack, installed["access_token"], "auth.test") == "account_inactive"
    assert called(slack, "auth.test", token=BOT_TOKEN)


def test_a_refresh_after_the_end_is_refused(slack: Slack, ears: Ears) -> None:
    installed = slack.oauth.install("T0TWO")
    slack.oauth.uninstall("T0TWO")
    refused = call(
        slack,
        "oauth.v2.access",
        token=None,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        grant_type="refresh_token",
        refresh_token=installed["refresh_token"],
    )
    assert refused["error"] == "invalid_refresh_token"


def test_nothing_people_do_reaches_an_app_that_is_gone(slack: Slack, ears: Ears) -> None:
    slack.oauth.install("T0TWO")
    slack.oauth.uninstall("T0TWO")
    ears.heard.clear()
    assert slack.workspace("T0TWO").do.command("U0ANA", "/nudge").error == "not_installed"
    assert ears.heard == []


def test_who_installs_again_gets_a_new_token_and_the_old_stays_dead(slack: Slack, ears: Ears) -> None:
    old = slack.oauth.install("T0TWO")
    slack.oauth.uninstall("T0TWO")
    new = slack.oauth.install("T0TWO")
    assert called(slack, "auth.test", token=new["access_token"])
    assert error_of(slack, old["access_token"]) == "account_inactive"


def test_revoked_tokens_say_so_and_the_app_stays_installed(slack: Slack, ears: Ears) -> None:
    installed = slack.oauth.install("T0TWO")
    slack.oauth.revoke("T0TWO")
    assert ears.kinds() == ["tokens_revoked"]
    assert error_of(slack, installed["access_token"]) == "token_revoked"
    assert slack.workspace("T0TWO").do.message("U0ANA", "hi").ok


def test_the_first_workspace_can_be_left_too(slack: Slack, ears: Ears) -> None:
    slack.oauth.uninstall("T0SANDBOX")
    assert error_of(slack, BOT_TOKEN) == "account_inactive"
    assert ears.kinds() == ["tokens_revoked", "app_uninstalled"]


def test_an_app_may_revoke_its_own_token_and_only_that(slack: Slack, ears: Ears) -> None:
    first, second = slack.oauth.install("T0TWO"), slack.oauth.install("T0TWO")
    assert called(slack, "auth.revoke", token=first["access_token"], test=True)["revoked"] is False
    assert called(slack, "auth.revoke", token=first["access_token"])["revoked"] is True
    assert error_of(slack, first["access_token"]) == "token_revoked"
    assert called(slack, "auth.test", token=second["access_token"])
    assert ears.kinds() == ["tokens_revoked"]


def test_an_organisation_that_removes_the_app_ends_it_in_all_its_workspaces(slack: Slack, ears: Ears) -> None:
    slack.oauth.add_organisation("E0ORG")
    slack.add_workspace("T0ONE", people=[a_user("W0ANA")], organisation="E0ORG")
    token = slack.oauth.install("E0ORG")["access_token"]
    slack.oauth.let_in("E0ORG", "T0ONE")
    slack.oauth.uninstall("E0ORG")
    assert error_of(slack, token) == "account_inactive"
    assert {payload["enterprise_id"] for payload in ears.heard} == {"E0ORG"}
    assert not any("team_id" in payload for payload in ears.heard)
    assert ears.heard[1]["authorizations"][0]["is_enterprise_install"] is True
    assert slack.workspace("T0ONE").do.message("W0ANA", "hi").error == "not_installed"


def test_ending_what_is_not_there_is_impossible(slack: Slack) -> None:
    for where in ("T0NONE", "E0NONE"):
        with pytest.raises(Impossible):
            slack.oauth.uninstall(where)


def test_all_of_it_works_from_outside_the_process(server: SandboxServer, page: httpx.Client) -> None:
    page.post("/ui/organisations", json={"id": "E0ORG", "name": "Umbrella"})
    page.post("/ui/workspaces", json={"id": "T0ONE", "people": 2, "organisation": "E0ORG"})
    token = page.post("/ui/install", json={"where": "E0ORG"}).json()["access_token"]
    assert page.post("/ui/let_in", json={"where": "E0ORG", "workspaces": ["T0ONE"]}).json()["let_in"] == ["T0ONE"]
    assert page.post("/ui/install", json={"where": "T0ONE"}).json()["error"] == "cannot_install_an_org_installed_app"
    assert called(server.slack, "auth.test", token=token)
    page.post("/ui/expire", json={"where": "E0ORG"})
    assert error_of(server.slack, token, "auth.test") == "token_expired"
    assert page.post("/ui/revoke", json={"where": "E0ORG"}).json() == {"ok": False, "errors": ["not_connected"]}
    assert page.post("/ui/uninstall", json={"where": "E0ORG"}).status_code == 200
    assert page.post("/ui/uninstall", json={"where": "E0ORG"}).json()["error"] == "not_installed"
    assert page.get("/ui/workspaces").json()["organisations"][0]["installed"] is False
