"""Buttons and forms: what is stored, what is shown after, and what happens when something is odd."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.listeners.answering import Desk
from nudges.domain.delivery.responses import Feedback
from nudges.services.answers import record_response
from nudges.services.keeping.forget_person import forget
from nudges.services.own.preferences import wishes_of
from tests.bot.office import ANA, BEN, RESPONSE_URL, Office, blocks_text

TIP, QUIZ = "ask-before-you-search", "where-would-you-ask"
NO_TIME = {"barrier_kind": {"barrier_kind": {"type": "radio_buttons", "selected_option": {"value": "no_time"}}}}


def state(office: Office, delivery_id: str, person_id: str = ANA) -> Any:
    return record_response.message_state(office.core, person_id, delivery_id).message


def test_a_quiz_answer_is_stored_and_the_message_shows_it_in_place(office: Office) -> None:
    quiz = office.delivery(QUIZ)
    assert office.click(ANA, "answer_quiz.1", f"{quiz}:mail").status == 200
    assert state(office, quiz).answer.text == "A mail to the lead"
    shown = office.posted()[0]
    assert shown["url"] == RESPONSE_URL
    assert shown["replace_original"] is True
    assert "only you learn the answer" in blocks_text(shown["blocks"])
    assert "answer_quiz" not in blocks_text(shown["blocks"])


def test_the_second_answer_changes_nothing_and_shows_the_first(office: Office) -> None:
    quiz = office.delivery(QUIZ)
    office.click(ANA, "answer_quiz.1", f"{quiz}:mail")
    office.click(ANA, "answer_quiz.0", f"{quiz}:channel")
    assert state(office, quiz).answer.text == "A mail to the lead"
    assert all("A mail to the lead" in blocks_text(post["blocks"]) for post in office.posted(2))


def test_the_answer_is_committed_and_acknowledged_before_the_message_is_drawn(office: Office) -> None:
    quiz, gate = office.delivery(QUIZ), office.hold_posts()
    assert office.click(ANA, "answer_quiz.0", f"{quiz}:channel").status == 200
    assert state(office, quiz).answer.is_right
    assert office.posts == []
    gate.set()
    assert len(office.posted()) == 1


@pytest.mark.parametrize(("action", "said"), [("mark_useful", "marked useful"), ("mark_not_for_me", "not for you")])
def test_feedback_is_thanked_for_in_the_message(office: Office, action: str, said: str) -> None:
    office.click(ANA, action, office.delivery(TIP))
    shown = blocks_text(office.posted()[0]["blocks"])
    assert said in shown
    assert "mark_useful" not in shown


def test_following_the_link_is_noted_and_leaves_the_message_alone(office: Office) -> None:
    tip = office.delivery(TIP)
    assert office.click(ANA, "try_it", tip).status == 200
    office.idle()
    assert record_response.record_try_it(office.core, ANA, tip).verdict == "repeated"
    assert office.posts == []


@pytest.mark.parametrize("action", ["answer_quiz.0", "mark_useful", "mark_not_for_me", "try_it"])
def test_somebody_elses_message_is_left_as_it_is(office: Office, action: str) -> None:
    quiz = office.delivery(QUIZ)
    value = f"{quiz}:channel" if action.startswith("answer") else quiz
    office.click(BEN, action, value)
    assert "sent to somebody else" in office.posted()[0]["text"]
    assert state(office, quiz) == record_response.message_state(office.core, ANA, quiz).message
    assert state(office, quiz).answer is None
    assert state(office, quiz).feedback == ""


@pytest.mark.parametrize("value", ["", "x", "0" * 32, f"{'0' * 32}:channel", "'; drop table", "é" * 40, "0" * 5000])
@pytest.mark.parametrize("action", ["answer_quiz.0", "mark_useful"])
def test_what_is_not_known_gets_a_kind_answer(office: Office, action: str, value: str) -> None:
    assert office.click(ANA, action, value).status == 200
    assert "no longer kept" in office.posted()[0]["text"]


def test_a_choice_that_does_not_exist_is_not_stored(office: Office) -> None:
    quiz = office.delivery(QUIZ)
    office.click(ANA, "answer_quiz.0", f"{quiz}:nonsense")
    office.posted()
    assert state(office, quiz).answer is None


def test_a_button_of_an_earlier_version_says_so(office: Office) -> None:
    assert office.click(ANA, "some_button_we_had", "x").status == 200
    assert "earlier time" in office.posted()[0]["text"]


def test_why_me_is_answered_under_the_message_for_this_person_only(office: Office) -> None:
    office.click(ANA, "why_me", office.delivery(TIP))
    said = office.posted()[0]
    assert said["response_type"] == "ephemeral"
    assert said["replace_original"] is False
    assert "Find an expert before you escalate" in said["text"]


def test_the_barrier_form_opens_first_and_comes_back_with_thanks(office: Office) -> None:
    tip = office.delivery(TIP)
    office.click(ANA, "report_barrier", tip)
    opened = office.called("views.open")[0]
    assert opened["trigger_id"] == "t1"
    assert tip in blocks_text(opened["view"])
    answer = office.submit(ANA, "barrier_form", metadata=tip, values=NO_TIME)
    assert "Thank you" in str(answer.body)
    office.until(lambda: bool(office.messenger.updated))
    receipt, message = office.messenger.updated[0]
    assert (receipt.channel_id, message.has_reported) == ("D0ANA", True)


def test_the_same_report_again_counts_once_and_says_so(office: Office) -> None:
    tip = office.delivery(TIP)
    office.submit(ANA, "barrier_form", metadata=tip, values=NO_TIME)
    assert "counts once" in str(office.submit(ANA, "barrier_form", metadata=tip, values=NO_TIME).body)


def test_a_form_without_a_choice_asks_for_one(office: Office) -> None:
    answer = office.submit(ANA, "barrier_form", values={})
    assert '"response_action": "errors"' in str(answer.body)
    assert "barrier_kind" in str(answer.body)


@pytest.mark.parametrize("metadata", ["0" * 32, "odd", "x" * 400])
def test_a_form_about_an_unknown_nudge_is_refused_kindly(office: Office, metadata: str) -> None:
    assert "no longer kept" in str(office.submit(ANA, "barrier_form", metadata=metadata, values=NO_TIME).body)


def test_a_form_about_somebody_elses_nudge_stores_nothing(office: Office) -> None:
    tip = office.delivery(TIP)
    assert "somebody else" in str(office.submit(BEN, "barrier_form", metadata=tip, values=NO_TIME).body)
    assert not state(office, tip).has_reported


def test_the_shortcut_opens_the_form_too(office: Office) -> None:
    body = {"type": "shortcut", "callback_id": "report_barrier", "user": {"id": ANA}, "team": {"id": "T0TEST"}}
    assert office.dispatch({**body, "trigger_id": "t2"}).status == 200
    assert office.called("views.open")[0]["trigger_id"] == "t2"


def test_a_trigger_that_is_over_is_explained(office: Office) -> None:
    assert office.click(ANA, "report_barrier", office.delivery(TIP), trigger_id="used").status == 200
    assert "press once more" in office.posted()[0]["text"]


def test_home_is_drawn_for_the_home_tab_only(office: Office) -> None:
    opened = {"type": "app_home_opened", "user": ANA, "channel": "D0ANA"}
    assert office.event({**opened, "tab": "messages"}).status == 200
    assert office.event({**opened, "tab": "home"}).status == 200
    published = office.called("views.publish")
    office.idle()
    assert len(published) == 1
    assert published[0]["user_id"] == ANA
    assert "Where do you ask first?" in blocks_text(published[0]["view"])


def test_settings_in_home_hold_at_once_and_home_shows_them(office: Office) -> None:
    office.click_home(ANA, "pause_me.7", "7")
    assert wishes_of(office.core, ANA).paused_until is not None
    assert "*Paused*" in blocks_text(office.called("views.publish")[0]["view"])
    office.click_home(ANA, "stop_me")
    assert wishes_of(office.core, ANA).is_stopped
    office.click_home(ANA, "start_me")
    assert not wishes_of(office.core, ANA).is_stopped
    assert len(office.called("views.publish", 3)) == 3


@pytest.mark.parametrize(
    ("action", "said"),
    [("my_data", "From Slack and the people file"), ("why_me", "customer-service"), ("forget_me", "Erase everything")],
)
def test_home_opens_what_it_offers(office: Office, action: str, said: str) -> None:
    office.click_home(ANA, action)
    assert said in blocks_text(office.called("views.open")[0]["view"])


def test_forgetting_needs_a_yes_and_then_erases(office: Office) -> None:
    tip = office.delivery(TIP)
    office.click(ANA, "mark_useful", tip)
    office.posted()
    assert "Erased" in str(office.submit(ANA, "forget_form").body)
    assert record_response.message_state(office.core, ANA, tip).verdict == "gone"
    assert record_response.message_state(office.core, BEN, office.delivery(TIP, BEN)).message is not None


def test_a_click_after_being_forgotten_gets_a_kind_answer(office: Office) -> None:
    tip = office.delivery(TIP)
    forget(office.core, ANA)
    office.click(ANA, "mark_useful", tip)
    assert "no longer kept" in office.posted()[0]["text"]


def test_where_the_response_address_fails_the_message_is_updated_instead(office: Office) -> None:
    tip = office.delivery(TIP)

    def refuse(_url: str, _body: Mapping[str, Any]) -> bool:
        return False

    record_response.record_feedback(office.core, ANA, tip, Feedback.USEFUL)
    Desk(office.core, hosts=(), post=refuse).redraw(ANA, tip, RESPONSE_URL)
    assert office.messenger.updated[0][1].feedback == "useful"


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/x",
        "https://hooks.slack.com.evil.example/x",
        "https://evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "https://user@hooks.slack.com/x",
        "https://[::1]/x",
        "https://[broken/x",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "http://169.254.169.254/",
    ],
)
def test_answers_go_to_slacks_hosts_only(office: Office, address: str) -> None:
    office.click(ANA, "mark_useful", office.delivery(TIP), response_url=address)
    office.idle()
    assert office.posts == []


INSIDE = [
    "127.0.0.1",
    "localhost",
    "0.0.0.0",
    "0",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "017700000001",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "2852039166",
    "10.0.0.1",
    "192.168.0.1",
    "172.16.0.1",
    "100.64.0.1",
    "metadata.google.internal",
    "evil.example",
    "localtest.me",
    "127.0.0.1.nip.io",
    "hooks.slack.com.evil.example",
    "hooks.slack.comm",
    "xhooks.slack.com",
    "hooks-slack.com",
    "slack.com.",
    "hooks.slack.com@evil.example",
    "hooks.slack.com:x@evil.example",
    "hooks.slack.com%40evil.example",
    "hooks.slack.com%2eevil.example",
    "hooks.slack.com\\@evil.example",
    "hooks.slack.com#@evil.example",
    "hooks。slack。com.evil.example",
    "ⓗooks.slack.com.evil.example",
]


@pytest.mark.parametrize(
    "scheme", ["https", "http", "HTTPS", "ftp", "file", "gopher", "javascript", "data", "", "https:https"]
)
def test_no_trick_makes_an_answer_leave_for_another_place(scheme: str) -> None:
    posts: list[str] = []
    desk = Desk(None, hosts=(), post=lambda url, _body: posts.append(url) or True)  # type: ignore[arg-type]
    for host in INSIDE:
        for end in ("/x", ":443/x", "?https://hooks.slack.com/x", "#hooks.slack.com"):
            desk.replace(f"{scheme}://{host}{end}", "private", [])
    assert [url for url in posts if urlsplit(url).hostname != "hooks.slack.com"] == []


def test_the_host_of_a_stand_in_is_allowed_when_it_is_named(office: Office) -> None:
    posts: list[str] = []

    def post(url: str, _body: Mapping[str, Any]) -> bool:
        posts.append(url)
        return True

    desk = Desk(office.core, hosts={"127.0.0.1"}, post=post)
    assert desk.replace("http://127.0.0.1:3100/response/1", "x", [])
    assert not desk.replace("http://127.0.0.2:3100/response/1", "x", [])
    assert posts == ["http://127.0.0.1:3100/response/1"]
