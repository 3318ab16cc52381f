"""Which language a person reads, and a nudge in their words: what is not translated stays as it was."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.delivery.messages import Message, compose, with_state
from nudges.domain.delivery.responses import Answered, DeliveryState
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.languages import in_language, language_for, reads_own, win_in_language
from nudges.domain.playbooks.playbook import (
    ChoiceWords,
    Image,
    Nudge,
    NudgeWords,
    PersonalWin,
    Playbook,
    Quiz,
    TryIt,
    WinKind,
)
from tests.builders import a_person, a_playbook, a_quiz, a_tip

NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)
GERMAN = NudgeWords(text="Frag im *Kanal*.", label="Kanal öffnen", fallback="Ein schneller Weg", alt="Ein Kanal")
TIP = a_tip(
    text="Ask in the *channel*.",
    fallback="A faster way",
    image=Image(link="https://example.com/a.png", alt="A channel"),
    try_it=TryIt(label="Open the channel", link="https://example.com"),
    translations={"de": GERMAN, "pt": NudgeWords(text="Pergunta no canal.")},
)
WIN = PersonalWin(kind=WinKind.EASIER_DAY, text="Go home on time", translations={"de": "Pünktlich nach Hause"})


def with_win(*nudges: Nudge, language: str = "en") -> Playbook:
    return a_playbook(nudges=nudges or (TIP,), language=language, personal_wins={"customer-service": WIN})


def composed(language: str, nudge: Nudge = TIP) -> Message:
    playbook = with_win(nudge)
    return compose(
        delivery_id="d",
        playbook=playbook,
        nudge=playbook.nudges[0],
        person=a_person(language=language),
        company=Company(),
        segment="customer-service",
        is_first=False,
    )


@pytest.mark.parametrize(
    ("spoken", "read"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE_at", "de"),
        ("pt-BR", "pt"),
        ("en", "en"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_a_region_falls_back_to_its_language_and_then_to_the_playbooks_own(spoken: str, read: str) -> None:
    assert language_for(a_person(language=spoken), with_win(), TIP) == read


def test_a_sibling_is_nearer_than_a_foreign_language() -> None:
    # Slack's own pt-BR is kept as pt.
    nudge = a_tip(translations={"pt-BR": NudgeWords(text="Pergunte no canal.")})
    assert language_for(a_person(language="pt"), with_win(nudge), nudge) == "pt-BR"


def test_a_fallback_is_told_from_a_language_that_is_there() -> None:
    playbook = with_win()
    spoken = {code: reads_own(a_person(language=code), playbook, TIP) for code in ("de", "en", "", "fr", "pt-BR")}
    assert spoken == {"de": True, "en": True, "": True, "fr": False, "pt-BR": True}


def test_a_playbook_written_in_german_needs_no_translation_for_germans() -> None:
    nudge = a_tip(text="Frag im Kanal.")
    playbook = with_win(nudge, language="de")
    assert language_for(a_person(language="de-CH"), playbook, nudge) == "de"
    assert reads_own(a_person(language="de-CH"), playbook, nudge)


def test_a_message_is_put_together_in_the_readers_language() -> None:
    message = composed("de")
    assert message.body == "Frag im *Kanal*."
    assert message.win == "Pünktlich nach Hause"
    assert message.try_it is not None
    assert message.try_it.label == "Kanal öffnen"
    assert message.fallback == "Ein schneller Weg"
    assert message.picture is not None
    assert (message.picture.link, message.picture.alt) == ("https://example.com/a.png", "Ein Kanal")
    assert message.language == "de"


def test_what_is_not_translated_stays_in_the_playbooks_own_language() -> None:
    message = composed("pt")
    assert message.body == "Pergunta no canal."
    assert message.win == "Go home on time"
    assert message.fallback == "A faster way"
    assert message.language == "pt"


def test_somebody_without_a_language_reads_the_playbooks_own_words_and_ours_in_it() -> None:
    assert composed("").body == "Ask in the *channel*."
    assert composed("").language == "en"


def test_a_translated_quiz_shows_its_choices_and_replies_in_that_language() -> None:
    right, *others = a_quiz().choices
    words = NudgeWords(question="Wo fragst du?", choices={right.key: ChoiceWords(text="Im Kanal", reply="Ja. Gleich.")})
    quiz = in_language(a_quiz(translations={"de": words}), "de")
    message = composed("de", a_quiz(translations={"de": words}))
    assert message.question == "Wo fragst du?"
    assert [choice.text for choice in message.choices] == ["Im Kanal", *(choice.text for choice in others)]
    answered = with_state(message, quiz, DeliveryState(answer=Answered(right.key, True, NOON)))
    assert answered.answer is not None
    assert (answered.answer.text, answered.answer.reply) == ("Im Kanal", "Ja. Gleich.")


def test_a_translation_cannot_make_another_answer_right() -> None:
    words = NudgeWords(choices={choice.key: ChoiceWords(text="X", reply="Y") for choice in a_quiz().choices})
    quiz = in_language(a_quiz(translations={"de": words}), "de")
    assert isinstance(quiz, Quiz)
    assert [choice.right for choice in quiz.choices] == [choice.right for choice in a_quiz().choices]


@given(spoken=st.text(max_size=12), known=st.lists(st.sampled_from(["de", "pt-BR", "es", "fr"]), unique=True))
def test_whatever_somebody_speaks_there_is_a_text_for_them(spoken: str, known: list[str]) -> None:
    nudge = a_tip(translations={code: NudgeWords(text=code) for code in known})
    language = language_for(a_person(language=spoken), with_win(nudge), nudge)
    assert language in {"en", *known}
    assert in_language(nudge, language).text == (language if language in known else nudge.text)


def test_a_win_falls_back_like_a_nudge() -> None:
    assert win_in_language(WIN, "de-AT", own="en") == "Pünktlich nach Hause"
    assert win_in_language(WIN, "es", own="en") == "Go home on time"
