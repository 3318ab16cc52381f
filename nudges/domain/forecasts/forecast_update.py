"""An edit foreseen: this module is a world in which a running campaign has got another text, and what that changes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.forecasts.forecast import Foreseen, Run, Seat, Stored, World
from nudges.domain.forecasts.forecast_figures import Calendars
from nudges.domain.playbooks.playbook import Nudge, Playbook
from nudges.domain.times.schedule_words import describe_when

_WAITING = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY)


@dataclass(frozen=True)
class NudgeChange:
    """What an edit does to one nudge."""

    key: str
    was: str  # when, in words; empty: the nudge is new
    becomes: str  # empty: it is taken out
    is_reworded: bool  # its text or anything else but its time differs
    gained: int  # people who get it and would not have
    lost: int
    moved: int  # people who get it on another day
    already_sent: int  # that stays as it is

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to tell."""
        return self.was != self.becomes or self.is_reworded or any((self.gained, self.lost, self.moved))


@dataclass(frozen=True)
class Change:
    """What an edit changes in the campaign that runs, in people and in touches."""

    campaign: str
    version: int
    is_edited: bool
    people_gained: int
    people_lost: int
    gaining: int  # people who get at least one nudge more than before
    losing: int  # people who lose at least one
    nudges: tuple[NudgeChange, ...]
    others_losing: int  # people who lose a nudge of another campaign
    is_private: bool = False
    k: int = 5


def updated(world: World, new: Run) -> World:
    """Return the world in which this campaign has a new text: what was sent stays, the rest is planned anew."""
    kept = {nudge.key for nudge in new.playbook.nudges}
    stored = [
        _taken_out(one) if _is_dropped(one, new.campaign_id, kept) else one
        for one in world.stored
        if not _is_reopened(one, new.campaign_id, kept)
    ]
    runs = [new if run.campaign_id == new.campaign_id else run for run in world.runs]
    return replace(world, stored=stored, runs=runs)


def seats_after(
    old: Mapping[str, Seat], wanted: Mapping[str, Seat], *, now: datetime, is_piloting: bool
) -> dict[str, Seat]:
    """Return the places after an edit: who stays keeps theirs, who is new comes late, who left stays on record."""
    fresh = {person_id: replace(seat, joined_at=now) for person_id, seat in wanted.items() if person_id not in old}
    return {id_: _seat_after(seat, wanted.get(id_), now, is_piloting=is_piloting) for id_, seat in old.items()} | fresh


def _seat_after(old: Seat, wanted: Seat | None, now: datetime, *, is_piloting: bool) -> Seat:
    if wanted is None:
        return replace(old, is_inside=False)
    if not old.is_inside:
        return replace(old, segment=wanted.segment, is_inside=True, joined_at=now)
    is_new_pilot = is_piloting and wanted.is_pilot and not old.is_pilot
    kept = replace(old, segment=wanted.segment)
    return replace(kept, is_pilot=True, joined_at=now) if is_new_pilot else kept


def change_of(
    *, old: Run, new: Run, before: Sequence[Foreseen], after: Sequence[Foreseen], calendars: Calendars
) -> tuple[tuple[NudgeChange, ...], int, int, int]:
    """Return what becomes of each nudge, and how many people gain a touch, lose one, or lose one elsewhere."""
    was, becomes = _sent_days(before, calendars), _sent_days(after, calendars)
    gained = [key for key in becomes if key not in was]
    lost = [key for key in was if key not in becomes]
    moved = [key for key, day in becomes.items() if key in was and was[key] != day]
    ours = new.campaign_id
    sent = Counter(one.nudge_key for one in before if one.campaign_id == ours and one.was_stored and one.is_sent)
    counts = [Counter(key[1] for key in keys if key[0] == ours) for keys in (gained, lost, moved)]
    keys = dict.fromkeys(nudge.key for nudge in (*new.playbook.nudges, *old.playbook.nudges))
    changes = tuple(_nudge_change(old.playbook, new.playbook, key, counts, sent[key]) for key in keys)
    return (
        changes,
        len({key[2] for key in gained if key[0] == ours}),
        len({key[2] for key in lost if key[0] == ours}),
        len({key[2] for key in lost if key[0] != ours}),
    )


def _nudge_change(old: Playbook, new: Playbook, key: str, counts: list[Counter[str]], sent: int) -> NudgeChange:
    was, becomes = old.nudge(key), new.nudge(key)
    return NudgeChange(
        key=key,
        was=describe_when(was) if was else "",
        becomes=describe_when(becomes) if becomes else "",
        is_reworded=was is not None and becomes is not None and _words(was) != _words(becomes),
        gained=counts[0][key],
        lost=counts[1][key],
        moved=counts[2][key],
        already_sent=sent,
    )


def _words(nudge: Nudge) -> dict[str, object]:
    return nudge.model_dump(exclude={"when"})


def _sent_days(foreseen: Iterable[Foreseen], calendars: Calendars) -> dict[tuple[int, str, str], date | None]:
    return {(one.campaign_id, one.nudge_key, one.person_id): calendars.day(one) for one in foreseen if one.is_sent}


def _is_reopened(one: Stored, campaign_id: int, kept: set[str]) -> bool:
    """Whether an edit forgets this decision, because nobody has acted on it."""
    is_open = one.status == DeliveryStatus.PLANNED or one.reason == SkipReason.NUDGE_STOPPED
    return one.campaign_id == campaign_id and one.nudge_key in kept and one.attempt == 0 and is_open


def _is_dropped(one: Stored, campaign_id: int, kept: set[str]) -> bool:
    return one.campaign_id == campaign_id and one.nudge_key not in kept and one.status in _WAITING


def _taken_out(one: Stored) -> Stored:
    return replace(one, status=DeliveryStatus.SKIPPED, reason=SkipReason.NUDGE_STOPPED)
