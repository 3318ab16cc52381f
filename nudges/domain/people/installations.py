"""An app in a workspace: this module is what Slack grants when it is installed, and what its end means."""

from dataclasses import dataclass
from datetime import timedelta

ERASED_AFTER = timedelta(days=30)  # from the end of an installation until all data of its workspace is gone
RENEWED_BEFORE = timedelta(hours=2)  # the life that a token has left when it is renewed; of twelve hours
RENEWAL_LEASE = timedelta(minutes=2)  # one tries at a time, and no sooner again: longer than a request may take

UNINSTALLED, REVOKED = "slack:app_uninstalled", "slack:tokens_revoked"
REFRESH_REFUSED = "invalid_refresh_token"  # what Slack says of one that was used or taken back
NOT_RENEWABLE = f"slack:{REFRESH_REFUSED}"
TOKEN_EXPIRED = "slack:token_expired"  # noqa: S105 - a reason, not a token
# Holds that a renewed token ends by itself, and those that installing again ends: somebody has just looked.
ENDED_BY_RENEWAL = (NOT_RENEWABLE, TOKEN_EXPIRED)
ENDED_BY_INSTALLING = (
    *ENDED_BY_RENEWAL,
    UNINSTALLED,
    REVOKED,
    "slack:account_inactive",
    "slack:invalid_auth",
    "slack:not_authed",
    "slack:token_revoked",
    "slack:token_unreadable",
    "slack:not_installed",
    "slack:missing_scope",
)


@dataclass(frozen=True)
class Tokens:
    """What opens Slack for us; a refresh token and an end only where tokens rotate."""

    access: str
    refresh: str = ""
    expires_in: timedelta | None = None


@dataclass(frozen=True)
class Grant:
    """What Slack answers when somebody has installed the app."""

    workspace_id: str  # the organisation's id when it is for all of one
    workspace_name: str
    enterprise_id: str
    is_org: bool
    app_id: str
    bot_user_id: str
    scopes: str
    installed_by: str
    tokens: Tokens
