"""auth.* and oauth.*: whose token this is, how one comes by it and how it ends: this module answers for tokens."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox import oauth
from bot.sandbox.call import Call
from bot.sandbox.errors import Refusal
from bot.sandbox.methods_conversations import page_of
from bot.sandbox.records import Json
from bot.sandbox.state import State


def auth_test(state: State, call: Call) -> Json:
    app = state.app
    if call.token.is_org_wide:
        return _organisation_test(state, call)
    body: Json = {
        "url": f"https://{app.domain}.slack.com/",
        "team": app.team_name,
        "team_id": app.team_id,
        "is_enterprise_install": False,
    }
    if app.enterprise_id:
        body["enterprise_id"] = app.enterprise_id
    if call.token.kind == "app":
        return {**body, "app_id": app.app_id, "app_name": app.name}
    return {**body, "user": app.name.lower(), "user_id": app.bot_user, "bot_id": app.bot_id}


def _organisation_test(state: State, call: Call) -> Json:
    app, place = state.app, state.installs.places[call.token.owner]
    return {
        "url": f"https://{place.id.lower()}.enterprise.slack.com/",
        "team": place.name,
        "team_id": place.id,
        "enterprise_id": place.id,
        "is_enterprise_install": True,
        "user": app.name.lower(),
        "user_id": place.bot_user,
        "bot_id": app.bot_id,
    }


def list_teams(state: State, call: Call) -> Json:
    """Return the workspaces that the token opens, by pages."""
    installation = state.installs.installations.get(call.token.owner)
    let_in = installation.let_in if installation else frozenset()
    teams = sorted(let_in) if call.token.is_org_wide else [state.app.team_id]
    ids, cursor = page_of(teams, call, name="team")
    found = [{"id": team, "name": state.installs.places[team].name} for team in ids]
    return {"teams": found, "response_metadata": {"next_cursor": cursor}}


def revoke(state: State, call: Call) -> Json:
    """End this token alone; the app hears of it."""
    if call.flag("test"):
        return {"revoked": False}
    installs = state.installs
    with installs.lock:
        installs.tokens[call.token.value] = replace(call.token, ended="token_revoked")
        installation = installs.installations.get(call.token.owner)
    if installation is not None:
        installs.on_revoked(installation)
    return {"revoked": True}


def access(state: State, call: Call) -> Json:
    if call.args.get("code_verifier"):
        raise Refusal("pkce_not_allowed")
    return oauth.access(state.installs, call.args, app_id=state.app.app_id, now=state.clock.now())
