"""The sandbox offers what Slack documents and nothing else: this module holds it to the contract files."""

import re
from pathlib import Path
from typing import Any

import pytest

import bot.sandbox
from bot.sandbox.contract import load
from bot.sandbox.methods import METHODS
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, Slack
from tests.sandbox.helpers import call, posted

SOURCES = {
    "methods_auth.py": ["auth.revoke", "auth.teams.list", "auth.test", "oauth.v2.access"],
    "methods_chat.py": ["chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral", "chat.getPermalink"],
    "methods_conversations.py": [f"conversations.{name}" for name in ("open", "history", "info", "members", "list")]
    + ["users.conversations"],
    "methods_directory.py": [
        "apps.connections.open",
        "usergroups.list",
        "usergroups.users.list",
        "users.list",
        "users.info",
        "team.info",
        "bots.info",
    ],
    "methods_dnd.py": ["dnd.info", "dnd.teamInfo"],
    "methods_views.py": ["views.open", "views.push", "views.update", "views.publish"],
}


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_of_the_sandbox_is_one_of_slacks(method: str) -> None:
    assert method in load("methods-today")["methods"]


@pytest.mark.parametrize("file", sorted(SOURCES))
def test_every_refusal_written_in_a_module_is_documented_for_one_of_its_methods(file: str) -> None:
    contract = load("methods-today")
    documented = set(contract["common_errors"])
    for method in SOURCES[file]:
        documented |= set(contract["methods"][method]["errors"])
    assert _refusals(file) <= documented


def test_every_refusal_of_oauth_is_documented() -> None:
    assert _refusals("oauth.py") <= set(load("methods-today")["methods"]["oauth.v2.access"]["errors"])


def _refusals(file: str) -> set[str]:
    source = (Path(bot.sandbox.__file__).parent / file).read_text(encoding="utf-8")
    return set(re.findall(r'Refusal\("(\w+)"', source))


def test_the_table_of_sources_names_every_method() -> None:
    assert sorted(name for names in SOURCES.values() for name in names) == sorted(METHODS)


def test_an_unknown_method_is_refused(slack: Slack) -> None:
    assert call(slack, "chat.shout", text="hi")["error"] == "unknown_method"


def test_a_call_without_a_token_is_refused(slack: Slack) -> None:
    assert call(slack, "auth.test", token=None)["error"] == "not_authed"


def test_a_call_with_a_wrong_token_is_refused(slack: Slack) -> None:
    assert call(slack, "auth.test", token="xoxb-wrong")["error"] == "invalid_auth"


def test_a_bot_token_opens_no_socket_and_an_app_token_posts_nothing(slack: Slack) -> None:
    assert call(slack, "apps.connections.open")["error"] == "not_allowed_token_type"
    refused = call(slack, "chat.postMessage", token=APP_TOKEN, channel="U0ANA", text="hi")
    assert refused["error"] == "not_allowed_token_type"


def test_a_missing_scope_is_named_beside_those_provided() -> None:
    slack = Slack(people=[{"id": "U0ANA"}], tokens={BOT_TOKEN: {"im:write", "users:read"}})
    refused = call(slack, "chat.postMessage", channel="U0ANA", text="hi")
    assert refused == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "im:write,users:read"}


def test_the_scope_of_a_history_is_that_of_its_conversation(slack: Slack) -> None:
    slack.add_channel("C0TALK", name="talk", members=["U0ANA", "U0SANDBOX"])
    assert call(slack, "conversations.history", channel="C0TALK")["needed"] == "channels:history"


def test_an_unknown_argument_is_refused_in_strict_mode_and_noted_otherwise(slack: Slack) -> None:
    assert call(slack, "chat.postMessage", channel="U0ANA", text="hi", chanel="x")["error"] == "invalid_arg_name"
    slack.strict = False
    posted(slack, chanel="x")
    assert slack.calls.after(0)[-1].warnings == ("unknown argument: chanel",)


def test_what_the_sdk_adds_to_every_call_is_no_unknown_argument(slack: Slack) -> None:
    posted(slack, team_id="T0SANDBOX")


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"text": "hi"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "U0ANA"}, "no_text"),
        ("chat.update", {"channel": "D0", "text": "hi"}, "invalid_arguments"),
        ("conversations.history", {}, "channel_not_found"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("users.info", {}, "user_not_found"),
        ("views.open", {"view": {"type": "modal"}}, "invalid_arguments"),
        ("views.publish", {"user_id": "U0ANA"}, "invalid_arguments"),
        ("bots.info", {}, "missing_argument"),
    ],
)
def test_a_missing_argument_has_its_fitting_refusal(
    slack: Slack, method: str, args: dict[str, Any], error: str
) -> None:
    assert call(slack, method, **args)["error"] == error


def test_the_granted_scopes_come_back_in_a_header(slack: Slack) -> None:
    _, headers, _ = slack.call("auth.test", {}, BOT_TOKEN)
    assert headers["x-oauth-scopes"] == "chat:write,commands,im:history,im:write,users:read"


def test_the_page_of_the_contract_names_origin_and_licence() -> None:
    readme = (Path(bot.sandbox.__file__).parent / "contract" / "README.md").read_text(encoding="utf-8")
    assert "slackapi/slack-api-specs" in readme
    assert "MIT" in readme
