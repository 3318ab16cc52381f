"""Who has installed the app: this module is the only writer of `installations`; tokens come and go sealed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy import Row as AnyRow
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import fetch, rows_changed
from nudges.store.tables import InstallationRow


@dataclass(frozen=True)
class Installed:
    """One workspace or organisation that has the app, without its tokens."""

    workspace_id: str
    name: str
    enterprise_id: str
    is_org: bool
    app_id: str
    bot_user_id: str
    scopes: str
    installed_by: str
    installed_at: datetime


@dataclass(frozen=True)
class SealedTokens:
    """Tokens as they are stored; the generation tells one pair from the next."""

    access: str
    refresh: str
    expires_at: datetime | None
    generation: int = 0
    renewing_at: datetime | None = None


_NAMES = (
    "workspace_id", "name", "enterprise_id", "is_org", "app_id", "bot_user_id", "scopes", "installed_by",
    "installed_at",
)  # fmt: skip
_LIVE = select(*(getattr(InstallationRow, name) for name in _NAMES)).where(col(InstallationRow.ended_at).is_(None))
_ONE = _LIVE.where(col(InstallationRow.workspace_id) == bindparam("workspace_id"))
_TOKENS = select(
    *(
        getattr(InstallationRow, name)
        for name in ("access_token", "refresh_token", "expires_at", "generation", "renewing_at")
    )
).where(col(InstallationRow.workspace_id) == bindparam("workspace_id"), col(InstallationRow.ended_at).is_(None))


def save(session: Session, new: Installed, tokens: SealedTokens) -> None:
    """Store an installation, or what has changed of one; it lives from now on."""
    row = session.get(InstallationRow, new.workspace_id)
    generation = row.generation + 1 if row else 1
    if row is None:
        row = InstallationRow(workspace_id=new.workspace_id, installed_at=new.installed_at)
    for name, value in new.__dict__.items():
        setattr(row, name, value)
    row.access_token, row.refresh_token, row.expires_at = tokens.access, tokens.refresh, tokens.expires_at
    row.generation, row.renewing_at, row.ended_at = generation, None, None
    session.add(row)


def live(session: Session) -> list[Installed]:
    """Return every installation that has not ended."""
    return [_installed(row) for row in fetch(session, _LIVE.order_by(col(InstallationRow.workspace_id)))]


def find(session: Session, workspace_id: str) -> Installed | None:
    """Return the installation of a workspace or organisation, or None when it has none or has removed it."""
    row = fetch(session, _ONE, workspace_id=workspace_id).one_or_none()
    return _installed(row) if row else None


def tokens(session: Session, workspace_id: str) -> SealedTokens | None:
    """Return the sealed tokens, or None when there is no installation."""
    row = fetch(session, _TOKENS, workspace_id=workspace_id).one_or_none()
    return SealedTokens(*row) if row else None


def end(session: Session, workspace_id: str, now: datetime) -> bool:
    """Wipe the tokens; False when there is no living installation."""
    values = {"access_token": "", "refresh_token": "", "expires_at": None, "renewing_at": None, "ended_at": now}
    statement = update(InstallationRow).where(*_lives(workspace_id)).values(**values)
    return rows_changed(session, statement) == 1


def claim_renewal(session: Session, workspace_id: str, seen: SealedTokens, *, now: datetime, lapsed: datetime) -> bool:
    """Be the one who renews this generation; False when another is, or has."""
    renewing_at = col(InstallationRow.renewing_at)
    is_free = renewing_at.is_(None) | (renewing_at < lapsed)
    where = (*_lives(workspace_id), col(InstallationRow.generation) == seen.generation, is_free)
    return rows_changed(session, update(InstallationRow).where(*where).values(renewing_at=now)) == 1


def renew(session: Session, workspace_id: str, seen: SealedTokens, fresh: SealedTokens) -> bool:
    """Replace the pair that was used by the one Slack gave for it; False when it is not the stored one any more.

    Not by the claim: of two who tried, only the one with this answer holds a pair that Slack accepts.
    """
    where = (*_lives(workspace_id), col(InstallationRow.generation) == seen.generation)
    statement = update(InstallationRow).where(*where)
    statement = statement.values(access_token=fresh.access, refresh_token=fresh.refresh, expires_at=fresh.expires_at)
    return rows_changed(session, statement.values(generation=seen.generation + 1, renewing_at=None)) == 1


def drop_refresh(session: Session, workspace_id: str, seen: SealedTokens) -> bool:
    """Forget a refresh token that Slack refuses; the access token goes on until its end."""
    where = (*_lives(workspace_id), col(InstallationRow.generation) == seen.generation)
    return rows_changed(session, update(InstallationRow).where(*where).values(refresh_token="")) == 1


def reseal(session: Session, workspace_id: str, seen: SealedTokens, fresh: SealedTokens) -> bool:
    """Store the same tokens under another seal; False when they have changed meanwhile."""
    where = (*_lives(workspace_id), col(InstallationRow.access_token) == seen.access)
    values = {"access_token": fresh.access, "refresh_token": fresh.refresh}
    return rows_changed(session, update(InstallationRow).where(*where).values(**values)) == 1


def _lives(workspace_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(InstallationRow.workspace_id) == workspace_id, col(InstallationRow.ended_at).is_(None)


def _installed(row: AnyRow[*tuple[object, ...]]) -> Installed:
    return Installed(**dict(zip(_NAMES, row, strict=True)))  # type: ignore[arg-type]
