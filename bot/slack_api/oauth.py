"""Tokens from Slack: this module trades codes and refresh tokens for them, each asked once and never again."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack_api.client import PooledWebClient
from nudges.domain.people.installations import Grant, Tokens
from nudges.errors import NudgerError, TemporaryFailure
from nudges.ports import RenewalRefused

BOT = "bot"
ID = re.compile(r"[A-Z0-9]{2,32}", re.ASCII)
# Ours to mend or passing: the token that is to be renewed is none the worse for it.
NOT_ABOUT_THE_TOKEN = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable"})


class ExchangeFailed(NudgerError):
    """Slack did not complete the installation."""

    code = "install.exchange"
    hint = "Begin again; nothing was installed here."

    def __init__(self, message: str | None = None, *, slack_code: str = "") -> None:
        super().__init__(message)
        self.slack_code = slack_code


class SlackOAuth:
    """`oauth.v2.access` with our app's id and secret."""

    def __init__(self, client: PooledWebClient, client_id: str, client_secret: str) -> None:
        self._client = client
        self._id = client_id
        self._secret = client_secret

    def redeem(self, code: str, redirect_uri: str) -> Grant:
        """Return what was granted for a code. Raises ExchangeFailed; the code is then of no use any more."""
        try:
            return _grant(self._ask(code=code, redirect_uri=redirect_uri))
        except SlackApiError as error:
            refused = _code(error)
            raise ExchangeFailed(f"Slack said {refused}.", slack_code=refused) from error
        except (SlackClientError, OSError) as error:
            raise ExchangeFailed(
                "Slack could not be reached, or its answer was lost.", slack_code="no_answer"
            ) from error

    def renew(self, refresh_token: str) -> Tokens:
        """Return the next pair; see the port."""
        try:
            return _tokens(self._ask(grant_type="refresh_token", refresh_token=refresh_token))
        except SlackApiError as error:
            refused, status = _code(error), getattr(error.response, "status_code", 0)
            if status != 200 or refused in NOT_ABOUT_THE_TOKEN:
                raise TemporaryFailure("Slack renews no token now.", slack_code=refused) from error
            raise RenewalRefused(f"Slack said {refused}.", slack_code=refused) from error
        except (SlackClientError, OSError, ExchangeFailed) as error:
            raise TemporaryFailure("Slack's answer did not arrive.", slack_code="no_answer") from error

    def close(self) -> None:
        """Close the connections to Slack."""
        self._client.http.close()

    def _ask(self, **fields: str) -> Mapping[str, Any]:
        data = self._client.oauth_v2_access(client_id=self._id, client_secret=self._secret, **fields).data
        return data if isinstance(data, Mapping) else {}


def _grant(answer: Mapping[str, Any]) -> Grant:
    team, enterprise = _part(answer, "team"), _part(answer, "enterprise")
    is_org = bool(answer.get("is_enterprise_install"))
    where = enterprise if is_org else team
    workspace_id = str(where.get("id") or "")
    if not ID.fullmatch(workspace_id) or answer.get("token_type") != BOT:
        raise ExchangeFailed("Slack's answer names no workspace and no bot.", slack_code="odd_answer")
    return Grant(
        workspace_id=workspace_id,
        workspace_name=str(where.get("name") or ""),
        enterprise_id=str(enterprise.get("id") or ""),
        is_org=is_org,
        app_id=str(answer.get("app_id") or ""),
        bot_user_id=str(answer.get("bot_user_id") or ""),
        scopes=str(answer.get("scope") or ""),
        installed_by=str(_part(answer, "authed_user").get("id") or ""),
        tokens=_tokens(answer),
    )


def _tokens(answer: Mapping[str, Any]) -> Tokens:
    access, refresh, lives_s = answer.get("access_token"), answer.get("refresh_token"), answer.get("expires_in")
    if not isinstance(access, str) or not access:
        raise ExchangeFailed("Slack's answer holds no token.", slack_code="odd_answer")
    is_rotating = isinstance(refresh, str) and isinstance(lives_s, int) and lives_s > 0
    return Tokens(access, str(refresh), timedelta(seconds=int(lives_s or 0))) if is_rotating else Tokens(access)


def _part(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = answer.get(name)
    return found if isinstance(found, Mapping) else {}


def _code(error: SlackApiError) -> str:
    code = error.response.get("error", "") if hasattr(error.response, "get") else ""
    return code if isinstance(code, str) and code.isidentifier() else "an_error"
