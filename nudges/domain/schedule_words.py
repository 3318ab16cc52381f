"""A schedule said in words: this module is how `when` reads to a person."""

from datetime import timedelta

from nudges.domain.playbook import DEFAULT_WINDOW, FixedDay, Nudge

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def describe_when(nudge: Nudge) -> str:
    """Return "week 1, Tuesday at 10:00" or "7 days after ask-before-you-search"."""
    when = nudge.when
    tail = "" if when.window == DEFAULT_WINDOW else f", within {in_words(when.window)}"
    if isinstance(when, FixedDay):
        return f"week {when.week}, {DAY_NAMES[when.day]} at {when.at:%H:%M}{tail}"
    at = f" at {when.at:%H:%M}" if when.at else ""
    return f"{when.days} day{'' if when.days == 1 else 's'} after {when.after}{at}{tail}"


def in_words(span: timedelta) -> str:
    """Return "2 h", "90 min" or "3 days"."""
    minutes = int(span.total_seconds() // 60)
    if minutes % 1440 == 0:
        days = minutes // 1440
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
