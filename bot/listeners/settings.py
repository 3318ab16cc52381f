"""Other hours, other topics: this module takes in the two forms when they are sent."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from slack_bolt import Ack

from bot.blocks.actions import CallbackId, InputId
from bot.blocks.settings_forms import hours_text, set_note
from bot.listeners.access import check_form
from bot.listeners.answering import Desk
from bot.listeners.payloads import Payload, chosen_in, person_of, time_in
from bot.texts import text
from nudges.domain.times.hours import Weekday, parse_time
from nudges.services.own import meant_for, preferences

LEAST_MINUTES = 60


@dataclass(frozen=True)
class Settings:
    """The two forms of a person's settings."""

    desk: Desk

    def take_hours(self, ack: Ack, body: Payload) -> None:
        """Store the hours, or say beside the field what is missing."""
        person_id = person_of(body)
        check_form(self.desk.core, person_id, CallbackId.HOURS_FORM)
        language = self.desk.language(person_id)
        start, end = _time(body, InputId.HOURS_FROM, time(9)), _time(body, InputId.HOURS_TO, time(17))
        days = [Weekday.parse(one) for one in chosen_in(body, InputId.HOURS_DAYS) if one.upper() in Weekday.__members__]
        errors = _errors(start, end, days, language)
        if errors:
            ack(response_action="errors", errors=errors)
            return
        wishes = preferences.set_hours(self.desk.core, person_id, hours_text(start, end, days))
        ack(response_action="update", view=set_note(wishes, "hours", language))

    def take_topics(self, ack: Ack, body: Payload) -> None:
        """Store which topics are not wanted; those that come later are wanted until somebody says otherwise."""
        person_id = person_of(body)
        check_form(self.desk.core, person_id, CallbackId.TOPICS_FORM)
        chosen = set(chosen_in(body, InputId.TOPICS))
        offered = meant_for.topics_for(self.desk.core, person_id)
        present = preferences.wishes_of(self.desk.core, person_id).topics
        wanted = present.without(set(offered) - chosen).including(chosen.intersection(offered))
        wishes = preferences.set_topics(self.desk.core, person_id, wanted)
        ack(response_action="update", view=set_note(wishes, "topics", self.desk.language(person_id)))


def _errors(start: time, end: time, days: list[Weekday], language: str) -> dict[str, Any]:
    if (end.hour - start.hour) * 60 + end.minute - start.minute < LEAST_MINUTES:
        return {InputId.HOURS_TO.value: text("hours.too_short", language)}
    return {} if days else {InputId.HOURS_DAYS.value: text("hours.no_day", language)}


def _time(body: Payload, name: InputId, usual: time) -> time:
    try:
        return parse_time(time_in(body, name))
    except ValueError:
        return usual
