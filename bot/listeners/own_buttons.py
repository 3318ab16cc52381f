"""What a person sets, keeps and asks for themself: this module is the buttons of Home and of each nudge's menu."""

from collections.abc import Mapping
from typing import Final

from slack_sdk.models.views import View

from bot.blocks import forms
from bot.blocks.actions import ActionId, DaysValue, DeliveryValue
from bot.blocks.answers import line_answer
from bot.blocks.answers_data import my_data_blocks
from bot.blocks.answers_people import why_answer, why_blocks
from bot.blocks.answers_why import why_nudge_answer
from bot.blocks.data_pages import data_page
from bot.blocks.own_values import PageValue, PlaybookValue, SavedValue
from bot.blocks.parts import say, section
from bot.blocks.saved import saved_view
from bot.blocks.settings import set_answer
from bot.blocks.settings_forms import hours_form, set_note, topics_form
from bot.listeners import home
from bot.listeners.answering import Desk
from bot.listeners.payloads import Click
from bot.listeners.pressing import GONE, Button, Pressed, delivery_in, redraw_message
from bot.texts import text
from nudges.domain.measuring.views import Outcome
from nudges.services.core import Core
from nudges.services.own import glass_box, meant_for, preferences, saved_nudges, votes
from nudges.services.own.own_home import counted
from nudges.services.own.why_nudge import why_nudge


def open_forget_form(core: Core, click: Click) -> View:
    """Return the question before anything is erased, and how much would be."""
    return forms.forget_form(click.language, stored=counted(core, click.person_id))


def open_my_data(core: Core, click: Click) -> View:
    """Return everything stored about the person who asks, and about nobody else."""
    blocks = my_data_blocks(glass_box.my_data(core, click.person_id), click.language)
    return forms.note(text("my_data.title", click.language), blocks, click.language)


def open_data_page(core: Core, click: Click) -> View | None:
    """Return all of it as JSON; where a part stands open already, that one turns the page instead."""
    return None if click.modal_id else _data_page(core, click)


def open_why(core: Core, click: Click) -> View | None:
    """Return why the person gets nudges; under a message the answer goes there instead."""
    if click.is_in_message:
        return None
    blocks = why_blocks(glass_box.why(core, click.person_id), click.language)
    return forms.note(text("why.header", click.language), blocks, click.language)


def open_hours(core: Core, click: Click) -> View:
    """Return the form of other hours."""
    return hours_form(preferences.wishes_of(core, click.person_id), click.language)


def open_topics(core: Core, click: Click) -> View:
    """Return the form of topics."""
    wishes = preferences.wishes_of(core, click.person_id)
    return topics_form(wishes, meant_for.topics_for(core, click.person_id), click.language)


def open_saved(core: Core, click: Click) -> View:
    """Return a saved nudge to read again."""
    key = SavedValue.decode(click.value)
    message = saved_nudges.show(core, click.person_id, key.campaign_id, key.nudge_key) if key else None
    if message is None:
        return forms.note(
            text("saved.title", click.language), [section(say("saved.gone", click.language))], click.language
        )
    return saved_view(message, click.language)


def save(core: Core, click: Click) -> Outcome:
    """Keep the nudge."""
    value = DeliveryValue.decode(click.value)
    return saved_nudges.save(core, click.person_id, value.delivery_id) if value else GONE


def unsave(core: Core, click: Click) -> None:
    """Keep it no longer."""
    key = SavedValue.decode(click.value)
    if key is not None:
        saved_nudges.remove(core, click.person_id, key.campaign_id, key.nudge_key)


def vote(core: Core, click: Click) -> None:
    """Store what the person wants next."""
    value = PlaybookValue.decode(click.value)
    if value is not None:
        votes.vote(core, click.person_id, value.playbook)


def pause_me(core: Core, click: Click) -> None:
    """Store the pause; a value that we did not write pauses for the usual time."""
    value = DaysValue.decode(click.value)
    preferences.pause(core, click.person_id, value.days if value else preferences.DEFAULT_PAUSE_DAYS)


