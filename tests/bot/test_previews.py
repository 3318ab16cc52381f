"""Previews in Slack: what they show, where they go, and that nothing of them is ever counted."""

import pytest

from bot.blocks.answers_preview import posted_blocks, posted_text
from bot.blocks.draft_values import PreviewValue
from nudges.domain.delivery.previews import PreviewId
from nudges.errors import ContentRefused, RecipientUnreachable
from nudges.store import people, reports
from tests.bot.limits import faults
from tests.bot.office import ADMIN, ANA, AUTHOR, TEAM, Office, blocks_text

TIP, QUIZ = "ask-before-you-search", "where-would-you-ask"
REVIEWERS = "publishing: {reviewers: ask-billing}\n"


def with_reviewers(office: Office) -> None:
    path = office.core.library.folder / "company.yaml"
    path.write_text(path.read_text("utf-8") + REVIEWERS, "utf-8")
    office.core.library.refresh()


def test_a_preview_shows_the_nudge_its_time_and_where_else_it_can_be_shown(office: Office) -> None:
    office.command(AUTHOR, f"preview find-an-expert {QUIZ}")
    shown = office.posted()[0]
    text = blocks_text(shown)
    assert "A customer reports a double charge" in text
    assert "Answer the customer on the first call" in text
    assert "Monday 11:00 Europe/Lisbon, within 2 h" in text
    assert "Send it to me" in text
    assert "publishing: {reviewers: name}" in text
    assert faults("message", shown) == []


def test_without_a_nudge_the_playbooks_nudges_are_offered(office: Office) -> None:
    office.command(AUTHOR, "preview find-an-expert")
    buttons = [block["accessory"] for block in office.posted()[0]["blocks"] if "accessory" in block]
    assert [button["value"] for button in buttons] == [f"find-an-expert/{TIP}/", f"find-an-expert/{QUIZ}/"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("preview find-an-expret", "Did you mean find-an-expert?"),
        (f"preview find-an-expert {QUIZ[:-2]}", f"Did you mean {QUIZ}?"),
        (f"preview find-an-expert {QUIZ} customer-servis", "Did you mean customer-service?"),
        ("preview", "preview &lt;playbook&gt;"),
    ],
)
def test_a_name_that_is_not_known_gets_the_nearest(office: Office, words: str, said: str) -> None:
    office.command(AUTHOR, words)
    assert said in blocks_text(office.posted()[0])


def test_a_preview_is_for_authors_only(office: Office) -> None:
    assert "To get access" in str(office.command(ANA, "preview find-an-expert").body)
    office.click(ANA, "preview_to_me", PreviewValue("find-an-expert", TIP).encode())
    assert "To get access" in office.posted()[0]["text"]
    assert office.messenger.previewed == []


def test_sent_to_oneself_it_stands_in_the_conversation_and_in_no_book(office: Office) -> None:
    before = reports_of(office)
    office.click(AUTHOR, "preview_to_me", PreviewValue("find-an-expert", TIP).encode())
    assert "is in our conversation" in office.posted()[0]["text"]
    conversation, message, asked_by = office.messenger.previewed[0]
    assert (conversation, asked_by) == (AUTHOR, AUTHOR)
    built = {"text": posted_text(message, asked_by), "blocks": [b.to_dict() for b in posted_blocks(message, asked_by)]}
    assert "Preview" in built["text"]
    assert f"<@{AUTHOR}>" in blocks_text(built["blocks"])
    assert faults("message", built) == []
    assert reports_of(office) == before


def test_reviewers_see_an_example_person_and_who_asked(office: Office) -> None:
    with_reviewers(office)
    office.click(ADMIN, "preview_to_reviewers", PreviewValue("find-an-expert", TIP).encode())
    assert "now stands in #ask-billing" in office.posted()[0]["text"]
    conversation, message, asked_by = office.messenger.previewed[0]
    assert (conversation, asked_by) == ("C0BILLING", ADMIN)
    assert message.delivery_id.startswith("preview/")


def test_without_a_reviewers_channel_company_yaml_is_named(office: Office) -> None:
    office.click(ADMIN, "preview_to_reviewers", PreviewValue("find-an-expert", TIP).encode())
    assert "No reviewers' channel" in office.posted()[0]["text"]


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found"])
def test_a_channel_without_the_app_says_how_to_invite_it(office: Office, code: str) -> None:
    with_reviewers(office)
    office.messenger.refusal = RecipientUnreachable("refused", slack_code=code)
    office.click(ADMIN, "preview_to_reviewers", PreviewValue("find-an-expert", TIP).encode())
    said = office.posted()[0]["text"]
    assert "I am not in #ask-billing" in said
    assert "/invite @Nudger" in said


def test_a_text_that_slack_refuses_says_so(office: Office) -> None:
    office.messenger.refusal = ContentRefused("refused", slack_code="invalid_blocks")
    office.click(ADMIN, "preview_to_me", PreviewValue("find-an-expert", TIP).encode())
    assert "Slack refuses this text as it stands" in office.posted()[0]["text"]


@pytest.mark.parametrize("action", ["mark_useful", "mark_not_for_me", "report_barrier", "why_me", "try_it"])
def test_a_click_on_a_preview_is_answered_kindly_and_stored_nowhere(office: Office, action: str) -> None:
    before = reports_of(office)
    office.click(ANA, action, PreviewId("find-an-expert", TIP, "en").encode())
    assert "This is a preview" in office.posted()[0]["text"]
    assert office.client.calls == []
    assert reports_of(office) == before


def test_a_choice_in_a_preview_shows_the_reply_it_would_give(office: Office) -> None:
    preview = PreviewId("find-an-expert", QUIZ, "en").encode()
    office.click(ANA, "answer_quiz.0", f"{preview}:channel")
    right = office.posted(1)[-1]["text"]
    office.click(ANA, "answer_quiz.1", f"{preview}:mail")
    wrong = office.posted(2)[-1]["text"]
    assert "nothing is stored" in right
    assert "Six minutes" in right
    assert "The best answer here" in wrong


@pytest.mark.parametrize("value", ["preview/no-such/quiz/en:mail", "preview/find-an-expert/no-such/en:x"])
def test_a_preview_of_what_is_gone_is_answered_all_the_same(office: Office, value: str) -> None:
    office.click(ANA, "answer_quiz.0", value)
    assert "This is a preview" in office.posted()[0]["text"]


def test_the_introduction_stands_only_over_what_would_be_the_first_message(office: Office) -> None:
    office.command(AUTHOR, f"preview find-an-expert {TIP}")
    assert "Hello, I am Nudger" in blocks_text(office.posted(1)[-1])
    office.command(AUTHOR, f"preview find-an-expert {QUIZ}")
    assert "Hello, I am Nudger" not in blocks_text(office.posted(2)[-1])
    with office.core.db.begin() as session:
        people.change_preference(session, TEAM, AUTHOR, introduced_at=office.clock[0])
    office.command(AUTHOR, f"preview find-an-expert {TIP}")
    assert "Hello, I am Nudger" not in blocks_text(office.posted(3)[-1])


def reports_of(office: Office, person_id: str = AUTHOR) -> list[object]:
    with office.core.db.reading() as session:
        return [*reports.deliveries_of(session, TEAM, person_id), *reports.deliveries_of(session, TEAM, ANA)]
