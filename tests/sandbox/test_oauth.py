"""From Allow to a token and on to the next one: this module tests the sandbox's OAuth against Slack's rules."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation import TokenRotator

from bot.sandbox.errors import AnswerLost, Refusal
from bot.sandbox.in_process import InProcessClient
from bot.sandbox.installs import CLIENT_ID, CLIENT_SECRET, AppClient
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import TUESDAY, StoppedClock, call, called, posted, some_people

CALLBACK = "http://127.0.0.1:9/slack/oauth_redirect"
TWELVE_HOURS = 43_200
CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


def a_slack(**client: Any) -> Slack:
    slack = Slack(people=some_people(), real=StoppedClock(), client=AppClient(**client))
    slack.add_workspace("T0TWO", name="Two", people=some_people())
    return slack


@pytest.fixture
def slack() -> Slack:
    return a_slack()


def exchanged(slack: Slack, **args: Any) -> dict[str, Any]:
    return call(slack, "oauth.v2.access", token=None, **{**CLIENT, **args})


def refreshed(slack: Slack, refresh_token: str) -> dict[str, Any]:
    return exchanged(slack, grant_type="refresh_token", refresh_token=refresh_token)


def asked(**fields: str) -> dict[str, str]:
    return {
        "client_id": CLIENT_ID,
        "scope": "chat:write,users:read",
        "state": "s1",
        "redirect_uri": CALLBACK,
        "where": "T0TWO",
        "decision": "allow",
        **fields,
    }


def answered(page: httpx.Client, **fields: str) -> dict[str, list[str]]:
    response = page.post("/oauth/v2/authorize", data=asked(**fields))
    assert response.status_code == 302, response.text
    assert response.headers["location"].startswith(CALLBACK)
    return parse_qs(urlsplit(response.headers["location"]).query)


# The page


def test_the_page_says_what_is_asked_and_where_it_can_go(server: SandboxServer, page: httpx.Client) -> None:
    server.slack.add_workspace("T0THREE", name="Three <b>")
    server.slack.oauth.add_organisation("E0ORG", name="Umbrella")
    response = page.get("/oauth/v2/authorize", params=asked())
    assert response.status_code == 200
    for words in ("chat:write", "Three &lt;b&gt; (workspace)", "Umbrella (organisation)", "Allow", "Cancel"):
        assert words in response.text
    assert "form-action 'self' http://127.0.0.1:9" in response.headers["content-security-policy"]


def test_allow_sends_the_browser_back_with_a_code_that_buys_a_token(server: SandboxServer, page: httpx.Client) -> None:
    answer = answered(page, person="U0ANA")
    assert answer["state"] == ["s1"]
    bought = WebClient(base_url=server.api_url, retry_handlers=[]).oauth_v2_access(
        client_id=CLIENT_ID, client_secret=CLIENT_SECRET, code=answer["code"][0], redirect_uri=CALLBACK
    )
    client = WebClient(token=bought["access_token"], base_url=server.api_url, retry_handlers=[])
    assert client.chat_postMessage(channel="U0ANA", text="Hello")["ok"]
    assert len(server.slack.workspace("T0TWO").posted()) == 1


def test_cancel_sends_the_browser_back_with_a_refusal(server: SandboxServer, page: httpx.Client) -> None:
    assert answered(page, decision="cancel") == {"error": ["access_denied"], "state": ["s1"]}


@pytest.mark.parametrize(
    "fields", [{"client_id": "other"}, {"redirect_uri": "javascript:alert(1)"}, {"redirect_uri": ""}, {"where": "T0NO"}]
)
def test_a_page_that_cannot_be_right_sends_nobody_anywhere(
    server: SandboxServer, page: httpx.Client, fields: dict[str, str]
) -> None:
    assert page.post("/oauth/v2/authorize", data=asked(**fields)).status_code == 400


def test_only_the_apps_own_redirect_addresses_are_gone_to() -> None:
    client = AppClient(redirect_urls=(CALLBACK,))
    with (
        SandboxServer(Slack(client=client), port=0) as server,
        httpx.Client(base_url=server.url, trust_env=False) as page,
    ):
        own = page.get("/oauth/v2/authorize", params=asked())
        foreign = page.get("/oauth/v2/authorize", params=asked(redirect_uri=f"{CALLBACK}.evil.example"))
    assert (own.status_code, foreign.status_code) == (200, 400)


# A code for a token


def test_the_answer_has_the_fields_that_slack_documents(slack: Slack) -> None:
    code = slack.oauth.new_code("T0TWO", scopes=["chat:write", "users:read"], person="U0ANA")
    answer = exchanged(slack, code=code)
    tokens = [answer.pop(name) for name in ("access_token", "refresh_token")]
    assert [token.partition("-")[0] for token in tokens] == ["xoxe.xoxb", "xoxe"]
    assert answer == {
        "ok": True,
        "app_id": "A0SANDBOX",
        "token_type": "bot",
        "scope": "chat:write,users:read",
        "bot_user_id": "U0APP0TWO",
        "team": {"id": "T0TWO", "name": "Two"},
        "enterprise": None,
        "authed_user": {"id": "U0ANA"},
        "is_enterprise_install": False,
        "expires_in": TWELVE_HOURS,
    }


def test_the_sdk_names_the_client_by_basic_authentication(slack: Slack) -> None:
    client = InProcessClient(slack, token="")
    code = slack.oauth.new_code("T0TWO")
    bought = client.oauth_v2_access(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, code=code)
    assert called(slack, "auth.test", token=bought["access_token"])["team_id"] == "T0TWO"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"client_id": "other"}, "invalid_client_id"),
        ({"client_id": ""}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "bad_client_secret"),
        ({"code": "never-made"}, "invalid_code"),
        ({"code": ""}, "invalid_code"),
        ({"redirect_uri": "https://elsewhere.example"}, "bad_redirect_uri"),
        ({"redirect_uri": ""}, "bad_redirect_uri"),
        ({"grant_type": "password"}, "invalid_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_refresh_token"),
        ({"code_verifier": "x"}, "pkce_not_allowed"),
    ],
)
def test_what_is_wrong_is_named(slack: Slack, args: dict[str, str], error: str) -> None:
    code = slack.oauth.new_code("T0TWO", redirect_uri=CALLBACK)
    assert exchanged(slack, **{"code": code, "redirect_uri": CALLBACK, **args})["error"] == error
    assert exchanged(slack, code=code, redirect_uri=CALLBACK)["ok"]  # a refusal leaves the code


def test_a_code_is_good_once_and_for_ten_minutes_of_virtual_time(slack: Slack) -> None:
    code, later, late = (slack.oauth.new_code("T0TWO") for _ in range(3))
    assert exchanged(slack, code=code)["ok"]
    assert exchanged(slack, code=code)["error"] == "invalid_code"
    slack.clock.advance_to(TUESDAY + 600)
    assert exchanged(slack, code=later)["ok"]
    slack.clock.advance_to(TUESDAY + 601)
    assert exchanged(slack, code=late)["error"] == "invalid_code"


def test_somebody_has_always_said_yes(slack: Slack) -> None:
    assert exchanged(slack, code=slack.oauth.new_code("T0TWO"))["authed_user"] == {"id": "U0ANA"}


def test_a_code_without_scopes_buys_nothing(slack: Slack) -> None:
    assert exchanged(slack, code=slack.oauth.new_code("T0TWO", scopes=[]))["error"] == "no_scopes"


def test_scopes_only_ever_add_up(slack: Slack) -> None:
    first = slack.oauth.install("T0TWO", scopes=["chat:write"])
    second = slack.oauth.install("T0TWO", scopes=["users:read"])
    assert second["scope"] == "chat:write,users:read"
    _, headers, _ = slack.call("auth.test", {}, first["access_token"])
    assert headers["x-oauth-scopes"] == "chat:write,users:read"


def test_without_rotation_a_token_lasts_and_a_second_install_gives_the_same() -> None:
    slack = a_slack(rotates=False)
    first, second = slack.oauth.install("T0TWO"), slack.oauth.install("T0TWO")
    assert first["access_token"] == second["access_token"]
    assert not {"refresh_token", "expires_in"} & set(first)
    slack.clock.advance_to(TUESDAY + 365 * 86_400)
    assert called(slack, "auth.test", token=first["access_token"])


# Rotation


def test_a_token_ends_after_twelve_hours_of_virtual_time(slack: Slack) -> None:
    token = slack.oauth.install("T0TWO")["access_token"]
    slack.clock.advance_to(TUESDAY + TWELVE_HOURS - 1)
    posted(slack, token=token)
    slack.clock.advance_to(TUESDAY + TWELVE_HOURS)
    assert call(slack, "chat.postMessage", token=token, channel="U0ANA", text="x")["error"] == "token_expired"


def test_a_refresh_gives_a_new_pair_and_the_old_access_token_lives_to_its_own_end(slack: Slack) -> None:
    old = slack.oauth.install("T0TWO")
    slack.clock.advance_to(TUESDAY + 3_600)
    new = refreshed(slack, old["refresh_token"])
    assert (new["expires_in"], new["team"]) == (TWELVE_HOURS, {"id": "T0TWO", "name": "Two"})
    assert new["refresh_token"] != old["refresh_token"]
    slack.clock.advance_to(TUESDAY + TWELVE_HOURS - 1)
    assert called(slack, "auth.test", token=old["access_token"])
    slack.clock.advance_to(TUESDAY + TWELVE_HOURS + 1)
    assert call(slack, "auth.test", token=old["access_token"])["error"] == "token_expired"
    assert called(slack, "auth.test", token=new["access_token"])


def test_a_stricter_slack_ends_the_old_access_token_with_the_refresh() -> None:
    slack = a_slack(old_token_seconds=0)
    old = slack.oauth.install("T0TWO")
    refreshed(slack, old["refresh_token"])
    assert call(slack, "auth.test", token=old["access_token"])["error"] == "token_expired"


def test_a_refresh_token_works_after_its_access_token_has_ended(slack: Slack) -> None:
    old = slack.oauth.install("T0TWO")
    slack.clock.advance_to(TUESDAY + 30 * 86_400)
    assert called(slack, "auth.test", token=refreshed(slack, old["refresh_token"])["access_token"])


def test_of_parallel_refreshes_with_one_token_exactly_one_succeeds(slack: Slack) -> None:
    spent = slack.oauth.install("T0TWO")["refresh_token"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refreshed(slack, spent), range(50)))
    assert sorted(answer.get("error", "") for answer in answers) == [""] + ["invalid_refresh_token"] * 49


def test_a_lost_answer_to_a_refresh_has_spent_the_token(slack: Slack) -> None:
    spent = slack.oauth.install("T0TWO")["refresh_token"]
    slack.workspace("T0TWO").set_faults(lost_answer=1.0, methods=["oauth.v2.access"])
    with pytest.raises(AnswerLost):
        refreshed(slack, spent)
    assert refreshed(slack, spent)["error"] == "invalid_refresh_token"


def test_the_sdks_own_rotation_works_with_it(slack: Slack) -> None:
    old = slack.oauth.install("T0TWO")
    bot = Bot(
        bot_token=old["access_token"],
        bot_id="B0",
        bot_user_id=old["bot_user_id"],
        bot_refresh_token=old["refresh_token"],
        bot_token_expires_at=1,
        installed_at=TUESDAY,
    )
    rotator = TokenRotator(client=InProcessClient(slack, token=""), **CLIENT)
    rotated = rotator.perform_bot_token_rotation(bot=bot)
    assert rotated is not None
    assert called(slack, "auth.test", token=rotated.bot_token)
    with pytest.raises(SlackTokenRotationError, match="invalid_refresh_token"):
        rotator.perform_bot_token_rotation(bot=bot)


def test_a_control_call_lets_tokens_run_out_at_once(slack: Slack) -> None:
    old = slack.oauth.install("T0TWO")
    slack.oauth.expire("T0TWO")
    assert call(slack, "auth.test", token=old["access_token"])["error"] == "token_expired"
    assert refreshed(slack, old["refresh_token"])["ok"]


def test_the_same_events_give_the_same_tokens() -> None:
    assert a_slack().oauth.install("T0TWO") == a_slack().oauth.install("T0TWO")


def test_a_workspace_of_an_organisation_with_the_app_cannot_install_it_again(slack: Slack) -> None:
    slack.oauth.add_organisation("E0ORG")
    slack.add_workspace("T0THREE", organisation="E0ORG")
    slack.oauth.install("E0ORG")
    with pytest.raises(Refusal, match="cannot_install_an_org_installed_app"):
        slack.oauth.install("T0THREE")
    code = slack.oauth.new_code("T0THREE")
    assert exchanged(slack, code=code)["error"] == "cannot_install_an_org_installed_app"
