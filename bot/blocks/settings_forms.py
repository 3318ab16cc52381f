"""Other hours, other topics: this module is the two small forms in which a person sets them."""

from collections.abc import Iterable, Sequence
from datetime import time
from itertools import groupby

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    CheckboxesElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    StaticMultiSelectElement,
    TimePickerElement,
)
from slack_sdk.models.views import View

from bot.blocks.actions import ActionId, CallbackId, InputId
from bot.blocks.forms import note
from bot.blocks.parts import button, context, plain, say, section
from bot.blocks.settings import settings_line, topics_in_words
from bot.blocks.times import day_name, hours
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.measuring.views import Wishes
from nudges.domain.people.topics import topic_in_words
from nudges.domain.times.hours import OpenSpan, Weekday, WorkingWeek

TICKS_MAX = 10  # Slack's limit; with more topics the list opens on a tap
TOPICS_MAX = 100
LABEL_MAX = 75
TITLE_MAX = 24
USUAL = OpenSpan(frozenset(Weekday(day) for day in range(5)), time(9), time(17))


def hours_form(wishes: Wishes, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the form of other hours, filled with those that hold now."""
    first, days = _present(wishes.hours)
    every = {one: Option(text=plain(day_name(one, language)), value=one.name.lower()) for one in Weekday}
    ticks = CheckboxesElement(
        action_id=InputId.HOURS_DAYS,
        options=list(every.values()),
        initial_options=[every[one] for one in sorted(days)],
    )
    blocks: list[Block] = [
        section(say("hours.lead", language)),
        context(settings_line(wishes, language)),
        _time(InputId.HOURS_FROM, first.start, language),
        _time(InputId.HOURS_TO, first.end, language),
        InputBlock(block_id=InputId.HOURS_DAYS, label=plain(text("hours.days", language)), element=ticks),
    ]
    if wishes.own_hours:
        back = button(text("hours.as_usual", language), ActionId.USUAL_HOURS)
        blocks.append(ActionsBlock(block_id="hours_usual", elements=[back]))
    named = (text("hours.title", language), text("hours.save", language))
    return _form(CallbackId.HOURS_FORM, named, blocks, language)


def topics_form(wishes: Wishes, topics: Sequence[str], language: str = DEFAULT_LANGUAGE) -> View:
    """Return the form of topics; where no playbook names any, a word about it."""
    if not topics:
        return note(text("topics.title", language), [section(say("topics.none", language))], language)
    shown = topics[:TOPICS_MAX]
    options = {one: Option(text=plain(topic_in_words(one), LABEL_MAX), value=one) for one in shown}
    wanted = [option for one, option in options.items() if wishes.topics.allows([one])]
    element: InputInteractiveElement = CheckboxesElement(
        action_id=InputId.TOPICS, options=list(options.values()), initial_options=wanted or None
    )
    if len(shown) > TICKS_MAX:
        element = StaticMultiSelectElement(
            action_id=InputId.TOPICS, options=list(options.values()), initial_options=wanted or None
        )
    label = plain(text("topics.label", language))
    ticks = InputBlock(block_id=InputId.TOPICS, label=label, element=element, optional=True)
    named = (text("topics.title", language), text("topics.save", language))
    return _form(CallbackId.TOPICS_FORM, named, [section(say("topics.lead", language)), ticks], language)


def set_note(wishes: Wishes, key: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return what is shown once a form is taken: `hours` or `topics`, as they hold now."""
    if key == "topics":
        said = say("set.topics", language, topics=topics_in_words(wishes, language))
    else:
        key = "set.hours_outside" if wishes.is_outside else "set.hours"
        said = say(key, language, hours=hours(wishes.hours, language), zone=wishes.zone)
    told: list[Block] = [section(said), context(say("set.in_home", language))]
    return note(text("set.title", language), told, language)


def hours_text(start: time, end: time, days: Iterable[Weekday]) -> str:
    """Return hours as working hours are written, each run of days by itself: `09:00-12:00 mon-tue, ... thu`."""
    numbered = enumerate(sorted(set(days)))
    runs = [[day for _, day in run] for _, run in groupby(numbered, key=lambda one: one[1] - one[0])]
    span = f"{start:%H:%M}-{end:%H:%M}"
    return ", ".join(f"{span} {_run(run)}" for run in runs)


def _run(days: Sequence[Weekday]) -> str:
    first, last = days[0].name.lower(), days[-1].name.lower()
    return first if first == last else f"{first}-{last}"


def _present(described: str) -> tuple[OpenSpan, frozenset[Weekday]]:
    """Return the hours of the first days, which the form begins with, and all the days."""
    try:
        spans = WorkingWeek.parse(described).spans
    except ValueError:  # hours that no form can hold, such as those of a single odd day
        spans = (USUAL,)
    return spans[0], frozenset[Weekday]().union(*(span.days for span in spans))


def _time(name: InputId, present: time, language: str) -> InputBlock:
    element = TimePickerElement(action_id=name, initial_time=f"{present:%H:%M}")
    key = "hours.from" if name is InputId.HOURS_FROM else "hours.to"
    return InputBlock(block_id=name, label=plain(text(key, language)), element=element)


def _form(callback_id: CallbackId, named: tuple[str, str], blocks: Sequence[Block], language: str) -> View:
    return View(
        type="modal",
        callback_id=callback_id,
        title=plain(named[0], TITLE_MAX),
        submit=plain(named[1], TITLE_MAX),
        close=plain(text("form.cancel", language), TITLE_MAX),
        blocks=blocks,
    )
