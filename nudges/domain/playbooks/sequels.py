"""What follows by itself: this module adds the reminder of a workshop and the one question after a challenge.

They are nudges like any other, so that hours, caps, books, plan and forecast hold for them; their names have a dot,
which no author can write. Who said no to what they follow does not get them
(`other_answer`, `not_taken_up`).
"""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import Literal, TypeVar

from nudges.domain.delivery.taps import ATTENDANCE_TAPS, COMMIT_TAPS, FOLLOW_UP_TAPS, Tap
from nudges.domain.playbooks.content_kinds import Challenge, Workshop
from nudges.domain.playbooks.fields import Prose, Reference
from nudges.domain.playbooks.nudge_parts import AfterNudge, AroundSession, Held, NudgeBase, NudgeWords

N = TypeVar("N", bound=NudgeBase)
REMINDER, ATTENDANCE, FOLLOW_UP, COMMITMENT = "reminder", "attendance", "follow_up", "commitment"
MORNING = time(10)
STILL_ASKED = timedelta(days=4)  # a question about a workshop or a try is worth asking for some days


class Reminder(NudgeBase):
    """The working day before a workshop, for those who have a seat."""

    kind: Literal["reminder"] = "reminder"
    of: Reference
    text: Prose


class Attendance(NudgeBase):
    """Did you come? Asked once, on the working day after, of those who had a seat."""

    kind: Literal["attendance"] = "attendance"
    of: Reference
    text: Prose

    @property
    def taps(self) -> tuple[str, ...]:
        """Return what can be tapped."""
        return ATTENDANCE_TAPS


class FollowUp(NudgeBase):
    """How did it go? Asked once, of those who said that they would try."""

    kind: Literal["followup"] = "followup"
    of: Reference
    text: Prose

    @property
    def taps(self) -> tuple[str, ...]:
        """Return what can be tapped."""
        return FOLLOW_UP_TAPS


Sequel = Reminder | Attendance | FollowUp
SEQUELS = (Reminder, Attendance, FollowUp)


def after_workshop(nudge: N, held: Mapping[str, Held]) -> N:
    """Return the nudge; one that follows who came, or who did not, with its days counted from the workshop."""
    when = nudge.when
    if not isinstance(when, AfterNudge) or when.only_if not in ATTENDANCE_TAPS or when.after not in held:
        return nudge
    around = AroundSession(
        after=when.after,
        session=held[when.after],
        is_before=False,
        at=when.at or MORNING,
        days=max(when.days, 1),
        only_if=when.only_if,
        window=when.window,
        valid_for=when.valid_for,
    )
    return nudge.model_copy(update={"when": around})


def written_key(key: str) -> str:
    """Return the name of the nudge that an author wrote, for it and for what follows from it."""
    return key.partition(".")[0]


def sequels_of(nudge: NudgeBase) -> Iterator[Sequel]:
    """Give the nudges that follow from this one by themselves."""
    if isinstance(nudge, Challenge):
        yield _follow_up(nudge)
    if isinstance(nudge, Workshop):
        yield _reminder(nudge)
        yield _attendance(nudge)
    if nudge.commit and nudge.taps == COMMIT_TAPS:
        yield _commitment(nudge, nudge.commit)


def _follow_up(challenge: Challenge) -> FollowUp:
    when = AfterNudge(after=challenge.key, only_if=Tap.WILL_TRY.value, days=challenge.days, valid_for=STILL_ASKED)
    told = {language: NudgeWords(text=words.task) for language, words in challenge.translations.items() if words.task}
    return FollowUp(
        key=f"{challenge.key}.{FOLLOW_UP}",
        when=when,
        of=challenge.key,
        text=challenge.task,
        priority=max(challenge.priority - 1, 1),  # it can wait a day for what cannot
        translations=told,
    )


def _commitment(nudge: NudgeBase, commit: str) -> FollowUp:
    told = {code: NudgeWords(text=words.commit) for code, words in nudge.translations.items() if words.commit}
    return FollowUp(
        key=f"{nudge.key}.{COMMITMENT}",
        when=AfterNudge(after=nudge.key, only_if=Tap.WILL_TRY.value, days=nudge.commit_days, valid_for=STILL_ASKED),
        of=nudge.key,
        text=commit,
        priority=nudge.priority,
        translations=told,
    )


def _reminder(workshop: Workshop) -> Reminder:
    when = AroundSession(after=workshop.key, session=workshop.held, is_before=True, at=MORNING)
    return Reminder(
        key=f"{workshop.key}.{REMINDER}",
        when=when,
        of=workshop.key,
        text=workshop.title,
        priority=9,  # worth nothing a day later
        translations=_titles(workshop),
    )


def _attendance(workshop: Workshop) -> Attendance:
    when = AroundSession(after=workshop.key, session=workshop.held, is_before=False, at=MORNING, valid_for=STILL_ASKED)
    return Attendance(
        key=f"{workshop.key}.{ATTENDANCE}",
        when=when,
        of=workshop.key,
        text=workshop.title,
        priority=max(workshop.priority - 1, 1),
        translations=_titles(workshop),
    )


def _titles(workshop: Workshop) -> dict[str, NudgeWords]:
    given = workshop.translations.items()
    return {language: NudgeWords(text=words.title) for language, words in given if words.title}
