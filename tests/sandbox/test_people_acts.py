"""What people do and what the app then gets: this module tests payloads, acks and forms with an app in process."""

from typing import Any

import pytest

from bot.sandbox.delivery import Envelope
from bot.sandbox.errors import DeliveryFailed, Impossible
from bot.sandbox.faults import Faults
from bot.sandbox.page_json import PageJson
from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import a_home, a_modal, a_section, an_input, called, plain, posted, some_buttons, some_people

Payload = dict[str, Any]


class App:
    """Collects envelopes and answers with what it is told to."""

    def __init__(self, slack: Slack) -> None:
        self.envelopes: list[Envelope] = []
        self.answer: Payload | None = None
        self.failures = 0
        slack.delivery.connect(self._take)
        slack.delivery.run_later = lambda _, action: self.later.append(action)
        self.later: list[Any] = []

    def _take(self, envelope: Envelope) -> Payload | None:
        self.envelopes.append(envelope)
        if self.failures:
            self.failures -= 1
            raise DeliveryFailed("timeout")
        return self.answer

    @property
    def payload(self) -> Payload:
        return self.envelopes[-1].payload

    def run_later(self) -> None:
        while self.later:
            self.later.pop(0)()


@pytest.fixture
def app(slack: Slack) -> App:
    return App(slack)


def seen_by(slack: Slack, person: str = "U0ANA") -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = PageJson(slack.state).view(person)["dm"]["messages"]
    return messages


def open_modal(slack: Slack, app: App, *blocks: Payload, **facts: Any) -> str:
    slack.do.command("U0ANA", "/nudge")
    return str(
        called(slack, "views.open", trigger_id=app.payload["trigger_id"], view=a_modal(*blocks, **facts))["view"]["id"]
    )


def typed(value: str | None) -> Payload:
    return {"why": {"text": {"type": "plain_text_input", "value": value}}}


def test_without_an_app_the_person_sees_an_error(slack: Slack) -> None:
    outcome = slack.do.command("U0ANA", "/nudge", "help")
    assert (outcome.ok, outcome.error) == (False, "not_connected")


def test_a_click_on_a_message_carries_all_the_sheet_names(slack: Slack, app: App) -> None:
    sent = posted(slack, blocks=[some_buttons()])
    assert slack.do.click("U0ANA", ts=sent["ts"], block_id="buttons", action_id="go").ok
    payload = app.payload
    assert payload["type"] == "block_actions"
    assert payload["user"]["id"] == "U0ANA"
    assert payload["container"] == {
        "type": "message",
        "message_ts": sent["ts"],
        "channel_id": sent["channel"],
        "is_ephemeral": False,
    }
    assert payload["channel"]["id"] == sent["channel"]
    assert payload["message"]["ts"] == sent["ts"]
    assert payload["state"] == {"values": {}}
    assert payload["response_url"].startswith("http://127.0.0.1")
    assert payload["trigger_id"]
    action = payload["actions"][0]
    assert (action["type"], action["block_id"], action["action_id"]) == ("button", "buttons", "go")
    assert action["action_ts"]


def test_a_choice_in_a_message_is_in_the_action_and_in_the_state(slack: Slack, app: App) -> None:
    choice = {"text": plain("A"), "value": "a"}
    radio = {"type": "radio_buttons", "action_id": "pick", "options": [choice]}
    sent = posted(slack, blocks=[some_buttons(radio)])
    slack.do.click("U0ANA", ts=sent["ts"], block_id="buttons", action_id="pick", value={"selected_option": choice})
    assert app.payload["actions"][0]["selected_option"] == choice
    assert app.payload["state"]["values"]["buttons"]["pick"]["selected_option"] == choice


def test_untouched_fields_arrive_as_null(slack: Slack, app: App) -> None:
    date = {"type": "datepicker", "action_id": "day"}
    sent = posted(slack, blocks=[some_buttons(date, {"type": "button", "action_id": "go", "text": plain("Go")})])
    slack.do.click("U0ANA", ts=sent["ts"], block_id="buttons", action_id="go")
    assert app.payload["state"]["values"]["buttons"]["day"] == {"type": "datepicker", "selected_date": None}


def test_a_click_in_the_home_tab_has_neither_channel_nor_response_url(slack: Slack, app: App) -> None:
    view = called(slack, "views.publish", user_id="U0ANA", view=a_home(some_buttons()))["view"]
    slack.do.click("U0ANA", view_id=view["id"], block_id="buttons", action_id="go")
    assert {"channel", "message", "response_url"} & set(app.payload) == set()
    assert app.payload["container"] == {"type": "view", "view_id": view["id"]}
    assert app.payload["view"]["hash"] == view["hash"]


