"""What people do with flags: this module takes up, passes on, starts plays, ticks steps, dismisses and agrees to ends.

Each call asks again who may see and who owns the flag, whatever card the tap came from; the answer is never an error
but a word (`FlagVerdict`) and the card as it stands now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.barriers.flag_life import Move, Reason, leads_to
from nudges.domain.barriers.flag_views import FlagOutcome, FlagVerdict
from nudges.domain.barriers.flags import FlagState
from nudges.domain.measuring.views import Role
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.plays.choosing import Choice, steps_of
from nudges.services.barriers.flag_cards import ANY_STATE, cards_of, may_look, plays_for
from nudges.services.barriers.flag_gate import note_told, scope_of, visible_flag
from nudges.services.barriers.flag_record import life_of, make
from nudges.services.barriers.periods import zone
from nudges.services.barriers.play_sends import send_note
from nudges.services.barriers.step_days import on_working_days
from nudges.services.core import Core
from nudges.services.delivery.notices import tell
from nudges.services.people.roles import role_of
from nudges.store import flag_history, people
from nudges.store.flags import StoredFlag


@dataclass(frozen=True)
class _Tap:
    """One person's wish about one flag, within the transaction that carries it out."""

    session: Session
    core: Core
    actor_id: str
    flag: StoredFlag

    @property
    def is_owner(self) -> bool:
        """Return whether the flag is theirs to act for."""
        return self.actor_id == self.flag.owner_id

    @property
    def may_steer(self) -> bool:
        """Return whether they may take flags up and pass them on."""
        return self.is_owner or role_of(self.core, self.actor_id) is not Role.EMPLOYEE

    def make(self, move: Move, *, about_id: str = "", detail: str = "", **values: Any) -> FlagVerdict:
        """Make the move in their name."""
        line = {"actor_id": self.actor_id, "about_id": about_id, "detail": detail}
        done = make(self.session, self.core, self.flag, move, **line, **values)
        return FlagVerdict.DONE if done else FlagVerdict.MOVED


def acknowledge(core: Core, actor_id: str, flag_id: int) -> FlagOutcome:
    """Take a flag up: whoever does so is its owner from now on."""

    def take(tap: _Tap) -> FlagVerdict:
        if not tap.may_steer:
            return FlagVerdict.NOT_YOURS
        return tap.make(Move.ACKNOWLEDGED, owner_id=actor_id, remedies=_handed(tap.flag, actor_id))

    return _do(core, actor_id, flag_id, take)


def assign(core: Core, actor_id: str, flag_id: int, to_id: str) -> FlagOutcome:
    """Pass a flag on to somebody who may see it and can be reached; they are told."""

    def hand(tap: _Tap) -> FlagVerdict:
        if not tap.may_steer:
            return FlagVerdict.NOT_YOURS
        refused = _refused(tap, to_id)
        if refused is not None:
            return refused
        said = tap.make(Move.ASSIGNED, about_id=to_id, owner_id=to_id, remedies=_handed(tap.flag, to_id))
        if said is FlagVerdict.DONE and to_id != actor_id:
            tell_owner(tap.session, core, flag_id, to_id, "notice.flag_yours")
        return said

    return _do(core, actor_id, flag_id, hand)


def start_play(core: Core, actor_id: str, flag_id: int, play_key: str) -> FlagOutcome:
    """Start a play: its steps get their days, and what it sends or eases begins."""

    def start(tap: _Tap) -> FlagVerdict:
        choice = next((one for one in plays_for(core, tap.flag) if one.key == play_key), None)
        if choice is None:
            return FlagVerdict.NO_SUCH
        return _start(tap, choice)

    return _do(core, actor_id, flag_id, _as_owner(start))


def step_done(core: Core, actor_id: str, flag_id: int, number: int) -> FlagOutcome:
    """Tick a step of the play that runs; ticked twice it counts once."""

    def tick(tap: _Tap) -> FlagVerdict:
        steps = list(tap.flag.remedies)
        if not 1 <= number <= len(steps):
            return FlagVerdict.NO_SUCH
        if steps[number - 1].get("done_on"):
            return FlagVerdict.MOVED
        today = core.clock().astimezone(zone(core)).date()
        steps[number - 1] = steps[number - 1] | {"done_on": today.isoformat()}
        return tap.make(Move.STEP_DONE, detail=str(number), remedies=tuple(steps))

    return _do(core, actor_id, flag_id, _as_owner(tick))


