"""Languages: each says everything that English says, within Slack's lengths, and people are answered in theirs."""

import re
import string
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.blocks import forms, heard
from bot.blocks.actions import FormOrigin, language_in, message_block_id
from bot.blocks.answers import Answer, help_answer, line_answer, wishes_answer
from bot.blocks.answers_data import my_data_answer, my_data_blocks
from bot.blocks.answers_people import people_answer, why_answer, why_blocks
from bot.blocks.answers_publish import draft_answer
from bot.blocks.answers_status import campaign_answer, campaigns_answer, health_answer, status_answer
from bot.blocks.flags import barriers_answer
from bot.blocks.messages import fallback_text, message_blocks
from bot.blocks.surfaces import home_view
from bot.blocks.times import day, hours, local_day, share, when
from bot.listeners.access import COMMANDS
from bot.texts import DEFAULT_LANGUAGE, languages, sentences, shown, text, untranslated
from nudges.domain.barriers.evidence import AskAnswer
from nudges.domain.delivery.messages import Message, Picture
from nudges.domain.playbooks.limits import BUTTON_SHOWN, counted
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.store import people
from tests.bot import author_examples, examples, flag_examples
from tests.bot.limits import faults
from tests.bot.office import ADMIN, AUTHOR, TEAM, Office, blocks_text
from tests.builders import a_person

ENGLISH = sentences(DEFAULT_LANGUAGE)
OTHERS = tuple(language for language in languages() if language != DEFAULT_LANGUAGE)
TITLES_MAX = 24
ANA = "U0ANA"


