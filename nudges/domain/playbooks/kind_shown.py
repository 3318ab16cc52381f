"""What a how-to, a workshop, a challenge or a poll shows beyond its text: this module is its pieces, with no Slack."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from nudges.domain.delivery.taps import SeatState, Tap
from nudges.domain.playbooks.content_kinds import Challenge, HowTo, Poll, Workshop
from nudges.domain.playbooks.markup import render_mrkdwn
from nudges.domain.playbooks.nudge_kinds import Nudge
from nudges.domain.playbooks.sequels import SEQUELS
from nudges.domain.times.schedule_words import session_in_words


@dataclass(frozen=True)
class TapLine:
    """One thing that can be tapped; without a text of the author's, our own words are shown for its key."""

    key: str
    text: str = ""


@dataclass(frozen=True)
class SessionShown:
    """A workshop for one reader: when in their zone, where, how many seats, and how they stand with it.

    `begins_at` is None as long as nobody knows the day: in a preview of a day that is counted from the start.
    `left` is how many seats are free where that may be told; None where it would tell of too few people.
    """

    title: str
    in_words: str  # the day as the playbook names it
    minutes: int
    place: str = ""
    join: str = ""
    seats: int = 0
    begins_at: datetime | None = None
    zone: str = ""
    left: int | None = None
    is_full: bool = False
    is_over: bool = False
    state: str = ""  # "" | a SeatState
    calendar_link: str = ""


@dataclass(frozen=True)
class VotesShown:
    """How a poll stands, as far as it may be told: each option with its share as a band; empty while too few voted."""

    lines: tuple[tuple[str, str], ...] = ()
    of: str = ""


@dataclass(frozen=True)
class KindParts:
    """What only this kind of nudge shows; the texts are safe mrkdwn but for titles, tasks and labels."""

    steps: tuple[str, ...] = ()
    video: str = ""
    minutes: int = 0
    task: str = ""
    days: int = 0
    taps: tuple[TapLine, ...] = ()
    tapped: str = ""
    session: SessionShown | None = None
    votes: VotesShown | None = None

    @property
    def is_open(self) -> bool:
        """Return whether something can still be tapped."""
        return bool(self.taps) and not self.tapped


def kind_parts(nudge: Nudge, values: Mapping[str, str]) -> KindParts | None:
    """Return what the nudge shows beyond its text, before anybody has tapped; None for a kind that shows no more."""
    taps = tuple(TapLine(key) for key in nudge.taps)
    match nudge:
        case HowTo():
            steps = tuple(render_mrkdwn(step, values) for step in nudge.steps)
            video = nudge.video
            return KindParts(
                steps=steps, video=video.link if video else "", minutes=(video.minutes or 0) if video else 0
            )
        case Workshop():
            return KindParts(taps=taps, session=session_shown(nudge))
        case Challenge():
            return KindParts(taps=taps, task=nudge.task, days=nudge.days)
        case Poll():
            return KindParts(taps=tuple(TapLine(option.key, option.text) for option in nudge.options))
        case _:
            return KindParts(taps=taps) if isinstance(nudge, SEQUELS) else None


def session_shown(workshop: Workshop) -> SessionShown:
    """Return a workshop as far as the playbook alone can tell."""
    held = workshop.held
    return SessionShown(
        title=workshop.title,
        in_words=session_in_words(held),
        minutes=int(held.lasts.total_seconds() // 60),
        place=workshop.place or "",
        join=workshop.join or "",
        seats=workshop.seats,
    )


def tapped(parts: KindParts, key: str) -> KindParts:
    """Return the pieces after this tap; a workshop's shows a seat, as a preview does."""
    session = parts.session
    if session is not None and key:
        state = SeatState.SEATED if key == Tap.COMING else SeatState.GIVEN_BACK
        session = replace(session, state=session.state or state.value)
    return replace(parts, tapped=key if key in {line.key for line in parts.taps} else "", session=session)
