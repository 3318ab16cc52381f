"""The token at the moment it is used: this module opens it, renews it in time, and lets only one try at a time."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from nudges.clock import Clock
from nudges.domain.people.installations import (
    ENDED_BY_RENEWAL,
    NOT_RENEWABLE,
    RENEWAL_LEASE,
    RENEWED_BEFORE,
    Tokens,
)
from nudges.errors import InstallationStopped, NudgerError, StorageError, TemporaryFailure
from nudges.ports import RenewalRefused, TokenRenewal
from nudges.services.workspaces.installing import sealed_tokens
from nudges.services.workspaces.token_box import TokenBox, TokenUnreadable
from nudges.store import installations, instance
from nudges.store.engine import Database
from nudges.store.installations import SealedTokens

logger = logging.getLogger(__name__)

KEPT_S = 5.0  # how long one look at the database serves; a renewed token's predecessor lives on for hours


@dataclass(frozen=True)
class _Held:
    """An opened token, and when it was looked at."""

    access: str
    stored: SealedTokens
    looked_at: float


class StoredToken:
    """The token of one installed workspace, as it is now; safe from any thread."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        workspace_id: str,
        *,
        box: TokenBox,
        renewal: TokenRenewal | None,
        watch: Callable[[], float] = monotonic,
    ) -> None:
        self._db = db
        self._clock = clock
        self._workspace_id = workspace_id
        self._box = box
        self._renewal = renewal
        self._watch = watch
        self._held: _Held | None = None
        self._renewing = threading.Lock()

    def __call__(self) -> str:
        """Return a token that lives. Raises InstallationStopped without one, TemporaryFailure while it is renewed."""
        held = self._now()
        if self._is_due(held.stored):
            self.renew()
            held = self._now()
        if _is_over(held.stored, self._clock()):
            if not held.stored.refresh or self._renewal is None:
                raise InstallationStopped("The token has expired.", slack_code="token_expired")
            raise TemporaryFailure("The token is being renewed.", slack_code="token_expired")
        return held.access

    def at_hand(self) -> str:
        """Return the token, a dead one if there is no other: an answer that was given is stored before it is used."""
        try:
            return self()
        except NudgerError as error:
            logger.warning("no living token", extra={"code": error.code, "workspace_id": self._workspace_id})
            return self._held.access if self._held else ""

    def renew(self) -> bool:
        """Renew the token if that is due and nobody else is at it; True when it was done here."""
        with self._renewing:
            stored = self._look().stored
            if self._renewal is None or not self._is_due(stored) or not self._claim(stored):
                return False
            # No transaction is open while we talk to Slack. A crash from here on until the new pair is stored may leave
            # us with one that Slack has taken back: see docs/decisions.md.
            try:
                fresh = self._renewal.renew(self._box.open(self._workspace_id, stored.refresh))
            except RenewalRefused as error:
                self._refused(stored, error)
                return False
            except TemporaryFailure as error:
                logger.warning("token not renewed", extra=self._fields(error.slack_code))
                return False
            return self._keep(stored, fresh)

    def _now(self) -> _Held:
        held = self._held
        if held is not None and self._watch() - held.looked_at < KEPT_S:
            return held
        return self._look()

    def _look(self) -> _Held:
        """Read the token. Errors say that nothing was posted, because nothing can be without one."""
        try:
            with self._db.reading() as session:
                stored = installations.tokens(session, self._workspace_id)
            if stored is None:
                self._held = None
                raise InstallationStopped("The app is not installed there any more.", slack_code="not_installed")
            held = _Held(self._box.open(self._workspace_id, stored.access), stored, self._watch())
        except TokenUnreadable as error:
            raise InstallationStopped(error.message, slack_code="token_unreadable") from error
        except StorageError as error:
            raise TemporaryFailure("The token cannot be read now.", slack_code="token_unread") from error
        self._held = held
        return held

    def _is_due(self, stored: SealedTokens) -> bool:
        now = self._clock()
        if stored.expires_at is None or not stored.refresh or now < stored.expires_at - RENEWED_BEFORE:
            return False
        return stored.renewing_at is None or stored.renewing_at < now - RENEWAL_LEASE

    def _claim(self, stored: SealedTokens) -> bool:
        now = self._clock()
        with self._db.begin() as session:
            is_ours = installations.claim_renewal(
                session, self._workspace_id, stored, now=now, lapsed=now - RENEWAL_LEASE
            )
        if not is_ours:
            self._held = None
        return is_ours

    def _keep(self, seen: SealedTokens, tokens: Tokens) -> bool:
        fresh = sealed_tokens(self._box, self._workspace_id, tokens, self._clock())
        with self._db.begin() as session:
            is_stored = installations.renew(session, self._workspace_id, seen, fresh)
            if is_stored:
                instance.release_hold(session, self._workspace_id, held_for=ENDED_BY_RENEWAL)
        self._held = None
        logger.info("token renewed", extra=self._fields(""))
        return is_stored

    def _refused(self, seen: SealedTokens, error: RenewalRefused) -> None:
        """Hold: this pair is used up, and only installing again brings another."""
        logger.error("token cannot be renewed", extra=self._fields(error.slack_code))
        if f"slack:{error.slack_code}" != NOT_RENEWABLE:
            return
        with self._db.begin() as session:
            # Unless another process has meanwhile stored what it was given for the same pair.
            if installations.drop_refresh(session, self._workspace_id, seen):
                instance.hold(session, self._workspace_id, reason=NOT_RENEWABLE, now=self._clock())
        self._held = None

    def _fields(self, code: str) -> dict[str, str]:
        return {"workspace_id": self._workspace_id, "slack_code": code}


def _is_over(stored: SealedTokens, now: datetime) -> bool:
    return stored.expires_at is not None and stored.expires_at <= now
