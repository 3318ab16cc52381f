"""A rehearsal in words: this module is the headline, the notes below it and the sentence of each reason."""

from collections.abc import Iterator

from bot.simulation.figures import Figures
from bot.simulation.rehearsal import Rehearsal
from bot.texts import DEFAULT_LANGUAGE, has_text, text
from nudges.domain.people.people import PersonKind


def headline(rehearsal: Rehearsal, figures: Figures) -> str:
    """Return what happened in two or three sentences."""
    weeks = rehearsal.request.weeks
    reached = f"{figures.reached} of {figures.audience} people meant"
    said = f"{_count(figures.messages, 'nudge')} in {_count(weeks, 'week')} reached {reached}."
    calm = f" Nobody got more than {figures.most_in_a_week} in a week or {figures.most_in_a_day} in a day"
    hours = (
        ", and none arrived outside working hours."
        if not figures.outside
        else f"; {figures.outside} arrived at a bad time."
    )
    return said + calm + hours


def notes(rehearsal: Rehearsal) -> Iterator[str]:
    """Give how it was made, so that nobody takes it for more than it is."""
    request = rehearsal.request
    members = sum(person.kind == PersonKind.MEMBER for person in rehearsal.people.values())
    who = f"{members} people " + ("of your file" if request.people_csv is not None else "made up")
    does = (
        "they did what the reactions file says" if request.reactions is not None else "they react as plain guesses say"
    )
    when = f"Published on {rehearsal.begins_at:%a %d %b %Y} ({rehearsal.company.default_zone})"
    yield f"{who}, seed {request.seed}; {does}. {when}; nothing left this machine."
    for one in rehearsal.published:
        if one.pilot is not None:
            yield f"{one.name} began with its pilot of {one.pilot}; {_widened(rehearsal, one.name)}"
    if rehearsal.agreed:
        told = ", ".join(f"{yes.kind} of {yes.campaign}" for yes in rehearsal.agreed)
        yield f"A second person's yes was given automatically: {told}."
    yield from rehearsal.aimless
    if rehearsal.left_over:
        why = "their nudge was not sent in these weeks, or they came after the end"
        yield f"{rehearsal.left_over} lines of the reactions file had no effect: {why}."
    rate = f"{rehearsal.days_a_minute:,.0f} simulated days a minute"
    took = f"{rehearsal.days:.0f} days in {rehearsal.seconds:.1f} s, {rate}"
    yield f"{took}; {rehearsal.events} events, trace {rehearsal.digest}."


def reason_in_words(reason: str) -> str:
    """Return why something was not sent, in the words the app uses."""
    key = f"reason.{reason}"
    return text(key, DEFAULT_LANGUAGE) if has_text(key) else reason.replace("_", " ")


def _widened(rehearsal: Rehearsal, name: str) -> str:
    first = rehearsal.widened.get(name)
    return f"the rest follows from {first:%a %d %b}." if first else "the rest has not followed in these weeks."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