def dismiss(core: Core, actor_id: str, flag_id: int, reason: str) -> FlagOutcome:
    """Let a flag go, for a reason from the list."""

    def drop(tap: _Tap) -> FlagVerdict:
        if reason not in set(Reason):
            return FlagVerdict.NO_SUCH
        return tap.make(Move.DISMISSED, detail=reason, reason=reason)

    return _do(core, actor_id, flag_id, _as_owner(drop))


def agree_over(core: Core, actor_id: str, flag_id: int) -> FlagOutcome:
    """Agree that it is over, where that was proposed."""
    return _do(core, actor_id, flag_id, _as_owner(lambda tap: tap.make(Move.RESOLVED)))


def not_over(core: Core, actor_id: str, flag_id: int) -> FlagOutcome:
    """Say that it is not over after all."""
    return _do(core, actor_id, flag_id, _as_owner(lambda tap: tap.make(Move.NOT_OVER)))


def tell_owner(session: Session, core: Core, flag_id: int, person_id: str, text_key: str) -> bool:
    """Tell somebody about a flag in their working hours; what it says is looked up when it is posted."""
    events = flag_history.history(session, core.workspace_id, [flag_id])[flag_id]
    note_told(session, core, person_id)
    key = f"flag:{flag_id}:{len(events)}:{text_key.rpartition('.')[2]}"
    return tell(session, core, person_id=person_id, notice_key=key, text_key=text_key, values={"flag_id": str(flag_id)})


_Work = Callable[[_Tap], FlagVerdict]


def _do(core: Core, actor_id: str, flag_id: int, work: _Work) -> FlagOutcome:
    with core.db.begin() as session:
        flag = visible_flag(session, core, actor_id, flag_id, *ANY_STATE)
        if flag is None or not may_look(core, actor_id, flag):
            return FlagOutcome(FlagVerdict.GONE)
        said = work(_Tap(session, core, actor_id, flag))
        # Read again through the gate: whoever passed a flag on may have no business with it any more.
        left = visible_flag(session, core, actor_id, flag_id, *ANY_STATE)
        shown = [left] if left is not None and may_look(core, actor_id, left) else []
        cards = cards_of(session, core, actor_id, shown)
    return FlagOutcome(said, cards[0] if cards else None)


def _as_owner(work: _Work) -> _Work:
    return lambda tap: work(tap) if tap.is_owner else FlagVerdict.NOT_YOURS


def _refused(tap: _Tap, to_id: str) -> FlagVerdict | None:
    person = people.person(tap.session, tap.core.workspace_id, to_id)
    if person is None or person.kind in NEVER_SENDABLE:
        return FlagVerdict.UNREACHABLE
    may_see = visible_flag(tap.session, tap.core, to_id, tap.flag.flag_id, *ANY_STATE)
    return None if may_see is not None else FlagVerdict.CANNOT_SEE


def _handed(flag: StoredFlag, to_id: str) -> tuple[dict[str, str], ...]:
    """Return the steps with those of the old owner given to the new one; what is done stays theirs."""
    return tuple(
        step | {"by": to_id} if step["by"] == flag.owner_id and not step.get("done_on") else step
        for step in flag.remedies
    )


def _start(tap: _Tap, choice: Choice) -> FlagVerdict:
    core, session, flag = tap.core, tap.session, tap.flag
    if leads_to(life_of(flag), Move.PLAY_STARTED) is not FlagState.IN_REMEDY:
        return FlagVerdict.MOVED
    now = core.clock()
    barred = frozenset(one.by for one in choice.steps if one.by != "owner" and _refused(tap, one.by) is not None)
    steps = steps_of(choice.steps, owner_id=flag.owner_id, barred=barred, started_on=now.astimezone(zone(core)).date())
    steps = on_working_days(session, core, steps)
    stored = tuple({"do": one.do, "by": one.by_id, "due_on": one.due_on.isoformat()} for one in steps)
    eases = choice.play.eases if choice.play else None
    said = tap.make(
        Move.PLAY_STARTED,
        detail=choice.key,
        play=choice.key,
        remedies=stored,
        eased_until=now + eases if eases else None,
    )
    if said is FlagVerdict.DONE and choice.play is not None and choice.play.sends is not None:
        send_note(session, core, scope_of(flag), choice.play.sends, actor_id=tap.actor_id)
    return said
