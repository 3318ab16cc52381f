"""A schedule said in words: this module is how `when` reads to a person."""

from collections.abc import Mapping
from datetime import timedelta

from nudges.domain.delivery.taps import Tap
from nudges.domain.playbooks.follow_ups import If
from nudges.domain.playbooks.playbook import DEFAULT_WINDOW, AfterNudge, AroundSession, FixedDay, Held, Nudge

DAY = timedelta(days=1)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_CONDITIONS: Mapping[str, str] = {
    If.RIGHT: "if answered right",
    If.WRONG: "if another answer would have been better",
    If.UNANSWERED: "if not answered",
    If.USEFUL: "if marked useful",
    If.NOT_FOR_ME: "if marked not for me",
}


def describe_when(nudge: Nudge) -> str:
    """Return "week 1, Tuesday at 10:00" or "7 days after ask-before-you-search"."""
    when = nudge.when
    tail = "" if when.window == DEFAULT_WINDOW else f", within {in_words(when.window)}"
    if isinstance(when, FixedDay):
        return f"week {when.week}, {DAY_NAMES[when.day]} at {when.at:%H:%M}{tail}"
    if isinstance(when, AroundSession):
        return f"{around_in_words(when)} at {when.at:%H:%M}{tail}"
    at = f" at {when.at:%H:%M}" if when.at else ""
    only_if = f", {condition_in_words(when)}" if when.only_if else ""
    return f"{when.days} day{'' if when.days == 1 else 's'} after {when.after}{only_if}{at}{tail}"


def condition_in_words(when: AfterNudge) -> str:
    """Return "if answered wrong" or "if answered `mail`"; empty where it follows any answer."""
    if when.only_if is None:
        return ""
    return _CONDITIONS.get(when.only_if, f"if answered `{when.only_if}`")


def around_in_words(when: AroundSession) -> str:
    """Return "the working day before ask-together begins"."""
    if when.only_if:
        came = "came" if when.only_if == Tap.CAME else "did not come"
        return f"{in_words(DAY * when.days)} after the workshop {when.after}, for those who {came}"
    side = "before" if when.is_before else "after"
    return f"the working day {side} the workshop {when.after}"


def session_in_words(held: Held) -> str:
    """Return "2027-02-03, 14:00 Europe/Lisbon" or "week 3, Thursday, 14:00 Europe/Lisbon"."""
    named = f"week {held.week}, {DAY_NAMES[held.day]}" if held.day is not None else ""
    return f"{held.on or named}, {held.at:%H:%M} {held.zone}"


def in_words(span: timedelta) -> str:
    """Return "2 h", "90 min" or "3 days"."""
    minutes = int(span.total_seconds() // 60)
    if minutes % 1440 == 0:
        days = minutes // 1440
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
