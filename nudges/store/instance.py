"""Which database this is: this module is the only writer of `instance` and `workspaces`."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import fetch, fetch_one, rows_changed
from nudges.store.tables import InstanceRow, WorkspaceRow


@dataclass(frozen=True)
class Instance:
    """The identity of a database; the epoch counts its starts."""

    instance_id: str
    epoch: int
    key_fingerprint: str
    first_period_on: date
    home: str = ""


@dataclass(frozen=True)
class Workspace:
    """One Slack workspace; a hold reason means that nothing is sent."""

    workspace_id: str
    name: str
    hold_reason: str
    held_at: datetime | None
    synced_at: datetime | None
    ticked_at: datetime | None
    ended_at: datetime | None


_WORKSPACE = select(*(getattr(WorkspaceRow, field.name) for field in fields(Workspace))).where(
    col(WorkspaceRow.workspace_id) == bindparam("workspace_id")
)
_TABLE = InstanceRow.__table__  # type: ignore[attr-defined]
_INSTANCE = select(_TABLE)
_NEXT_EPOCH = update(_TABLE).values(epoch=col(InstanceRow.epoch) + 1).returning(col(InstanceRow.epoch))
_OTHER_HOME = select(col(InstanceRow.home)).where(col(InstanceRow.home) != bindparam("here"))
_MOVE_HOME = update(_TABLE).values(home=bindparam("here"))
# Run after each job.
_TICKED = (
    update(WorkspaceRow.__table__)  # type: ignore[attr-defined]
    .where(col(WorkspaceRow.workspace_id) == bindparam("in_workspace"))
    .values(ticked_at=bindparam("now"))
)


def instance(session: Session) -> Instance | None:
    """Return who this database is, or None when it is new."""
    row = fetch_one(session, _INSTANCE)
    if row is None:
        return None
    return Instance(row.instance_id, row.epoch, row.key_fingerprint, row.first_period_on, row.home)


def create_instance(session: Session, new: Instance) -> None:
    """Store who this database is."""
    session.execute(insert(InstanceRow).values(id=1, **new.__dict__))


def advance_epoch(session: Session) -> int:
    """Count one more start and return the new epoch."""
    return int(fetch(session, _NEXT_EPOCH).scalar_one())


def move_home(session: Session, home: str) -> bool:
    """Remember where the database stands; True when it stood elsewhere before."""
    before = fetch_one(session, _OTHER_HOME, here=home)
    if before is None:
        return False
    fetch(session, _MOVE_HOME, here=home)
    return bool(before[0])


def workspace(session: Session, workspace_id: str) -> Workspace | None:
    """Return the workspace, or None when it was never seen."""
    row = fetch_one(session, _WORKSPACE, workspace_id=workspace_id)
    return Workspace(*row) if row else None


def workspaces(session: Session) -> list[Workspace]:
    """Return all workspaces."""
    ids = session.execute(select(col(WorkspaceRow.workspace_id)).order_by(col(WorkspaceRow.workspace_id))).scalars()
    found = (workspace(session, workspace_id) for workspace_id in ids)
    return [one for one in found if one is not None]


def ensure_workspace(session: Session, workspace_id: str, name: str) -> None:
    """Remember the workspace; its name may change."""
    row = session.get(WorkspaceRow, workspace_id) or WorkspaceRow(workspace_id=workspace_id)
    row.name = name or row.name
    session.add(row)


def hold(session: Session, workspace_id: str, *, reason: str, now: datetime) -> bool:
    """Stop all sending of the workspace; True when it was not held before."""
    statement = (
        update(WorkspaceRow)
        .where(col(WorkspaceRow.workspace_id) == workspace_id, col(WorkspaceRow.hold_reason) == "")
        .values(hold_reason=reason, held_at=now)
    )
    return rows_changed(session, statement) == 1


def release_hold(session: Session, workspace_id: str, *, held_for: Sequence[str] | None = None) -> bool:
    """Let the workspace send again, where given only if it is held for one of these reasons; True when it was."""
    reason = col(WorkspaceRow.hold_reason)
    statement = (
        update(WorkspaceRow)
        .where(
            col(WorkspaceRow.workspace_id) == workspace_id, reason != "" if held_for is None else reason.in_(held_for)
        )
        .values(hold_reason="", held_at=None)
    )
    return rows_changed(session, statement) == 1


def mark_synced(session: Session, workspace_id: str, now: datetime) -> None:
    """Remember that the directory was read to the end."""
    session.execute(update(WorkspaceRow).where(col(WorkspaceRow.workspace_id) == workspace_id).values(synced_at=now))


def mark_ticked(session: Session, workspace_id: str, now: datetime) -> None:
    """Remember that the recurring work ran."""
    fetch(session, _TICKED, in_workspace=workspace_id, now=now)


def mark_ended(session: Session, workspace_id: str, now: datetime) -> bool:
    """Remember since when the workspace has no app any more; False when that is known."""
    where = (col(WorkspaceRow.workspace_id) == workspace_id, col(WorkspaceRow.ended_at).is_(None))
    return rows_changed(session, update(WorkspaceRow).where(*where).values(ended_at=now)) == 1


def welcome_back(session: Session, workspace_id: str, held_for: Sequence[str] = ()) -> None:
    """The workspace has the app again; a hold for one of these reasons is over with it."""
    session.execute(update(WorkspaceRow).where(col(WorkspaceRow.workspace_id) == workspace_id).values(ended_at=None))
    release_hold(session, workspace_id, held_for=held_for)


def ended_before(session: Session, before: datetime) -> list[str]:
    """Return the workspaces that have had no app since before an instant."""
    statement = select(col(WorkspaceRow.workspace_id)).where(col(WorkspaceRow.ended_at) < before)
    return sorted(session.execute(statement).scalars())
