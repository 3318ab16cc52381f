"""One tap that says yes, no or how it went: this module is the words that are kept for it, and who then hears more."""

from enum import StrEnum


class Tap(StrEnum):
    """What people tap under a nudge that asks for a yes or a no; the options of a poll are the author's own."""

    COMING = "coming"
    NOT_THIS_TIME = "not_this_time"
    WILL_TRY = "will_try"
    RATHER_NOT = "rather_not"
    DONE = "done"
    NOT_YET = "not_yet"
    NOT_FOR_ME = "not_for_me"
    CAME = "came"
    MISSED = "missed"


WORKSHOP_TAPS = (Tap.COMING.value, Tap.NOT_THIS_TIME.value)
CHALLENGE_TAPS = (Tap.WILL_TRY.value, Tap.RATHER_NOT.value)
COMMIT_TAPS = (Tap.WILL_TRY.value,)  # under a nudge with `commit`: "I will"
FOLLOW_UP_TAPS = (Tap.DONE.value, Tap.NOT_YET.value, Tap.NOT_FOR_ME.value)
ATTENDANCE_TAPS = (Tap.CAME.value, Tap.MISSED.value)


class SeatState(StrEnum):
    """How somebody stands with a workshop."""

    SEATED = "seated"
    WAITING = "waiting"
    GIVEN_BACK = "given_back"