@pytest.mark.parametrize("place", [{"ts": "1.1"}, {"view_id": "V0WRONG"}])
def test_a_button_that_is_gone_cannot_be_clicked(slack: Slack, app: App, place: Payload) -> None:
    with pytest.raises(Impossible):
        slack.do.click("U0ANA", block_id="buttons", action_id="go", **place)


def test_nobody_clicks_in_the_messages_of_others(slack: Slack, app: App) -> None:
    sent = posted(slack, "U0BEN", blocks=[some_buttons()])
    with pytest.raises(Impossible):
        slack.do.click("U0ANA", ts=sent["ts"], block_id="buttons", action_id="go")
    posted(slack, "U0ANA", blocks=[a_section()])
    with pytest.raises(Impossible):
        slack.do.click("U0ANA", ts=slack.posted()[-1].ts, block_id="buttons", action_id="go")


def test_a_typed_message_is_an_event_in_its_full_envelope(slack: Slack, app: App) -> None:
    assert slack.do.message("U0ANA", "a < b & c").ok
    payload, event = app.payload, app.payload["event"]
    assert payload["type"] == "event_callback"
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["is_bot"]
    assert payload["api_app_id"] == "A0SANDBOX"
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", "U0ANA")
    assert event["text"] == "a &lt; b &amp; c"
    assert "bot_id" not in event


def test_opening_a_tab_is_told_with_the_view_of_the_home_tab(slack: Slack, app: App) -> None:
    called(slack, "views.publish", user_id="U0ANA", view=a_home())
    slack.do.open("U0ANA", tab="home")
    event = app.payload["event"]
    assert (event["type"], event["tab"], event["view"]["type"]) == ("app_home_opened", "home", "home")
    slack.do.open("U0ANA", tab="messages")
    assert app.payload["event"]["tab"] == "messages"
    assert "view" not in app.payload["event"]


def test_a_command_has_slacks_fields_and_its_ack_is_an_ephemeral_reply(slack: Slack, app: App) -> None:
    app.answer = {"text": "Here is how it goes."}
    assert slack.do.command("U0ANA", "/nudge", "status").ok
    assert {"team_domain", "channel_id", "user_name", "response_url", "trigger_id"} <= set(app.payload)
    assert (app.payload["command"], app.payload["text"]) == ("/nudge", "status")
    assert [(m["text"], m["ephemeral"]) for m in seen_by(slack)] == [("Here is how it goes.", True)]


def test_an_ack_in_channel_is_seen_as_a_message(slack: Slack, app: App) -> None:
    app.answer = {"text": "Hello", "response_type": "in_channel"}
    slack.do.command("U0ANA", "/nudge")
    assert not seen_by(slack)[0]["ephemeral"]


def test_an_ack_with_bad_blocks_is_the_persons_error(slack: Slack, app: App) -> None:
    app.answer = {"text": "x", "blocks": [{"type": "banner"}]}
    outcome = slack.do.command("U0ANA", "/nudge")
    assert (outcome.ok, outcome.error) == (False, "invalid_blocks")


def test_ephemeral_messages_are_seen_by_their_person_only(slack: Slack, app: App) -> None:
    channel = posted(slack)["channel"]
    called(slack, "chat.postEphemeral", channel=channel, user="U0ANA", text="only you")
    assert [message["text"] for message in seen_by(slack)] == ["Hello", "only you"]
    assert seen_by(slack, "U0BEN") == []


def test_a_submitted_form_closes_on_an_empty_ack(slack: Slack, app: App) -> None:
    view_id = open_modal(slack, app)
    submitted = slack.do.submit("U0ANA", view_id, typed("because"))
    assert submitted.outcome.ok
    assert app.payload["type"] == "view_submission"
    assert app.payload["view"]["callback_id"] == "form"
    assert app.payload["view"]["state"]["values"] == typed("because")
    assert slack.state.stacks["U0ANA"] == []


def test_a_form_with_a_blank_field_is_stopped_before_the_app(slack: Slack, app: App) -> None:
    view_id = open_modal(slack, app, an_input("why", element={"min_length": 3}), an_input("more", optional=True))
    before = len(app.envelopes)
    assert slack.do.submit("U0ANA", view_id).errors == {"why": "Please complete this required field."}
    assert "at least 3" in slack.do.submit("U0ANA", view_id, typed("x")).errors["why"]
    assert len(app.envelopes) == before
    assert slack.do.submit("U0ANA", view_id, typed("because")).outcome.ok


def test_errors_of_the_app_keep_the_form_open(slack: Slack, app: App) -> None:
    view_id = open_modal(slack, app)
    app.answer = {"response_action": "errors", "errors": {"why": "Too short."}}
    submitted = slack.do.submit("U0ANA", view_id, typed("because"))
    assert submitted.errors == {"why": "Too short."}
    assert slack.state.stacks["U0ANA"] == [view_id]


