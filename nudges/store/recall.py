"""Questions people have met: this module is the only writer of `recall_cards`, and reads what stands round a return."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Executable, bindparam, delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import FIRST, NOTICES, DeliveryStatus
from nudges.domain.recall.recall import Card, Met
from nudges.store.delivery_rows import PLAIN_STATUS
from nudges.store.engine import AnyRow, fetch, fetch_many, fetch_one, rows_changed
from nudges.store.insertions import insert_into
from nudges.store.tables import DeliveryRow, RecallCardRow

# What stands in the conversation or may, and what waits to.
_TOUCHES = (
    *(DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN),
    *(DeliveryStatus.PLANNED, DeliveryStatus.RETRY),
)
_KEY = ("workspace_id", "person_id", "campaign_id", "nudge_key")
_HERE = col(RecallCardRow.workspace_id) == bindparam("workspace_id")
_THEIRS = select(RecallCardRow.__table__).where(_HERE, col(RecallCardRow.person_id) == bindparam("person_id"))  # type: ignore[attr-defined]
_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_THEIRS_OF_SEVERAL = select(RecallCardRow.__table__).where(_HERE, col(RecallCardRow.person_id).in_(_IDS))  # type: ignore[attr-defined]
_ONE = _THEIRS.where(
    col(RecallCardRow.campaign_id) == bindparam("campaign_id"), col(RecallCardRow.nudge_key) == bindparam("nudge_key")
)
_PEOPLE = (
    select(col(RecallCardRow.person_id))
    .where(_HERE, col(RecallCardRow.look_at) <= bindparam("now"), col(RecallCardRow.person_id) > bindparam("after"))
    .distinct()
    .order_by(col(RecallCardRow.person_id))
    .limit(bindparam("most"))
)
_AT = func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.claimed_at), col(DeliveryRow.ready_at))
_ROUND = select(
    *(col(DeliveryRow.campaign_id), col(DeliveryRow.nudge_key), col(DeliveryRow.occurrence)),
    *(col(DeliveryRow.status), _AT.label("at"), col(DeliveryRow.person_id)),
).where(
    col(DeliveryRow.workspace_id) == bindparam("workspace_id"),
    col(DeliveryRow.person_id).in_(_IDS),
    col(DeliveryRow.campaign_id) != NOTICES,
    PLAIN_STATUS.in_(_TOUCHES),
)


@dataclass(frozen=True)
class Touch:
    """A nudge that a person got or is to get."""

    campaign_id: int
    nudge_key: str
    occurrence: int
    status: DeliveryStatus
    at: datetime

    @property
    def is_review(self) -> bool:
        """Whether it is a question that came back."""
        return self.occurrence > FIRST

    @property
    def is_open(self) -> bool:
        """Whether it waits, or nobody knows yet what became of it."""
        return self.status != DeliveryStatus.SENT


def keep(session: Session, workspace_id: str, met: Met) -> None:
    """Store what is reckoned of a question, in place of what was."""
    keep_all(session, workspace_id, [met])


def keep_all(session: Session, workspace_id: str, several: Sequence[Met]) -> None:
    """Store the same of several questions."""
    rows = [{"workspace_id": workspace_id, **met.card.__dict__, **met.__dict__} for met in several]
    for row in rows:
        del row["card"]
    if rows:
        fetch_many(session, _keeping(session.get_bind().dialect.name, *rows[0]), rows)


@lru_cache(maxsize=2)
def _keeping(dialect: str, *names: str) -> Executable:
    """Return the statement, made once: thousands of cards a day are put aside until there is room."""
    table = RecallCardRow.__table__  # type: ignore[attr-defined]
    statement = insert_into(dialect, table).values({name: bindparam(name) for name in names})
    changed = {name: statement.excluded[name] for name in names if name not in _KEY}
    return statement.on_conflict_do_update(index_elements=list(_KEY), set_=changed)


def one(session: Session, workspace_id: str, person_id: str, campaign_id: int, nudge_key: str) -> Met | None:
    """Return a question that the person has met, or None."""
    asked = {"workspace_id": workspace_id, "person_id": person_id, "campaign_id": campaign_id, "nudge_key": nudge_key}
    row = fetch_one(session, _ONE, **asked)
    return _to_met(row) if row else None


def met_by(session: Session, workspace_id: str, person_id: str) -> list[Met]:
    """Return all questions that a person has met, the first one first."""
    return _in_order(fetch(session, _THEIRS, workspace_id=workspace_id, person_id=person_id))


def met_by_each(session: Session, workspace_id: str, person_ids: Sequence[str]) -> dict[str, list[Met]]:
    """Return the same for each of several people."""
    found: dict[str, list[AnyRow]] = {person_id: [] for person_id in person_ids}
    for row in fetch(session, _THEIRS_OF_SEVERAL, workspace_id=workspace_id, ids=person_ids):
        found[row.person_id].append(row)
    return {person_id: _in_order(rows) for person_id, rows in found.items()}


def _in_order(rows: Iterable[AnyRow]) -> list[Met]:
    return sorted(map(_to_met, rows), key=lambda met: (met.met_at, met.campaign_id, met.nudge_key))


def people_due(session: Session, workspace_id: str, *, now: datetime, after: str, most: int) -> Sequence[str]:
    """Return the next people after that id with a question to look at."""
    return fetch(session, _PEOPLE, workspace_id=workspace_id, now=now, after=after, most=most).scalars().all()


def touches(session: Session, workspace_id: str, person_id: str) -> list[Touch]:
    """Return the nudges of every campaign that the person got or is to get, as far as they are kept."""
    return touches_of_each(session, workspace_id, [person_id])[person_id]


def touches_of_each(session: Session, workspace_id: str, person_ids: Sequence[str]) -> dict[str, list[Touch]]:
    """Return the same for each of several people."""
    found: dict[str, list[Touch]] = {person_id: [] for person_id in person_ids}
    for row in fetch(session, _ROUND, workspace_id=workspace_id, ids=person_ids):
        if row.at is not None:
            touch = Touch(row.campaign_id, row.nudge_key, row.occurrence, DeliveryStatus(row.status), row.at)
            found[row.person_id].append(touch)
    return found


def is_coming_back(session: Session, workspace_id: str, campaign_id: int) -> bool:
    """Return whether a question of the campaign is still to come back to anybody."""
    where = (*_of(workspace_id, campaign_id), col(RecallCardRow.ended) == "")
    return session.execute(select(col(RecallCardRow.person_id)).where(*where).limit(1)).first() is not None


def people_returned_to(session: Session, workspace_id: str, campaign_id: int) -> int:
    """Return to how many people a question of the campaign came back, or is about to."""
    people = func.count(col(RecallCardRow.person_id).distinct())
    where = (*_of(workspace_id, campaign_id), col(RecallCardRow.occurrence) > FIRST)
    return session.execute(select(people).where(*where)).scalar_one()


def prune(session: Session, workspace_id: str, before: datetime) -> int:
    """Forget questions answered last before the instant; return how many."""
    where = (col(RecallCardRow.workspace_id) == workspace_id, col(RecallCardRow.answered_at) < before)
    return rows_changed(session, delete(RecallCardRow).where(*where))


def erase_person(session: Session, workspace_id: str, person_id: str) -> int:
    """Forget every question that a person has met; return how many."""
    where = (col(RecallCardRow.workspace_id) == workspace_id, col(RecallCardRow.person_id) == person_id)
    return rows_changed(session, delete(RecallCardRow).where(*where))


def _of(workspace_id: str, campaign_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(RecallCardRow.workspace_id) == workspace_id, col(RecallCardRow.campaign_id) == campaign_id


def _to_met(row: AnyRow) -> Met:
    values: dict[str, Any] = {name: getattr(row, name) for name in Card.__dataclass_fields__}
    own = {name: getattr(row, name) for name in Met.__dataclass_fields__ if name != "card"}
    return Met(card=Card(**values), **own)
