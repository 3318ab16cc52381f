"""What people lack to use a tool: this module is the only writer of `needs` and `need_posts`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.barriers.needs import Need
from nudges.store.engine import rows_changed
from nudges.store.tables import NeedPostRow, NeedRow


@dataclass(frozen=True)
class StoredNeed:
    """A need as it is kept, with what was decided about it."""

    number: int
    kind: str
    tool: str
    band: str
    opened_at: datetime
    heard_at: datetime
    decision: str = ""
    why: str = ""
    by_id: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class PostState:
    """What the webhook took last, how often it has been tried in vain since, and when it is tried again."""

    told: str = ""
    tries: int = 0
    next_at: datetime | None = None
    posted_at: datetime | None = None
    url: str = ""  # of this workspace; empty: where the settings say


def hear(session: Session, workspace_id: str, found: Iterable[Need], now: datetime) -> int:
    """Keep the needs that a period's end tells of; one that is known keeps its band. Return how many are new."""
    known = {(one.kind, one.tool): one.number for one in kept(session, workspace_id)}
    last = max(known.values(), default=0)
    new = 0
    for need in found:
        number = known.get((need.kind.value, need.tool))
        if number is not None:
            session.execute(update(NeedRow).where(*_one(workspace_id, number)).values(heard_at=now))
            continue
        new += 1
        session.add(
            NeedRow(
                workspace_id=workspace_id,
                number=last + new,
                kind=need.kind.value,
                tool=need.tool,
                band=need.band,
                opened_at=now,
                heard_at=now,
            )
        )
    session.flush()
    return new


def kept(session: Session, workspace_id: str) -> list[StoredNeed]:
    """Return every need, oldest first."""
    where = col(NeedRow.workspace_id) == workspace_id
    rows = session.execute(select(NeedRow).where(where).order_by(col(NeedRow.number))).scalars()
    return [
        StoredNeed(
            row.number,
            row.kind,
            row.tool,
            row.band,
            row.opened_at,
            row.heard_at,
            row.decision,
            row.why,
            row.by_id,
            row.decided_at,
        )
        for row in rows
    ]


def decide(
    session: Session, workspace_id: str, number: int, *, decision: str, why: str, actor_id: str, now: datetime
) -> bool:
    """Write down what was decided, in the place of what was before; False where there is no such need."""
    values = {"decision": decision, "why": why, "by_id": actor_id, "decided_at": now}
    return rows_changed(session, update(NeedRow).where(*_one(workspace_id, number)).values(**values)) == 1


def decided_by(session: Session, workspace_id: str, person_id: str) -> list[StoredNeed]:
    """Return the needs that one person decided about, for their own eyes."""
    return [one for one in kept(session, workspace_id) if person_id and one.by_id == person_id]


def forget(session: Session, workspace_id: str, person_id: str) -> int:
    """Take a person out of what they decided; the decision stays. Return how many needs named them."""
    theirs = (col(NeedRow.workspace_id) == workspace_id, col(NeedRow.by_id) == person_id)
    return rows_changed(session, update(NeedRow).where(*theirs).values(by_id=""))


def prune(session: Session, workspace_id: str, before: datetime) -> int:
    """Delete needs that were neither heard of nor decided about since then; return how many."""
    old = (
        col(NeedRow.workspace_id) == workspace_id,
        col(NeedRow.heard_at) < before,
        func.coalesce(col(NeedRow.decided_at), col(NeedRow.heard_at)) < before,
    )
    return rows_changed(session, delete(NeedRow).where(*old))


def post_state(session: Session, workspace_id: str) -> PostState:
    """Return how far the webhook is."""
    row = session.get(NeedPostRow, workspace_id)
    return PostState(row.told, row.tries, row.next_at, row.posted_at, row.url) if row else PostState()


def keep_post(session: Session, workspace_id: str, state: PostState) -> None:
    """Keep how far the webhook is."""
    row = session.get(NeedPostRow, workspace_id) or NeedPostRow(workspace_id=workspace_id)
    row.told, row.tries, row.next_at, row.posted_at = state.told, state.tries, state.next_at, state.posted_at
    row.url = state.url
    session.add(row)
    session.flush()


def _one(workspace_id: str, number: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(NeedRow.workspace_id) == workspace_id, col(NeedRow.number) == number
