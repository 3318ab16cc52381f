"""Slack itself: this module is checks of tokens, scopes, settings and the clock by asking it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.doctor.checks import Check, error, ok, warning
from bot.manifest import APP_TOKEN_SCOPE, OPTIONAL_USES, SCOPE_USES, scopes_for
from bot.settings import Settings
from nudges.clock import Clock
from nudges.services.authoring.import_playbooks import read_folder

DND = "dnd:read"
PATIENCE_S = 10
CLOCK_ADVICE_S, CLOCK_LIMIT_S = 60, 300  # Slack's signatures are accepted for five minutes
REFUSALS = {
    "invalid_auth": "Slack does not know it",
    "not_authed": "it is empty",
    "account_inactive": "the app was removed from the workspace, or the workspace is gone",
    "token_revoked": "it was revoked",
    "token_expired": "it has expired: with token rotation on, install the app from /slack/install instead",
    "not_allowed_token_type": "it is a token of another kind",
    "missing_scope": "it lacks a scope",
}
MESSAGES_TAB = (
    "Look at your app's page, App Home, Show Tabs: Messages Tab on, and 'Allow users to send ... messages' ticked; "
    "the manifest sets both."
)


_FAILURES = (SlackApiError, SlackClientError, OSError, HTTPException, ValueError)


@dataclass(frozen=True)
class Asked:
    """What Slack answered when asked who we are, or why it did not."""

    answer: SlackResponse | None = None
    failure: Exception | None = None

    @property
    def workspace_id(self) -> str:
        """Return the workspace of the bot token; nothing when Slack does not say."""
        return str(self.answer.get("team_id") or "") if self.answer else ""


def ask(settings: Settings) -> Asked:
    """Ask Slack who we are; without a token nobody is asked."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return Asked()
    try:
        return Asked(answer=_client(settings, token).auth_test())
    except _FAILURES as failure:
        return Asked(failure=failure)


def check_slack(settings: Settings, asked: Asked, clock: Clock) -> Iterator[Check]:
    """Check the bot token, what it may do, and in Socket Mode the app-level token."""
    if asked.failure is not None:
        yield _failed("slack.auth", "SLACK_BOT_TOKEN", settings, asked.failure)
    if asked.answer is not None:
        yield _identity(asked.answer)
        needed = scopes_for(read_folder(settings.nudger_playbooks).company)
        yield from _scopes(_header(asked.answer.headers, "x-oauth-scopes"), needed)
        yield from _time(_header(asked.answer.headers, "date"), clock())
        yield ok("slack.messages_tab", "Whether people can write to the app cannot be asked.", MESSAGES_TAB)
    if settings.mode == "socket" and settings.slack_app_token.get_secret_value():
        yield _socket(settings)


def _client(settings: Settings, token: str) -> WebClient:
    timeout = int(max(1, min(PATIENCE_S, settings.nudger_timeout_s)))
    return WebClient(token=token or None, base_url=settings.api_url, timeout=timeout, retry_handlers=[])


def _identity(answer: SlackResponse) -> Check:
    team, user = answer.get("team") or answer.get("team_id"), answer.get("user")
    if answer.get("is_enterprise_install"):
        hint = "Install it from /slack/install instead, or into one workspace; see docs/install.md."
        return warning("slack.auth", "The token of the settings is for a whole organisation.", hint)
    if not answer.get("bot_id"):
        hint = "Use the Bot User OAuth Token, xoxb-..., not a person's."
        return error("slack.auth", "The token is not a bot's.", hint)
    return ok("slack.auth", f"Slack knows us as {user} in {team}.")


def _scopes(header: str | None, optional: tuple[str, ...]) -> Iterator[Check]:
    if header is None:
        hint = "Compare OAuth & Permissions, Bot Token Scopes, with `nudger manifest`."
        yield warning("slack.scopes", "Slack did not say which scopes the token has.", hint)
        return
    granted = {scope.strip() for scope in header.split(",") if scope.strip()}
    missing, surplus = sorted(SCOPE_USES.keys() - granted), sorted(granted - SCOPE_USES.keys() - set(optional))
    if DND in optional and DND in granted:
        yield ok("slack.dnd", "Slack says who does not want to be disturbed, and is asked just before posting.")
    for scope in (one for one in optional if one not in granted):
        hint = "Paste `nudger manifest` under App Manifest, reinstall the app, then run `nudger people sync`."
        sentence = f"A rule of company.yaml needs the scope {scope}, and finds nobody without it."
        if scope == DND:
            sentence = f"company.yaml says `do_not_disturb: yes`, but the scope {scope} is missing: Slack is not asked."
        yield warning("slack.scopes", f"{sentence} It {OPTIONAL_USES[scope]}.", hint)
    for scope in missing:
        hint = "Paste `nudger manifest` under App Manifest, then reinstall the app to the workspace."
        yield error("slack.scopes", f"The scope {scope} is missing. It {SCOPE_USES[scope]}.", hint)
    if surplus:
        hint = "Take them away under OAuth & Permissions; nothing here uses them."
        yield warning("slack.scopes", f"The token may do more than is needed: {', '.join(surplus)}.", hint)
    if not missing and not surplus:
        yield ok("slack.scopes", f"The token has the {len(granted)} scopes of the manifest.")


def _time(header: str | None, now: datetime) -> Iterator[Check]:
    try:
        theirs = parsedate_to_datetime(header or "")
        off = abs((now - theirs).total_seconds())
    except (ValueError, TypeError):
        return
    hint = "Set the clock by NTP; on most systems: timedatectl set-ntp true."
    if off > CLOCK_LIMIT_S:
        yield error("clock", f"The clock is {off:.0f} s away from Slack's; signed requests are refused.", hint)
    elif off > CLOCK_ADVICE_S:
        yield warning("clock", f"The clock is {off:.0f} s away from Slack's.", hint)
    else:
        yield ok("clock", "The clock agrees with Slack's.")


def _socket(settings: Settings) -> Check:
    try:
        client = _client(settings, "")
        client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except _FAILURES as failure:
        return _failed("slack.socket", "SLACK_APP_TOKEN", settings, failure)
    return ok("slack.socket", "Slack offers a socket for the app-level token.")


def _failed(check_id: str, name: str, settings: Settings, failure: Exception) -> Check:
    if not isinstance(failure, SlackApiError):
        hint = "Check the network, the proxy and SLACK_API_URL. Nothing is lost meanwhile: what is due waits."
        return error(check_id, f"Slack cannot be reached at {settings.api_url}.", hint)
    code, status = _code(failure.response)
    if code == "missing_scope" and name == "SLACK_APP_TOKEN":
        hint = f"Make a new app-level token with the scope {APP_TOKEN_SCOPE}."
    else:
        hint = f"Copy {name} anew from your app's page; docs/install.md says where it stands."
    if not code.isidentifier():
        hint = "Try again later; status.slack.com says whether Slack has trouble."
        return error(check_id, f"Slack answered with an error (HTTP {status}).", hint)
    return error(check_id, f"Slack refuses {name} ({code}): {REFUSALS.get(code, 'see the code')}.", hint)


def _code(response: Any) -> tuple[str, int]:
    """Return Slack's code and the HTTP status; an answer that is no JSON has no code."""
    status = int(getattr(response, "status_code", 0) or 0)
    code = response.get("error", "") if hasattr(response, "get") else ""
    return (str(code or "") if status == 200 else ""), status


def _header(headers: Mapping[str, Any], name: str) -> str | None:
    found = {key.lower(): value for key, value in headers.items()}.get(name)
    value = found[0] if isinstance(found, list) and found else found
    return None if value is None else str(value)
