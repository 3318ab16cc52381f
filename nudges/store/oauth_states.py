"""Installations under way: this module is the only writer of `oauth_states`, which holds hashes and no secret."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import rows_changed
from nudges.store.tables import OauthStateRow

AT_ONCE = 10_000  # begun and not finished; whoever floods the page pushes out their own


def add(session: Session, *, state_hash: str, browser_hash: str, now: datetime, expires_at: datetime) -> None:
    """Remember a state and the browser it was given to; forget what is over, and the oldest of too many."""
    session.execute(delete(OauthStateRow).where(col(OauthStateRow.expires_at) <= now))
    newest = select(col(OauthStateRow.state_hash)).order_by(col(OauthStateRow.expires_at).desc()).limit(AT_ONCE - 1)
    rows_changed(session, delete(OauthStateRow).where(col(OauthStateRow.state_hash).not_in(newest)))
    values = {"state_hash": state_hash, "browser_hash": browser_hash, "expires_at": expires_at}
    session.execute(insert(OauthStateRow).values(**values))


def take(session: Session, *, state_hash: str, now: datetime) -> str | None:
    """Use a state up and return its browser's hash; None when it is unknown, too old or was used.

    One statement: whoever comes second, even in the same instant, finds nothing.
    """
    statement = (
        delete(OauthStateRow)
        .where(col(OauthStateRow.state_hash) == state_hash)
        .returning(col(OauthStateRow.browser_hash), col(OauthStateRow.expires_at))
    )
    row = session.execute(statement.execution_options(synchronize_session=False)).one_or_none()
    return row.browser_hash if row is not None and row.expires_at > now else None
