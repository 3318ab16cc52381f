"""A workshop in words: this module is its day by the reader's clock, its place, its seats and what can be tapped."""

from bot.blocks.parts import Safe, bold, escape, say
from bot.blocks.times import when
from bot.texts import plural
from nudges.domain.delivery.taps import SeatState, Tap
from nudges.domain.playbooks.kind_shown import SessionShown


def session_lines(session: SessionShown, language: str, *, is_invitation: bool) -> list[Safe]:
    """Return when and where it is, and for an invitation how many seats there are."""
    told = [bold(session.title)] if is_invitation else []  # elsewhere the title is the text
    told.append(say("session.when", language, when=_when(session, language), minutes=session.minutes))
    if session.place:
        told.append(say("session.where", language, place=session.place))
    if session.join and not session.place:
        told.append(say("session.online", language))
    if is_invitation:
        told.append(_seats(session, language))
        if not session.is_over:
            told.append(say("session.sees", language))
    return told


def session_links(session: SessionShown) -> list[tuple[str, str]]:
    """Return the links under a workshop, by name: to join, and for the calendar."""
    is_mine = session.state == SeatState.SEATED
    return [
        (name, link)
        for name, link, is_shown in (
            ("join", session.join, is_mine and not session.is_over),
            ("calendar", session.calendar_link, is_mine and not session.is_over),
        )
        if link and is_shown
    ]


def seat_taps(session: SessionShown) -> tuple[str, ...]:
    """Return what can be tapped under an invitation now: nothing any more once the workshop is over."""
    if session.is_over:
        return ()
    if session.state in (SeatState.SEATED, SeatState.WAITING):
        return (Tap.NOT_THIS_TIME.value,)
    if session.state == SeatState.GIVEN_BACK:
        return (Tap.COMING.value,)
    return Tap.COMING.value, Tap.NOT_THIS_TIME.value


def _when(session: SessionShown, language: str) -> str:
    return session.in_words if session.begins_at is None else when(session.begins_at, session.zone, language)


def _seats(session: SessionShown, language: str) -> Safe:
    if session.is_over:
        return say("session.over", language)
    if session.is_full:
        return say("session.full", language, seats=session.seats)
    if session.left is not None:
        return escape(plural("session.left", session.left, language, seats=session.seats))
    return escape(plural("session.seats", session.seats, language))
