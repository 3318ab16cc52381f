"""What people asked of us, and the conversation we have with each: this module is the only writer of `preferences`."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import fetch, fetch_one
from nudges.store.tables import PreferenceRow


@dataclass(frozen=True)
class Preference:
    """What a person asked of us, and the conversation we have with them."""

    stopped_at: datetime | None = None
    paused_until: datetime | None = None
    introduced_at: datetime | None = None
    channel_id: str = ""
    topics: str = ""
    own_hours: str = ""
    fewer_since: datetime | None = None
    back_at: datetime | None = None

    def is_paused(self, now: datetime) -> bool:
        """Whether the person rests at this instant."""
        return self.paused_until is not None and now < self.paused_until


# Asked for every message, so built once.
WISH_NAMES = tuple(field.name for field in fields(Preference))
WISH_COLUMNS = (col(PreferenceRow.person_id), *(getattr(PreferenceRow, name) for name in WISH_NAMES))
ONE_WISH = select(*WISH_COLUMNS).where(
    col(PreferenceRow.workspace_id) == bindparam("workspace_id"), col(PreferenceRow.person_id) == bindparam("person_id")
)


def preference(session: Session, workspace_id: str, person_id: str) -> Preference:
    """Return what the person asked of us; the defaults when they never did."""
    row = fetch_one(session, ONE_WISH, workspace_id=workspace_id, person_id=person_id)
    return Preference(*row[1:]) if row else Preference()


def preferences(session: Session, workspace_id: str) -> dict[str, Preference]:
    """Return the preferences of all who have any."""
    statement = select(*WISH_COLUMNS).where(col(PreferenceRow.workspace_id) == workspace_id)
    return {row[0]: Preference(*row[1:]) for row in session.execute(statement)}


def change_preference(session: Session, workspace_id: str, person_id: str, **changes: Any) -> Preference:
    """Store the changed fields and return all of them."""
    statement = _changing(session.get_bind().dialect.name, *sorted(changes))
    blank = {name: getattr(Preference(), name) for name in WISH_NAMES}
    values = {"workspace_id": workspace_id, "person_id": person_id} | blank | changes
    return Preference(*fetch(session, statement, **values).one())


@lru_cache(maxsize=32)
def _changing(dialect: str, *names: str) -> Executable:
    insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    everything = ("workspace_id", "person_id", *WISH_NAMES)
    new = insert_into(PreferenceRow.__table__)  # type: ignore[attr-defined]
    new = new.values({name: bindparam(name) for name in everything})
    changed = {name: new.excluded[name] for name in names}
    upsert = new.on_conflict_do_update(index_elements=["workspace_id", "person_id"], set_=changed)
    return upsert.returning(*(getattr(PreferenceRow, name) for name in WISH_NAMES))


def erase(session: Session, workspace_id: str, person_ids: Sequence[str]) -> None:
    """Forget the wishes of these people."""
    mine = (col(PreferenceRow.workspace_id) == workspace_id, col(PreferenceRow.person_id).in_(person_ids))
    session.execute(delete(PreferenceRow).where(*mine).execution_options(synchronize_session=False))


def count_wishes(session: Session, workspace_id: str, now: datetime) -> tuple[int, int]:
    """Return how many have stopped and how many rest."""
    here = col(PreferenceRow.workspace_id) == workspace_id
    stopped = session.execute(select(func.count()).where(here, col(PreferenceRow.stopped_at).is_not(None))).scalar_one()
    paused = session.execute(select(func.count()).where(here, col(PreferenceRow.paused_until) > now)).scalar_one()
    return stopped, paused
