"""User groups and channels as Slack shows them: this module tests the directory and what the answers make of it."""

from typing import Any

import pytest

from bot.blocks.answers_people import people_answer
from bot.sandbox.run import build_server
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import BOT_SCOPES
from bot.slack_api import SlackDirectory, web_client
from nudges.domain.playbooks.company import Brief, Level
from nudges.errors import DirectoryError, GroupUnreadable
from tests.bot import author_examples

PEOPLE = [{"id": f"U0{number:04}", "name": f"p{number}"} for number in range(450)]
IDS = {one["id"] for one in PEOPLE}


def a_server(*scopes: str) -> SandboxServer:
    server = build_server(people=PEOPLE, channels={"ask": "C0ASK"}, port=0, scopes=BOT_SCOPES | {*scopes}, strict=True)
    server.slack.add_user_group("S0EXPERTS", name="Experts", members=["U00001", "U00002"])
    server.slack.add_user_group("S0OLD", name="Old", members=["U00001"], is_disabled=True)
    return server


def a_directory(server: SandboxServer) -> SlackDirectory:
    return SlackDirectory(web_client(token="xoxb-sandbox", base_url=server.api_url, timeout_s=5), "T0SANDBOX")


def called(server: SandboxServer, method: str, **arguments: Any) -> Any:
    return server.slack.call(method, arguments, "xoxb-sandbox").body


def test_a_channel_is_read_to_its_last_page() -> None:
    with a_server("channels:read") as server:
        found = a_directory(server).group_members("C0ASK")
        assert set(found) >= IDS
        assert len(found) == len(set(found)) > 400
        assert [one.what for one in server.slack.calls.after(0)].count("conversations.members") == 3


def test_a_user_group_is_read() -> None:
    with a_server("usergroups:read") as server:
        assert a_directory(server).group_members("S0EXPERTS") == ["U00001", "U00002"]


@pytest.mark.parametrize(
    ("scopes", "group_id", "code"),
    [
        ((), "S0EXPERTS", "missing_scope"),
        ((), "C0ASK", "missing_scope"),
        (("usergroups:read",), "S0OLD", "no_such_subteam"),
        (("channels:read",), "C0NONE", "channel_not_found"),
    ],
)
def test_what_slack_does_not_show_is_told_with_its_code(scopes: tuple[str, ...], group_id: str, code: str) -> None:
    with a_server(*scopes) as server, pytest.raises(GroupUnreadable) as told:
        a_directory(server).group_members(group_id)
    assert told.value.slack_code == code


def test_slack_out_of_reach_says_nothing_about_the_group() -> None:
    with a_server("usergroups:read") as server:
        directory = a_directory(server)
    with pytest.raises(DirectoryError) as told:
        directory.group_members("S0EXPERTS")
    assert not isinstance(told.value, GroupUnreadable)


def test_the_sandbox_lists_user_groups_as_slack_does() -> None:
    with a_server("usergroups:read") as server:
        (shown,) = called(server, "usergroups.list")["usergroups"]
        assert (shown["id"], shown["user_count"], "users" in shown) == ("S0EXPERTS", "2", False)
        both = called(server, "usergroups.list", include_users=True, include_disabled=True)["usergroups"]
        assert [one["id"] for one in both if one["users"]] == ["S0EXPERTS", "S0OLD"]
        assert called(server, "usergroups.users.list", usergroup="S0OLD", include_disabled=True)["users"] == ["U00001"]
    with a_server() as server:
        assert called(server, "usergroups.list")["error"] == "missing_scope"


# ---- what people read


def words(**values: Any) -> str:
    blocks = [block.to_dict() for block in people_answer(author_examples.a_segment(**values)).blocks]
    return "\n".join(str(block.get("text", {}).get("text", "")) for block in blocks)


def test_a_guarded_segment_names_nobody_and_says_why() -> None:
    told = words(is_guarded=True, band="10-19", count=0, by_place=(), sample=())
    assert "10-19 people" in told
    assert "nobody is named" in told
    assert "<@" not in told
    assert "Nobody matches" not in told


def test_too_few_to_say_is_not_nobody() -> None:
    told = words(is_guarded=True, band="", count=0, by_place=(), sample=())
    assert "Too few people" in told
    assert "Nobody matches" not in told


def test_the_brief_and_what_is_missing_stand_with_the_segment() -> None:
    brief = Brief(
        priority=1,
        evidence="Six in ten calls wait.",
        said_by="Dana",
        job="Answer at once",
        tool="Slack channels",
        depends_on_collaboration=Level.HIGH,
        likely_to_use=Level.LOW,
    )
    told = words(brief=brief, notes=("No usage was imported yet.",))
    for words_of_it in ("priority 1", "depends on collaboration: high", "likely to use the tool: low", "Answer at once",
                        "Six in ten calls wait. (Dana)", "No usage was imported yet."):  # fmt: skip
        assert words_of_it in told
