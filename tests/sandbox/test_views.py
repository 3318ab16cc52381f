"""Modals, Home tabs and trigger ids: this module tests views.*."""

from typing import Any

import pytest

from bot.sandbox.delivery import Envelope
from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import (
    StoppedClock,
    a_home,
    a_modal,
    an_input,
    call,
    called,
    posted,
    some_buttons,
    some_people,
)


class Triggers:
    """An app in process that only collects trigger ids."""

    def __init__(self, slack: Slack) -> None:
        self.payloads: list[dict[str, Any]] = []
        self._slack = slack
        slack.delivery.connect(self._take)

    def _take(self, envelope: Envelope) -> None:
        self.payloads.append(envelope.payload)

    def new(self, person: str = "U0ANA") -> str:
        self._slack.do.command(person, "/nudge")
        return str(self.payloads[-1]["trigger_id"])


@pytest.fixture
def triggers(slack: Slack) -> Triggers:
    return Triggers(slack)


def test_a_trigger_id_opens_one_modal_for_its_person(slack: Slack, triggers: Triggers) -> None:
    trigger_id = triggers.new()
    view = called(slack, "views.open", trigger_id=trigger_id, view=a_modal())["view"]
    assert view["state"] == {"values": {}}
    assert view["root_view_id"] == view["id"]
    assert slack.state.stacks["U0ANA"] == [view["id"]]
    assert call(slack, "views.open", trigger_id=trigger_id, view=a_modal())["error"] == "exchanged_trigger_id"


def test_a_trigger_id_expires_after_three_seconds_of_real_time() -> None:
    real = StoppedClock()
    slack = Slack(people=some_people(), real=real)
    triggers = Triggers(slack)
    in_time, late = triggers.new(), triggers.new()
    slack.clock.advance_to(real.at + 86_400)
    called(slack, "views.open", trigger_id=in_time, view=a_modal())
    real.at += 3.1
    assert call(slack, "views.open", trigger_id=late, view=a_modal())["error"] == "expired_trigger_id"


def test_an_invented_trigger_id_is_refused(slack: Slack) -> None:
    assert call(slack, "views.open", trigger_id="1.2.3", view=a_modal())["error"] == "invalid_trigger_id"


def test_a_bad_view_does_not_spend_the_trigger_id(slack: Slack, triggers: Triggers) -> None:
    trigger_id = triggers.new()
    assert call(slack, "views.open", trigger_id=trigger_id, view={"type": "modal"})["error"] == "invalid_arguments"
    called(slack, "views.open", trigger_id=trigger_id, view=a_modal())


def test_modals_stack_three_high(slack: Slack, triggers: Triggers) -> None:
    assert call(slack, "views.push", trigger_id=triggers.new(), view=a_modal())["error"] == "not_found"
    first = called(slack, "views.open", trigger_id=triggers.new(), view=a_modal())["view"]
    second = called(slack, "views.push", trigger_id=triggers.new(), view=a_modal())["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    called(slack, "views.push", trigger_id=triggers.new(), view=a_modal())
    assert call(slack, "views.push", trigger_id=triggers.new(), view=a_modal())["error"] == "push_limit_reached"


def test_an_update_needs_the_hash_of_what_it_replaces(slack: Slack, triggers: Triggers) -> None:
    view = called(slack, "views.open", trigger_id=triggers.new(), view=a_modal(external_id="mine"))["view"]
    changed = a_modal(an_input("other"), external_id="mine")
    called(slack, "views.update", view_id=view["id"], hash=view["hash"], view=changed)
    stale = call(slack, "views.update", external_id="mine", hash=view["hash"], view=changed)
    assert stale["error"] == "hash_conflict"
    assert call(slack, "views.update", view_id="V0WRONG", view=changed)["error"] == "not_found"


def test_external_ids_are_unique(slack: Slack, triggers: Triggers) -> None:
    called(slack, "views.open", trigger_id=triggers.new(), view=a_modal(external_id="mine"))
    second = call(slack, "views.open", trigger_id=triggers.new("U0BEN"), view=a_modal(external_id="mine"))
    assert second["error"] == "duplicate_external_id"


def test_typed_input_stays_where_the_ids_stay(slack: Slack, triggers: Triggers) -> None:
    view = called(slack, "views.open", trigger_id=triggers.new(), view=a_modal(an_input("why"), some_buttons()))["view"]
    typed = {"why": {"text": {"type": "plain_text_input", "value": "half a"}}}
    slack.do.click("U0ANA", view_id=view["id"], block_id="buttons", action_id="go", values=typed)
    assert triggers.payloads[-1]["view"]["state"]["values"]["why"]["text"]["value"] == "half a"
    changed = called(slack, "views.update", view_id=view["id"], view=a_modal(an_input("why"), an_input("more")))
    assert changed["view"]["state"]["values"]["why"]["text"]["value"] == "half a"


def test_a_home_tab_is_published_again_in_place(slack: Slack) -> None:
    first = called(slack, "views.publish", user_id="U0ANA", view=a_home())["view"]
    second = called(slack, "views.publish", user_id="U0ANA", view=a_home(), hash=first["hash"])["view"]
    assert first["id"] == second["id"]
    stale = call(slack, "views.publish", user_id="U0ANA", view=a_home(), hash=first["hash"])
    assert stale["error"] == "hash_conflict"


@pytest.mark.parametrize("user_id", ["U0NOBODY", "U0GONE", "U0ROBOT"])
def test_a_home_tab_needs_its_person(slack: Slack, user_id: str) -> None:
    assert call(slack, "views.publish", user_id=user_id, view=a_home())["error"] == "invalid_arguments"


def test_a_home_tab_that_is_off_is_refused(slack: Slack) -> None:
    slack.state.home_tab_enabled = False
    assert call(slack, "views.publish", user_id="U0ANA", view=a_home())["error"] == "not_enabled"


def test_a_modal_of_a_message_click_opens_with_its_trigger(slack: Slack, triggers: Triggers) -> None:
    sent = posted(slack, blocks=[some_buttons()])
    slack.do.click("U0ANA", ts=sent["ts"], block_id="buttons", action_id="go")
    called(slack, "views.open", trigger_id=triggers.payloads[-1]["trigger_id"], view=a_modal())