def stop_me(core: Core, click: Click) -> None:
    """Store the stop."""
    preferences.stop(core, click.person_id)


def start_me(core: Core, click: Click) -> None:
    """Store the new start."""
    preferences.start(core, click.person_id)


def fewer_me(core: Core, click: Click) -> None:
    """Store that there are to be fewer."""
    preferences.fewer(core, click.person_id)


def usual_me(core: Core, click: Click) -> None:
    """Store that there may be as many as usual."""
    preferences.usual(core, click.person_id)


def usual_hours(core: Core, click: Click) -> None:
    """Store that the usual hours hold again."""
    preferences.usual_hours(core, click.person_id)


def show_home(desk: Desk, pressed: Pressed) -> None:
    """Show the Home tab as it stands now."""
    home.show(desk, pressed.client, pressed.click.person_id)


def show_set(desk: Desk, pressed: Pressed) -> None:
    """Say under a message what holds now; in Home it shows by itself."""
    click = pressed.click
    if not click.is_in_message or click.action is None:
        show_home(desk, pressed)
        return
    wishes = preferences.wishes_of(desk.core, click.person_id)
    desk.tell(click.response_url, set_answer(click.action, wishes, click.language))


def show_why(desk: Desk, pressed: Pressed) -> None:
    """Answer under the message: why this nudge, or why any where nothing is kept of it."""
    click = pressed.click
    if not click.is_in_message:
        return
    found = why_nudge(desk.core, click.person_id, delivery_in(click.value))
    if found is not None:
        desk.tell(click.response_url, why_nudge_answer(found, click.language))
    else:
        desk.tell(click.response_url, why_answer(glass_box.why(desk.core, click.person_id), click.language))


def show_old(desk: Desk, pressed: Pressed) -> None:
    """Say that a line of the menu is from an earlier time."""
    desk.tell(pressed.click.response_url, line_answer("click.old", pressed.click.language))


def show_data_page(desk: Desk, pressed: Pressed) -> None:
    """Turn the page of what stands open."""
    if pressed.click.modal_id:
        pressed.client.views_update(view_id=pressed.click.modal_id, view=_data_page(desk.core, pressed.click))


def show_usual_hours(desk: Desk, pressed: Pressed) -> None:
    """Say in the form itself that the usual hours hold again."""
    if pressed.click.modal_id:
        wishes = preferences.wishes_of(desk.core, pressed.click.person_id)
        view = set_note(wishes, "hours", pressed.click.language)
        pressed.client.views_update(view_id=pressed.click.modal_id, view=view)


def _data_page(core: Core, click: Click) -> View:
    page = PageValue.decode(click.value)
    return data_page(glass_box.my_data(core, click.person_id), page.page if page else 0, click.language)


OWN_BUTTONS: Final[Mapping[ActionId, Button]] = {
    ActionId.MORE: Button(show=show_old),  # a line that we know comes as the button of its name
    ActionId.WHY_ME: Button(open=open_why, show=show_why),
    ActionId.PAUSE_ME: Button(change=pause_me, show=show_set),
    ActionId.STOP_ME: Button(change=stop_me, show=show_set),
    ActionId.START_ME: Button(change=start_me, show=show_set),
    ActionId.FEWER_ME: Button(change=fewer_me, show=show_set),
    ActionId.USUAL_ME: Button(change=usual_me, show=show_set),
    ActionId.HOURS_ME: Button(open=open_hours),
    ActionId.USUAL_HOURS: Button(change=usual_hours, show=show_usual_hours),
    ActionId.TOPICS_ME: Button(open=open_topics),
    ActionId.SAVE: Button(change=save, redraw=redraw_message),
    ActionId.UNSAVE: Button(change=unsave, show=show_home),
    ActionId.SHOW_SAVED: Button(open=open_saved),
    ActionId.VOTE: Button(change=vote, show=show_home),
    ActionId.MY_DATA: Button(open=open_my_data),
    ActionId.DATA_PAGE: Button(open=open_data_page, show=show_data_page),
    ActionId.FORGET_ME: Button(open=open_forget_form),
}
