"""Seats of workshops: this module is the only writer of `workshops` and `workshop_seats`.

A seat is taken by one statement that counts only while there is one, so two who tap at once never get the same. Whoever
changes anything holds the workshop's row until the commit: nobody joins the line while a seat comes free.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.presence import Presence
from nudges.domain.delivery.taps import SeatState
from nudges.store.additions import add_new
from nudges.store.engine import rows_changed
from nudges.store.tables import WorkshopRow, WorkshopSeatRow


@dataclass(frozen=True)
class Place:
    """One workshop: of which campaign and nudge, and for whom it is held."""

    campaign_id: int
    nudge_key: str
    session: str


@dataclass(frozen=True)
class Standing:
    """How a workshop is filled, and how one person stands with it."""

    taken: int = 0
    state: SeatState | None = None


def standing(session: Session, workspace_id: str, place: Place, person_id: str) -> Standing:
    """Return how many seats are taken, and how the person stands."""
    taken = session.execute(select(col(WorkshopRow.taken)).where(*_of(WorkshopRow, workspace_id, place))).scalar()
    return Standing(taken or 0, _state(session, workspace_id, place, person_id))


def take(session: Session, workspace_id: str, place: Place, person_id: str, *, seats: int, now: datetime) -> SeatState:
    """Give the person a seat, or a place in the line when all are taken; who has either keeps it."""
    _hold(session, workspace_id, place)
    present = _state(session, workspace_id, place, person_id)
    if present in (SeatState.SEATED, SeatState.WAITING):
        return present
    is_free = (*_of(WorkshopRow, workspace_id, place), col(WorkshopRow.taken) < seats)
    taking = update(WorkshopRow).where(*is_free).values(taken=col(WorkshopRow.taken) + 1)
    state = SeatState.SEATED if rows_changed(session, taking) else SeatState.WAITING
    _note(session, workspace_id, place, person_id, state=state, now=now)
    return state


def give_back(session: Session, workspace_id: str, place: Place, person_id: str, *, now: datetime) -> str:
    """Take the person off the list; return who moves up from the line into the seat, or an empty text."""
    _hold(session, workspace_id, place)
    present = _state(session, workspace_id, place, person_id)
    if present in (None, SeatState.GIVEN_BACK):
        return ""
    _note(session, workspace_id, place, person_id, state=SeatState.GIVEN_BACK, now=now)
    return _move_up(session, workspace_id, place) if present == SeatState.SEATED else ""


def wait_again(session: Session, workspace_id: str, place: Place, person_id: str) -> None:
    """Put somebody who has moved up back into the line, where they stood; the seat stays free."""
    theirs = (*_of(WorkshopSeatRow, workspace_id, place), col(WorkshopSeatRow.person_id) == person_id)
    seated = (*theirs, col(WorkshopSeatRow.state) == SeatState.SEATED.value)
    if rows_changed(session, update(WorkshopSeatRow).where(*seated).values(state=SeatState.WAITING.value)):
        _free(session, workspace_id, place)


@dataclass(frozen=True)
class OwnSeat:
    """How one person stands with a workshop, since when, and what is said of their coming."""

    place: Place
    state: SeatState
    asked_at: datetime
    presence: Presence


def held(session: Session, workspace_id: str) -> list[Place]:
    """Return the workshops in which somebody has a seat."""
    taken = (col(WorkshopRow.workspace_id) == workspace_id, col(WorkshopRow.taken) > 0)
    rows = session.execute(select(WorkshopRow).where(*taken)).scalars()
    return [Place(row.campaign_id, row.nudge_key, row.session) for row in rows]


def seated(session: Session, workspace_id: str, place: Place) -> dict[str, Presence]:
    """Return who had a seat, with what is said of their coming."""
    where = (*_of(WorkshopSeatRow, workspace_id, place), col(WorkshopSeatRow.state) == SeatState.SEATED.value)
    rows = session.execute(select(WorkshopSeatRow).where(*where)).scalars()
    return {row.person_id: Presence(row.own_word, row.host_word) for row in rows}


def presence(session: Session, workspace_id: str, place: Place, person_id: str) -> Presence:
    """Return what is said of one person's coming."""
    where = (*_of(WorkshopSeatRow, workspace_id, place), col(WorkshopSeatRow.person_id) == person_id)
    found = select(col(WorkshopSeatRow.own_word), col(WorkshopSeatRow.host_word)).where(*where)
    row = session.execute(found).first()
    return Presence(*row) if row else Presence()


def say_own(session: Session, workspace_id: str, place: Place, person_id: str, word: str) -> bool:
    """Note what somebody says of their own coming; False where they had no seat."""
    return _say(session, workspace_id, place, (person_id,), own_word=word) == 1


def say_host(session: Session, workspace_id: str, place: Place, person_ids: Sequence[str], word: str) -> int:
    """Note what the host says of these people; return of how many that had a seat."""
    return _say(session, workspace_id, place, person_ids, host_word=word)


def seats_of(session: Session, workspace_id: str, person_id: str) -> list[OwnSeat]:
    """Return every workshop a person has said something to, the latest first."""
    where = (col(WorkshopSeatRow.workspace_id) == workspace_id, col(WorkshopSeatRow.person_id) == person_id)
    latest = col(WorkshopSeatRow.asked_at).desc()
    rows = session.execute(select(WorkshopSeatRow).where(*where).order_by(latest)).scalars()
    return [
        OwnSeat(
            Place(row.campaign_id, row.nudge_key, row.session),
            SeatState(row.state),
            row.asked_at,
            Presence(row.own_word, row.host_word),
        )
        for row in rows
    ]


