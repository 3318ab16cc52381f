"""What happens to a flag, recorded: this module makes one move at a time and leaves a line in its history.

Everybody who changes a flag goes through here, people and jobs alike, so that no move is made outside the table of
domain/barriers/flag_life.py and none without a trace.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_life import Life, Move, comes_back, fewest_in, moved
from nudges.domain.barriers.flags import SETTLED, UNSETTLED, FlagState
from nudges.domain.people.segments import plain
from nudges.services.core import Core
from nudges.store import flag_history, flag_lives, flags
from nudges.store.flags import StoredFlag


def life_of(flag: StoredFlag) -> Life:
    """Return the life of a stored flag."""
    return Life(
        state=FlagState(flag.state),
        grade=Grade(flag.grade),
        moved_at=flag.moved_at or flag.opened_at,
        asked_at=flag.asked_at or flag.opened_at,
        started_at=flag.started_at,
        over_at=flag.over_at,
        probability=flag.probability,
    )


def make(
    session: Session,
    core: Core,
    flag: StoredFlag,
    move: Move,
    *,
    actor_id: str = "",
    about_id: str = "",
    detail: str = "",
    **values: Any,
) -> StoredFlag | None:
    """Make a move, with other values that change along; None where it cannot be made, or somebody was quicker."""
    now = core.clock()
    life = moved(life_of(flag), move, now)
    if life is None:
        return None
    values |= {"state": life.state.value, "grade": life.grade.value, "moved_at": life.moved_at}
    values |= {"asked_at": life.asked_at, "started_at": life.started_at, "over_at": life.over_at}
    changed = flag_lives.change(session, core.workspace_id, flag, **values)
    if changed is not None:
        line = {"actor_id": actor_id, "about_id": about_id, "detail": detail}
        flag_history.note(session, core.workspace_id, flag.flag_id, move.value, now, **line)
    return changed


def open_or_reopen(session: Session, core: Core, new: StoredFlag) -> int:
    """Open a flag, or the settled one of the same group and kind again; 0 where nothing is to be opened.

    There is one unsettled flag of a group and kind. What was dismissed stays dismissed for a while.
    """
    same = [one for one in flags.flags(session, core.workspace_id) if _is_same(one, new)]
    if any(one.state in UNSETTLED for one in same):
        return 0
    latest = next((one for one in same if one.state in SETTLED), None)
    is_back = _comes_back(latest, new, core.clock()) if latest else None
    if latest is None or is_back is None:
        return _open(session, core, new)
    if not is_back:
        return 0
    fresh: dict[str, Any] = {"grade": new.grade, "band": new.band, "owner_id": new.owner_id, "remedies": new.remedies}
    fresh |= {"period": new.period, "probability": new.probability, "play": "", "reason": ""}
    fresh |= {"why": new.why, "heard_in": new.heard_in}
    again = flag_lives.change(session, core.workspace_id, latest, **fresh)
    done = make(session, core, again, Move.REOPENED, about_id=new.owner_id, detail=latest.state) if again else None
    return done.flag_id if done else 0


def still_stands(session: Session, core: Core, flag: StoredFlag, *, grade: Grade, probability: float | None) -> None:
    """Note what a later look found of an unsettled flag: it may have become certain, and how likely it is now."""
    if probability is not None and probability != flag.probability:
        flag = flag_lives.change(session, core.workspace_id, flag, probability=probability) or flag
    if grade is Grade.CONFIRMED:
        make(session, core, flag, Move.CONFIRMED)


def seems_over(session: Session, core: Core, flag: StoredFlag) -> bool:
    """Propose to its owner that a flag is over; an early one that nobody has taken up ends by itself."""
    is_early = flag.grade == Grade.EARLY and flag.state == FlagState.OPEN
    return make(session, core, flag, Move.EXPIRED if is_early else Move.SEEMS_OVER) is not None


def stirs_again(session: Session, core: Core, flag: StoredFlag) -> bool:
    """Take the proposal back that a flag is over; False where there was none."""
    return make(session, core, flag, Move.NOT_OVER) is not None


def named(session: Session, core: Core, flag: StoredFlag, kind: str, band: str) -> bool:
    """Give a flag of silence the name that people gave it; False where it has one of that name, or is settled."""
    same = replace(flag, kind=kind)
    others = (one for one in flags.flags(session, core.workspace_id) if one.flag_id != flag.flag_id)
    if any(_is_same(one, same) and one.state in UNSETTLED for one in others):
        return False
    return make(session, core, flag, Move.NAMED, detail=kind, kind=kind, band=band) is not None


def _open(session: Session, core: Core, new: StoredFlag) -> int:
    flag_id = flags.open_flag(session, core.workspace_id, new)
    line = {"about_id": new.owner_id, "detail": new.grade}
    flag_history.note(session, core.workspace_id, flag_id, Move.OPENED.value, new.opened_at, **line)
    return flag_id


def _comes_back(latest: StoredFlag, new: StoredFlag, now: datetime) -> bool | None:
    return comes_back(
        life_of(latest),
        grade=Grade(new.grade),
        probability=new.probability,
        has_more_people=fewest_in(new.band) > fewest_in(latest.band),
        now=now,
    )


def _is_same(one: StoredFlag, other: StoredFlag) -> bool:
    return (one.scope_type, plain(one.scope_id), one.kind) == (other.scope_type, plain(other.scope_id), other.kind)
