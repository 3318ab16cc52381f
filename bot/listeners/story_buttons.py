"""Buttons about stories: this module opens the form to tell one, one's own, and one that waits for comms."""

from collections.abc import Mapping
from typing import Final

from slack_sdk.models.views import View

from bot.blocks import stories, stories_waiting
from bot.blocks.actions import ActionId, DeliveryValue
from bot.blocks.answers import line_answer
from bot.blocks.story_values import ReviewValue, StoryValue
from bot.listeners.answering import Desk
from bot.listeners.payloads import Click
from bot.listeners.pressing import Button, Pressed
from nudges.domain.stories.story_views import Telling
from nudges.services.core import Core
from nudges.services.stories import review_stories, tell_story

_SAID = {Telling.AGREED: "story.agreed"}


def open_tell_form(core: Core, click: Click) -> View:
    """Return the form, about the nudge under which the button stands."""
    delivery = DeliveryValue.decode(click.value)
    delivery_id = delivery.delivery_id if delivery else ""
    return stories.tell_form(delivery_id, click.language, written_in=click.written_in)


def open_my_stories(core: Core, click: Click) -> View:
    """Return the story that the button names, if it is the person's own; else the list of theirs."""
    own, value = tell_story.own_stories(core, click.person_id), StoryValue.decode(click.value)
    named = next((one for one in own if value is not None and one.story_id == value.story_id), None)
    return stories.story_form(named, click.language) if named else stories.stories_form(own, click.language)


def open_waiting_story(core: Core, click: Click) -> View | None:
    """Return a story to decide upon; StoryGone when it waits no more."""
    value = ReviewValue.decode(click.value)
    if value is None:
        return None
    return stories_waiting.review_form(review_stories.open_story(core, click.person_id, value.story_id), click.language)


def show_agreed(desk: Desk, pressed: Pressed) -> None:
    """Share the words that were shown, and say so; a campaign may take longer to begin than Slack waits."""
    click, value = pressed.click, StoryValue.decode(pressed.click.value)
    done = tell_story.agree(desk.core, click.person_id, value.story_id, value.digest) if value else Telling.GONE
    said = line_answer(_SAID.get(done, "story.gone"), click.language)
    desk.replace(click.response_url, said.text, said.blocks)


STORY_BUTTONS: Final[Mapping[ActionId, Button]] = {
    ActionId.I_TRIED: Button(open=open_tell_form),
    ActionId.MY_STORIES: Button(open=open_my_stories),
    ActionId.AGREE_STORY: Button(show=show_agreed),
    ActionId.READ_STORY: Button(open=open_waiting_story),
}
