"""An owner's week: this module says what of their flags is due, late or has moved; nothing needs no message."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from nudges.domain.barriers.flag_life import Move
from nudges.domain.barriers.flag_views import FlagCard, FlagDigest, NextThing

WEEK = timedelta(days=7)
TOLD_ALREADY = WEEK  # a flag that has just come was told in a message of its own
APART = timedelta(hours=20)  # such a message and the week's are not sent on one day
_WAITS = frozenset(NextThing) - {NextThing.NOTHING, NextThing.THE_MEASURE}


def week_of(day: date) -> str:
    """Return the name of a day's week, which a digest is sent once in."""
    year, week, _ = day.isocalendar()
    return f"{year}-{week:02}"


def digest(cards: Sequence[FlagCard], *, owner_id: str, today: date, since: datetime) -> FlagDigest | None:
    """Return what to tell an owner of the last seven days and the next; None where nothing waits and nothing moved.

    What they did themselves is no news to them, and on a day that brings a flag of its own the week can wait.
    """
    own = [card for card in cards if card.owner_id == owner_id and not _has_just_come(card, since)]
    if any(_came_at(card) >= since + WEEK - APART for card in cards if card.owner_id == owner_id):
        return None
    told = [card for card in own if _waits(card, today) or _moved(card, owner_id, since)]
    if not told:
        return None
    late = sum(_is_late(card, today) for card in told)
    due = sum(_waits(card, today) for card in told) - late
    return FlagDigest(tuple(told), due=due, late=late, moved=_count_moved(told, owner_id, since))


def _has_just_come(card: FlagCard, since: datetime) -> bool:
    return _came_at(card) >= since + WEEK - TOLD_ALREADY


def _came_at(card: FlagCard) -> datetime:
    """Return when a message of its own told the owner of this flag, if nothing has happened to it since."""
    last = card.history[-1] if card.history else None
    came = last is not None and last.what in (Move.OPENED, Move.REOPENED, Move.ASSIGNED, Move.ESCALATED)
    return last.at if came and last is not None else datetime.min.replace(tzinfo=UTC)


def _waits(card: FlagCard, today: date) -> bool:
    is_near = card.next.due_on is None or card.next.due_on <= today + WEEK
    return card.next.what in _WAITS and is_near


def _is_late(card: FlagCard, today: date) -> bool:
    return _waits(card, today) and card.next.due_on is not None and card.next.due_on < today


def _moved(card: FlagCard, owner_id: str, since: datetime) -> bool:
    return any(line.at >= since and line.actor_id != owner_id for line in card.history)


def _count_moved(cards: Sequence[FlagCard], owner_id: str, since: datetime) -> int:
    return sum(_moved(card, owner_id, since) for card in cards)
