"""One token for many workspaces of an organisation: this module tests org-wide installs against Slack's rules."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.request.internals import extract_enterprise_id, extract_is_enterprise_install, extract_team_id

from bot.sandbox.delivery import Envelope
from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import StoppedClock, a_home, a_modal, a_user, call, called, posted, some_buttons


class Umbrella:
    """An organisation of three workspaces, two of which the app was let into."""

    def __init__(self) -> None:
        self.slack = Slack(real=StoppedClock())
        self.slack.oauth.add_organisation("E0ORG", name="Umbrella")
        self.one = self.slack.add_workspace("T0ONE", people=[a_user("W0ANA"), a_user("W0BEN")], organisation="E0ORG")
        self.two = self.slack.add_workspace("T0TWO", people=[a_user("W0ANA"), a_user("W0EVA")], organisation="E0ORG")
        self.three = self.slack.add_workspace("T0THREE", people=[a_user("W0FAY")], organisation="E0ORG")
        self.answer = self.slack.oauth.install("E0ORG", scopes=["chat:write", "im:write", "im:history", "users:read"])
        self.token = self.answer["access_token"]
        self.slack.oauth.let_in("E0ORG", "T0ONE", "T0TWO")
        self.heard: list[dict[str, Any]] = []
        self.slack.delivery.connect(self._hear)

    def _hear(self, envelope: Envelope) -> None:
        self.heard.append(envelope.payload)

    def call(self, method: str, **args: Any) -> dict[str, Any]:
        return call(self.slack, method, token=self.token, **args)


@pytest.fixture
def org() -> Umbrella:
    return Umbrella()


def test_the_answer_names_the_organisation_and_no_team(org: Umbrella) -> None:
    assert org.answer["team"] is None
    assert org.answer["enterprise"] == {"id": "E0ORG", "name": "Umbrella"}
    assert org.answer["is_enterprise_install"] is True


def test_at_first_the_app_is_let_into_no_workspace() -> None:
    slack = Slack()
    slack.oauth.add_organisation("E0ORG")
    slack.add_workspace("T0ONE", people=[a_user("W0ANA")], organisation="E0ORG")
    token = slack.oauth.install("E0ORG")["access_token"]
    assert called(slack, "auth.teams.list", token=token)["teams"] == []
    refused = call(slack, "chat.postMessage", token=token, channel="W0ANA", text="x")
    assert refused["error"] == "team_access_not_granted"


def test_the_workspaces_it_was_let_into_are_listed_by_pages(org: Umbrella) -> None:
    first = org.call("auth.teams.list", limit=1)
    assert [team["id"] for team in first["teams"]] == ["T0ONE"]
    rest = org.call("auth.teams.list", limit=1, cursor=first["response_metadata"]["next_cursor"])
    assert [team["id"] for team in rest["teams"]] == ["T0TWO"]
    assert rest["response_metadata"]["next_cursor"] == ""


def test_auth_test_is_about_the_organisation(org: Umbrella) -> None:
    facts = org.call("auth.test")
    assert (facts["team_id"], facts["enterprise_id"], facts["is_enterprise_install"]) == ("E0ORG", "E0ORG", True)
    assert facts["user_id"] == org.answer["bot_user_id"]


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("users.list", "missing_argument"),
        ("users.conversations", "missing_argument"),
        ("conversations.list", "missing_argument"),
        ("usergroups.list", "missing_argument"),
        ("usergroups.users.list", "invalid_arguments"),
        ("bots.info", "missing_argument"),
    ],
)
def test_methods_about_a_workspace_demand_its_id(org: Umbrella, method: str, error: str) -> None:
    args = {"usergroup": "S0"} if method == "usergroups.users.list" else {}
    assert org.call(method, **args)["error"] == error


def test_a_team_id_opens_a_workspace_it_was_let_into_and_no_other(org: Umbrella) -> None:
    members = org.call("users.list", team_id="T0TWO")["members"]
    assert {"W0ANA", "W0EVA"} <= {member["id"] for member in members}
    for closed in ("T0THREE", "T0SANDBOX", "T0NONE"):
        assert org.call("users.list", team_id=closed)["error"] == "team_access_not_granted"


def test_installing_again_keeps_whom_the_organisation_let_in(org: Umbrella) -> None:
    org.slack.oauth.install("E0ORG")
    assert [team["id"] for team in org.call("auth.teams.list")["teams"]] == ["T0ONE", "T0TWO"]


def test_letting_in_and_shutting_out_take_effect_at_once(org: Umbrella) -> None:
    org.slack.oauth.let_in("E0ORG", "T0THREE")
    assert org.call("chat.postMessage", channel="W0FAY", text="x")["ok"]
    org.slack.oauth.shut_out("E0ORG", "T0THREE")
    assert org.call("chat.postMessage", channel="W0FAY", text="x")["error"] == "team_access_not_granted"
    assert org.three.do.message("W0FAY", "hello").error == "not_installed"


def test_people_carry_who_they_are_in_the_organisation(org: Umbrella) -> None:
    ana = org.call("users.info", user="W0ANA")["user"]
    assert ana["enterprise_user"]["id"] == "W0ANA"
    assert ana["enterprise_user"]["enterprise_id"] == "E0ORG"
    assert ana["enterprise_user"]["teams"] == ["T0ONE", "T0TWO"]
    eva = next(user for user in org.call("users.list", team_id="T0TWO")["members"] if user["id"] == "W0EVA")
    assert eva["enterprise_user"]["teams"] == ["T0TWO"]


def test_a_person_in_two_workspaces_has_one_conversation_with_the_app(org: Umbrella) -> None:
    first = org.call("chat.postMessage", channel="W0ANA", text="x")
    second = org.call("chat.postMessage", channel="W0ANA", text="y", team_id="T0TWO")
    assert first["channel"] == second["channel"]
    assert len(org.call("conversations.history", channel=first["channel"])["messages"]) == 2
    assert org.call("conversations.open", users="W0EVA")["channel"]["id"] != first["channel"]


def test_a_person_is_reached_in_a_workspace_that_the_app_was_let_into(org: Umbrella) -> None:
    org.slack.oauth.shut_out("E0ORG", "T0ONE")
    assert org.call("chat.postMessage", channel="W0ANA", text="x")["ok"]
    assert [len(one.posted()) for one in (org.one, org.two)] == [0, 1]


def test_events_carry_the_organisation_in_their_authorization(org: Umbrella) -> None:
    org.two.do.message("W0EVA", "hello")
    event = org.heard[0]
    assert (event["team_id"], event["enterprise_id"], event["context_enterprise_id"]) == ("T0TWO", "E0ORG", "E0ORG")
    assert event["authorizations"] == [
        {
            "enterprise_id": "E0ORG",
            "team_id": None,
            "user_id": org.answer["bot_user_id"],
            "is_bot": True,
            "is_enterprise_install": True,
        }
    ]
    assert (extract_enterprise_id(event), extract_is_enterprise_install(event)) == ("E0ORG", True)


def test_interactions_carry_no_team_but_the_organisation_and_the_persons_team(org: Umbrella) -> None:
    sent = posted(org.slack, "W0EVA", token=org.token, blocks=[some_buttons()])
    org.two.do.click("W0EVA", ts=sent["ts"], block_id="buttons", action_id="go")
    payload = org.heard[0]
    assert (payload["team"], payload["is_enterprise_install"]) == (None, True)
    assert payload["enterprise"] == {"id": "E0ORG", "name": "Umbrella"}
    assert payload["user"]["team_id"] == extract_team_id(payload) == "T0TWO"


def test_commands_name_workspace_and_organisation(org: Umbrella) -> None:
    org.two.do.command("W0EVA", "/nudge", "help")
    payload = org.heard[0]
    assert (payload["team_id"], payload["enterprise_id"], payload["enterprise_name"]) == ("T0TWO", "E0ORG", "Umbrella")
    assert payload["is_enterprise_install"] == "true"


def test_views_find_the_workspace_of_their_trigger_person_and_id(org: Umbrella) -> None:
    org.two.do.command("W0EVA", "/nudge")
    opened = org.call("views.open", trigger_id=org.heard[0]["trigger_id"], view=a_modal())
    view = opened["view"]
    assert (view["team_id"], view["app_installed_team_id"]) == ("T0TWO", "E0ORG")
    assert org.call("views.update", view_id=view["id"], view=a_modal(callback_id="changed"))["ok"]
    assert org.call("views.publish", user_id="W0EVA", view=a_home())["view"]["team_id"] == "T0TWO"


def test_a_workspaces_own_installation_goes_on_beside_the_organisations() -> None:
    slack = Slack()
    slack.oauth.add_organisation("E0ORG", name="Umbrella")
    one = slack.add_workspace("T0ONE", people=[a_user("W0ANA")], organisation="E0ORG")
    own = slack.oauth.install("T0ONE")
    slack.oauth.install("E0ORG")
    slack.oauth.let_in("E0ORG", "T0ONE")
    heard: list[Envelope] = []
    slack.delivery.connect(heard.append)
    posted(slack, "W0ANA", token=own["access_token"])
    one.do.message("W0ANA", "hello")
    assert (own["team"]["id"], own["enterprise"]["id"]) == ("T0ONE", "E0ORG")
    authorization = heard[0].payload["authorizations"][0]
    assert (authorization["team_id"], authorization["is_enterprise_install"]) == ("T0ONE", False)


def test_an_org_token_refreshes_like_any_other(org: Umbrella) -> None:
    client = org.slack.workspaces.installs.client
    answer = call(
        org.slack,
        "oauth.v2.access",
        token=None,
        client_id=client.client_id,
        client_secret=client.client_secret,
        grant_type="refresh_token",
        refresh_token=org.answer["refresh_token"],
    )
    assert (answer["team"], answer["is_enterprise_install"]) == (None, True)
    assert called(org.slack, "auth.teams.list", token=answer["access_token"])["teams"]