def test_errors_must_name_input_blocks(slack: Slack, app: App) -> None:
    view_id = open_modal(slack, app)
    app.answer = {"response_action": "errors", "errors": {"text": "Too short."}}
    assert slack.do.submit("U0ANA", view_id, typed("x")).outcome.error == "errors_name_no_input_block"


def test_a_form_is_updated_pushed_upon_and_cleared(slack: Slack, app: App) -> None:
    view_id = open_modal(slack, app)
    app.answer = {"response_action": "update", "view": a_modal(a_section("Thanks"))}
    slack.do.submit("U0ANA", view_id, typed("x"))
    assert slack.state.views[view_id].body["blocks"][0]["text"]["text"] == "Thanks"
    app.answer = {"response_action": "push", "view": a_modal()}
    slack.do.submit("U0ANA", view_id)
    assert len(slack.state.stacks["U0ANA"]) == 2
    app.answer = {"response_action": "clear"}
    slack.do.submit("U0ANA", slack.state.stacks["U0ANA"][-1], typed("x"))
    assert slack.state.stacks.get("U0ANA", []) == []


def test_a_closed_form_is_told_only_when_asked_for(slack: Slack, app: App) -> None:
    quiet = open_modal(slack, app)
    before = len(app.envelopes)
    assert slack.do.close("U0ANA", quiet).ok
    assert len(app.envelopes) == before
    loud = open_modal(slack, app, notify_on_close=True)
    slack.do.close("U0ANA", loud, is_cleared=True)
    assert (app.payload["type"], app.payload["is_cleared"]) == ("view_closed", True)


def test_a_shortcut_has_a_trigger_and_no_channel(slack: Slack, app: App) -> None:
    slack.do.shortcut("U0ANA", "report_barrier")
    assert (app.payload["type"], app.payload["callback_id"]) == ("shortcut", "report_barrier")
    assert "channel" not in app.payload
    assert "response_url" not in app.payload


def test_a_shortcut_in_a_messages_menu_carries_the_message_and_an_address(slack: Slack, app: App) -> None:
    slack.do.message("U0ANA", "Can you mail me the plan?")
    sent = app.payload["event"]
    slack.do.shortcut("U0ANA", "better_way", ts=sent["ts"])
    assert (app.payload["type"], app.payload["callback_id"]) == ("message_action", "better_way")
    assert app.payload["message"]["text"] == "Can you mail me the plan?"
    assert app.payload["message_ts"] == sent["ts"] and app.payload["channel"]["id"] == sent["channel"]
    assert app.payload["response_url"] and app.payload["trigger_id"]


def test_an_event_without_an_ack_is_tried_three_times_more(slack: Slack, app: App) -> None:
    app.failures = 9
    assert slack.do.message("U0ANA", "hello").error == "timeout"
    app.run_later()
    assert [envelope.retry_attempt for envelope in app.envelopes] == [0, 1, 2, 3]
    assert len({envelope.payload["event_id"] for envelope in app.envelopes}) == 1
    assert len({envelope.id for envelope in app.envelopes}) == 4
    assert app.envelopes[-1].retry_reason == "http_timeout"


def test_a_retry_that_is_acknowledged_ends_the_retries(slack: Slack, app: App) -> None:
    app.failures = 1
    slack.do.message("U0ANA", "hello")
    app.run_later()
    assert len(app.envelopes) == 2


def test_an_interaction_is_not_tried_again(slack: Slack, app: App) -> None:
    app.failures = 1
    sent = posted(slack, blocks=[some_buttons()])
    assert slack.do.click("U0ANA", ts=sent["ts"], block_id="buttons", action_id="go").error == "timeout"
    app.run_later()
    assert len(app.envelopes) == 1


def test_duplicates_bear_the_same_event_id() -> None:
    slack = Slack(people=some_people(), faults=Faults(duplicate_event=1.0, duplicate_interaction=1.0))
    app = App(slack)
    slack.do.message("U0ANA", "hello")
    app.run_later()
    first, second = app.envelopes
    assert first.payload["event_id"] == second.payload["event_id"]
    slack.do.command("U0ANA", "/nudge")
    app.run_later()
    assert app.envelopes[2].payload == app.envelopes[3].payload


def test_the_panel_shows_both_directions(slack: Slack, app: App) -> None:
    posted(slack, text="Hello  there")
    slack.do.message("U0ANA", "hi")
    posting, event = slack.calls.after(0)
    assert (posting.direction, posting.what, posting.person) == ("app_to_slack", "chat.postMessage", "U0ANA")
    assert "Hello there" in posting.summary
    assert (event.direction, event.what, event.ok) == ("slack_to_app", "events_api: message", True)
    assert slack.calls.after(posting.n) == [event]
