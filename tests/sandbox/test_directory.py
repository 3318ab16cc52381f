"""People, pages and kinds: this module tests users.*, team.info, bots.info and conversations.list."""

from bot.sandbox.workspace import BOT_SCOPES, BOT_TOKEN, Slack
from tests.sandbox.helpers import a_user, call, called


def ids_of(slack: Slack, *, limit: int) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = called(slack, "users.list", limit=limit, cursor=cursor)
        found += [user["id"] for user in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            return found


def test_pages_of_users_hold_everybody_once_bots_and_leavers_included(slack: Slack) -> None:
    found = ids_of(slack, limit=2)
    assert len(found) == len(set(found)) == 7
    assert {"U0GONE", "U0ROBOT", "USLACKBOT", "U0SANDBOX"} <= set(found)


def test_a_large_workspace_wants_a_limit() -> None:
    slack = Slack(people=[a_user(f"U{n:05}") for n in range(1_001)])
    assert call(slack, "users.list")["error"] == "limit_required"
    assert len(ids_of(slack, limit=200)) == 1_003


def test_a_cursor_from_elsewhere_is_refused(slack: Slack) -> None:
    assert call(slack, "users.list", cursor="bmV4dDox")["error"] == "invalid_cursor"


def test_emails_need_a_scope_of_their_own(slack: Slack) -> None:
    assert "email" not in called(slack, "users.info", user="U0ANA")["user"]["profile"]
    more = Slack(people=[a_user("U0ANA")], tokens={BOT_TOKEN: BOT_SCOPES | {"users:read.email"}})
    assert "email" in called(more, "users.info", user="U0ANA")["user"]["profile"]


def test_the_locale_comes_when_asked_for(slack: Slack) -> None:
    assert "locale" not in called(slack, "users.info", user="U0ANA")["user"]
    assert called(slack, "users.info", user="U0ANA", include_locale="true")["user"]["locale"]


def test_an_unknown_user_and_an_unknown_bot_are_refused(slack: Slack) -> None:
    assert call(slack, "users.info", user="U0NOBODY")["error"] == "user_not_found"
    assert call(slack, "bots.info", bot="B0OTHER")["error"] == "bot_not_found"


def test_the_app_finds_itself(slack: Slack) -> None:
    me = called(slack, "auth.test")
    assert called(slack, "bots.info", bot=me["bot_id"])["bot"]["user_id"] == me["user_id"]


def test_the_team_needs_its_scope_and_its_own_id() -> None:
    slack = Slack(tokens={BOT_TOKEN: {"team:read"}})
    assert called(slack, "team.info")["team"]["id"] == "T0SANDBOX"
    assert call(slack, "team.info", team="T0OTHER")["error"] == "team_not_found"


def test_conversations_are_listed_by_kind() -> None:
    slack = Slack(people=[a_user("U0ANA")], tokens={BOT_TOKEN: BOT_SCOPES | {"im:read", "channels:read"}})
    slack.add_channel("C0TALK", name="talk", members=["U0ANA", "U0SANDBOX"])
    dm = called(slack, "conversations.open", users="U0ANA")["channel"]["id"]
    assert [channel["id"] for channel in called(slack, "conversations.list")["channels"]] == ["C0TALK"]
    assert [channel["id"] for channel in called(slack, "conversations.list", types="im")["channels"]] == [dm]
    assert called(slack, "conversations.members", channel="C0TALK")["members"] == ["U0ANA", "U0SANDBOX"]
    assert called(slack, "conversations.info", channel=dm)["channel"]["user"] == "U0ANA"
    assert call(slack, "conversations.list", types="secret")["error"] == "invalid_types"
    assert call(slack, "conversations.members", channel=dm, limit=0)["error"] == "invalid_limit"