def placeholders(sentence: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_everything_that_english_says(language: str) -> None:
    assert untranslated(language) == []
    assert sentences(language).keys() - ENGLISH.keys() == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_same_values_and_the_same_commands(language: str) -> None:
    for key, sentence in sentences(language).items():
        assert set(placeholders(sentence)) == set(placeholders(ENGLISH[key])), key
        assert sentence.count("`") == ENGLISH[key].count("`"), key


@pytest.mark.parametrize("language", OTHERS)
def test_hardly_a_sentence_is_left_in_english(language: str) -> None:
    same = [key for key, sentence in sentences(language).items() if sentence == ENGLISH[key] and len(sentence) > 20]
    assert [key for key in same if placeholders(ENGLISH[key]).total() < 2] == []


def test_german_spanish_and_english_are_there() -> None:
    assert set(languages()) >= {"de", "en", "es"}


def test_a_reader_is_answered_in_the_nearest_language_that_we_have() -> None:
    assert [shown(code) for code in ("de", "de-AT", "es-MX", "en-GB", "fi", "")] == ["de", "de", "es", "en", "en", "en"]


def messages(language: str) -> list[Message]:
    quiz = examples.a_quiz_message(language=language)
    tip = examples.a_tip_message(language=language, picture=Picture("https://example.com/a.png", "Ein Bild"))
    return [
        replace(tip, is_first=True),
        replace(tip, feedback="useful", has_reported=True),
        examples.a_story_message(language=language, feedback="not_for_me"),
        quiz,
        examples.answered(quiz, is_right=True),
        examples.answered(quiz, is_right=False),
        examples.a_notice_message(language=language),
    ]


def views(language: str) -> list[View]:
    return [
        home_view(examples.a_home(), language),
        home_view(examples.a_home(wishes=examples.some_wishes(is_stopped=True)), language),
        home_view(examples.a_home(wishes=examples.some_wishes(paused_until=examples.NOW)), language),
        forms.barrier_form(examples.DELIVERY, language, written_in="pt-BR"),
        heard.thanks_note(BarrierKind.MANAGER_DISCOURAGES, language=language),
        heard.ask_back_note(examples.an_ask_back(), is_picked=True, language=language),
        forms.note("x", [block for said in AskAnswer for block in heard.answered(said, BarrierKind.NO_TIME, language)]),
        forms.forget_form(language),
        forms.forgotten_note(language),
        forms.failed_note("-", language),
        forms.note(text("why.header", language), why_blocks(examples.a_why(), language), language),
        forms.note(text("my_data.title", language), my_data_blocks(examples.some_data(), language), language),
    ]


def answers(language: str) -> list[Answer]:
    zone = examples.ZONE
    return [
        status_answer(examples.a_status(), language),
        status_answer(examples.a_status(is_held=True, hold_reason="copied", campaigns=()), language),
        campaigns_answer((examples.a_campaign(),), zone, language),
        campaign_answer(examples.a_campaign(has_edit=True), zone, language),
        people_answer(author_examples.a_segment(), language),
        barriers_answer(
            flag_examples.some_barriers(flag_examples.a_flag(), flag_examples.a_flag_in_remedy()), language
        ),
        health_answer(examples.some_health(last_tick_at=None, unknown=3), language),
        why_answer(examples.a_why(), language),
        draft_answer(author_examples.a_draft(), language),
        my_data_answer(examples.some_data(), language),
        wishes_answer(examples.some_wishes(), language),
        help_answer(list(COMMANDS), list(COMMANDS), days=7, language=language),
        *(line_answer(key, language, **dict.fromkeys(placeholders(ENGLISH[key]), 2)) for key in ENGLISH),
    ]


def built_in(language: str) -> list[tuple[str, dict[str, Any]]]:
    told = [(fallback_text(message), message_blocks(message)) for message in messages(language)]
    told += [(answer.text, list(answer.blocks)) for answer in answers(language)]
    shown_as = [("message", {"text": said, "blocks": [block.to_dict() for block in blocks]}) for said, blocks in told]
    opened = [view.to_dict() for view in views(language)]
    return shown_as + [(view["type"], view) for view in opened]


@pytest.mark.parametrize("language", languages())
def test_every_surface_keeps_slacks_limits_in_every_language(language: str) -> None:
    for surface, built in built_in(language):
        assert faults(surface, built) == []


@pytest.mark.parametrize("language", languages())
def test_no_label_of_ours_is_cut_short(language: str) -> None:
    for _, built in built_in(language):
        titles = [built[name]["text"] for name in ("title", "submit", "close") if built.get(name)]
        elements = [element for block in built["blocks"] for element in block.get("elements", [])]
        buttons = [element["text"]["text"] for element in elements if element.get("type") == "button"]
        assert [label for label in titles if counted(label) > TITLES_MAX or "…" in label] == []
        assert [label for label in buttons if counted(label) > BUTTON_SHOWN or "…" in label] == []


def test_dates_shares_and_working_hours_are_written_as_the_language_does() -> None:
    assert when(examples.NOW, "Europe/Berlin", "de") == "Di. 12. Jan., 11:00 (Europe/Berlin)"
    assert day(examples.NOW.date(), "es") == "mar 12 ene 2027"
    assert local_day(examples.NOW, "Europe/Berlin", "de-AT") == "Di. 12. Jan."
    assert share(300, 1280, "de").replace("\xa0", " ") == "300 von 1.280 (23 %)"
    assert hours("09:00-17:00 mon-thu, 09:00-12:00 fri", "es") == "09:00-17:00 lun-jue, 09:00-12:00 vie"
    assert when(examples.NOW, "UTC", "xx-YY") == "Tue 12 Jan, 10:00 (UTC)"


def test_a_message_carries_its_language_back() -> None:
    block_id = message_block_id(examples.DELIVERY, "actions", "new", "pt-BR")
    assert language_in(block_id) == "pt-BR"
    assert language_in(message_block_id(examples.DELIVERY, "actions", "new")) == ""
    assert language_in(message_block_id(examples.DELIVERY, "actions", "new", "<b>")) == ""
    assert FormOrigin.decode(FormOrigin(examples.DELIVERY, "de").encode()) == FormOrigin(examples.DELIVERY, "de")
    assert FormOrigin.decode(f"{examples.DELIVERY}:<b>") is None


def test_the_authors_line_is_what_a_notification_says() -> None:
    message = examples.a_tip_message(fallback="A faster way to an answer & <more>", is_first=True)
    said = fallback_text(message).splitlines()
    assert said[0] == "A faster way to an answer &amp; &lt;more&gt;"
    assert "Stuck on a billing question" not in fallback_text(message)
    assert "stop" in said[-1]


def test_a_picture_stands_under_the_text_and_is_spoken() -> None:
    message = examples.a_tip_message(picture=Picture("https://example.com/a.png", "A channel with one answer"))
    pictures = [block.to_dict() for block in message_blocks(message) if block.type == "image"]
    assert [one["image_url"] for one in pictures] == ["https://example.com/a.png"]
    assert [one["alt_text"] for one in pictures] == ["A channel with one answer"]
    assert "A channel with one answer" in fallback_text(message)


def speaks(office: Office, person_id: str, language: str) -> None:
    with office.core.db.begin() as session:
        everybody = {person.person_id: person for person in people.everybody(session, TEAM)}
        everybody[person_id] = a_person(person_id, language=language)
        people.upsert_file(session, TEAM, list(everybody.values()), office.clock[0])


def test_commands_are_answered_in_the_readers_language(office: Office) -> None:
    speaks(office, ADMIN, "de-AT")
    office.command(ADMIN, "help")
    assert "Was ich kann" in blocks_text(office.posted())
    response = office.command(ADMIN, "pause 9")
    assert "Pause bis" in response.body
    refused = office.command(ADMIN, "nonsense")
    assert "kenne ich nicht" in refused.body


def test_home_forms_replies_and_refusals_speak_the_readers_language(office: Office) -> None:
    speaks(office, ANA, "es")
    office.event({"type": "app_home_opened", "user": ANA, "tab": "home"})
    assert "Tus mensajes hasta ahora" in blocks_text(office.called("views.publish")[-1]["view"])
    office.typed(ANA, "hello there")
    assert "Gracias, anotado" in office.called("chat.postMessage")[-1]["text"]
    office.click_home(ANA, "forget_me")
    assert "Olvídame" in blocks_text(office.called("views.open")[-1]["view"])
    assert "quienes llevan Nudger" in office.command(ANA, "status").body


def test_errors_are_told_in_the_readers_language(office: Office) -> None:
    speaks(office, AUTHOR, "de")
    office.command(AUTHOR, "campaign no-such-one")
    assert "`/nudge campaigns` zeigt die Namen." in blocks_text(office.posted())


def test_a_click_redraws_in_the_language_the_message_was_sent_in(office: Office) -> None:
    speaks(office, ANA, "es")
    delivery_id = office.delivery("ask-before-you-search")
    sent_in_german = message_block_id(delivery_id, "actions", "new", "de")
    action = {"type": "button", "action_id": "mark_useful", "block_id": sent_in_german, "value": delivery_id}
    office.click(ANA, "mark_useful", delivery_id, actions=[action])
    assert "Danke, als hilfreich vermerkt" in blocks_text(office.posted())
    assert re.search(r"actions\.f[a-z]*\.de", blocks_text(office.posted()))
