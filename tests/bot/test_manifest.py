"""What we ask a workspace for, and nothing more: this module tests the manifest against code and contract."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient

from bot.blocks.actions import CallbackId
from bot.listeners.commands import COMMAND
from bot.manifest import (
    APP_LEVEL_METHODS,
    EVENT_SCOPES,
    METHOD_SCOPES,
    OPTIONAL_USES,
    SCOPE_USES,
    SHORTCUT,
    manifest,
    manifest_yaml,
    scopes_for,
)
from bot.web import EVENTS_PATH
from nudges.domain.people.fact_rules import InChannel, InUserGroup
from nudges.domain.people.segments import AnyOf, HasValue, Not
from nudges.errors import SettingsError
from tests.bot.limits import LIMITS, counted
from tests.builders import a_company

ROOT = Path(__file__).parent.parent.parent
CONTRACT: dict[str, Any] = json.loads((ROOT / "tests/data/methods-today.json").read_text("utf-8"))["methods"]
URL = "https://nudger.example.com"
SOCKET, HTTP = manifest(socket_mode=True), manifest(URL, socket_mode=False)


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Give every module of the app; the sandbox plays Slack and is none."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if "sandbox" not in path.relative_to(ROOT).parts:
            yield path, ast.parse(path.read_text("utf-8"))


def called_methods() -> set[str]:
    """Return the dotted name of every Web API method that the code names on a client."""
    known = {name for name in vars(WebClient) if not name.startswith("_")}
    dotted = {method.replace(".", "_"): method for method in CONTRACT}
    names = (node.attr for _, tree in sources() for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return {dotted.get(name, f"{name} (not in the contract)") for name in names if name in known}


def test_the_table_of_methods_is_what_the_code_calls():
    assert called_methods() == {*METHOD_SCOPES, *APP_LEVEL_METHODS}


def test_no_call_goes_round_the_table():
    for path, tree in sources():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.Attribute) and node.attr == "api_call"), path
            is_bolt = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("slack_bolt")
            assert not (is_bolt and any(name.name == "Say" for name in node.names)), path


@pytest.mark.parametrize(("method", "scope"), METHOD_SCOPES.items())
def test_each_method_names_a_scope_that_slack_accepts(method, scope):
    accepted = CONTRACT[method]["bot_scopes"]
    assert scope in accepted if accepted else scope == ""


def test_methods_of_the_app_level_token_need_no_bot_scope():
    assert all(CONTRACT[method]["app_scopes"] for method in APP_LEVEL_METHODS)


@pytest.mark.parametrize("built", [SOCKET, HTTP], ids=["socket", "http"])
def test_the_scopes_are_exactly_those_that_calls_events_and_commands_need(built):
    needed = {*METHOD_SCOPES.values(), *EVENT_SCOPES.values()} - {"", *OPTIONAL_USES}
    if built["features"]["slash_commands"] or built["features"]["shortcuts"]:
        needed.add("commands")
    assert set(built["oauth_config"]["scopes"]["bot"]) == needed == set(SCOPE_USES)
    assert set(built["oauth_config"]["scopes"]) == {"bot"}


def test_scopes_for_groups_are_asked_for_only_where_a_rule_names_one_and_may_be_declined():
    company = a_company(segments={"experts": AnyOf((InUserGroup(("S0EXPERTS",)), HasValue("place", ("Lisbon",))))})
    built = manifest(socket_mode=True, optional=scopes_for(company))
    scopes = built["oauth_config"]["scopes"]
    assert set(scopes["bot"]) - set(SCOPE_USES) == {"usergroups:read"} == set(scopes["bot_optional"])
    assert scopes_for(a_company(segments={"a": Not(InChannel(("ask-billing",)))})) == ("channels:read",)
    assert scopes_for(a_company()) == scopes_for(None) == ()


def test_optional_scopes_are_those_of_calls_and_none_of_them_is_asked_for_anyway():
    assert set(OPTIONAL_USES) <= set(METHOD_SCOPES.values())
    assert not set(OPTIONAL_USES) & set(SCOPE_USES)


def test_each_scope_says_what_it_is_for():
    assert all(len(use) > 20 for use in (SCOPE_USES | OPTIONAL_USES).values())


def test_the_installing_page_explains_each_scope_in_the_same_words():
    page = (ROOT / "docs/install.md").read_text("utf-8")
    for scope, use in (SCOPE_USES | OPTIONAL_USES).items():
        assert f"| `{scope}` | {use} |" in page


def test_names_are_those_the_listeners_know():
    features = SOCKET["features"]
    assert [command["command"] for command in features["slash_commands"]] == [COMMAND]
    assert [shortcut["callback_id"] for shortcut in features["shortcuts"]] == [
        CallbackId.REPORT_SHORTCUT.value,
        CallbackId.BETTER_WAY.value,
    ]
    assert CallbackId.REPORT_SHORTCUT.value == SHORTCUT


def test_people_can_write_back_and_have_a_home():
    home = {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    assert SOCKET["features"]["app_home"] == home


def test_mentions_in_commands_arrive_as_ids():
    assert all(command["should_escape"] for command in HTTP["features"]["slash_commands"])


def test_tokens_stay_and_one_workspace_is_meant():
    assert SOCKET["settings"]["token_rotation_enabled"] is False
    assert SOCKET["settings"]["org_deploy_enabled"] is False


def test_in_socket_mode_there_is_no_address():
    assert SOCKET["settings"]["socket_mode_enabled"] is True
    assert "://" not in json.dumps(SOCKET)


@pytest.mark.parametrize("given", [URL, URL + "/", URL + EVENTS_PATH])
def test_over_http_every_request_goes_to_the_endpoint(given):
    built = manifest(given, socket_mode=False)
    assert built["settings"]["socket_mode_enabled"] is False
    urls = [
        built["features"]["slash_commands"][0]["url"],
        built["settings"]["event_subscriptions"]["request_url"],
        built["settings"]["interactivity"]["request_url"],
    ]
    assert urls == [URL + EVENTS_PATH] * 3


@pytest.mark.parametrize("given", ["", "http://nudger.example.com", "nudger.example.com", "https://"])
def test_over_http_an_address_without_encryption_is_refused(given):
    with pytest.raises(SettingsError):
        manifest(given, socket_mode=False)


@pytest.mark.parametrize("built", [SOCKET, HTTP], ids=["socket", "http"])
def test_everything_is_within_slack_s_limits(built):
    for path, rule in LIMITS["manifest"].items():
        for value in values_at(built, path.split(".")):
            size = counted(value) if isinstance(value, str) else len(value)
            longest = rule.get("max_length", rule.get("max_items"))
            assert rule.get("min_length", 0) <= size <= longest, path


def test_the_yaml_says_the_same():
    assert yaml.safe_load(manifest_yaml(URL, socket_mode=False)) == HTTP
    assert yaml.safe_load(manifest_yaml(socket_mode=True)) == SOCKET


def values_at(node: Any, path: list[str]) -> list[Any]:
    """Return the values at a path such as `features.shortcuts[].name`; none where it leads nowhere."""
    if not path:
        return [node]
    head, *rest = path
    value = node.get(head.removesuffix("[]")) if isinstance(node, dict) else None
    if value is None:
        return []
    children = value if head.endswith("[]") else [value]
    return [found for child in children for found in values_at(child, rest)]


def test_an_app_for_many_has_a_way_back_and_tokens_that_change_and_asks_for_no_more() -> None:
    many = manifest(URL, socket_mode=False, is_for_many=True)
    assert many["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert many["settings"]["org_deploy_enabled"] and many["settings"]["token_rotation_enabled"]
    assert many["oauth_config"]["scopes"] == HTTP["oauth_config"]["scopes"]
    assert not HTTP["settings"]["org_deploy_enabled"] and not HTTP["settings"]["token_rotation_enabled"]
    assert "redirect_urls" not in HTTP["oauth_config"]


def test_an_app_for_many_needs_an_address_to_come_back_to() -> None:
    with pytest.raises(SettingsError, match="must know where this app is reached"):
        manifest("", socket_mode=True, is_for_many=True)
