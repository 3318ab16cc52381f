"""apps, users, user groups, team and bots: this module is the sandbox's directory."""

from __future__ import annotations

import secrets

from bot.sandbox.call import Call
from bot.sandbox.contract import whole_number
from bot.sandbox.errors import Refusal
from bot.sandbox.methods_conversations import decode_cursor, encode_cursor
from bot.sandbox.records import Json
from bot.sandbox.state import SLACKBOT, State

USERS_WITHOUT_LIMIT = 1_000  # above this size Slack wants a limit
USERS_MOST = 1_000
PRIVATE_KEYS = ("sandbox", "locale")


def connections_open(state: State, call: Call) -> Json:
    """Return a socket address with a ticket good for one connection."""
    call.need_scope("connections:write")
    ticket = secrets.token_hex(12)
    state.tickets[ticket] = state.clock.real()
    return {"url": f"{state.base_url.replace('http', 'ws', 1)}/link?ticket={ticket}&app_id={state.app.app_id}"}


def list_users(state: State, call: Call) -> Json:
    """Return a page of all users, deactivated ones and bots included."""
    call.need_scope("users:read")
    if not call.args.get("limit") and len(state.users) > USERS_WITHOUT_LIMIT:
        raise Refusal("limit_required")
    limit = max(1, min(whole_number(call.args.get("limit"), default=USERS_MOST), USERS_MOST))
    after = decode_cursor("user", call.text("cursor")) if call.args.get("cursor") else ""
    page, has_more = state.users.page(after, limit)
    cursor = encode_cursor("user", page[-1]) if has_more else ""
    return {
        "members": [_user_json(state, user_id, call) for user_id in page],
        "cache_ts": int(state.clock.now()),
        "response_metadata": {"next_cursor": cursor},
    }


def user_info(state: State, call: Call) -> Json:
    call.need_scope("users:read")
    if call.text("user") not in state.users:
        raise Refusal("user_not_found")
    return {"user": _user_json(state, call.text("user"), call)}


def list_user_groups(state: State, call: Call) -> Json:
    """Return all user groups, which come without pages; disabled ones and members only when asked for."""
    call.need_scope("usergroups:read")
    shown = [one for one in state.user_groups.values() if call.flag("include_disabled") or not one["date_delete"]]
    hidden = set() if call.flag("include_users") else {"users"}
    return {"usergroups": [{key: value for key, value in one.items() if key not in hidden} for one in shown]}


def list_user_group_members(state: State, call: Call) -> Json:
    call.need_scope("usergroups:read")
    found = state.user_groups.get(call.text("usergroup"))
    if found is None or (found["date_delete"] and not call.flag("include_disabled")):
        raise Refusal("no_such_subteam")
    return {"users": found["users"]}


def _user_json(state: State, user_id: str, call: Call) -> Json:
    """Return the user without what only the page knows, and without an email the token may not read."""
    user = state.users[user_id]
    body = {key: value for key, value in user.items() if key not in PRIVATE_KEYS}
    if call.flag("include_locale"):
        body["locale"] = user.get("locale", "en-US")
    if "users:read.email" not in call.token.scopes and "profile" in body:
        body["profile"] = {key: value for key, value in body["profile"].items() if key != "email"}
    enterprise_user = _enterprise_user(state, user_id)
    return {**body, "enterprise_user": enterprise_user} if enterprise_user else body


def _enterprise_user(state: State, user_id: str) -> Json | None:
    """Return who a person is in the organisation: one id in all of its workspaces."""
    app = state.app
    if app.enterprise_id is None or user_id == SLACKBOT:
        return None
    return {
        "id": user_id,
        "enterprise_id": app.enterprise_id,
        "enterprise_name": app.enterprise_name,
        "is_admin": False,
        "is_owner": False,
        "teams": state.teams_of(user_id),
    }


def team_info(state: State, call: Call) -> Json:
    call.need_scope("team:read")
    app = state.app
    if call.text("team", app.team_id) != app.team_id:
        raise Refusal("team_not_found")
    team = {"id": app.team_id, "name": app.team_name, "domain": app.domain, "email_domain": ""}
    if app.enterprise_id:
        team |= {"enterprise_id": app.enterprise_id, "enterprise_name": app.enterprise_name}
    return {"team": team}


def bot_info(state: State, call: Call) -> Json:
    call.need_scope("users:read")
    app = state.app
    if not call.args.get("bot"):
        raise Refusal("missing_argument")
    if call.text("bot") != app.bot_id:
        raise Refusal("bot_not_found")
    bot = {"id": app.bot_id, "app_id": app.app_id, "user_id": app.bot_user, "name": app.name, "deleted": False}
    return {"bot": {**bot, "updated": 0, "icons": {}}}