def asked(session: Session, workspace_id: str, campaign_id: int) -> list[tuple[Place, str, SeatState, Presence]]:
    """Return how everybody stands with the workshops of a campaign, in the order of asking; for foreseeing."""
    where = (col(WorkshopSeatRow.workspace_id) == workspace_id, col(WorkshopSeatRow.campaign_id) == campaign_id)
    in_order = (col(WorkshopSeatRow.asked_at), col(WorkshopSeatRow.person_id))
    rows = session.execute(select(WorkshopSeatRow).where(*where).order_by(*in_order)).scalars()
    return [
        (
            Place(campaign_id, row.nudge_key, row.session),
            row.person_id,
            SeatState(row.state),
            Presence(row.own_word, row.host_word),
        )
        for row in rows
    ]


def erase_person(session: Session, workspace_id: str, person_id: str, now: datetime) -> list[tuple[Place, str]]:
    """Forget what a person said to workshops; return who moves up, and where."""
    mine_now = [one.place for one in seats_of(session, workspace_id, person_id)]
    moved = [(place, give_back(session, workspace_id, place, person_id, now=now)) for place in mine_now]
    mine = (col(WorkshopSeatRow.workspace_id) == workspace_id, col(WorkshopSeatRow.person_id) == person_id)
    session.execute(delete(WorkshopSeatRow).where(*mine))
    return [(place, who) for place, who in moved if who]


def prune(session: Session, workspace_id: str, before: datetime) -> int:
    """Delete what was said to workshops before the instant; return how many rows went."""
    old = (col(WorkshopSeatRow.workspace_id) == workspace_id, col(WorkshopSeatRow.asked_at) < before)
    return rows_changed(session, delete(WorkshopSeatRow).where(*old))


def _say(session: Session, workspace_id: str, place: Place, person_ids: Sequence[str], **words: str) -> int:
    where = (*_of(WorkshopSeatRow, workspace_id, place), col(WorkshopSeatRow.state) == SeatState.SEATED.value)
    theirs = update(WorkshopSeatRow).where(*where, col(WorkshopSeatRow.person_id).in_(person_ids))
    return rows_changed(session, theirs.values(**words))


def _hold(session: Session, workspace_id: str, place: Place) -> None:
    table = WorkshopRow.__table__  # type: ignore[attr-defined]
    add_new(session, table, [{**_key(workspace_id, place), "taken": 0}])
    # Changes nothing, and locks the row where several may write at once.
    held = update(WorkshopRow).where(*_of(WorkshopRow, workspace_id, place)).values(taken=col(WorkshopRow.taken))
    session.execute(held.execution_options(synchronize_session=False))


def _note(
    session: Session, workspace_id: str, place: Place, person_id: str, *, state: SeatState, now: datetime
) -> None:
    table = WorkshopSeatRow.__table__  # type: ignore[attr-defined]
    row = {**_key(workspace_id, place), "person_id": person_id, "state": state.value, "asked_at": now}
    if not add_new(session, table, [row]):
        where = (*_of(WorkshopSeatRow, workspace_id, place), col(WorkshopSeatRow.person_id) == person_id)
        rows_changed(session, update(WorkshopSeatRow).where(*where).values(state=state.value, asked_at=now))


def _move_up(session: Session, workspace_id: str, place: Place) -> str:
    """Give the free seat to who has waited longest; without anybody one more seat is free."""
    waiting = (*_of(WorkshopSeatRow, workspace_id, place), col(WorkshopSeatRow.state) == SeatState.WAITING.value)
    longest = (col(WorkshopSeatRow.asked_at), col(WorkshopSeatRow.person_id))
    first = select(col(WorkshopSeatRow.person_id)).where(*waiting).order_by(*longest).limit(1)
    who = session.execute(first).scalar()
    if who is None:
        _free(session, workspace_id, place)
        return ""
    moved = update(WorkshopSeatRow).where(*waiting, col(WorkshopSeatRow.person_id) == who)
    rows_changed(session, moved.values(state=SeatState.SEATED.value))
    return str(who)


def _free(session: Session, workspace_id: str, place: Place) -> None:
    freed = update(WorkshopRow).where(*_of(WorkshopRow, workspace_id, place))
    rows_changed(session, freed.values(taken=col(WorkshopRow.taken) - 1))


def _state(session: Session, workspace_id: str, place: Place, person_id: str) -> SeatState | None:
    where = (*_of(WorkshopSeatRow, workspace_id, place), col(WorkshopSeatRow.person_id) == person_id)
    found = session.execute(select(col(WorkshopSeatRow.state)).where(*where)).scalar()
    return SeatState(found) if found else None


def _key(workspace_id: str, place: Place) -> Mapping[str, Any]:
    return {"workspace_id": workspace_id, **place.__dict__}


def _of(row: Any, workspace_id: str, place: Place) -> tuple[ColumnElement[bool], ...]:
    return tuple(col(getattr(row, name)) == value for name, value in _key(workspace_id, place).items())
