"""Coming and going: this module begins, completes and ends installations of the app in workspaces."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from nudges.clock import Clock
from nudges.domain.people.installations import ENDED_BY_INSTALLING, Grant, Tokens
from nudges.errors import NudgerError
from nudges.services.core import Core
from nudges.services.workspaces.token_box import TokenBox
from nudges.store import audit, installations, instance, oauth_states
from nudges.store.engine import Database
from nudges.store.installations import Installed, SealedTokens

STATE_LIVES = timedelta(minutes=10)


class StateRefused(NudgerError):
    """This installation was not begun here, is too old, or was finished before."""

    code = "install.state"
    hint = "Begin again, in this browser."


@dataclass(frozen=True)
class Begun:
    """What goes with the browser: the state by way of Slack, the other as a cookie."""

    state: str
    browser: str


def begin_installation(db: Database, clock: Clock) -> Begun:
    """Return a new state bound to a new cookie; only their hashes are kept."""
    begun, now = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32)), clock()
    with db.begin() as session:
        oauth_states.add(
            session,
            state_hash=_hash(begun.state),
            browser_hash=_hash(begun.browser),
            now=now,
            expires_at=now + STATE_LIVES,
        )
    return begun


def redeem_state(db: Database, clock: Clock, begun: Begun) -> None:
    """Use a state up, whichever browser it comes from; StateRefused unless it is the one it was given to, in time."""
    with db.begin() as session:
        browser_hash = oauth_states.take(session, state_hash=_hash(begun.state), now=clock())
    if browser_hash is None or not hmac.compare_digest(browser_hash, _hash(begun.browser)):
        raise StateRefused


def complete_installation(db: Database, clock: Clock, box: TokenBox, grant: Grant) -> None:
    """Store what Slack granted; a workspace that had removed the app, or was refused by Slack, sends again."""
    now, workspace_id = clock(), grant.workspace_id
    new = Installed(
        workspace_id=workspace_id,
        name=grant.workspace_name,
        enterprise_id=grant.enterprise_id,
        is_org=grant.is_org,
        app_id=grant.app_id,
        bot_user_id=grant.bot_user_id,
        scopes=grant.scopes,
        installed_by=grant.installed_by,
        installed_at=now,
    )
    with db.of_workspace(workspace_id).begin() as session:
        instance.ensure_workspace(session, workspace_id, grant.workspace_name)
        installations.save(session, new, sealed_tokens(box, workspace_id, grant.tokens, now))
        instance.welcome_back(session, workspace_id, ENDED_BY_INSTALLING)
        audit.record(session, workspace_id, actor_id=grant.installed_by, action="install", now=now)


def end_installation(core: Core, reason: str, happened_at: datetime | None = None) -> bool:
    """Hold the workspace, wipe its tokens and let the time run until its data is erased; False when it came too late.

    What happened before the present installation is about the one before it.
    """
    now = core.clock()
    with core.db.begin() as session:
        known = installations.find(session, core.workspace_id)
        if known and happened_at and happened_at < known.installed_at.replace(microsecond=0):
            return False
        instance.hold(session, core.workspace_id, reason=reason, now=now)
        installations.end(session, core.workspace_id, now)
        if instance.mark_ended(session, core.workspace_id, now):
            audit.record(session, core.workspace_id, actor_id="", action="end_installation", subject=reason, now=now)
    return True


def reseal_tokens(db: Database, box: TokenBox) -> int:
    """Put every stored token under the first of the keys; return how many workspaces. Raises TokenUnreadable."""
    with db.reading() as session:
        workspace_ids = [one.workspace_id for one in installations.live(session)]
    return sum(_reseal(db, box, workspace_id) for workspace_id in workspace_ids)


def sealed_tokens(box: TokenBox, workspace_id: str, tokens: Tokens, now: datetime) -> SealedTokens:
    """Return a pair as it is stored."""
    expires_at = now + tokens.expires_in if tokens.expires_in else None
    access, refresh = box.seal(workspace_id, tokens.access), box.seal(workspace_id, tokens.refresh)
    return SealedTokens(access, refresh, expires_at)


def _reseal(db: Database, box: TokenBox, workspace_id: str) -> bool:
    with db.of_workspace(workspace_id).begin() as session:
        seen = installations.tokens(session, workspace_id)
        if seen is None:
            return False
        access, refresh = box.reseal(workspace_id, seen.access), box.reseal(workspace_id, seen.refresh)
        return installations.reseal(session, workspace_id, seen, SealedTokens(access, refresh, seen.expires_at))


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
