"""The words of a playbook: this module holds what is heard as pressure, company talk, feature talk or a risky link."""

import pytest

from nudges.domain.checks.benefit import company_first
from nudges.domain.checks.link_risks import link_risk
from nudges.domain.checks.pressure import pressing_word, pressing_words
from nudges.domain.checks.task_words import feature_words
from tests.playbook_texts import GOOD, MARK, findings_in, found, with_fault


@pytest.mark.parametrize(
    "text",
    [
        "The best team wins a prize",
        "There is a prize for the team with most posts",
        "The first ten to post get a gift card",
        "Post every day or else!",
        "Whoever does not post by Friday loses access",
        "If you don't use it, your manager will be informed.",
        "Using it is now part of your performance review",
        "We publish a ranking of all teams",
        "Earn points for each post",
        "Beat the other teams",
        "No more excuses",
        "Failure to comply will be noted in your file",
        "Die Nutzung ist ab Montag Pflicht.",
        "Wer am meisten postet, gewinnt einen Gutschein",
        "El uso es obligatorio",
        "Habrá un sorteo entre todos",
        "L'usage est obligatoire",
        "Gagnez un iPad",
        "O uso é obrigatório",
        "Vai haver um sorteio",
    ],
)
def test_pressure_is_heard_in_five_languages(text: str) -> None:
    assert pressing_word(text)
    assert pressing_word(text, pressing_words(text))


@pytest.mark.parametrize(
    "text",
    [
        "What a surprise",
        "We prize a good answer",
        "Our team prizes honest answers",
        "Nothing here is mandatory",
        "There are no prizes and no rankings here",
        "A customer asks whether her voucher is still valid",
        "A multi-disciplinary team",
        "The first person who answers is usually from Lisbon",
        "Your manager will love the time you save",
        "Rank the cases by how urgent they are",
        "Think of the consequences for the customer",
        "Somebody is watching the channel from nine to five",
        "Warning lights on the pump? Ask first.",
        "Ce n'est pas obligatoire",
        "Die Teilnahme ist nicht verpflichtend",
    ],
)
def test_words_with_an_innocent_use_are_no_pressure(text: str) -> None:
    assert pressing_word(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The company saves 3 million a year with this tool.",
        "Save the company money",
        "Help the company reach its goals",
        "Management wants everybody to use channels",
        "To increase productivity, use channels.",
        "Hello {first_name}, the company has invested in a new tool and needs you to use it.",
        "Our licence costs go down when everybody uses it",
        "Das Unternehmen spart viel Geld, wenn alle mitmachen",
        "La empresa ahorra tiempo",
        "L'entreprise a besoin de nouvelles habitudes",
        "A empresa poupa dinheiro",
    ],
)
def test_a_text_that_opens_for_the_company_is_heard(text: str) -> None:
    assert company_first(text)


@pytest.mark.parametrize(
    "text",
    [
        "You answer sooner, and the company saves money",
        "The company canteen has a new menu; you can order in the channel",
        "The company I worked for before had no channels at all",
        "Your company phone can do this",
        "Get your expenses paid sooner",
        "Management meetings took me two hours a week",
        "Cut your evening mail in half",
        "Nobody waits any more. The company saves money, too.",
        "People save the business trip for later",
    ],
)
def test_a_text_that_opens_for_the_reader_is_left_in_peace(text: str) -> None:
    assert company_first(text) is None


def test_feature_talk_is_told_from_a_task_that_names_a_button() -> None:
    talk = "The new huddle feature has a redesigned toolbar, a settings menu, three tabs and a toggle."
    task = "Press the plus button and choose a template: your meeting notes are written before lunch."

    assert feature_words(talk)[:3] == ["new", "feature", "redesigned"]
    assert feature_words(task) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost:3000/x",
        "https://192.168.1.4/wiki",
        "https://[::1]/a",
        "https://printer.local/",
        "https://bit.ly/3abc",
        "https://intranet.example.com/login",
        "https://intranet.example.com/account/reset-password?u=4",
        "https://files.example.com/a?token=abc123",
        "https://files.example.com/a#access_token=abc",
        "https://example.com/j/123?pwd=abc",
        "https://join.slack.com/t/x/shared_invite/zt-abc",
        "https://a.example/b?x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIi",
    ],
)
def test_a_link_that_should_not_be_passed_on_is_seen(address: str) -> None:
    assert link_risk(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://intranet.example.com/ask?a=1&b=2",
        "https://intranet.example.com/how-to-login",
        "https://docs.example.com/document/d/1abc/edit?usp=sharing",
        "https://example.com/session-notes?page=2#top",
        "https://10.example.com/",
    ],
)
def test_an_ordinary_link_is_left_in_peace(address: str) -> None:
    assert link_risk(address) is None


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Stuck on a billing question?", "¦Win a voucher!", "PB106"),
        ("text: Answer the customer on the first call", "text: ¦The company saves money", "PB118"),
        ("text: I asked, and had", "text: ¦Click the icon in the toolbar to open the settings menu. I had", "PB119"),
        ("<https://intranet.example.com/ask?a=1&b=2|", "<¦https://bit.ly/ask|", "PB134"),
        ("link: https://intranet.example.com/maya", "link: ¦https://localhost/maya", "PB134"),
        ("name: Maya,", "name: ¦A colleague,", "PB132"),
        ("team: Customer service Lisbon}", "team: ¦TBD}", "PB132"),
        ("    try_it: {label: Read", "    image: ¦{link: https://a.example/x.png}\n    try_it: {label: Read", "PB125"),
    ],
)
def test_each_is_noted_under_the_very_words(old: str, new: str, code: str) -> None:
    text, place = with_fault(GOOD, old, new)

    assert (code, *place) in found(findings_in(text))


def test_words_that_a_line_end_parts_are_heard_all_the_same() -> None:
    text, place = with_fault(
        GOOD, "Post it in *#ask-billing*", f"Ask, or {MARK}your\n      manager will be informed. Post it"
    )

    assert found(findings_in(text)) == [("PB106", *place)]


def test_words_in_a_long_text_are_marked_on_their_own_line() -> None:
    text, place = with_fault(GOOD, "Post it in *#ask-billing*", f"There is {MARK}a prize. Post it in *#ask-billing*")

    assert found(findings_in(text)) == [("PB106", *place)]
