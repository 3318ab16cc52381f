"""What colleagues told of their own work: this module is the only writer of `stories`."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.stories.peers import Job
from nudges.domain.stories.stories import UNDECIDED, Consent, Story, StoryState
from nudges.store.engine import AnyRow, fetch, rows_changed
from nudges.store.insertions import insert_into
from nudges.store.tables import StoryRow

_PLAIN = [one.name for one in fields(Story) if one.name not in ("job", "consent", "state")]
# Asked every hour, so built once.
_IN_ORDER = (
    select(StoryRow.__table__)  # type: ignore[attr-defined]
    .where(col(StoryRow.workspace_id) == bindparam("workspace_id"))
    .order_by(col(StoryRow.told_on), col(StoryRow.story_id))
)
_TO_CREDIT = _IN_ORDER.where(
    col(StoryRow.state) == StoryState.SHARED.value,
    col(StoryRow.credited_on).is_(None),
    col(StoryRow.shared_on) <= bindparam("shared_until"),
)
_OVER = _IN_ORDER.where(col(StoryRow.keep_until) < bindparam("today"))


def add(session: Session, workspace_id: str, new: Story) -> bool:
    """Store a story once under its id; False when it was there."""
    dialect = session.get_bind().dialect.name
    statement = insert_into(dialect, StoryRow.__table__).values(workspace_id=workspace_id, **_values(new))  # type: ignore[attr-defined]
    return rows_changed(session, statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)) == 1


def change(session: Session, workspace_id: str, old: Story, new: Story) -> bool:
    """Put a story's new content or state in the place of the old; False when it is not what it was any more."""
    unchanged = (col(StoryRow.revision) == old.revision, col(StoryRow.state) == old.state.value)
    values = _values(new) | {"revision": old.revision + 1}
    where = (*_one(workspace_id, old.story_id), *unchanged)
    return rows_changed(session, update(StoryRow).where(*where).values(**values)) == 1


def erase(session: Session, workspace_id: str, story_id: str) -> bool:
    """Delete a story; False when it was gone."""
    return rows_changed(session, delete(StoryRow).where(*_one(workspace_id, story_id))) == 1


def forget_decider(session: Session, workspace_id: str, person_id: str) -> None:
    """Take the id of somebody of comms off the stories that they decided upon."""
    where = (_here(workspace_id), col(StoryRow.decided_by) == person_id)
    session.execute(update(StoryRow).where(*where).values(decided_by="").execution_options(synchronize_session=False))


def find(session: Session, workspace_id: str, story_id: str) -> Story | None:
    """Return one story, or None when there is none of that id here."""
    found = _stories(session, *_one(workspace_id, story_id))
    return found[0] if found else None


def of_author(session: Session, workspace_id: str, author_hash: str) -> list[Story]:
    """Return what one person told, the newest first."""
    return _stories(session, _here(workspace_id), col(StoryRow.author_hash) == author_hash)[::-1]


def undecided(session: Session, workspace_id: str) -> list[Story]:
    """Return what waits for comms or for its author's yes, the oldest first; never what is for its author alone."""
    return _stories(session, _here(workspace_id), col(StoryRow.state).in_([one.value for one in UNDECIDED]))


def count_undecided(session: Session, workspace_id: str, author_hash: str) -> int:
    """Return how many stories of one person wait."""
    where = (_here(workspace_id), col(StoryRow.author_hash) == author_hash)
    waiting = col(StoryRow.state).in_([one.value for one in UNDECIDED])
    return session.execute(select(func.count()).where(*where, waiting)).scalar_one()


def to_credit(session: Session, workspace_id: str, shared_until: date) -> list[Story]:
    """Return the shared stories whose authors were not told yet how many they reached."""
    rows = fetch(session, _TO_CREDIT, workspace_id=workspace_id, shared_until=shared_until)
    return [_to_story(row) for row in rows]


def over(session: Session, workspace_id: str, today: date) -> list[Story]:
    """Return the stories whose time is up."""
    return [_to_story(row) for row in fetch(session, _OVER, workspace_id=workspace_id, today=today)]


def _stories(session: Session, *where: ColumnElement[bool]) -> list[Story]:
    statement = select(StoryRow).where(*where).order_by(col(StoryRow.told_on), col(StoryRow.story_id))
    return [_to_story(row) for row in session.execute(statement.execution_options(populate_existing=True)).scalars()]


def _here(workspace_id: str) -> ColumnElement[bool]:
    return col(StoryRow.workspace_id) == workspace_id


def _one(workspace_id: str, story_id: str) -> Iterable[ColumnElement[bool]]:
    return (_here(workspace_id), col(StoryRow.story_id) == story_id)


def _values(story: Story) -> dict[str, Any]:
    plain = {name: getattr(story, name) for name in _PLAIN}
    return plain | {"consent": story.consent.value, "state": story.state.value, **story.job.__dict__}


def _to_story(row: StoryRow | AnyRow) -> Story:
    plain = {name: getattr(row, name) for name in _PLAIN}
    job = Job(row.department, row.role, row.title, row.team, row.manager_id)
    return Story(**plain, job=job, consent=Consent(row.consent), state=StoryState(row.state))
